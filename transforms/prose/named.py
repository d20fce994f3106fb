"""Find the stretches of a text that are names of units: known ones by the gazetteer, townships also by their form.

Refuses what only ends like a name: 城镇, 返乡, 各街道, 园区; and known names that a longer word may hold by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from catalog.models import Level
from transforms.prose.gazetteer import Gazetteer, Unit

_HAN = re.compile(r"[一-鿿]+")
_ENDS = re.compile(r"街道|苏木|[省市县区州旗盟镇乡]")
_TOWNSHIP = ("镇", "乡", "街道", "苏木")
_BEFORE_SHORT = re.compile(r"人大|人民代表大会")
_AFTER_PREPOSITION = re.compile(r"(?:在|到|赴|于|前往|走进)(?=[一-鿿])")
_CLAUSE_START = re.compile(r"(?:\A|(?<=[。！？；;，,：:\n…—>】）)!?.]))[ \t\u3000]*(?=[一-鿿])")
_NO_TOWNSHIP_BEFORE = re.compile(
    r"(?<=乡)(?:镇|村(?!级|民|党|干|委|支|两)|亲|土|音|愁|贤|情|间|下)|[级域]|(?<=镇)(?:江|宁|海[^选岛]|静|压|定|痛|街)|(?<=街道)(?:两|旁|边|面|卫|绿)"
)
_NO_COUNTY_BEFORE = re.compile(r"(?<=区)(?:域|间|块|别|划)|(?<=市)(?:场(?!监|中队)|值)|(?<=县)(?:域|级|城)")
# 分别, 分批 and 分管 are said of a county; a name that no list has may be a verb (区分).
_DIVIDED = re.compile(r"(?<=区)分(?![别批头期赴成两管])")
_OTHER_CONGRESS = re.compile(r"人大(?:网|附中|附小|出版|书报)")
_LONGEST_STEM = 5
_LONGEST_ETHNIC = 13  # 石梯子哈萨克族乡
_LONGEST_COUNTY = 4
_LONGEST_ZONE = 14
_ZONE_ENDS = ("新区", "开区", "发区", "度假区", "名胜区", "管理区", "示范区", "合作区")
_MOST_SHORTS = 64
_JOINTS = frozenset("、和与及")
_LEVEL_OF: dict[str, Level] = {"县": "county", "区": "county", "旗": "county", "市": "county"}

FULL, SHORT, FORMED = 3, 2, 1


@dataclass(slots=True)
class Span:
    """A stretch that names or means a unit, from `start` to `end`; `own` is where the lowest unit's name begins.

    `units` are those it can mean; none for a name that only its form gives away. `rank` says which of two that overlap
    is kept. A `refused` span is part of another name (贵州日报) and keeps others from its place.
    """

    start: int
    end: int
    rank: int
    level: Level | None
    units: tuple[Unit, ...] = ()
    kind: Literal["named", "generic"] = "named"
    scope: Literal["whole", "own", "that"] | None = None
    levels: tuple[Level, ...] = ()
    inclusive: bool = False
    refused: bool = False
    own: int = -1
    above: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if self.own < 0:
            self.own = self.start


class NameFinder:
    """Find the spans of named units in a text, by a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Compile what the gazetteer's word lists say."""
        words = gazetteer.words
        self._gazetteer = gazetteer
        self._left_characters = frozenset(words.left_characters)
        self._form_characters = frozenset(words.form_characters)
        self._left_words = frozenset(words.left_words)
        self._starters = frozenset(words.name_starters)
        self._no_township_stem = {suffix: tuple(stems) for suffix, stems in words.no_township_stem.items()}
        self._no_county_stem = frozenset(words.no_county_stem)
        self._zone = re.compile(rf"[一-鿿]{{0,6}}?({_either(words.zones)})\Z")
        organ = rf"(?:街道)?(?:{_either(words.organs)})"
        self._organ = re.compile(organ)
        self._congress = re.compile(r"人大(?!代表)|人民代表大会|人大代表(?:之家|联络|工作|活动|接待)")
        self._other_thing = re.compile(_either(words.other_things))
        self._enterprise = re.compile(
            rf"[^\W\d_的在到和与及对向由从等是为了]{{0,12}}?(?P<kind>{_either(words.enterprises)})"
        )

    def find(self, text: str) -> list[Span]:
        """Return the named spans of `text`, refused ones too, in order, none overlapping another."""
        full = self._full(text)
        spelled = {unit.key for span in full for unit in span.units if unit.level != "township"}
        spans = sorted([*full, *self._short(text, spelled)], key=lambda span: (span.start, -span.end))
        spans = keep_best(spans)
        for span in spans:
            span.refused = self._is_part_of_another_name(text, span)
        return spans

    # Names with their suffix ---------------------------------------------------------------------------------------

    def _full(self, text: str) -> list[Span]:
        spans: list[Span] = []
        for match in _ENDS.finditer(text):
            end = match.end()
            last = spans[-1] if spans else None
            # 景德镇 may turn out to be the beginning of 景德镇市: what the last span took may be taken again.
            floor = last.end if last and last.end < end - 1 and last.level != "township" else 0
            suffix = match[0]
            span = self._known(text, end, suffix, floor)
            if span is None or self._lacks_a_character(text, span):
                span = self._formed(text, end, suffix, last) or span
            if span is None:
                continue
            while spans and spans[-1].end > span.start and _prefers(span, spans[-1]):
                spans.pop()
            if not spans or spans[-1].end <= span.start:
                spans.append(span)
        return spans

    def _known(self, text: str, end: int, suffix: str, floor: int) -> Span | None:
        """Take the longest known name with a good left edge, else the longest that needs none."""
        second = None
        for start, units in self._gazetteer.full_names_ending_at(text, end, floor):
            township = suffix in _TOWNSHIP and (not units or units[0].level == "township")
            if (_NO_TOWNSHIP_BEFORE if township else _NO_COUNTY_BEFORE).match(text, end):
                continue
            span = Span(start, end, FULL, "township" if township else units[0].level, units)
            stem = text[start : end - len(suffix)]
            good = self._is_edge(text, start) or start == floor
            if text[start:end] in self._gazetteer.weak and not self._stands_firm(text, span, floor):
                continue
            if good:
                return span
            if second is None and len(stem) > 1 and stem not in self._gazetteer.everyday:
                second = span
        return second

    def _lacks_a_character(self, text: str, span: Span) -> bool:
        """Say whether one more character than a listed township's name stands at the edge: 古龙岗镇, not 龙岗镇."""
        if span.level != "township" or self._is_edge(text, span.start) or span.start < 1:
            return False
        return self._is_edge(text, span.start - 1)

    def _stands_firm(self, text: str, span: Span, floor: int) -> bool:
        """Say whether a weak name (城区) stands right below a higher unit, or alone before an organ."""
        if span.start == floor and floor:
            return True
        return not _is_han(text, span.start - 1) and self._congress.match(text, span.end) is not None

    # Names by their form -------------------------------------------------------------------------------------------

    def _formed(self, text: str, end: int, suffix: str, last: Span | None) -> Span | None:
        floor = last.end if last else 0
        if suffix in _TOWNSHIP:
            return self._formed_township(text, end, suffix, floor)
        if suffix in _LEVEL_OF:
            return self._formed_county(text, end, suffix, last)
        return None

    def _formed_township(self, text: str, end: int, suffix: str, floor: int) -> Span | None:
        if _NO_TOWNSHIP_BEFORE.match(text, end):
            return None
        stem_end = end - len(suffix)
        longest = _LONGEST_ETHNIC if text[stem_end - 1] == "族" else _LONGEST_STEM
        start = self._left_edge(text, stem_end, floor, longest)
        if start is None or not 2 <= stem_end - start <= longest - 1:
            return None
        stem = text[start:stem_end]
        if not _HAN.fullmatch(stem):
            return None
        if text.endswith(self._gazetteer.words.no_township, start, end) or stem.endswith(
            self._no_township_stem[suffix]
        ):
            return None
        return Span(start, end, FORMED, "township")

    def _left_edge(self, text: str, stem_end: int, floor: int, longest: int) -> int | None:
        """Return where a name begins that ends at `stem_end`: behind the nearest word or mark that cannot be in it."""
        if text[stem_end - 1] in self._form_characters or self._ends_word(text, stem_end):
            return None
        for start in range(stem_end - 1, max(floor, stem_end - longest) - 1, -1):
            if start == floor or not _is_han(text, start - 1):
                return start
            if not self._is_edge(text, start):
                continue
            character = text[start - 1]
            if character in self._starters and (start == 1 or (start - 1 > floor and not _is_han(text, start - 2))):
                continue
            return start if character in self._form_characters or self._ends_word(text, start) else None
        return None

    def _formed_county(self, text: str, end: int, suffix: str, last: Span | None) -> Span | None:
        """Take a county that no list has only right below a higher unit: the lists hold all but the newest."""
        higher = last is not None and last.level in ("province", "prefecture")
        below = last.end if last and higher and end - _LONGEST_ZONE <= last.end < end - 2 else None
        congress = self._congress.match(text, end) is not None
        if suffix == "区" and (zone := self._formed_zone(text, end, below, congress)):
            return zone
        if not below:
            return None
        for length in range(_LONGEST_COUNTY, 2, -1):
            start = end - length
            if start < 0 or (last and start < last.end):
                continue
            if below == start and self._can_be_county(text[start : end - 1], text, end):
                return Span(start, end, FORMED, _LEVEL_OF[suffix])
        return None

    def _can_be_county(self, stem: str, text: str, end: int) -> bool:
        if not _HAN.fullmatch(stem) or stem[-1] in self._no_county_stem:
            return False
        if _NO_COUNTY_BEFORE.match(text, end) or _DIVIDED.match(text, end):
            return False
        inner = range(1, len(stem) + 1)
        return not any(self._is_edge(stem, edge) and stem[edge - 1] not in self._starters for edge in inner)

    def _formed_zone(self, text: str, end: int, below: int | None, congress: bool) -> Span | None:
        """Take a zone that no list has below a higher unit, before 人大, or as a new area at the start of a clause."""
        if not text.endswith(_ZONE_ENDS, 0, end):
            return None
        floor = max(0, end - _LONGEST_ZONE, below or 0)
        run = end
        while run > floor and _is_han(text, run - 1):
            run -= 1
        match = self._zone.search(text[run:end])
        if match is None:
            return None
        stem_end = run + match.start(1)
        start = stem_end
        while start > run and not self._is_edge(text, start):
            start -= 1
        named = 2 <= stem_end - start <= _LONGEST_STEM - 1
        opens = named and not _is_han(text, start - 1) and text.endswith("新区", 0, end)
        if below == start or opens or (congress and stem_end - start <= _LONGEST_STEM):
            return Span(start, end, FORMED, "county")
        return None

    # Names without their suffix ------------------------------------------------------------------------------------

    def _short(self, text: str, spelled: set[str]) -> Iterator[Span]:
        for match in _BEFORE_SHORT.finditer(text):
            start = self._gazetteer.short_name_ending_at(text, match.start(), 0)
            if start is not None and (self._is_edge(text, start) or not self._is_everyday(text[start : match.start()])):
                yield self._short_span(text, start, match.start())
        for match in _AFTER_PREPOSITION.finditer(text):
            start = match.end()
            end = self._gazetteer.short_name_starting_at(text, start)
            while end is not None and self._names_a_place(text[start:end], spelled):
                yield self._short_span(text, start, end)
                start = end + 1
                end = self._gazetteer.short_name_starting_at(text, start) if text[end : end + 1] in _JOINTS else None
        for match in _CLAUSE_START.finditer(text):
            start = match.end()
            end = self._gazetteer.short_name_starting_at(text, start)
            if end is not None and self._opens_a_clause(text, start, end):
                yield self._short_span(text, start, end)
        if pattern := self._shorts_of(spelled):
            for match in pattern.finditer(text):
                yield self._short_span(text, *match.span())

    def _opens_a_clause(self, text: str, start: int, end: int) -> bool:
        """Say whether a short name is the topic of a heading (禹州：…) or, of a prefecture or above, of a clause."""
        if self._is_everyday(text[start:end]):
            return False
        return text.startswith(("：", ":"), end) or self._gazetteer.short[text[start:end]][0].level != "county"

    def _names_a_place(self, name: str, spelled: set[str]) -> bool:
        units = self._gazetteer.short[name]
        if any(unit.key in spelled for unit in units):
            return True
        return not self._is_everyday(name) and any(unit.code or unit.level != "county" for unit in units)

    def _shorts_of(self, spelled: set[str]) -> re.Pattern[str] | None:
        """Compile the short spellings, no words of the language, of the units that the text spells out."""
        shorts = {name for key in sorted(spelled)[:_MOST_SHORTS] for name in self._gazetteer.shorts_of.get(key, ())}
        shorts = {name for name in shorts if not self._is_everyday(name)}
        return re.compile(rf"(?:{_either(shorts)})(?![省市县区州旗])") if shorts else None

    def _short_span(self, text: str, start: int, end: int) -> Span:
        units = self._gazetteer.short[text[start:end]]
        return Span(start, end, SHORT, units[0].level, units)

    def _is_everyday(self, name: str) -> bool:
        return name in self._gazetteer.everyday

    # Around a name -------------------------------------------------------------------------------------------------

    def _is_edge(self, text: str, at: int) -> bool:
        """Say whether what stands before `at` cannot belong to a name that begins there."""
        if not _is_han(text, at - 1) or text[at - 1] in self._left_characters:
            return True
        return self._ends_word(text, at)

    def _ends_word(self, text: str, at: int) -> bool:
        return any(text[at - length : at] in self._left_words for length in (2, 3, 4) if at >= length)

    def _is_part_of_another_name(self, text: str, span: Span) -> bool:
        """Say whether a firm, a newspaper, a school or a street is named after the unit."""
        if _OTHER_CONGRESS.match(text, span.end):
            span.end += len("人大")
            return True
        if self._organ.match(text, span.end):
            return False
        if span.level == "township":
            return False
        if span.rank == SHORT and self._other_thing.match(text, span.end):
            return True
        firm = self._enterprise.match(text, span.end)
        return firm is not None and not any(self._is_edge(text, at) for at in range(span.end + 2, firm.start("kind")))


def keep_best(spans: Iterable[Span]) -> list[Span]:
    """Keep, of spans that overlap, the one of the higher rank, then the longer one."""
    kept: list[Span] = []
    for span in spans:
        while kept and kept[-1].end > span.start and _prefers(span, kept[-1]):
            kept.pop()
        if not kept or kept[-1].end <= span.start:
            kept.append(span)
    return kept


def _prefers(one: Span, other: Span) -> bool:
    """Say whether `one` is kept of two that overlap: a name that holds the other, then the better known, the longer."""
    if _holds(other, one) and one.rank < FULL:
        return False
    if _holds(one, other) and other.rank < FULL:
        return True
    return (one.rank, one.end - one.start) > (other.rank, other.end - other.start)


def _holds(one: Span, other: Span) -> bool:
    return one.kind == other.kind == "named" and one.start <= other.start and other.end <= one.end


def _is_han(text: str, at: int) -> bool:
    return at >= 0 and "一" <= text[at] <= "鿿"


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
