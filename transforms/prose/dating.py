"""Date a report as a whole: when it was published, which year it calls 今年, and the time that its title speaks of.

Refuses to take a date from running text: a day counts only where a label, a line of its own, the line under the title
or the file's name gives it whole, with its year. Where nothing of the kind is written there is no date.
"""

from __future__ import annotations

import re
from datetime import date

from transforms.numbers import chinese_numeral
from transforms.prose.model import Timespan
from transforms.prose.timespans import Anchor, find_timespans, timespan

_LATEST = 2099
_PAGE_LINES, _HEAD_LINES, _TAIL_LINES, _TITLE_LINES = 40, 15, 12, 6
_LONGEST_LINE, _LONGEST_TITLE = 160, 60
_YEAR = r"(?P<y>(?:19|20)[0-9]{2}|[一二][九〇零][〇零一二三四五六七八九]{2})"
_MONTH = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?P<d>3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DATE = (
    rf"(?<![0-9]){_YEAR} ?(?P<s>[年\-/.])[ /]?{_MONTH} ?(?:(?P<t>月)[ /]?|(?P=s) ?){_DAY}"
    r"(?(t) ?[日号])(?![0-9])"
)
_CLOCK = r"(?:[ T]*[0-2]?[0-9][:时][0-5][0-9](?:[:分][0-5][0-9]秒?)?分?)?"
_PUBLISHED = re.compile(
    r"(?:发布|发表|更新|发文|发稿|刊发|印发|公布|录入|添加|上传|成文|编辑|信息)(?:时间|日期|于) ?[:;]? ?" + _DATE
)
_LABELLED = re.compile(rf"(?:^|[ |\[【(])(?:时间|日期)[】\]]? ?: ?{_DATE}")
_DATELINE = re.compile(rf"^[^。]{{0,40}}?{_DATE}(?:电|讯)")
_WEEKDAY = r"(?: *(?:星期|周)[一二三四五六日天])?"
_SIGNED = re.compile(rf"^[ (\[]*{_DATE}{_WEEKDAY}{_CLOCK}[ )\]]*$")
_SIGNED_AFTER_NAME = re.compile(rf"^[^。,;:]{{0,30}} {_DATE}[ )]*$")
_DELIVERED = re.compile(rf"^[ (—–\-]*{_DATE}(?:在|于|,)[^。]{{2,60}}(?:会议|大会|会)上?[ )]*$")
# The line under a title: 2025-11-19 16:20 来源：… 字号：…
_PAGE = re.compile(r"来源|作者|字号|字体|浏览|点击|阅读|打印|编辑|记者|分享|第 ?[0-9A-Z]{1,3} ?版")
_ANY = re.compile(_DATE + r"(?!至|在|召开|举行|起|[上下]午)")
_IN_NAME = re.compile(
    rf"(?<![0-9A-Za-z])(?:(?P<c>(?:19|20)[0-9]{{2}})(?P<cm>0[1-9]|1[0-2])(?P<cd>[0-3][0-9])|{_DATE})(?![0-9A-Za-z])"
)
_PLAIN = str.maketrans("０１２３４５６７８９○：，；（）　\t／．－", "0123456789〇:,;()  /.-")
_PLANNED = re.compile(r"计划|要点|安排|打算|思路|方案|规划|预算|目标|任务|展望")
_SENTENCE = re.compile(r"[，,。；;]")
_CONNECTIVE = re.compile(r"[和及与暨、,]")
_YEARS = re.compile(r"(?<![0-9])(?:(?P<y>(?:19|20)[0-9]{2})|(?P<c>[一二][九〇零][〇零一二三四五六七八九]{2}))(?=年)")


def publication_date(text: str, name: str = "") -> date | None:
    r"""Return the day on which a report was published, or signed where that is all it says; `name` is the file's.

    >>> publication_date("某县人大\n发布时间：2025年11月19日 打印本页\n6月12日，座谈会召开。")
    datetime.date(2025, 11, 19)
    """
    lines = [line for raw in text.splitlines() if (line := raw.translate(_PLAIN).strip())]
    head, tail = lines[:_HEAD_LINES], lines[-_TAIL_LINES:]
    page = [
        line for line in lines[:_PAGE_LINES] if len(line) <= _LONGEST_LINE and _PAGE.search(line) and "。" not in line
    ]
    for pattern, where in (
        (_PUBLISHED, [line for line in lines if len(line) <= _LONGEST_LINE]),
        (_LABELLED, [line for line in head + tail if len(line) <= _LONGEST_LINE]),
        (_ANY, page),
        (_SIGNED, head),
        (_SIGNED, list(reversed(tail))),
        (_SIGNED_AFTER_NAME, list(reversed(tail))),
        (_DATELINE, [line[:_LONGEST_LINE] for line in head]),
        (_DELIVERED, head),
    ):
        if day := _first(pattern, where):
            return day
    return _first(_IN_NAME, [name[:_LONGEST_LINE].translate(_PLAIN)])


def document_year(text: str, published: date | None) -> int | None:
    """Return the year that 今年 means: of publication, else of the title, else the latest that the text reports of.

    A year in the title that only a plan is for (2025年总结和2026年计划) is passed over, and so are years ahead. Where
    the text itself has no day of publication, `published` is that of arrival or of the file's name: a year in the title
    comes before it.
    """
    if published and publication_date(text):
        return published.year
    lines = [line for raw in text.splitlines() if (line := raw.strip())]
    title = [line for line in lines[:_TITLE_LINES] if len(line) <= _LONGEST_TITLE and not _SENTENCE.search(line)]
    years = [year for line in title for year in _reported_years(line)]
    if published:
        return min(published.year, max(years, default=published.year))
    if not years:
        mentions = find_timespans(text, Anchor())
        years = [
            day.year
            for mention in mentions
            if not mention.future and mention.scope == "lead" and (day := mention.span.end or mention.span.start)
        ]
    return max(years, default=None)


def document_period(title: str, text: str, anchor: Anchor) -> Timespan:
    """Return the time that a report as a whole is about: what its title says, else what ends with its publication.

    A day is no report's period, a title that speaks of two times or of a plan settles nothing, and without a day of
    publication nothing is known. `text` is asked only for that day where the anchor has none.

    >>> document_period("大方县人大常委会2025年工作报告", "", Anchor(date(2026, 1, 20))).label
    '2025'
    """
    found: list[Timespan] = []
    if not _PLANNED.search(title):
        for mention in find_timespans(title[:_LONGEST_LINE], anchor):
            span = mention.span
            known = span.start and span.end and span.start < span.end
            if known and not mention.future and span.basis in ("period", "year_to_date", "multi_year"):
                found.append(span)
    if found and all((span.start, span.end) == (found[0].start, found[0].end) for span in found):
        return found[0]
    return timespan(None, anchor.last_day or publication_date(text), "unstated")


def _reported_years(line: str) -> list[int]:
    years = []
    for match in _YEARS.finditer(line):
        rest = line[match.end() : match.end() + 20]
        if not _PLANNED.search(_CONNECTIVE.split(rest)[0]):
            years.append(_number(match["y"] or match["c"]))
    return years


def _first(pattern: re.Pattern[str], lines: list[str]) -> date | None:
    for line in lines:
        for match in pattern.finditer(line):
            if day := _day(match):
                return day
    return None


def _day(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    year, month, day = groups["y"], groups["m"], groups["d"]
    if groups.get("c"):
        year, month, day = groups["c"], groups["cm"], groups["cd"]
    try:
        found = date(_number(year), _number(month), _number(day))
    except ValueError:
        return None
    return found if found.year <= _LATEST else None


def _number(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    if len(numeral) == 4:
        return int("".join(str("〇一二三四五六七八九".index(digit.replace("零", "〇"))) for digit in numeral))
    return chinese_numeral(numeral)
