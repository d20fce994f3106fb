"""Find the times that Chinese report prose speaks of (今年以来, 截至6月底, 五年来) and say which days they are.

Refuses to invent: what neither the words nor the anchor settle stays None. 五年来, 近年来 and 届内 have no first day,
活动开展以来 has the one that the caller knows. 长期以来, 近日, 春节期间, 闭会期间, 每年 and titles in 《》 are no times
of a figure. Whether a sentence is a plan is the caller's to see; only times that lie ahead are marked.

What was not over at publication ends with publication: 2025年 in a text of November 2025 is year_to_date up to that
day. A cumulative range is read as `transforms.periods` reads it, but 截至6月底 and 6月底 are a state (as_of) here: in a
form they head columns of what was done since January, in prose they introduce what there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from transforms.periods import read_period
from transforms.prose.model import Basis, Timespan
from transforms.prose.stretches import Anchor, Stretch, Told, day_before, five_years, month_end, read_stretch
from transforms.prose.time_words import SCANNER

__all__ = ["Anchor", "TimeMention", "find_timespans", "timespan"]

Scope = Literal["lead", "attribute"]
Days = tuple[date | None, date | None, Basis]

_PLAIN = str.maketrans("０１２３４５６７８９○　，：；", "0123456789〇 ,:;")
_CLAUSE_HEAD = '，,。；;：:！!？?、\n\r（(“"—…》' + "仅在于单据自从"
_ADVERBS = re.compile(r"共|累计|已|先后|总|均|再|新|，|,|：|:")
_TO = ("", "至", "到", "—", "——", "-", "~", "～")
_COMPARED = re.compile(r"(?:[比较同与]|[高低多少优好]于)$")
_CLAUSE_END = frozenset('，,。；;：:！!？?、\n\r（(）)…— 0123456789“"‘「『')
_OPENERS = {"”": "“", "》": "《", "’": "‘", "」": "「", "』": "『", '"': '"'}
_THE_ACTIVITY = re.compile(
    r"(?:自从?|从)?(?:本次|此项|该|这项|主题)?活动(?:(?:正式)?(?:开展|启动|实施|推进))?(?:以来|期间|至今)"
)
_IN_FORCE = re.compile(r"起(?:施|实|执|生效)")  # 自2025年1月1日起施行 dates a law, and no figure
_REACH = 40
_STARTS_SELF = re.compile(r"(?<![来各独亲])自(?![治主己觉身然愿由强信])|从")
_TO_VERB = re.compile(r"[升加高长降少增减大展到跌落]$")


@dataclass(frozen=True)
class TimeMention:
    """A time that the text speaks of, at characters `start` to `end` (not included); `future` where it lies ahead.

    `scope` is lead where it governs what follows it (今年以来，…), attribute where it belongs to the next words only
    (2022年的84.6%, 比去年).
    """

    start: int
    end: int
    span: Timespan
    scope: Scope
    future: bool = False


def find_timespans(text: str, anchor: Anchor) -> list[TimeMention]:
    """Find the times in a text or sentence, in order, none overlapping another.

    >>> [mention] = find_timespans("今年以来，接待选民210人次。", Anchor(date(2026, 6, 12)))
    >>> mention.scope, mention.span.basis, mention.span.label
    ('lead', 'year_to_date', '2026-01-01/2026-06-12')
    """
    return _Reading(text, anchor).mentions()


@lru_cache(maxsize=1024)
def _labelled(start: date | None, end: date | None, basis: Basis) -> tuple[str | None, Basis]:
    label = f"{start or '..'}/{end or '..'}" if start or end else None
    if start and end and start.day == 1 and end == month_end(end.year, end.month) and start.year == end.year:
        months = f"{start.year}年{start.month}-{end.month}月"
        if basis == "year_to_date" and start.month == 1:
            period = read_period(f"{months}累计")
        else:
            period = read_period(months) if basis == "period" else None
        if period and (period.start, period.end) == (start, end):
            label, basis = period.label, period.basis
    return label, basis


def timespan(start: date | None, end: date | None, basis: Basis, phrase: str = "") -> Timespan:
    """Return a timespan with its label; what counts since 1 January up to a month's end is labelled as forms are."""
    label, basis = _labelled(start, end, basis)
    return Timespan(start, end, basis, label, phrase)


class _Reading:
    """One pass over one text: what was read already, the year that a sentence named, where the last mention ended."""

    def __init__(self, text: str, anchor: Anchor) -> None:
        self.text = text
        self.plain = text.translate(_PLAIN)
        self.anchor = anchor
        self.carried: int | None = None
        self.carried_at = 0
        self.floor = 0
        self.leading = False
        self.known: dict[tuple[str, Told, int | None], Stretch | None] = {}

    def mentions(self) -> list[TimeMention]:
        found: list[TimeMention] = []
        for match in SCANNER.finditer(self.plain):
            read = _KINDS.get(match.lastgroup or "")  # the group that closed last is the outermost one
            mention = read(self, match) if read else None
            if mention is not None:
                if (
                    found
                    and self.plain[found[-1].end : mention.start] in _TO
                    and match.lastgroup in ("calendar", "asof")
                ):
                    mention = self.joined(found[-1], mention) or mention
                if found and mention.start == found[-1].start:
                    found.pop()
                self.floor, self.leading = mention.end, mention.scope == "lead"
                found.append(mention)
        return found

    def mention(self, start: int, end: int, days: Days, *, future: bool = False, governs: bool) -> TimeMention:
        span = timespan(*days, phrase=self.text[start:end])
        return TimeMention(start, end, span, self.scope(start, end, governs=governs), future)

    def joined(self, first: TimeMention, second: TimeMention) -> TimeMention | None:
        """Join 去年10月 and 至今年5月, or 2021年 and 至目前, to one time; None where its ends are not both known."""
        start, end = first.span.start or first.span.end, second.span.end
        if second.end - first.start > _REACH:  # a chain of 至 has no end that could be named
            return None
        opening = self.text[second.start] in "至到" or first.end < second.start
        if not opening or not start or not end or start > end or first.span.phrase[0] in "截到至":
            return None
        days = first.span.start == first.span.end or start.year == end.year
        january = start.year == end.year and (start.month, start.day) == (1, 1)
        basis: Basis = "year_to_date" if january else "period" if days else "multi_year"
        return self.mention(first.start, second.end, (start, end, basis), future=second.future, governs=False)

    def scope(self, start: int, end: int, *, governs: bool) -> Scope:
        """Say how far a time reaches; `governs` marks adverbs by nature (…以来, 截至…), of any place in a clause."""
        text = self.plain
        if text.startswith("的", end) or _COMPARED.search(text, max(0, start - 2), start):
            return "attribute"
        if governs or _ADVERBS.match(text, end):
            return "lead"
        follows_digit = end < len(text) and text[end].isdecimal()
        at_head = start == 0 or text[start - 1] in _CLAUSE_HEAD or self.coordinated(start)
        return "lead" if at_head and not follows_digit and not text.startswith(("）", ")"), end) else "attribute"

    def coordinated(self, start: int) -> bool:
        """Say whether a mention follows one that leads, joined by 和 (2024年和2025年分别…)."""
        return self.leading and start == self.floor + 1 and self.plain[self.floor] in "和及"

    def until(self, start: date | None) -> date | None:
        """Return the day of publication as an end, None where it lies before the start."""
        last = self.anchor.last_day
        if last and start and last < start:
            last = self.anchor.published
        return None if last and start and last < start else last

    # What follows reads one kind of match each.

    def calendar(self, match: re.Match[str]) -> TimeMention | None:
        before, after, filler = match["before"] or "", match["after"] or "", match["filler"]
        start, end = match.start(), match.end()
        if before in ("到", "至") and not self.heads(start):
            start, before = match.start("core"), ""
        since = after.endswith(("以来", "至今")) or after in ("起", "开始")
        if before and before[0] in "自从" and not since:
            start, before = match.start("core"), ""
        if _IN_FORCE.match(self.plain, end):
            return None
        past, ahead = before[:1] in ("截", "直"), bool(before in ("到", "至") or after.endswith("前"))
        stretch = self.stretch(match["core"], match.start(), "past" if past else "ahead" if ahead else "plain")
        if stretch is None:
            return None
        if after == "同期":
            return self.mention(start, end, (None, None, "unstated"), governs=False)
        if match["occasion"]:  # 2025年春节期间: some days of it
            return self.mention(start, end, (None, None, "period"), governs=True)
        if since:
            days = self.since(stretch, started=bool(filler), word=match["core"])
            future = bool(self.anchor.published and stretch.start and stretch.start > self.anchor.published)
            return self.mention(start, end, days, future=future, governs=True)
        if before or after.endswith("前") or stretch.point:
            return self.state(start, end, stretch, past=past, ahead=ahead, after=after)
        days, future = self.cut(stretch, this_year=match["core"] in ("今年", "本年", "今年度", "本年度"))
        mention = self.mention(start, end, days, future=future, governs=after == "期间")
        if stretch.named and mention.scope == "lead":
            self.carried, self.carried_at = stretch.named, end
        return mention

    def heads(self, start: int) -> bool:
        """Say whether 到 or 至 opens a clause; after a verb (提升到2025年) it belongs to the verb."""
        return (
            start == 0
            or self.plain[start - 1] in _CLAUSE_HEAD
            or bool(self.plain.endswith(("力争", "争取", "确保", "计划", "预计", "目标"), 0, start))
        )

    def stretch(self, core: str, start: int, told: Told) -> Stretch | None:
        if self.carried and (
            start - self.carried_at > 200 or re.search(r"[。！？!?\n]", self.plain[self.carried_at : start])
        ):
            self.carried = None
        key = (core, told, self.carried)
        if key not in self.known:
            self.known[key] = read_stretch(core, self.anchor, self.carried, told)
        return self.known[key]

    def since(self, stretch: Stretch, *, started: bool, word: str) -> Days:
        start, end = stretch.start, self.until(stretch.start)
        if started:
            return start, end, "since_start"
        this_year = word[0] in "今本"
        if start and end and this_year and end.year > start.year:
            end = date(start.year, 12, 31)
        year = end.year if end else self.anchor.this_year
        if not start:
            return None, end, "year_to_date" if this_year else "multi_year" if "年" in word else "period"
        if this_year or start.year == year:
            return start, end, "year_to_date" if (start.month, start.day) == (1, 1) else "period"
        return start, end, "multi_year"

    def state(self, start: int, end: int, stretch: Stretch, *, past: bool, ahead: bool, after: str) -> TimeMention:
        published, day = self.anchor.published, stretch.end or stretch.start
        if after.endswith("前") and stretch.start != stretch.end:
            day = day_before(stretch.start)  # 2023年以前 ends before 2023 begins, 6月30日前 with that day
        if published is None:
            future = ahead
        elif past and stretch.start and stretch.start <= published:
            future = False
            day = min(day, published) if day else None
        else:
            future = bool(day and day > published)
        return self.mention(start, end, (None, day, "as_of"), future=future, governs=True)

    def cut(self, stretch: Stretch, *, this_year: bool) -> tuple[Days, bool]:
        """Return the days of a stretch, none after publication, and whether it lies wholly ahead."""
        start, end, basis, published = stretch.start, stretch.end, stretch.basis, self.anchor.published
        if published is None or start is None:
            # 今年 is not over for who says so.
            return (start, None, "year_to_date") if this_year else (start, end, basis), False
        if start > published:
            return (start, end, basis), True
        if end is None or end <= published:
            return (start, end, basis), False
        january = (start.month, start.day) == (1, 1) and basis == "period"
        return (start, published, "year_to_date" if january and published.year == start.year else basis), False

    def five(self, match: re.Match[str]) -> TimeMention:
        first, last = five_years("一二三四五六七八九".index(match["plan"][1]) + 11)
        published = self.anchor.published
        future = bool(published and first > published)
        end = None if future else published
        if not match[0].endswith("以来"):
            end = min(last, end) if end else last
        return self.mention(match.start(), match.end(), (first, end, "multi_year"), future=future, governs=True)

    def ahead(self, match: re.Match[str]) -> TimeMention:
        return self.mention(match.start(), match.end(), (None, None, "unstated"), future=True, governs=True)

    def ago(self, match: re.Match[str]) -> TimeMention | None:
        start, end = match.span()
        bare = match[0].endswith("年")
        if bare and not (start == 0 or self.plain[start - 1] in _CLAUSE_HEAD):
            return None  # 从教近20年
        basis: Basis = "period" if match["one"] or match["last"] or match["half"] else "multi_year"
        return self.mention(start, end, (None, self.anchor.last_day, basis), governs=True)

    def asof(self, match: re.Match[str]) -> TimeMention:
        start, end = match.span()
        if self.plain[start] in "到至" and _TO_VERB.search(self.plain, max(0, start - 1), start):
            start += 1
        return self.mention(start, end, (None, self.anchor.last_day, "as_of"), governs=not match[0].endswith("现在"))

    def term(self, match: re.Match[str]) -> TimeMention:
        return self.mention(match.start(), match.end(), (None, self.anchor.last_day, "multi_year"), governs=True)

    def waning(self, match: re.Match[str]) -> TimeMention:
        word, published = match[0], self.anchor.published
        days: Days = (None, None, "period")
        future = word.startswith("下")
        if published and word.startswith("昨"):
            days = (published - timedelta(days=1), published - timedelta(days=1), "period")
        elif published and not future:
            size = 3 if "季" in word else 1
            first = published.month - (published.month - 1) % size
            index = published.year * 12 + first - 1 - (size if word.startswith("上") else 0)
            last = index + size - 1
            end = month_end(last // 12, last % 12 + 1)
            days = (date(index // 12, index % 12 + 1, 1), min(end, published), "period")
        return self.mention(match.start(), match.end(), days, future=future, governs=False)

    def during(self, match: re.Match[str]) -> TimeMention | None:
        if not match[0].startswith("活动"):
            return self.mention(match.start(), match.end(), (None, None, "period"), governs=True)
        return self.since_clause(match)

    def since_clause(self, match: re.Match[str]) -> TimeMention | None:
        start = self.clause_start(match.start())
        phrase = self.plain[start : match.end()]
        if len(phrase) <= len("以来"):
            return None
        programme = "代表在行动" in phrase or _THE_ACTIVITY.fullmatch(phrase)
        first = self.anchor.programme_start if programme else None
        # 十七届人大一次会议以来 counts from a session, 换届以来 a term.
        basis: Basis = "multi_year" if "届" in phrase and not phrase.endswith("会议以来") else "since_start"
        return self.mention(start, match.end(), (first, self.until(first), basis), governs=True)

    def clause_start(self, end: int) -> int:
        """Return where the clause begins that ends in 以来: after 自, else after the last mark, figure or mention."""
        text, at, lowest = self.plain, end, max(self.floor, end - _REACH)
        outside = end
        while at > lowest:
            character = text[at - 1]
            if opener := _OPENERS.get(character):
                at = text.rfind(opener, lowest, at - 1)
                if at < 0:
                    break
                outside = at
                continue
            if character.isdecimal():
                return end - 2  # 30个联络站建成以来: the figure's words stay out
            if character in _CLAUSE_END:
                break
            at -= 1
            if text[at] in "自从" and _STARTS_SELF.match(text, at):
                return at
            if end - at <= 14 or outside - at <= 2:
                outside = min(outside, at)
        return outside


_KINDS: dict[str, Callable[[_Reading, re.Match[str]], TimeMention | None]] = {
    "five": _Reading.five,
    "ahead": _Reading.ahead,
    "calendar": _Reading.calendar,
    "ago": _Reading.ago,
    "asof": _Reading.asof,
    "term": _Reading.term,
    "waning": _Reading.waning,
    "during": _Reading.during,
    "since": _Reading.since_clause,
}
