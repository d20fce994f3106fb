"""The marked-up text (标注文本): one page that draws a report's text with every figure marked and labelled.

A person checks by it, at a glance and on paper, what was read. Refuses outside resources and scripts: the page is one
file. It quotes the whole text, and with it whatever names stand there: it is for whoever may read the report itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Generic, TypeVar

import jinja2

from catalog import Indicator
from serving.drawing import drawing

T = TypeVar("T")
OTHER = "其他"
# What the twelve systems are about, in the order of the legend; 0 stands for what is no indicator.
TOPICS = {
    12: "活动开展", 1: "站室建设", 2: "进站履职", 3: "民意与纠纷", 4: "代表建议", 5: "民生实事", 6: "代表队伍",
    7: "学习培训", 8: "监督活动", 9: "立法联系", 10: "资金与惠及", 11: "表彰", 0: OTHER,
}  # fmt: skip
_CONTEXT = 8
QUALIFIERS = {"exact": "", "at_least": "至少", "at_most": "至多", "about": "约"}
BASES = {
    "period": "本期",
    "year_to_date": "本年累计",
    "since_start": "活动以来",
    "multi_year": "多年累计",
    "as_of": "截至时点",
    "unstated": "时间未写明",
}


@dataclass(frozen=True)
class Mark:
    """A figure in the text: `start` to `end` the words that made the reading, `number` the number with its unit."""

    start: int
    end: int
    number: tuple[int, int]
    org_name: str
    org_code: str | None
    is_inclusive: bool
    indicator_code: str
    value: float
    low: float
    high: float
    low_open: bool
    high_open: bool
    qualifier: str
    unit: str
    period: str | None
    period_phrase: str
    basis: str


@dataclass(frozen=True)
class Unused:
    """A number that was passed over: where it stands, and why in Chinese."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class MarkedText:
    """What the page shows: the text, its marks in any order, and facts about it as (name, value)."""

    title: str
    text: str = field(repr=False)
    marks: Sequence[Mark] = field(repr=False)
    unused: Sequence[Unused] = field(repr=False)
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class _Entry:
    """A mark as the page tells it; `number` counts from 1 in the order of the text."""

    number: int
    topic: int
    org: str
    code: str
    is_inclusive: bool
    indicator: str
    value: str
    interval: str
    unit: str
    period: str
    period_phrase: str
    basis: str
    words: str


@dataclass(frozen=True)
class _Piece:
    """A stretch of text that is marked alike; `begins` are anchors to stand before it, `ends` labels behind it.

    `number` is that of the figure whose number it is.
    """

    text: str
    topic: int | None = None
    number: int | None = None
    reason: str = ""
    begins: tuple[str, ...] = ()
    ends: tuple[_Entry, ...] = ()


def draw(page: MarkedText, indicators: Mapping[str, Indicator]) -> str:
    """Return the page as HTML; `indicators` give names and colours, a code that is not among them is `其他`."""
    marks = sorted(page.marks, key=lambda mark: (mark.number, mark.start, mark.end))
    entries = [_entry(number, mark, page.text, indicators) for number, mark in enumerate(marks, 1)]
    unused = sorted(page.unused, key=lambda item: (item.start, item.end))
    topics = Counter(entry.topic for entry in entries)
    reasons: dict[str, list[tuple[int, str, str, str]]] = {}
    for number, item in enumerate(unused, 1):
        around = page.text[max(item.start - _CONTEXT, 0) : item.start], page.text[item.end : item.end + _CONTEXT]
        before, after = around[0].split("\n")[-1].lstrip(), around[1].split("\n")[0].rstrip()
        reasons.setdefault(item.reason, []).append((number, before, page.text[item.start : item.end], after))
    return _template().render(
        page=page,
        entries=entries,
        pieces=_pieces(page.text, marks, entries, unused),
        legend=[(topic, name, topics[topic]) for topic, name in TOPICS.items() if topics[topic]],
        reasons=sorted(reasons.items(), key=lambda item: -len(item[1])),
        n_unused=len(unused),
    )


@cache
def _template() -> jinja2.Template:
    return drawing().get_template("marked_text.html")


def _entry(number: int, mark: Mark, text: str, indicators: Mapping[str, Indicator]) -> _Entry:
    indicator = indicators.get(mark.indicator_code)
    return _Entry(
        number=number,
        topic=indicator.system if indicator else 0,
        org=mark.org_name,
        code=mark.org_code or "不在机构树中",
        is_inclusive=mark.is_inclusive,
        indicator=indicator.name_zh if indicator else OTHER,
        value=f"{QUALIFIERS.get(mark.qualifier, mark.qualifier)}{plain_number(mark.value)}",
        interval=interval(mark.low, mark.high, mark.low_open, mark.high_open),
        unit=mark.unit,
        period=timespan(mark.period),
        period_phrase=mark.period_phrase,
        basis=BASES.get(mark.basis, mark.basis),
        words=" ".join(text[mark.start : mark.end].split()),
    )


def plain_number(value: float) -> str:
    """Return a number without what a float adds to it.

    >>> plain_number(22000.0), plain_number(90.11), plain_number(float("inf"))
    ('22000', '90.11', '∞')
    """
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "-∞"
    return str(int(value)) if value == int(value) else f"{value:.15g}"


def interval(low: float, high: float, low_open: bool, high_open: bool) -> str:
    """Return what a number leaves open as an interval, a square bracket for an end that belongs to it; "" for nothing.

    >>> interval(1900, 2000, False, True), interval(17, 17, False, False)
    ('[1900, 2000)', '')
    """
    if low == high:
        return ""
    return f"{'(' if low_open else '['}{plain_number(low)}, {plain_number(high)}{')' if high_open else ']'}"


def timespan(label: str | None) -> str:
    """Return a period's label for people.

    >>> timespan("2026-06"), timespan("2021-11-01/2026-06-12"), timespan("2023-01-16/.."), timespan(None)
    ('2026-06', '2021-11-01 至 2026-06-12', '2023-01-16 起', '')
    """
    start, slash, end = (label or "").partition("/")
    if not slash:
        return start
    if ".." in (start, end):
        return f"至 {end}" if start == ".." else f"{start} 起"
    return f"{start} 至 {end}"


def _pieces(text: str, marks: Sequence[Mark], entries: Sequence[_Entry], unused: Sequence[Unused]) -> Iterator[_Piece]:
    """Cut the text wherever a mark begins or ends; what lies between two cuts is marked alike.

    Marks may overlap in any way: a number shows the first figure it belongs to, words the narrowest.
    """
    numbers = _Spans((*mark.number, entry) for mark, entry in zip(marks, entries, strict=True))
    words = _Spans((mark.start, mark.end, entry) for mark, entry in zip(marks, entries, strict=True))
    passed = _Spans((item.start, item.end, (number, item)) for number, item in enumerate(unused, 1))
    # A cut between the two characters of a line's end would make two lines of it; places stay as they are.
    text = text.replace("\r\n", " \n").replace("\r", "\n")
    cuts = sorted({0, len(text), *numbers.cuts(len(text)), *words.cuts(len(text)), *passed.cuts(len(text))})
    for begin, end in pairwise(cuts):
        inside, around, not_used = numbers.move_to(begin), words.move_to(begin), passed.move_to(begin)
        anchors = [f"at-{entry.number}" for entry in numbers.beginning(begin)]
        anchors += [f"not-{number}" for number, _ in passed.beginning(begin)]
        nearest = inside[0] if inside else around[-1] if around else None
        yield _Piece(
            text[begin:end],
            topic=nearest.topic if nearest else None,
            number=inside[0].number if inside else None,
            reason=not_used[0][1].reason if not_used and not inside else "",
            begins=tuple(anchors),
            ends=tuple(numbers.ending(end)),
        )


class _Spans(Generic[T]):
    """Spans of a text, each with something, swept from left to right."""

    def __init__(self, spans: Iterable[tuple[int, int, T]]) -> None:
        ordered = sorted((span for span in spans if span[0] < span[1]), key=lambda span: (span[0], -span[1]))
        self._waiting = ordered[::-1]
        self._begins: dict[int, list[T]] = {}
        self._ends: dict[int, list[T]] = {}
        for begin, end, thing in ordered:
            self._begins.setdefault(begin, []).append(thing)
            self._ends.setdefault(end, []).append(thing)
        self._open: list[tuple[int, int, T]] = []

    def cuts(self, length: int) -> list[int]:
        """Return the places where a span begins or ends."""
        return [place for place in (*self._begins, *self._ends) if 0 <= place <= length]

    def move_to(self, place: int) -> list[T]:
        """Return what stands over the place, the earliest and widest first; places only grow."""
        while self._waiting and self._waiting[-1][0] <= place:
            self._open.append(self._waiting.pop())
        self._open = [span for span in self._open if span[1] > place]
        return [thing for _, _, thing in self._open]

    def beginning(self, place: int) -> list[T]:
        """Return what begins at the place."""
        return self._begins.get(place, [])

    def ending(self, place: int) -> list[T]:
        """Return what ends at the place."""
        return self._ends.get(place, [])
