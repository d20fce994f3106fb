"""Read a calendar expression (去年, 2025年前三季度, 1-6月, 6月12日至15日, 2026年底) as the days that it covers.

Refuses to invent a year: without a year in the words, one carried from earlier in the sentence or the anchor's, the
days are unknown and only the basis is told. Finding expressions in a text, and what 截至 or 以来 make of them, is
`timespans`' business. How months add up (1-6月 counts since 1 January, 1-3月 is a quarter) is asked of
`transforms.periods`, so that forms and prose cannot differ.

A stretch without a year is of the anchor's year. Published in a first quarter, one that was not over yet is of the year
before (全年 in a report of January); later in the year a month or a day that had not begun is of the year before too,
any other is still to come.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from transforms.numbers import NotACount, chinese_numeral
from transforms.periods import read_period
from transforms.prose.model import Basis

_STAND_IN = 2000  # a leap year, to learn the basis of words whose year is unknown
_OFFSETS = {"今": 0, "本": 0, "去": -1, "上": -1, "前": -2, "明": 1, "来": 1, "后": 2}
_YEAR = re.compile(r"(?:(?P<y>(?:19|20)[0-9]{2})年度?|(?P<word>(?:[今本去]|上一?)年度?|[前明来后]年)|(?P<same>同年))?")
_NUMERAL = re.compile(r"[一二][九〇零][〇零一二三四五六七八九]{2}|[一二两三四五六七八九十]{1,3}")
_DASH = re.compile(r"[-~至到—–―－～─−]{1,2}")


@dataclass(frozen=True)
class Anchor:
    """What a text's times are told by: its day of publication, the year that 今年 means, the programme's first day."""

    published: date | None = None
    year: int | None = None
    programme_start: date | None = None

    @property
    def this_year(self) -> int | None:
        """Return the year that 今年 means: the one given, else the year of publication."""
        return self.year or (self.published.year if self.published else None)

    @property
    def last_day(self) -> date | None:
        """Return the last day that the text can tell of as its present: of publication, or of the year it is about."""
        if self.published and self.year and self.year < self.published.year:
            return date(self.year, 12, 31)
        return self.published


@dataclass(frozen=True)
class Stretch:
    """The days that a calendar expression covers, unknown ends None; `point` says that it names a moment (6月底).

    `named` is the year that the words themselves give, or that was carried; None where it came from the anchor.
    """

    start: date | None
    end: date | None
    basis: Basis = "period"
    point: bool = False
    named: int | None = None


Told = Literal["past", "plain", "ahead"]


def read_stretch(phrase: str, anchor: Anchor, carried: int | None = None, told: Told = "plain") -> Stretch | None:
    """Read a whole calendar expression without 截至 or 以来; None when it is none, or names a day that does not exist.

    `carried` is a year named earlier in the same sentence; it holds for words without a year. `told` says whether the
    words round it speak of what was (截至12月) or of what is to come (12月底前).

    >>> read_stretch("去年前三季度", Anchor(year=2026)).end, read_stretch("6月", Anchor())
    (datetime.date(2025, 9, 30), Stretch(start=None, end=None, basis='period', point=False, named=None))
    """
    text = _canonical(phrase)
    for pattern, build in _ABSOLUTE:
        if match := pattern.fullmatch(text):
            return build(match)
    head = _YEAR.match(text)
    if head is None or not text:
        return None
    rest = text[head.end() :]
    if head["y"]:
        return _in_year(rest, int(head["y"]), named=True)
    if head["word"]:
        # 2024年…，比上年: the year before the one just spoken of; 去年 and 今年 are told from publication.
        year = carried if carried and head["word"][0] == "上" else anchor.this_year
        return _in_year(rest, year and year + _OFFSETS[head["word"][0]], named=True)
    if head["same"] or carried:
        return _in_year(rest, carried, named=True)
    return _without_year(rest, anchor, told)


def _without_year(rest: str, anchor: Anchor, told: Told) -> Stretch | None:
    year, published = anchor.this_year, anchor.published
    stretch = _in_year(rest, year, named=False)
    if stretch is None or year is None or published is None or stretch.start is None or told == "ahead":
        return stretch
    if stretch.end is None:  # 年初 has begun whenever a year has
        return stretch
    begun, over = stretch.start <= published, stretch.end <= published
    months = (stretch.end - stretch.start).days // 28
    # 1-10月 and 前三季度 are told when their last month has come; 上半年 also before.
    if stretch.basis == "year_to_date" and "半" not in rest and stretch.end.replace(day=1) > published:
        return _in_year(rest, year - 1, named=False)
    late = not over and published.month <= 3 and (months > 3 or not begun or stretch.point)
    if late or (not begun and (told == "past" or (months <= 1 and not stretch.point))):
        return _in_year(rest, year - 1, named=False)
    return stretch


def _in_year(rest: str, year: int | None, *, named: bool) -> Stretch | None:
    for pattern, build in _PARTS:
        if match := pattern.fullmatch(rest):
            try:
                stretch = build(match, year or _STAND_IN)
            except ValueError:  # 2月30日, 13月
                return None
            if year is None:
                return replace(stretch, start=None, end=None)
            return replace(stretch, named=year if named else None)
    return None


def _canonical(phrase: str) -> str:
    return _DASH.sub("~", _NUMERAL.sub(_arabic, phrase.replace("元月", "1月"))).replace(" ", "")


def _arabic(match: re.Match[str]) -> str:
    numeral = match[0]
    if len(numeral) == 4:
        return "".join(str("〇一二三四五六七八九".index(digit.replace("零", "〇"))) for digit in numeral)
    try:
        return str(chinese_numeral(numeral))
    except NotACount:
        return numeral


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _months(year: int, first: int, last: int) -> Stretch:
    if first > last:
        raise ValueError
    period = read_period(f"{year}年{first}-{last}月")
    basis: Basis = period.basis if period else "period"
    return Stretch(date(year, first, 1), month_end(year, last), basis)


def _half(match: re.Match[str], year: int) -> Stretch:
    return _months(year, 1, 6) if match["half"] == "上" else _months(year, 7, 12)


def _first(match: re.Match[str], year: int) -> Stretch:
    last = int(match["last"]) * (1 if match["unit"].endswith("月") else 3)
    # 前三个月 is the first quarter, as 1-3月 is; 前两季度 counts since January.
    return _months(year, 1, last)


def _quarters(match: re.Match[str], year: int) -> Stretch:
    first, last = int(match["q"]), int(match["q2"] or match["q"])
    return _months(year, first * 3 - 2, last * 3)


def _month_range(match: re.Match[str], year: int) -> Stretch:
    first, last, second = int(match["m"]), int(match["m2"] or match["m"]), int(match["y2"] or year)
    if second == year:
        return _months(year, first, last)
    if second < year:
        raise ValueError
    return Stretch(date(year, first, 1), month_end(second, last), "multi_year")


def _days(match: re.Match[str], year: int) -> Stretch:
    start = end = date(year, int(match["m"]), int(match["d"]))
    if match["d2"]:
        month = int(match["m2"] or match["m"])
        second = int(match["y2"] or year + (month < start.month))
        end = date(second, month, int(match["d2"]))
    if end < start:
        raise ValueError
    return Stretch(start, end)


def _part_of_month(match: re.Match[str], year: int) -> Stretch:
    first, last = _ten_days(year, int(match["m"]), match["part"])
    if match["part"] in ("底", "末"):
        return Stretch(last, last, "as_of", point=True)
    return Stretch(first, last)


def _parts_of_months(match: re.Match[str], year: int) -> Stretch:
    month = int(match["m"])
    second = int(match["m2"] or month)
    first, _ = _ten_days(year, month, match["part"])
    _, last = _ten_days(year + (second < month), second, match["part2"])
    if first > last:
        raise ValueError
    return Stretch(first, last)


def _ten_days(year: int, month: int, part: str) -> tuple[date, date]:
    """Return the days of a third of a month; 月初 is read as 上旬, 月底 as the last day."""
    last = month_end(year, month).day
    bounds = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, last)}
    first, final = bounds.get(part, (last, last))
    return date(year, month, first), date(year, month, final)


def _year_end(_: re.Match[str], year: int) -> Stretch:
    return Stretch(date(year, 12, 31), date(year, 12, 31), "as_of", point=True)


def _year_beginning(_: re.Match[str], year: int) -> Stretch:
    return Stretch(date(year, 1, 1), None)  # how long a 年初 lasts is not written


def _whole(_: re.Match[str], year: int) -> Stretch:
    return Stretch(date(year, 1, 1), date(year, 12, 31))


def _years(match: re.Match[str]) -> Stretch | None:
    first, last = int(match["y"]), int(match["y2"])
    if first >= last:
        return None
    return Stretch(date(first, 1, 1), date(last, 12, 31), "multi_year", named=last)


def _day(match: re.Match[str]) -> Stretch | None:
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return Stretch(day, day, named=day.year)


def five_years(number: int) -> tuple[date, date]:
    """Return the first and last day of a five-year plan (十四五 is 14); from the sixth on they follow one another."""
    first = 1951 + 5 * number
    return date(first, 1, 1), date(first + 4, 12, 31)


def day_before(day: date | None) -> date | None:
    """Return the day before, None where none is known."""
    return day - timedelta(days=1) if day else None


_ABSOLUTE: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Stretch | None]]] = [
    (re.compile(r"(?P<y>(?:19|20)[0-9]{2})年?(?:度|初)?~(?P<y2>(?:19|20)[0-9]{2})年?[底末度]?"), _years),
    (re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?:、(?:19|20)[0-9]{2})*、(?P<y2>(?:19|20)[0-9]{2})年度?"), _years),
    (re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<s>[~/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})"), _day),
]
_PARTS: list[tuple[re.Pattern[str], Callable[[re.Match[str], int], Stretch]]] = [
    (re.compile(r"|全年"), _whole),
    (re.compile(r"(?P<m>[0-9]{1,2})月份?(?P<m2>)(?P<y2>)"), _month_range),
    (re.compile(r"(?P<half>[上下])半年"), _half),
    (re.compile(r"前(?P<last>[0-9]{1,2})(?P<unit>个?季度|个?月)"), _first),
    (re.compile(r"第?(?P<q>[1-4])(?:季度)?(?:~第?(?P<q2>[1-4]))?个?季度"), _quarters),
    (re.compile(r"(?P<m>[0-9]{1,2})(?:月份?)?~(?:(?P<y2>(?:19|20)[0-9]{2})年)?(?P<m2>[0-9]{1,2})月份?"), _month_range),
    (
        re.compile(
            r"(?P<m>[0-9]{1,2})月份?(?P<d>[0-9]{1,2})[日号]?"
            r"(?:~(?:(?P<y2>(?:19|20)[0-9]{2})年)?(?:(?P<m2>[0-9]{1,2})月)?(?P<d2>[0-9]{1,2})[日号])?"
        ),
        _days,
    ),
    (re.compile(r"(?P<m>[0-9]{1,2})月份?(?P<part>[底末初]|[上中下]旬)"), _part_of_month),
    (
        re.compile(
            r"(?P<m>[0-9]{1,2})月(?P<part>[底末初]|[上中下]旬)~(?:(?P<m2>[0-9]{1,2})月)?(?P<part2>[底末初]|[上中下]旬)"
        ),
        _parts_of_months,
    ),
    (re.compile(r"年?[底末]"), _year_end),
    (re.compile(r"年?初"), _year_beginning),
]
