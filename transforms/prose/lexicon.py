"""Read which indicator a number is of, by the catalog's lexicon: objects, verbs and units around it.

Refuses a guess: where no sense fits, the figure is `other`. The longer and nearer words win.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from catalog.lexicon import Lexicon, Sense
from transforms.prose.contexts import FILLING, Context
from transforms.prose.model import OTHER

_OBJECT, _OBJECT_RIGHT, _VERB, _INHERITED, _SAID_AFTER = 40, 64, 12, 6, 14
_PER_CHARACTER_AWAY, _PER_CHARACTER_LONG = 2, 3
_FARTHEST = 24
_MEASURES = {"%", "元", "万元", "亿元", "分", "人次", "次", "场次", "场", "期"}
_NO_NOUN = "·等余多、“”…左右以上下"
_AVERAGE = re.compile(r"人均|户均|平均|年均|月均|场均|站均|每[户人亩]")
_GAP = r"[^，。；：！？0-9]{0,8}"


@dataclass(frozen=True)
class Reading:
    """What a number counts: indicator, the words it was read by, and whether an object stood to its right.

    `is_breakdown` marks a part of what the number before it counts, `is_later` what that has become (提升到93.9%).
    """

    indicator: str
    score: int = 0
    noun: str = ""
    verb: str = ""
    said: str = ""
    is_right: bool = False
    is_breakdown: bool = False
    is_later: bool = False


@dataclass(frozen=True)
class _Words:
    """A sense with its words compiled; None where it has none."""

    sense: Sense
    objects: re.Pattern[str] | None
    verbs: re.Pattern[str] | None
    after: re.Pattern[str] | None
    given: re.Pattern[str] | None
    unless: re.Pattern[str] | None


class IndicatorReader:
    """The lexicon, ready to read by."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the words of each sense."""
        self._follows = {(follows.after, follows.of): follows.gives for follows in lexicon.follows}
        self._by_unit: dict[str, list[_Words]] = {}
        for sense in lexicon.senses:
            words = _Words(sense, *map(_compiled, (sense.objects, sense.verbs, sense.after, sense.given, sense.unless)))
            for unit in sense.units:
                self._by_unit.setdefault(unit, []).append(words)
        self._closing = {fact.gives for fact in lexicon.second_facts} - {"bills_submitted"}
        self._second = [(fact, _compiled(fact.verbs), _compiled(fact.after)) for fact in lexicon.second_facts]

    def read(self, context: Context, inherited: Sequence[str] = (), before: str | None = None) -> Reading:
        """Return what the number counts.

        `inherited` are the clauses of the list before it, the nearest first, `before` the indicator of the last number.
        """
        best = Reading(OTHER)
        if context.quantity.unit != "%" and _AVERAGE.search(context.clause):
            # 户均增收8000元 is nobody's total; points are told by the deputy.
            return best if context.quantity.unit != "分" else Reading("performance_points", 1)
        for words in self._by_unit.get(context.quantity.unit or "", ()):
            reading = None if before in words.sense.not_after else _fit(words, context, inherited)
            if reading and reading.score > best.score:
                best = reading
        follows = self._follows.get((before or "", best.indicator))
        return replace(best, indicator=follows) if follows else best

    def in_family(self, indicator: str, antecedent: str) -> str | None:
        """Return the indicator that says of the antecedent's things what `indicator` says of others'.

        办结205件 after 收集意见226条 settles opinions, though 办结…件 alone would be of suggestions; 交办236件 after it
        files no suggestion: None.
        """
        gives = {fact.of: fact.gives for fact, _, _ in self._second if fact.of not in self._closing}
        if antecedent not in gives:
            return indicator
        if indicator in self._closing:
            return gives[antecedent]
        return None if indicator in gives and indicator != antecedent else indicator

    def second_facts(self, reading: Reading, context: Context, inherited: Sequence[str] = ()) -> Iterable[str]:
        """Yield the indicators of which the number is a figure as well (收到的182件代表建议全部办结)."""
        for fact, verbs, after in self._second:
            if fact.of == reading.indicator and after and after.search(context.after):
                zones = [context.clause, *inherited]
                if verbs and any(verbs.search(zone) for zone in zones):
                    yield fact.gives


def _compiled(words: Sequence[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_GAP.join(map(re.escape, word.split("…"))) for word in longest_first))


def _fit(words: _Words, context: Context, inherited: Sequence[str]) -> Reading | None:
    sense = words.sense
    near = context.clause + context.right
    if words.unless and words.unless.search(near):
        return None
    zone = context.sentence if sense.given_in == "sentence" else near + context.after
    if words.given and not words.given.search(zone):
        return None
    noun, found, is_right = _object(words, context)
    verb, verb_score = _verb(words, context, inherited)
    said = words.after.search(context.after) if words.after else None
    done = verb_score + (_SAID_AFTER + len(said[0]) if said else 0)
    if sense.needs in ("object", "both") and not noun:
        return None
    if sense.needs in ("verb", "both") and not done:
        return None
    return Reading(sense.indicator, found + done + sense.weight + 20, noun, verb, said[0] if said else "", is_right)


def _object(words: _Words, context: Context) -> tuple[str, int, bool]:
    """Return the counted noun, how well it fits and whether it stands to the right of the number."""
    best: tuple[str, int, bool] = ("", 0, False)
    if words.objects is None:
        return best
    if words.sense.side != "left":
        for match in words.objects.finditer(context.right[:_FARTHEST]):
            # The head of a Chinese noun phrase stands last: 人大代表联络站 is a station.
            score = _OBJECT_RIGHT - max(0, len(context.right) - match.end()) + _PER_CHARACTER_LONG * len(match[0])
            if score > best[1]:
                best = (match[0], score, True)
    if words.sense.side != "right" and not _counts_its_right(context):
        for match in _all(words.objects, context.clause):
            away = len(FILLING.sub("", context.clause[match.end() :]))
            score = _OBJECT - _PER_CHARACTER_AWAY * away + _PER_CHARACTER_LONG * len(match[0])
            if away <= words.sense.reach and score > best[1]:
                best = (match[0], score, False)
    return best


def _counts_its_right(context: Context) -> bool:
    """Say whether a noun stands behind the unit: then it is what is counted (代表建议交由36个部门办理)."""
    return context.quantity.unit not in _MEASURES and len(context.right.strip(_NO_NOUN)) > 1


def _verb(words: _Words, context: Context, inherited: Sequence[str]) -> tuple[str, int]:
    """Return the verb and what it adds; one of the list before counts less."""
    if words.verbs is None:
        return "", 0
    if words.sense.is_tight:
        found = _last(words.verbs, context.clause)
        is_right_before = found is not None and not FILLING.sub("", context.clause[found.end() :])
        return (found[0], _VERB + len(found[0])) if found and is_right_before else ("", 0)
    zones = [(context.clause, _VERB), *((zone, _INHERITED) for zone in inherited)]
    for zone, worth in zones:
        if found := _last(words.verbs, zone):
            return found[0], worth + len(found[0])
    return "", 0


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found


def _all(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    """Yield the matches, also the shorter ones that begin inside a longer one (人大代表联络站 holds 联络站)."""
    begin = 0
    while match := pattern.search(text, begin):
        yield match
        begin = match.start() + 1
