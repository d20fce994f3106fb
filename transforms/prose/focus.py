"""Follow whose work a report speaks of, from heading to heading and sentence to sentence.

A unit that opens a sentence is spoken of until another one is, or the paragraph ends; a heading's unit, or the unit
that opens the first paragraph below a heading, until the next heading; 在安乐乡时 holds for its clause only. Otherwise
the report speaks of the unit that reports. Refuses to guess a unit that the report does not name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from catalog.models import Level
from transforms.prose.gazetteer import Gazetteer
from transforms.prose.layout import Line
from transforms.prose.mentions import Mention
from transforms.prose.model import Place

# What stands in 全市 or 镇人大, and how the names of such units end.
_SUFFIXES = {
    "自治区": "自治区", "街道": "街道", "苏木": "苏木", "市": "市", "县": "县", "区": "区", "州": "州", "省": "省",
    "镇": "镇", "乡": "乡", "旗": "旗", "盟": "盟", "街": "街道",
}  # fmt: skip
_KINDS: dict[str, tuple[str, ...]] = {
    "province": ("省", "市", "自治区"), "prefecture": ("市", "州", "盟", "地区"), "county": ("县", "市", "区", "旗"),
    "township": ("镇", "乡", "街道", "苏木", "区"),
}  # fmt: skip
_ORDER: tuple[Level, ...] = ("province", "prefecture", "county", "township")
_AND = re.compile(r"[、和与及]|以及|，")
# 在报福镇，… opens a topic; 在安乐乡时领办的合作社 does not.
_LEAD_IN = re.compile(r"(?:境内|辖区|[^，。；]{0,6}(?:村|社区))?，")
_LONGEST_GLUED = 3
_GLUED = re.compile(rf"(?:^|[，。；：！？\n、])([一-鿿]{{1,{_LONGEST_GLUED}}})$")
_LED_IN = re.compile(
    r"[在到和与及对向由从等各该全为让使把将被给其以据经随并的是我本于自往]|组织|指导|依托|督促|邀请|联合|支持|围绕|按照|带领|推动|走进|来到|深入|通过|结合|会同|目前|今年|同时|此外|如|位于|地处|作为"
)
# 赴昆山市学习考察 is no work of that city.
_VISITED = re.compile(r"[赴到往]$|[赴往][^，。；]{0,12}$")
_VISIT = re.compile(r"[^，。；]{0,8}(?:考察|学习|培训|取经|交流|参观|研学|观摩)")
_PREPOSITIONS = re.compile(r"(?:[在到于“”]|走进|来到|步入|进入|位于|地处|走在)*")
_PERSON = re.compile(r"(?:[^，。；“”]{0,8})?(?:代表|书记|主席|主任|站长|村民|居民|党员|委员|支书|干部)")
_GOES_ON = re.compile(r"[他她]|他们|她们|该[^，。]{0,6}(?:站|室|点|家)|据介绍|这[一里个些]|同时，他|同时，她")
_CLAUSE = re.compile(r"[，。；：！？\n]")
_SENTENCE = re.compile(r"[。；！？\n]")
_TITLE_WEIGHT, _HEADING_WEIGHT, _SUBJECT_WEIGHT, _PASSING_WEIGHT = 12.0, 2.0, 1.0, 0.25
_SOURCE_WEIGHT, _TOWNSHIP_SHARE = 1.5, 0.8
_NEAR, _AT_ONCE, _LEAD = 80, 4, 14
_LONGEST_SCOPE = 400
_FAR = 10**9
# How many scopes may overlap, how many mentions back 该镇 reaches.
_NESTED, _RECENT = 6, 12


class Places:
    """Where each character of a text stands: of which unit it speaks."""

    def __init__(
        self,
        text: str,
        lines: Sequence[Line],
        mentions: Sequence[Mention],
        gazetteer: Gazetteer,
        in_file_name: Sequence[Mention] = (),
    ) -> None:
        """Follow the text's mentions; those in the file's name stand in where the text names no unit."""
        self._text = text
        self._gazetteer = gazetteer
        self._mentions = mentions
        self._written = _spellings([*mentions, *in_file_name])
        self._officials: dict[str, str] = {}
        for official, written in self._written.items():
            self._officials.setdefault(written, official)
        self._standing_alone = {mention.name for mention in mentions if mention.role != "other"}
        self._holders = {mention.name: mention.holder for mention in mentions if mention.holder}
        self._keys = {mention.name: mention.key for mention in mentions if mention.key}
        self.report = self._reporting(lines, mentions) or self._reporting([Line(0, _FAR, "title")], in_file_name)
        self._changes: list[tuple[int, Place | None]] = [(0, self.report)]
        self._clauses: list[tuple[int, int, Place]] = []
        self._follow(lines)

    def at(self, position: int) -> Place | None:
        """Return the unit that a number at this position is of."""
        index = bisect_right(self._clauses, position, key=lambda scope: scope[0])
        for start, end, place in reversed(self._clauses[max(0, index - _NESTED) : index]):
            if start <= position < end:
                return place
        return self._changes[bisect_right(self._changes, position, key=lambda change: change[0]) - 1][1]

    def named(self, name: str, near: int) -> Place | None:
        """Return the unit whose name an item of an enumeration ends in, by the nearest mention before `near`."""
        for mention in reversed(self._mentions):
            if mention.organ_end <= near and mention.kind == "named":
                written = self._text[mention.start : mention.end], self._text[mention.start : mention.organ_end]
                if near - mention.end > _NEAR:
                    return None
                if name.endswith(written):
                    return self._place(mention)
        return None

    def labelled(self, label: str) -> Place | None:
        """Return the unit that a table's label names, in full or short (容桂), among those the report mentions."""
        if len(label) < 2:
            return None
        names = {m.name: m for m in self._mentions if m.kind == "named" and label in (m.name, m.written)} or {
            m.name: m for m in self._mentions if m.kind == "named" and m.written.startswith(label)
        }
        return self._place(next(iter(names.values()))) if len(names) == 1 else None

    def _reporting(self, lines: Sequence[Line], mentions: Sequence[Mention]) -> Place | None:
        """Return the unit that the report is of: named in the title, at the head, or spoken of most."""
        weights: dict[Place, float] = {}
        order: dict[Place, int] = {}
        is_head = True
        for line in lines:
            is_head = is_head and line.kind != "body"
            spoken = _within(mentions, line.start, line.end)
            for at, mention in enumerate(spoken):
                if mention.kind != "named" or (line.kind == "body" and self._is_one_of_several(spoken, at)):
                    continue
                if at + 1 < len(spoken) and spoken[at + 1].start == mention.organ_end > mention.end:
                    continue  # 裕华区人大常委会裕兴街道工作委员会 is the street's
                place = replace(self._place(mention), inclusive=False)
                weight = _weight(mention, line, is_head=is_head)
                weights[place] = weights.get(place, 0.0) + weight
                order.setdefault(place, len(order))
        if not weights:
            return None
        return max(weights, key=lambda place: (weights[place], -order[place]))

    def _follow(self, lines: Sequence[Line]) -> None:
        section: Place | None = self.report
        is_first, is_head = True, True
        for line in lines:
            is_head = is_head and line.kind != "body"
            if line.kind in ("title", "furniture"):
                continue
            if line.kind == "heading":
                named = [m for m in _within(self._mentions, line.start, line.end) if m.kind == "named"]
                section = self._place(named[0]) if len(named) == 1 else self.report
                if is_head and self._depth_below_report(section) <= 0:
                    section = self.report  # 甘肃人大 above the text tells where it was published
                self._change(line.start, section)
                is_first = True
                continue
            goes_on = _GOES_ON.match(self._text, line.start) is not None
            opening = self._paragraph(line, self._changes[-1][1] if goes_on else section)
            if is_first and opening is not None:
                section = opening
            is_first = False

    def _paragraph(self, line: Line, section: Place | None) -> Place | None:
        """Note the units of a paragraph; return the one that opens it."""
        self._change(line.start, section)
        current, opening = section, None
        mentions = _within(self._mentions, line.start, line.end)
        for number, mention in enumerate(mentions):
            place = self._resolved(mention, current, mentions[max(0, number - _RECENT) : number])
            role = self._role(mention, line)
            if longer := self._longer_name(mention):
                place, role = longer, "topic"  # 龙头大山镇 is no 大山镇
            if place is None:
                if mention.scope == "whole" and role == "topic":
                    current = self._speak_of(mention.start, None)  # 全县, and no county is named
            elif self._is_one_of_several(mentions, number):
                current = self._speak_of(mention.start, section)
            elif role == "topic" and self._depth_below_report(place) < 0 and mention.scope != "whole":
                self._speak_of_higher(mention, place, line)
            elif role == "topic":
                opening = place if self._is_opening(line, mention) else opening
                self._end_clauses(mention.start)
                current = self._speak_of(mention.start, place)
            elif role == "here":
                reach = _CLAUSE if mention.role == "locative" else _SENTENCE
                self._clauses.append((mention.start, self._end_of(reach, mention.end, line.end), place))
        return opening

    def _speak_of_higher(self, mention: Mention, place: Place, line: Line) -> None:
        """Speak of a unit above the report's in its own sentence only (省人大作出决议后，…).

        Of a deputy it is the level (杭州市代表5名), and nobody speaks of it at all.
        """
        if not mention.is_attribute_of_deputy:
            self._clauses.append((mention.start, self._end_of(_SENTENCE, mention.end, line.end), place))

    def _speak_of(self, position: int, place: Place | None) -> Place | None:
        self._change(position, place)
        return place

    def _end_clauses(self, position: int) -> None:
        """Let what was spoken of in a clause or sentence only end where something else begins."""
        recent = self._clauses[-_NESTED:]
        self._clauses[-_NESTED:] = [(start, min(end, position), place) for start, end, place in recent]

    def _role(self, mention: Mention, line: Line) -> Literal["topic", "here", "passing"]:
        """Say whether a mention is what is spoken of from here on, in its clause only, or in passing."""
        if mention.role == "subject":
            return "topic"
        if mention.role == "locative":
            if _VISITED.search(self._text[max(0, mention.start - _LEAD) : mention.start]) and _VISIT.match(
                self._text, mention.organ_end
            ):
                return "passing"
            begin = self._text.rfind("。", max(line.start, mention.start - _NEAR), mention.start) + 1 or line.start
            heads = _PREPOSITIONS.fullmatch(self._text, begin, mention.start) is not None
            return "topic" if heads and _LEAD_IN.match(self._text, mention.organ_end) else "here"
        if mention.kind == "named" and self._text.startswith("的", mention.organ_end) and self._heads_clause(mention):
            return "here"
        if mention.kind == "named" and _PERSON.match(self._text, mention.organ_end):
            return "topic"
        return "passing"

    def _longer_name(self, mention: Mention) -> Place | None:
        """Return the unlisted township whose name ends in a listed one's, where a clause begins with it."""
        if mention.kind != "named" or mention.level != "township" or mention.name in self._standing_alone:
            return None
        before = _GLUED.search(self._text[max(0, mention.start - _LONGEST_GLUED - 1) : mention.start])
        if before is None or _LED_IN.search(before[1]):
            return None
        return Place(before[1] + mention.written, None, "township")

    def _heads_clause(self, mention: Mention) -> bool:
        return mention.start == 0 or self._text[mention.start - 1] in "，。；：！？\n、"

    def _is_one_of_several(self, mentions: Sequence[Mention], number: int) -> bool:
        """Say whether the mention is one of an enumeration of units (花岗镇、三河镇): no single one is spoken of."""
        mention = mentions[number]
        before = mentions[number - 1] if number else None
        after = mentions[number + 1] if number + 1 < len(mentions) else None
        return any(
            one is not None and other is not None and one.kind == other.kind == "named" and one.level == other.level
            and _AND.fullmatch(self._text, one.organ_end, other.start) is not None
            for one, other in ((before, mention), (mention, after))
        )  # fmt: skip

    def several(self, start: int, end: int) -> list[Place]:
        """Return the units that are enumerated between two positions, the last such enumeration; empty without one."""
        groups: list[list[Mention]] = []
        for mention in _within(self._mentions, start, end):
            if mention.kind != "named":
                continue
            last = groups[-1][-1] if groups else None
            if last and _AND.fullmatch(self._text, last.organ_end, mention.start):
                groups[-1].append(mention)
            else:
                groups.append([mention])
        several = [group for group in groups if len(group) > 1]
        return [self._place(mention) for mention in several[-1]] if several else []

    def enumerated(self, before: int) -> list[Place]:
        """Return the units enumerated right before a position (甲镇、乙镇各…); empty where fewer than two are."""
        group: list[Mention] = []
        for mention in reversed(_within(self._mentions, max(0, before - 2 * _NEAR), before)):
            follows = before if not group else group[0].start
            joined = (
                mention.organ_end == follows if not group else _AND.fullmatch(self._text, mention.organ_end, follows)
            )
            if mention.kind != "named" or not joined:
                break
            group.insert(0, mention)
        return [self._place(mention) for mention in group] if len(group) > 1 else []

    def _depth_below_report(self, place: Place | None) -> int:
        """Return how many levels the unit stands below the one that reports: negative above it, 0 where unknown."""
        if self.report is None or place is None or place.level is None or self.report.level is None:
            return 0
        return _ORDER.index(place.level) - _ORDER.index(self.report.level)

    def _is_opening(self, line: Line, mention: Mention) -> bool:
        starts = mention.kind == "named" and mention.start - line.start <= _AT_ONCE
        return starts and not mention.is_attribute_of_deputy

    def _change(self, position: int, place: Place | None) -> None:
        if self._changes[-1][1] != place:
            self._changes.append((position, place))

    def _end_of(self, pattern: re.Pattern[str], start: int, limit: int) -> int:
        found = pattern.search(self._text, start, min(limit, start + _LONGEST_SCOPE))
        return found.start() if found else min(limit, start + _LONGEST_SCOPE)

    def _place(self, mention: Mention) -> Place:
        return Place(self._written[mention.name], mention.code, mention.level, inclusive=mention.inclusive)

    def _resolved(self, mention: Mention, current: Place | None, before: Sequence[Mention]) -> Place | None:
        """Return the unit that a mention means: 该镇 the one last named, 全市 the one around what is spoken of."""
        if mention.kind == "named":
            return self._place(mention)
        surface = self._text[mention.start : mention.end]
        suffix = next((ending for kind, ending in _SUFFIXES.items() if kind in surface), "")
        recent = [self._place(one) for one in reversed(before) if one.kind == "named"]
        around, report = list(self._above(current)), list(self._above(self.report))
        if mention.scope == "that":
            order = [*recent, *around, *report]
        elif before and "。" not in self._text[before[-1].end : mention.start]:
            order = [*around, *report, *recent]
        else:
            # A sentence of its own on 全市 is of the city that reports, though one of its cities was spoken of before.
            order = [*report[:1], *around, *report, *recent]
        for org in order:
            if org.level in mention.levels and org.name.endswith(suffix):
                return Place(org.name, org.code, org.level, inclusive=mention.inclusive)
        return None

    def _above(self, place: Place | None) -> Iterable[Place]:
        """Yield the unit and the units around it."""
        if place is None:
            return
        yield place
        official = self._officials.get(place.name, place.name)
        key = place.code or self._keys.get(official)
        chain = list(self._gazetteer.chain(key))[1:] if key else []
        for unit in chain or self._gazetteer.chain(self._holders.get(official)):
            yield Place(self._written.get(unit.name, unit.name), unit.code, unit.level)


def _weight(mention: Mention, line: Line, *, is_head: bool) -> float:
    """Return how much a mention speaks for its unit being the one that reports; `is_head`: above all running text."""
    if line.kind == "furniture":
        # 来源：某县人大 tells who reports, an address does not.
        return _SOURCE_WEIGHT if mention.organ_end > mention.end else _PASSING_WEIGHT / 2
    weight = _SUBJECT_WEIGHT if mention.role == "subject" else _PASSING_WEIGHT
    if line.kind == "title":
        weight += _TITLE_WEIGHT
    elif line.kind == "heading" and is_head:
        weight += _HEADING_WEIGHT
    return weight * (_TOWNSHIP_SHARE if mention.level == "township" else 1.0)


def _spellings(mentions: Sequence[Mention]) -> dict[str, str]:
    """Return how the report itself writes each unit's name (安乐乡, not 安乐彝族仡佬族乡), so that a reader finds it.

    The longest spelling that says what the unit is (昌吉回族自治州 before 昌吉州, 枫树维吾尔族回族乡 before 枫树乡); a
    short one (习水) alone stands for the full name.
    """
    written: dict[str, str] = {}
    for mention in mentions:
        if mention.kind == "named" and mention.level is not None and mention.written.endswith(_KINDS[mention.level]):
            written[mention.name] = max(written.get(mention.name, ""), mention.written, key=len)
    spelled = {mention.name: written.get(mention.name, mention.name) for mention in mentions}
    ethnic = [name for name in spelled.values() if name.endswith("族乡")]
    for name, spelling in spelled.items():
        if spelling.endswith("乡") and not spelling.endswith("族乡"):
            longer = [full for full in ethnic if full.startswith(spelling[:-1])]
            spelled[name] = longer[0] if len(longer) == 1 else spelling
    return spelled


def _within(mentions: Sequence[Mention], start: int, end: int) -> list[Mention]:
    begin = bisect_right(mentions, start - 1, key=lambda mention: mention.start)
    stop = bisect_right(mentions, end - 1, key=lambda mention: mention.start)
    return list(mentions[begin:stop])
