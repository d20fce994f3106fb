"""The organisation tree (行政区划树): units by code, and units by any spelling of their name, old or new.

Refuses to guess: a name that fits two units is nobody's, and a township is only looked for inside a named county.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from catalog.models import Level, Org
from catalog.succession import Succession

_PEOPLES = "布依|土家|仡佬|毛南|蒙古|仫佬|苗|侗|彝|水|回|白|瑶|壮|畲|满|羌|各"
_ETHNIC = re.compile(rf"(?:(?:{_PEOPLES})族)+(?=(?:自治)?[县州乡])")
_SUFFIX = re.compile(r"(?:自治州|自治县|特区|街道|[省市州县区镇乡])$")
_ORGAN = re.compile(
    r"(?:人民代表大会|人大)(?:常务委员会|常委会|主席团|工作委员会|工委)?(?:办公室|机关)?$|(?<=街道)办(?:事处)?$|人民政府$"
)
_CODE = re.compile(r"(\d{6}(?!000)\d{3}|\d{6})(?:0{3}){0,2}")


class OrgTree:
    """Units in force today, the ended ones with what became of them, and the spellings of both."""

    def __init__(self, current: Sequence[Org], ended: Sequence[Org], aliases: Mapping[str, Sequence[str]]) -> None:
        """Index the units.

        Raises ValueError when a parent, a successor or an alias names a code that is not in the tree, and for a history
        that contradicts itself (see `Succession`).
        """
        in_force = {org.code: org for org in current}
        if dangling := ({org.parent for org in current} | set(aliases)) - {None} - set(in_force):
            raise ValueError(f"organisation tree: no such unit: {sorted(filter(None, dangling))}")
        self.history = Succession(in_force, ended)
        self._current = {code: self.history.latest(code) for code in in_force}
        self._children: dict[str, list[Org]] = defaultdict(list)
        for org in self._current.values():
            if org.parent:
                self._children[org.parent].append(org)
        self._aliases = {code: tuple(spellings) for code, spellings in aliases.items()}
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._loose: dict[str, set[str]] = defaultdict(set)
        for org in self.entries():
            self._exact[org.name].add(org.code)
            for spelling in _spellings(org):
                self._loose[spelling].add(org.code)
        for code, spellings in aliases.items():
            for spelling in spellings:
                self._exact[_clean(spelling)].add(code)

    def __iter__(self) -> Iterator[Org]:
        """Yield every unit, in force or ended, by code."""
        return iter([self[code] for code in sorted({org.code for org in self.entries()})])

    def __getitem__(self, code: str) -> Org:
        """Return the unit that has, or had, the code; KeyError when none ever had."""
        return self._current[code] if code in self._current else self.history.entry(code)

    def __contains__(self, code: object) -> bool:
        """Say whether a unit has, or had, the code."""
        return isinstance(code, str) and self.history.knows(code)

    def entries(self) -> Iterator[Org]:
        """Yield every unit under each code and name that it has, or had."""
        for entries in self.history.entries.values():
            yield from entries

    def children(self, code: str) -> list[Org]:
        """Return the units in force right below `code`."""
        return list(self._children[code])

    def at_level(self, level: Level) -> list[Org]:
        """Return the units in force of that level, by code."""
        return sorted((org for org in self._current.values() if org.level == level), key=lambda org: org.code)

    def aliases(self, code: str) -> tuple[str, ...]:
        """Return the spellings of a unit in force that no rule yields."""
        return self._aliases.get(code, ())

    def heirs(self, code: str) -> list[Org]:
        """Return the units in force that the unit of that code is, became or was split into, by code."""
        return [self._current[series] for series in sorted(self.history.heirs(code))]

    def ancestor(self, code: str, level: Level) -> Org | None:
        """Return the unit of `level` that `code` is or lies in, an ended one as it last was; None without one."""
        return next((org for org in self._chain(self.history.latest(code)) if org.level == level), None)

    def resolve(self, text: str, *, level: Level | None = None, within: str | None = None) -> Org | None:
        """Find the unit that `text` means: a code or a name in any of its spellings, old or new.

        A unit that was renamed or upgraded is found as it is today; so is a county that was moved. One that was merged
        or split is found as it last was, and so is a township that was moved, within its old county: their figures are
        their own. Where units in force and ended ones share a name, those in force are meant. `level` and `within`
        (a code) narrow the search. None when nothing fits, or more than one unit does.

        >>> from catalog import load
        >>> tree = load().tree
        >>> tree.resolve("遵义县人大常委会").name, tree.resolve("黔西南州兴义市").code
        ('播州区', '522301')
        """
        name = _clean(text)
        if code := _CODE.fullmatch(name):
            return self._meant(code[1], level, within) if code[1] in self else None
        for candidate in dict.fromkeys((name, _ORGAN.sub("", name))):
            if candidate and (found := self._by_name(candidate, level, within)):
                return found
        return None

    def _by_name(self, name: str, level: Level | None, within: str | None) -> Org | None:
        # Who bore the name there goes before who came there later from elsewhere.
        for meaning, index in product((self._as_it_was, self._meant), (self._exact, self._loose)):
            meant = [org for code in index.get(name, ()) if (org := meaning(code, level, within))]
            units = {org.code: org for org in meant}
            found = self._closest([org for org in units.values() if org.code in self._current] or units.values())
            if len(found) == 1:
                return found[0]
            if found:
                return None
        return self._below_a_named_ancestor(name, level, within)

    def _below_a_named_ancestor(self, name: str, level: Level | None, within: str | None) -> Org | None:
        """Take `遵义市播州区` apart: the longest leading spelling of a unit that holds what the rest names."""
        for cut in range(len(name) - 1, 1, -1):
            head, rest = name[:cut], name[cut:]
            holders = self._exact.get(head, set()) | self._loose.get(head, set())
            for holder in sorted(holders):
                if self[holder].level == "township":
                    continue
                inside = holder if within is None or self._fits(self[holder], None, within) else within
                found = self._by_name(rest, level, inside)
                if found and found.code != holder and self._meant(found.code, level, within):
                    return found
        return None

    def _as_it_was(self, code: str, level: Level | None, within: str | None) -> Org | None:
        return self.history.latest(code) if self._fits(self[code], level, within) else None

    def _meant(self, code: str, level: Level | None, within: str | None) -> Org | None:
        """Return the unit of that code where it, or what it became, fits: moved as it is now, merged as it last was."""
        if found := self._as_it_was(code, level, within):
            return found
        later = (self.history.latest(series) for series in self.history.later(code))
        return self.history.moved_on(code) if any(self._fits(org, level, within) for org in later) else None

    def _fits(self, org: Org, level: Level | None, within: str | None) -> bool:
        if level and org.level != level:
            return False
        if org.level == "township" and within is None:
            return False
        if within is None:
            return True
        holder = self.history.series(within) if within in self else None
        return any(self.history.series(above.code) == holder for above in self._chain(org))

    def _chain(self, org: Org) -> Iterator[Org]:
        """Yield the unit and those above it, each as it is now or last was."""
        yield org
        while org.parent:
            org = self.history.latest(org.parent)
            yield org

    @staticmethod
    def _closest(found: Iterable[Org]) -> list[Org]:
        """Keep the highest level among the units found: a bare 遵义 is the prefecture, not the old county."""
        order: list[Level] = ["province", "prefecture", "county", "township"]
        units = list(found)
        top = min((order.index(org.level) for org in units), default=None)
        return [org for org in units if top is not None and order.index(org.level) == top]


def _clean(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("(", "（").replace(")", "）")


def _spellings(org: Org) -> set[str]:
    """Yield the shorter spellings that rules make of a name: without peoples, without 自治, without the suffix.

    >>> sorted(_spellings(Org(code="520325", name="道真仡佬族苗族自治县", level="county")))
    ['道真', '道真县', '道真自治县']
    """
    plain = _ETHNIC.sub("", org.name)
    shorter = {plain, plain.replace("自治", "")}
    stem = _SUFFIX.sub("", plain)
    if len(stem) > 1:
        shorter.add(stem)
    if org.level == "township":
        shorter.add(f"{stem}办事处")
    return shorter - {org.name}
