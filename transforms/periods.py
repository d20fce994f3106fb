"""Read reporting periods (统计期) and dates as county offices write them, in cells, titles and file names.

Refuses to guess: a period without a year, one that is no month, quarter, year or year-to-date range (2026年5-6月,
2026年下半年), a range across years, and a name that holds two different periods give None. Whether a period is
plausible is not decided here.

1-3月 is the first quarter unless 累计 stands with it; a range from January to any other month but December counts
since 1 January (year_to_date), as do 上半年, 前三季度 and 截至…; since January to the end of January is January.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime

from catalog import Period
from transforms.grids import Cell, cell_text
from transforms.numbers import NotACount, chinese_numeral

_Y, _Y2 = r"(?P<y>(?:19|20)[0-9]{2})", r"(?P<y2>(?:19|20)[0-9]{2})"
_M, _M2 = r"(?P<m>1[0-2]|0?[1-9])", r"(?P<m2>1[0-2]|0?[1-9])"
_D, _D2 = r"(?P<d>3[01]|[12][0-9]|0?[1-9])", r"(?P<d2>3[01]|[12][0-9]|0?[1-9])"
_LONGEST = 200

_NUMERAL = re.compile(
    r"[〇零一二三四五六七八九十]{1,4}(?=年|个?月|[日号]|个?季|~|-[〇零一二三四五六七八九十0-9]{1,3}[月日季])"
)
_TIME = re.compile(r"[ T][0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.0+)?)?$")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?$")
_CUMULATIVE = re.compile(r"累计数?|[今本当]年以来|年初以来")
_DECORATION = re.compile(r"累计数?|[今本当]年以来|年初以来|[当本单全]月数?|(?<=月)报表?|(?<=季度)报表?|[(),;:]")
_UNDATED_PART = re.compile(r"季|半年|月报")
_UNDATED_MONTH = re.compile(r"(?<![0-9])(?P<m>1[0-2]|0?[1-9])月(?!份?[0-9]{1,2}[日号])")
# 2026年7月报送, 7月报: when the form was sent, not what it counts. 6月报表, 6月报告 and 6月月报 are of June.
_SENT = r"月份?(?:[0-9]{1,2}[日号])?(?:报送|上报|填报|收件|报来|报(?![表告]))"


def read_period(cell: Cell) -> Period | None:
    """Read the period that a cell gives, and nothing but a period; None when it is not one.

    A date that is the first of a month stands for the month: spreadsheets turn 2026年6月 into one.

    >>> read_period("2026年1-6月（累计）").basis, read_period("二〇二六年第二季度").label
    ('year_to_date', '2026-Q2')
    """
    if isinstance(cell, float) and not cell.is_integer() and not re.fullmatch(r"[0-9]{4}\.[0-9]{2}", cell_text(cell)):
        return None  # 2026.1 may be January or what a spreadsheet made of 2026.10
    text = cell_text(cell)
    if len(text) > _LONGEST:
        return None
    canonical = _canonical(_TIME.sub("", text))
    cumulative = bool(_CUMULATIVE.search(canonical))
    bare = _DECORATION.sub("", canonical)
    for pattern, build in _READERS:
        if match := pattern.fullmatch(bare):
            return build(match, cumulative)
    return None


def find_period(text: str) -> Period | None:
    """Find the one period that a title or file name speaks of; None when it speaks of none, or of more than one.

    Full dates and months of sending (2026年7月报送) are passed over. A bare 2026年 is no period here, 2026年度 is none
    beside a month without a year (it may only say which year the month belongs to), and 2026年7月 is none beside 6月.

    >>> find_period("遵义市播州区2026年6月活动情况统计表（修改稿）.xlsx").label
    '2026-06'
    """
    if len(text) > _LONGEST:
        return None
    found, rest = _search(text)
    if not found or any(period != found[0] for period in found):
        return None
    period = found[0]
    return None if period and _speaks_against(rest, period) else period


def contradicts(text: str, period: Period) -> bool:
    """Say whether a text speaks of a month without a year that is not the period's: 6月统计表 and July 2026."""
    return len(text) <= _LONGEST and _speaks_against(_search(text)[1], period)


def _search(text: str) -> tuple[list[Period | None], str]:
    """Return the dated periods of a text, and what is left of it."""
    rest = _canonical(text)
    cumulative = bool(_CUMULATIVE.search(rest))
    found: list[Period | None] = []
    for pattern, build in _FINDERS:
        while match := pattern.search(rest):
            if build is not None:
                found.append(build(match, cumulative))
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    return found, rest


def _speaks_against(rest: str, period: Period) -> bool:
    months = [int(match["m"]) for match in _UNDATED_MONTH.finditer(rest)]
    if period.grain == "year":
        return bool(months or _UNDATED_PART.search(rest))
    return not all(period.start.month <= month <= period.end.month for month in months)


def read_date(cell: Cell) -> date | None:
    """Read a day: 2026年7月3日, 2026-07-03, 2026/7/3, 2026.7.3, 20260703, with or without a time; None for others."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = cell_text(cell)
    if len(text) > _LONGEST:
        return None
    bare = _WEEKDAY.sub("", _canonical(_TIME.sub("", text)))
    for pattern in _DATES:
        if match := pattern.fullmatch(bare):
            return _date(match["y"], match["m"], match["d"])
    return None


def _canonical(text: str) -> str:
    """Return the text half-width, without blanks, its dates in Arabic digits, every other dash than - as ~."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).replace("○", "〇")
    text = re.sub(r"截至到?|截止到?", "截", text)
    text = re.sub(r"[—–―─−]+|(?<=[0-9一二三四五六七八九十年月日初])[至到]|~+", "~", text)
    return _NUMERAL.sub(_arabic, text).upper()


def _arabic(match: re.Match[str]) -> str:
    span = match[0]
    if "十" not in span:
        return "".join(str("〇一二三四五六七八九".index(digit.replace("零", "〇"))) for digit in span)
    try:
        return str(chinese_numeral(span))
    except NotACount:
        return span


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _months(year: int, first: int, last: int, *, cumulative: bool) -> Period | None:
    """Return the period from the first day of month `first` to the last day of month `last`; None if there is none."""
    start, end = date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
    if (first, last) == (1, 12) or (cumulative and last == 12 and first in (1, 12)):
        return Period(label=f"{year}", grain="year", start=date(year, 1, 1), end=end)
    if first == last and (not cumulative or last == 1):
        return Period(label=f"{year}-{last:02}", grain="month", start=start, end=end)
    if not cumulative and first in (1, 4, 7, 10) and last == first + 2:
        return Period(label=f"{year}-Q{last // 3}", grain="quarter", start=start, end=end)
    if first == 1 or (cumulative and first == last):
        return Period(label=f"{year}-{last:02}", grain="month", start=date(year, 1, 1), end=end, basis="year_to_date")
    return None


def _month(match: re.Match[str], cumulative: bool) -> Period | None:
    return _months(int(match["y"]), int(match["m"]), int(match["m"]), cumulative=cumulative)


def _month_range(match: re.Match[str], cumulative: bool) -> Period | None:
    if match.groupdict().get("y2") not in (None, match["y"]):
        return None
    first, last = int(match["m"]), int(match["m2"])
    return _months(int(match["y"]), first, last, cumulative=cumulative) if first <= last else None


def _day_range(match: re.Match[str], cumulative: bool) -> Period | None:
    first = _date(match["y"], match["m"], match["d"])
    last = _date(match["y2"] or match["y"], match["m2"] or match["m"], match["d2"])
    if not first or not last or first > last or first.year != last.year:
        return None
    if first.day != 1 or last.day != calendar.monthrange(last.year, last.month)[1]:
        return None
    return _months(first.year, first.month, last.month, cumulative=cumulative)


def _up_to(match: re.Match[str], cumulative: bool) -> Period | None:  # noqa: ARG001 - up to a date is cumulative
    year, month, day = int(match["y"]), int(match["m"]), match.groupdict().get("d")
    if day and int(day) != calendar.monthrange(year, month)[1]:
        return None
    return _months(year, month, month, cumulative=True)


def _day(match: re.Match[str], cumulative: bool) -> Period | None:
    if cumulative:
        return _up_to(match, cumulative)
    return _month(match, cumulative) if int(match["d"]) == 1 else None


def _quarter(match: re.Match[str], cumulative: bool) -> Period | None:
    last = int(match["q"]) * 3
    # 第二季度累计 may count since January or since April.
    return None if cumulative and last > 3 else _months(int(match["y"]), last - 2, last, cumulative=cumulative)


def _first_quarters(match: re.Match[str], cumulative: bool) -> Period | None:  # noqa: ARG001 - cumulative by itself
    return _months(int(match["y"]), 1, int(match["q"]) * 3, cumulative=True)


def _half(match: re.Match[str], cumulative: bool) -> Period | None:  # noqa: ARG001 - cumulative by itself
    return _months(int(match["y"]), 1, 6, cumulative=True)


def _year(match: re.Match[str], cumulative: bool) -> Period | None:  # noqa: ARG001 - a year is whole
    return _months(int(match["y"]), 1, 12, cumulative=False)


_Reader = Callable[[re.Match[str], bool], Period | None]
_DAYS = (
    rf"{_Y}年{_M}月{_D}[日号]",
    rf"{_Y}(?P<s>[-/.]){_M}(?P=s){_D}",
    rf"{_Y}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])",
)
# The longer form first: what an earlier pattern takes, a later one does not see.
_DAY_RANGES = (
    rf"{_Y}年{_M}月{_D}[日号]?[~-](?:{_Y2}年)?(?:{_M2}月)?{_D2}[日号]",
    rf"{_Y}(?P<s>[-/.]){_M}(?P=s){_D}[~-]{_Y2}(?P=s){_M2}(?P=s){_D2}",
)
_MONTH_RANGES = (
    rf"{_Y}年{_M}月?份?[~-](?:{_Y2}年)?{_M2}月份?",
    rf"{_Y}(?P<s>[-/.]){_M}[~-]{_Y2}(?P=s){_M2}",
    rf"{_Y}[/.]{_M}[~-]{_M2}月?份?",
    rf"{_Y}-{_M}~{_M2}月?份?",
    rf"{_Y}(?P<m>0[1-9]|1[0-2])[~-]{_Y2}(?P<m2>0[1-9]|1[0-2])",
)
_UP_TO = (
    rf"截{_Y}年{_M}月份?(?:底|末|{_D}[日号])?",
    rf"截{_Y}(?P<s>[-/.]){_M}(?:(?P=s){_D})?",
    rf"{_Y}年初[~-]{_M}月份?[底末]?",
    rf"{_Y}年{_M}月份?[底末]",
)
_QUARTER_RANGES = (rf"{_Y}年?(?:前|第?1(?:季度)?[~-]第?)(?P<q>[2-4])个?季度",)
_QUARTERS = (rf"{_Y}年?度?第?(?P<q>[1-4])季度?", rf"{_Y}年?度?-?Q(?P<q>[1-4])(?:季度)?")
_HALVES = (rf"{_Y}年?上半年",)
_MONTHS = (rf"{_Y}年{_M}月份?", rf"{_Y}[-/.]{_M}月?份?", rf"{_Y}(?P<m>0[1-9]|1[0-2])")
_YEARS = (rf"{_Y}年?(?:度|年度|全年)",)


# A number in a name ends where no more digits follow, with or without a separator: 2026-06 is no month in 2026-06-311.
_END = r"(?:(?<=[0-9])(?![-/.]?[0-9])|(?<![0-9]))"
_GROUPS: list[tuple[tuple[str, ...], _Reader]] = [
    (_DAY_RANGES, _day_range),
    (_UP_TO, _up_to),
    (_DAYS, _day),
    (_MONTH_RANGES, _month_range),
    (_QUARTER_RANGES, _first_quarters),
    (_QUARTERS, _quarter),
    (_HALVES, _half),
    (_MONTHS, _month),
    (_YEARS, _year),
]
_READERS = [(re.compile(pattern), build) for patterns, build in _GROUPS for pattern in patterns]
_READERS.append((re.compile(rf"{_Y}年?"), _year))
_FINDERS: list[tuple[re.Pattern[str], _Reader | None]] = [
    (re.compile(rf"(?<![0-9])(?:{_Y}[年/.-]?)?{_M}{_SENT}"), None)
]
_FINDERS += [
    (re.compile(rf"(?<![0-9]){pattern}{_END}"), None if patterns is _DAYS else build)
    for patterns, build in _GROUPS
    for pattern in patterns
]
_DATES = [re.compile(pattern) for pattern in _DAYS]
