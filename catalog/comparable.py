"""The tree of one day (可比口径) and the units as they reported (原口径), as rows of `ref`.

Every code ever in force counts for one unit of the tree, for several by shares, or, where no share is known, for itself
(a break). Units of counties whose borders or number changed are also kept as they reported, under their code with a
`~` before it: such a unit has figures of its own and climbs no further than its county.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise

from catalog.models import Level, Org
from catalog.succession import Edge, Succession

Row = Mapping[str, object]
AS_REPORTED = "~"


class Comparable:
    """All units placed on the tree of the day `on`; None is the newest tree."""

    def __init__(self, history: Succession, on: date | None) -> None:
        """Work out which counties are kept as they reported, and what happened to whom."""
        self._history = history
        self._on = on
        self._kept = {county for edge in history.edges for county in self._counties_of(edge)}
        self._events = self._told()

    def org_rows(self) -> Iterator[Row]:
        """Yield a row a code: the unit itself, what it became, and the unit of this tree that it counts for."""
        history = self._history
        for series, entries in history.entries.items():
            unit = self._unit(series)
            above = self._above(unit)
            last = [*history.later(series)][-1]
            for code in dict.fromkeys(org.code for org in entries):
                org = history.entry(code)
                named = history.on_day(series, self._on)
                yield {
                    "code": code,
                    "name": named.name if named.code == code else org.name,
                    "level": org.level,
                    "parent_code": org.parent,
                    "county_code": above.get("county"),
                    "prefecture_code": above.get("prefecture"),
                    "valid_from": min((o.valid_from for o in entries if o.code == code and o.valid_from), default=None),
                    "valid_to": org.valid_to,
                    "successor_code": None if last == code else last,
                    "series_code": series,
                    "unit_code": self._code(unit),
                    "is_on_tree": self._is_on_tree(series) and named.code == code,
                }

    def share_rows(self) -> Iterator[Row]:
        """Yield a row a code whose figures are apportioned, and unit of this tree that takes a share."""
        for series, entries in self._history.entries.items():
            shares = self._history.shares(series, self._on)
            if len(shares) > 1:
                for code in dict.fromkeys(org.code for org in entries):
                    for unit, weight in sorted(shares.items()):
                        yield {"org_code": code, "unit_code": self._code(unit), "weight": weight}

    def reported_rows(self) -> Iterator[Row]:
        """Yield a row a code of a county that is kept as it reported, and the unit that it is then."""
        history = self._history
        for series, entries in history.entries.items():
            county = self._county(series)
            if county not in self._kept:
                continue
            last_day = history.entries[county][-1].valid_to or date.max
            for code in dict.fromkeys(org.code for org in entries):
                yield {
                    "org_code": code,
                    "unit_code": AS_REPORTED + series,
                    "unit_name": entries[-1].name,
                    "unit_level": entries[-1].level,
                    "county_code": AS_REPORTED + county,
                    "is_in_force": (entries[-1].valid_to or date.max) >= last_day,
                }

    def term_rows(self) -> Iterator[Row]:
        """Yield the names under which the series of units with a history are told, with the days they are told for.

        The first name has no first day and the last no last day: what is reported earlier or later is told under it.
        """
        history = self._history
        counterparts: dict[str, set[str]] = defaultdict(set)
        for series in self._events:
            # What cannot be apportioned (people, percents) stays with the unit itself.
            for unit in {*history.shares(series, self._on), self._unit(series)}:
                counterparts[unit].add(series)
            unit_code = self._code(self._unit(series))
            key = AS_REPORTED + series if self._county(series) in self._kept else unit_code
            entries = history.entries[series]
            for number, org in enumerate(entries):
                yield self._term(
                    "as_reported",
                    key,
                    org,
                    {series},
                    number and org.valid_from,
                    org is not entries[-1] and org.valid_to,
                )
        broken = self._broken()
        for unit, members in sorted(counterparts.items()):
            org = history.on_day(unit, self._on)
            is_break = unit in broken or len(history.shares(unit, self._on)) > 1
            yield {**self._term("comparable", org.code, org, members, None, None), "is_break": is_break}

    def succession_rows(self) -> Iterator[Row]:
        """Yield a row a unit that ended and unit that came after it."""
        for org in self._history.ended:
            weights: Mapping[str, Decimal | None] = org.successors or {str(org.successor): Decimal(1)}
            for code, weight in weights.items():
                yield {
                    "org_code": org.code,
                    "org_name": org.name,
                    "successor_code": code,
                    "change": org.change,
                    "changed_on": org.valid_to and date.fromordinal(org.valid_to.toordinal() + 1),
                    "weight": weight,
                    "note": org.note or None,
                }

    def _term(
        self, kind: str, unit_code: str, org: Org, members: set[str], first: object, last: object
    ) -> dict[str, object]:
        events = sorted({event for series in members for event in self._events[series]})
        return {
            "series": kind,
            "unit_code": unit_code,
            "org_code": org.code,
            "org_name": org.name,
            "level": org.level,
            "first_date": first or None,
            "last_date": last or None,
            "is_break": False,
            "note": "；".join(events),
        }

    def _unit(self, series: str) -> str:
        """Return the series that the unit counts for as a whole on this tree; itself where it is apportioned."""
        shares = self._history.shares(series, self._on)
        return next(iter(shares)) if len(shares) == 1 else series

    def _code(self, series: str) -> str:
        return self._history.on_day(series, self._on).code

    def _is_on_tree(self, series: str) -> bool:
        return self._history.place_in_time(series, self._on) == "in force"

    def _above(self, series: str | None) -> dict[Level, str]:
        """Return the codes of the unit and of those above it, by level, on this tree."""
        found: dict[Level, str] = {}
        while series:
            found[self._history.entries[series][-1].level] = self._code(series)
            parent = self._history.parent(series, self._on)
            series = parent and self._unit(parent)
        return found

    def _county(self, series: str | None) -> str | None:
        """Return the county's series that a county or township belonged to in its own time."""
        while series and self._history.entries[series][-1].level != "county":
            series = self._history.parent(series, None)
        return series

    def _counties_of(self, edge: Edge) -> set[str]:
        return {county for series in (edge.origin, edge.successor) if (county := self._county(series))}

    def _told(self) -> dict[str, set[str]]:
        """Say in Chinese what happened to each unit; a township that changes counties happens to both counties."""
        history = self._history
        told: dict[str, set[str]] = defaultdict(set)
        after: dict[tuple[str, ...], list[Edge]] = defaultdict(list)
        for edge in history.edges:
            key = edge.successor if edge.change == "merged" else edge.origin
            after[edge.change, key].append(edge)
        for edges in after.values():
            sentence = self._sentence(edges)
            counties = {county for edge in edges for county in self._counties_of(edge)}
            for edge in edges:
                for series in {edge.origin, edge.successor, *(counties if len(counties) > 1 else ())}:
                    told[series].add(sentence)
        for series, entries in history.entries.items():
            for old, new in pairwise(entries):
                verb = {"renamed": "更名为", "upgraded": "改设", "moved": "划转为"}[str(old.change)]
                told[series].add(f"{new.valid_from}：由{old.name}{verb}{new.name}")
        return {series: told[series] for series in sorted(told) if self._county(series)}

    def _sentence(self, edges: list[Edge]) -> str:
        history, first = self._history, edges[0]
        before = "、".join(dict.fromkeys(edge.ended.name for edge in edges))
        parts = [
            history.on_day(edge.successor, edge.on).name
            + (f"（{edge.weight:%}）" if edge.weight and edge.weight < 1 else "")
            for edge in edges
        ]
        after = "、".join(dict.fromkeys(parts))
        if first.change == "moved":
            old, new = (self._county(series) for series in (first.origin, first.successor))
            names = [history.on_day(series, first.on).name for series in (old, new) if series]
            return f"{first.on}：{before}由{'划归'.join(names)}"
        unknown = "，未定权重，前后不可比" if first.weight is None else ""
        if first.change == "merged":
            return f"{first.on}：由{before}合并设立{after}"
        return f"{first.on}：{before}{'析置为' if first.change == 'split' else '并入'}{after}{unknown}"

    def _broken(self) -> set[str]:
        """Return the series of this tree that are interrupted: what they were before or after counts for others."""
        broken: set[str] = set()
        for edge in self._history.edges:
            ends = [{*self._history.shares(series, self._on)} for series in (edge.origin, edge.successor)]
            if not ends[0] & ends[1]:
                counties = {self._unit(county) for county in self._counties_of(edge)}
                broken |= ends[0] | ends[1] | (counties if len(counties) > 1 else set())
        return broken
