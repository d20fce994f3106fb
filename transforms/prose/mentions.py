"""Find where a prose report speaks of organisations, and what part each mention plays in its sentence.

Refuses to resolve 全市 or 县人大 against the report's own unit, and to choose between two townships of one name: a
mention without `code` is somebody's whom the tree does not tell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from catalog.models import Level
from transforms.prose.gazetteer import ORDER, Gazetteer, Unit
from transforms.prose.generic import find_generic
from transforms.prose.named import FULL, SHORT, NameFinder, Span, keep_best
from transforms.prose.surroundings import Before, Role, Surroundings

_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_QUOTE = re.compile(r"“([^“”]{1,300})”|「([^「」]{1,300})」|\"([^\"\n]{1,60})\"")
_SPEECH = re.compile(r"[。！？!?；;]|.{12}[，,]|[，,].{12}|[一-鿿]\.")
_HIDDEN = "\ufffc"


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of a unit, from `start` to `end`; its organ's name (人大常委会) goes on to `organ_end`.

    `name` is the unit's name in force where the gazetteer knows it, else as `written` (without higher units).
    `code` is None outside the tree, where the text leaves more than one unit, and for generic mentions. `levels` are
    those that the mention can have, `level` the one it has if it is the only one. `scope` of a generic mention: whole
    (全市), own (我市, 市人大) or that (该市). `inclusive`: with all below it (全市各级). `is_attribute_of_deputy`: the
    unit only says whose deputy somebody is. `key` is the gazetteer's of a unit in or outside the tree, `holder` that of
    the unit that it lies in, where a list or the text tells; `Gazetteer.chain` leads on from there.
    """

    start: int
    end: int
    organ_end: int
    name: str
    written: str
    code: str | None
    level: Level | None
    levels: tuple[Level, ...]
    kind: Literal["named", "generic"]
    role: Role
    scope: Literal["whole", "own", "that"] | None = None
    inclusive: bool = False
    is_attribute_of_deputy: bool = False
    key: str | None = None
    holder: str | None = None


class MentionFinder:
    """Find the mentions of units in texts; build it once for many."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Compile the word lists of the gazetteer's catalog."""
        self._names = NameFinder(gazetteer)
        self._around = Surroundings(gazetteer.words)
        self._gazetteer = gazetteer

    def find(self, text: str, *, within: str | None = None) -> list[Mention]:
        """Return the mentions of units in `text`, in order, none overlapping another.

        `within` is the code of a unit that the report is known to speak of: among units of one name, those in it.
        Titles in 《》 and quoted words are passed over; quoted speech is read.
        """
        plain = _hide(text)
        spans = sorted([*self._names.find(plain), *find_generic(plain)], key=lambda span: (span.start, -span.end))
        spans = self._chain(plain, [span for span in keep_best(spans) if not span.refused])
        context = _Context(plain, spans, within)
        mentions: list[Mention] = []
        for span in spans:
            before = mentions[-1] if mentions else None
            if before is None or span.start >= before.organ_end:
                mentions.append(self._mention(plain, span, context, before))
        return mentions

    def _chain(self, text: str, spans: list[Span]) -> list[Span]:
        """Join a name to the higher units written right before it: 浙江省湖州市德清县 is a mention of 德清县."""
        chained: list[Span] = []
        for span in spans:
            self._reach_back(text, span, chained[-1].end if chained else 0)
            while chained and chained[-1].end == span.start and _can_hold(chained[-1], span):
                above = chained.pop()
                span.above = (*above.above, above, *span.above)
                span.start = above.start
                self._reach_back(text, span, chained[-1].end if chained else 0)
            chained.append(span)
        return chained

    def _reach_back(self, text: str, span: Span, floor: int) -> None:
        """Take in a short higher name right before a full one: 贵州遵义 before 播州区."""
        if span.rank != FULL or span.kind == "generic":
            return
        above = {key for unit in span.units for key in unit.above}
        while (start := self._gazetteer.short_name_ending_at(text, span.start, floor)) is not None:
            units = tuple(unit for unit in self._gazetteer.short[text[start : span.start]] if unit.key in above)
            if not units:
                return
            span.above = (Span(start, span.start, SHORT, units[0].level, units), *span.above)
            span.start = start

    def _mention(self, text: str, span: Span, context: _Context, before: Mention | None) -> Mention:
        unit = context.choose(span)
        known = unit or next((unit for unit in span.units if len({unit.name for unit in span.units}) == 1), None)
        written = text[span.own : span.end]
        organ_end = self._around.organ_end(text, span.end)
        last = None if before is None else Before(before.organ_end, before.role, _may_lie_in(before, span))
        return Mention(
            start=span.start,
            end=span.end,
            organ_end=organ_end,
            name=known.name if known else written,
            written=written,
            code=unit.code if unit else None,
            level=span.level,
            levels=span.levels or ((span.level,) if span.level else ()),
            kind=span.kind,
            role=self._around.role(text, span.start, organ_end, last),
            scope=span.scope,
            inclusive=span.inclusive or self._around.is_inclusive(text, span.own, span.end),
            is_attribute_of_deputy=self._around.is_attribute_of_deputy(text, span.end),
            key=unit.key if unit else None,
            holder=unit.parent if unit else context.holder(text, span),
        )


class _Context:
    """The units that a text spells out, by which names borne by several are told apart."""

    def __init__(self, text: str, spans: list[Span], within: str | None) -> None:
        self._spelled: set[str] = {within} if within else set()
        self._implied: set[str] = set()
        self._counties: dict[str, list[int]] = defaultdict(list)
        for span in spans:
            for part in (*span.above, span):
                keys = {unit.key for unit in part.units if unit.level != "township"}
                if len(keys) == 1:
                    self._spelled |= keys
                    self._implied.update(*(unit.above for unit in part.units))
                if part.level == "county":
                    for key in keys:
                        self._counties[key].append(part.start)
        self._holders: dict[str, set[str]] = defaultdict(set)
        for span in spans:
            if holder := self._held_by(span):
                self._holders[text[span.own : span.end]].add(holder)

    def holder(self, text: str, span: Span) -> str | None:
        """Return the key of the unit that the text writes before this name, here or elsewhere; None for two of them."""
        if holder := self._held_by(span):
            return holder
        holders = self._holders.get(text[span.own : span.end], set())
        return next(iter(holders)) if len(holders) == 1 else None

    def _held_by(self, span: Span) -> str | None:
        if not span.above:
            return None
        held = (self.choose(part) for part in reversed(span.above) if part.units)
        return next((unit.key for unit in held if unit), None)

    def choose(self, span: Span) -> Unit | None:
        """Return the one unit that the span means; None when it stays open, or no list has it."""
        units: tuple[Unit, ...] = span.units
        for part in reversed(span.above):
            if part.units:
                units = tuple(unit for unit in units if unit.lies_in(above.key for above in part.units))
        if len(units) == 1 and (any(part.units for part in span.above) or units[0].level != "township"):
            return units[0]
        if not units:
            return None
        near = [unit for unit in units if unit.lies_in(self._spelled) or unit.key in self._spelled]
        if units[0].level != "township":
            near = near or [unit for unit in units if unit.lies_in(self._implied)]
            return near[0] if len(near) == 1 else _highest(units)
        return self._in_the_last_county(span, near) or (near[0] if len(near) == 1 else None)

    def _in_the_last_county(self, span: Span, units: list[Unit]) -> Unit | None:
        """Return the one of `units` in the county last spelled out before `span`, or else first after it."""

        def distance(unit: Unit) -> tuple[bool, int]:
            starts = next(self._counties[key] for key in unit.above if key in self._counties)
            at = bisect_right(starts, span.start)
            return (False, span.start - starts[at - 1]) if at else (True, starts[0])

        inside = [unit for unit in units if not unit.above.isdisjoint(self._counties)]
        return min(inside, key=distance) if inside else None


def _highest(units: tuple[Unit, ...]) -> Unit | None:
    top = min(ORDER.index(unit.level) for unit in units)
    highest = [unit for unit in units if ORDER.index(unit.level) == top]
    return highest[0] if len(highest) == 1 else None


def _can_hold(above: Span, below: Span) -> bool:
    if below.kind == "generic" or below.level is None:
        return False
    levels = above.levels or ((above.level,) if above.level else ())
    if above.kind == "generic" and above.scope == "whole":
        return False
    return any(ORDER.index(level) < ORDER.index(below.level) for level in levels)


def _may_lie_in(before: Mention, span: Span) -> bool:
    """Say whether `X在Y` can tell where X lies: X is bare of organs, and not above Y."""
    if before.organ_end > before.end or before.level is None or span.level is None:
        return False
    return ORDER.index(before.level) >= ORDER.index(span.level)


def _hide(text: str) -> str:
    """Blank out titles and quoted words, character by character, so that positions stay."""
    text = _TITLE.sub(lambda match: _HIDDEN * len(match[0]), text)
    return _QUOTE.sub(lambda match: match[0] if _SPEECH.search(match[0]) else _HIDDEN * len(match[0]), text)
