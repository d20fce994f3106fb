"""The names of units that prose may speak of: the tree's, other provinces', and the townships' of all China.

Refuses to judge a sentence: it knows which stretch of characters can be a name and which units bear it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog import Catalog, Org
from catalog.models import Level

ORDER: tuple[Level, ...] = ("province", "prefecture", "county", "township")
_PEOPLES = (
    "蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|达斡尔|鄂温克|鄂伦春|俄罗斯|乌孜别克|塔塔尔|朝鲜|锡伯|土家|布依|哈尼|傈僳|拉祜|东乡|纳西|景颇|仫佬|布朗|撒拉|毛南|"
    "仡佬|阿昌|普米|保安|独龙|裕固|德昂|基诺|门巴|珞巴|高山|赫哲|彝|藏|回|壮|侗|苗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|满|京|各"
)
_ETHNIC = re.compile(rf"(?<=..)(?:(?:{_PEOPLES})族)+(?=(?:自治)?[县州乡旗区])|(?<=..)(?:蒙古|哈萨克|维吾尔)(?=自治)")
_SUFFIX = re.compile(r"(?:自治州|自治县|自治旗|自治区|特区|林区|地区|新区|[省市州县区旗盟])$")
_ENDINGS = ("省", "市", "州", "县", "区", "旗", "盟", "镇", "乡", "街道", "苏木")
_MAKESHIFT = re.compile(r"^全|本级$")
_LONGEST_SHORT = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that a name can mean. `code` is None outside the tree; `key`, `parent`, `above` (keys) hold for both."""

    key: str
    name: str
    level: Level
    code: str | None
    parent: str | None
    above: frozenset[str]

    def lies_in(self, keys: Iterable[str]) -> bool:
        """Say whether the unit lies below one of `keys`."""
        return not self.above.isdisjoint(keys)


class Gazetteer:
    """All names by their spelling, and for each ending of two characters the lengths of the names that end so.

    `full` spellings carry their suffix (大方县, 道真县, 遵义县, 安乐乡); one without units is a township's name
    somewhere in China. `short` spellings lack it (大方) and mean units of county level and above, the highest first.
    """

    def __init__(self, catalog: Catalog) -> None:
        """Index the tree with history and aliases, the units elsewhere, and the township names."""
        self.words = catalog.prose_places
        self.full: dict[str, tuple[Unit, ...]] = {}
        self.short: dict[str, tuple[Unit, ...]] = {}
        self.units: dict[str, Unit] = {}
        self.shorts_of: dict[str, set[str]] = defaultdict(set)
        full: dict[str, dict[str, Unit]] = {name: {} for name in catalog.township_names}
        short: dict[str, dict[str, Unit]] = {}
        former = {org.name for org in catalog.tree.entries() if org.valid_to}
        for unit, names in _units(catalog):
            self.units[unit.key] = unit
            for name in names:
                # The 州 of 贵州 is no suffix, the 县 of 沛县 is one.
                bare = len(name) == 2 and name != unit.name
                if not bare and name.endswith(_ENDINGS):
                    full.setdefault(name, {})[unit.key] = unit
                stem = name if bare else _SUFFIX.sub("", name)
                if name in former:  # a bare 遵义 is the city, though 遵义县 was a county
                    continue
                if unit.level != "township" and 1 < len(stem) <= _LONGEST_SHORT:
                    short.setdefault(stem, {})[unit.key] = unit
                    self.shorts_of[unit.key].add(stem)
        self.full = {name: tuple(units.values()) for name, units in full.items() if name not in self.words.no_township}
        self.short = {
            name: tuple(sorted(units.values(), key=lambda unit: ORDER.index(unit.level)))
            for name, units in short.items()
        }
        self.tails = _lengths(self.full)
        self.everyday = frozenset(self.words.everyday)
        self.weak = frozenset(self.words.weak)

    def chain(self, key: str | None) -> Iterator[Unit]:
        """Yield the unit of that key and those above it, the lowest first; nothing for None."""
        while key:
            unit = self.units[key]
            yield unit
            key = unit.parent

    def full_names_ending_at(self, text: str, end: int, floor: int) -> Iterator[tuple[int, tuple[Unit, ...]]]:
        """Yield (start, units) for each full name that ends at `end` and begins at `floor` or later, longest first."""
        for length in self.tails.get(text[end - 2 : end], ()):
            start = end - length
            if start >= floor and (units := self.full.get(text[start:end])) is not None:
                yield start, units

    def short_name_ending_at(self, text: str, end: int, floor: int) -> int | None:
        """Return where the longest short name that ends at `end` begins; None when there is none."""
        for start in range(max(floor, end - _LONGEST_SHORT), end - 1):
            if text[start:end] in self.short:
                return start
        return None

    def short_name_starting_at(self, text: str, start: int) -> int | None:
        """Return where the longest short name that starts at `start` ends; None when there is none."""
        for end in range(min(len(text), start + _LONGEST_SHORT), start + 1, -1):
            if text[start:end] in self.short:
                return end
        return None


def _units(catalog: Catalog) -> Iterator[tuple[Unit, set[str]]]:
    """Yield each unit, in force or merged, split or moved, with all spellings that have a suffix or can lose it."""
    history = catalog.tree.history
    names = {
        series: {name for org in entries for name in _spellings(org.name)}
        for series, entries in history.entries.items()
    }
    for code in names:
        names[code] |= {name for name in catalog.tree.aliases(code) if not _MAKESHIFT.search(name)}
    orgs = {code: history.latest(code).model_copy(update={"parent": history.parent(code, None)}) for code in names}
    taken = {(org.parent, name) for code, org in orgs.items() if not org.valid_to for name in names[code]}
    for code, org in orgs.items():
        if org.valid_to:  # a name that it shares with a unit in force beside it means that one
            names[code] = {name for name in names[code] if (org.parent, name) not in taken}
    elsewhere = {org.code: org for org in catalog.elsewhere}
    for code, org in orgs.items():
        yield Unit(code, org.name, org.level, code, org.parent, frozenset(_above(org, orgs))), names[code]
    for code, org in elsewhere.items():
        yield Unit(code, org.name, org.level, None, org.parent, frozenset(_above(org, elsewhere))), _spellings(org.name)


def _above(org: Org, orgs: dict[str, Org]) -> Iterator[str]:
    parent = org.parent
    while parent:
        yield parent
        parent = orgs[parent].parent


def _spellings(name: str) -> set[str]:
    """Return the name, without its peoples, and without 自治.

    >>> sorted(_spellings("道真仡佬族苗族自治县")), sorted(_spellings("延边朝鲜族自治州"))
    (['道真仡佬族苗族自治县', '道真县', '道真自治县'], ['延边州', '延边朝鲜族自治州', '延边自治州'])
    """
    plain = _ETHNIC.sub("", name)
    return {name, plain, plain.replace("自治", "")}


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in names:
        lengths[name[-2:]].add(len(name))
    return {tail: tuple(sorted(found, reverse=True)) for tail, found in lengths.items()}
