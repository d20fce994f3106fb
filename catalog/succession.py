"""Units in time (行政区划沿革): which entries are one unit, what each became, and how figures move between trees.

A series is one unit under all its codes and names: renamed, upgraded, and, above townships, moved. A township that
moves to another county starts a series anew, since another county reports it from then on. Refuses to guess: what the
history does not tell (a unit that gave off a part and kept its code) is no change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from catalog.models import Change, Org

_WHOLE = Decimal(1)
_DECIMALS = 4
_SAME_UNIT = ("renamed", "upgraded", "moved")


@dataclass(frozen=True)
class Edge:
    """One unit becoming another, or a part of it: both are series; `weight` is None where no share is known.

    `on` is the first day of what came after; `ended` is the unit as it last was.
    """

    origin: str
    successor: str
    change: Change
    on: date
    weight: Decimal | None
    ended: Org


class Succession:
    """The history as a graph of series, each with its entries (code, name, parent, days in force), oldest first."""

    def __init__(self, current: Mapping[str, Org], ended: Sequence[Org]) -> None:
        """Join the entries to series.

        Raises ValueError for a successor that does not exist, a circle, two units that go on as one, a code that ended
        and is in force as well, a change that runs backwards in time, or a share with more than four decimals.
        """
        self._current = current
        self.ended = tuple(ended)
        self._last_row = {org.code: org for org in ended if org.successor != org.code}
        self._check()
        self._series = {code: self._end_of(code) for code in [*current, *self._last_row]}
        rows: dict[str, list[Org]] = defaultdict(list)
        for org in ended:
            rows[self._series[org.code]].append(org)
        for code in current:
            rows[code].append(current[code])
        self.edges = tuple(self._edges())
        began = self._beginnings()
        self.entries = {series: _in_turn(series, rows[series], began.get(series)) for series in sorted(rows)}
        for series in self.entries:
            self.shares(series, None)

    def knows(self, code: str) -> bool:
        """Say whether a unit has, or had, the code."""
        return code in self._series

    def series(self, code: str) -> str:
        """Return the last code of the unit that has, or had, the code; KeyError when none ever had."""
        return self._series[code]

    def latest(self, code: str) -> Org:
        """Return the unit that has, or had, the code, as it is now or last was."""
        return self.entries[self._series[code]][-1]

    def entry(self, code: str) -> Org:
        """Return the unit as it was under that code (the last time, if its name changed meanwhile)."""
        return [org for org in self.entries[self._series[code]] if org.code == code][-1]

    def parent(self, series: str, on: date | None) -> str | None:
        """Return the series of the unit above, as things stood on that day."""
        above = self.on_day(series, on).parent
        return above and self._series[above]

    def later(self, code: str) -> Iterator[str]:
        """Yield the series that the unit of that code is, and those that it became; a split is the end."""
        series: str | None = self._series[code]
        while series:
            yield series
            after = [edge for edge in self.edges if edge.origin == series]
            series = after[0].successor if len(after) == 1 else None

    def moved_on(self, code: str) -> Org:
        """Return the unit that has, or had, the code, wherever it moved to."""
        series = self._series[code]
        while moved := [edge for edge in self.edges if edge.origin == series and edge.change == "moved"]:
            series = moved[0].successor
        return self.entries[series][-1]

    def heirs(self, code: str) -> set[str]:
        """Return all series in force that the unit of that code is, became, or was split into."""
        found, queue = set(), [self._series[code]]
        while queue:
            series = queue.pop()
            queue += [edge.successor for edge in self.edges if edge.origin == series]
            if series in self._current:
                found.add(series)
        return found

    def place_in_time(self, series: str, on: date | None) -> Literal["before", "in force", "after"]:
        """Say whether the day lies before the unit's time, in it or after it; None is the newest day."""
        first, last = self.entries[series][0].valid_from, self.entries[series][-1].valid_to
        if last and (on is None or on > last):
            return "after"
        return "before" if on and first and on < first else "in force"

    def on_day(self, series: str, on: date | None) -> Org:
        """Return the entry in force on that day, or the one nearest to it."""
        entries = self.entries[series]
        past = [org for org in entries if on is None or org.valid_from is None or org.valid_from <= on]
        return past[-1] if past else entries[0]

    def shares(self, code: str, on: date | None) -> dict[str, Decimal]:
        """Return the series of that day's tree that the unit's figures count for, each with its share; together 1.

        A unit that ended counts for its successors, one that began later for the unit it was moved or split from. Where
        no share is known (a split without weights, a merger seen from before) it counts for itself: a break.
        """
        series = self._series[code]
        time = self.place_in_time(series, on)
        if time == "after":
            after = [edge for edge in self.edges if edge.origin == series]
            if all(edge.weight is not None for edge in after):
                return self._added(after, on)
        elif time == "before":
            began = [edge for edge in self.edges if edge.successor == series and edge.change != "absorbed"]
            if len(began) == 1 and began[0].change in ("moved", "split"):
                return self.shares(began[0].origin, on)
        return {series: _WHOLE}

    def _added(self, after: Sequence[Edge], on: date | None) -> dict[str, Decimal]:
        total: dict[str, Decimal] = defaultdict(Decimal)
        for edge in after:
            for series, share in self.shares(edge.successor, on).items():
                total[series] += share * (edge.weight or 0)
        for series, share in total.items():
            if share != round(share, _DECIMALS):
                raise ValueError(f"{after[0].origin}: its share of {series} is {share}; give at most four decimals")
        return {series: share.normalize() for series, share in total.items()}

    def _check(self) -> None:
        known = {*self._current, *self._last_row}
        named = {code for org in self.ended for code in _successors(org)} | {org.parent for org in self.ended}
        if dangling := named - known - {None}:
            raise ValueError(f"organisation tree: no such unit: {sorted(filter(None, dangling))}")
        if twice := sorted(set(self._current) & set(self._last_row)):
            raise ValueError(f"organisation tree: ended and in force at once: {twice}")
        rows = [org.code for org in self.ended if org.successor != org.code]
        if len(rows) != len(self._last_row):
            raise ValueError(f"organisation tree: ended twice: {sorted({c for c in rows if rows.count(c) > 1})}")
        goes_on = [o.successor for o in self.ended if o.change in _SAME_UNIT and o.successor != o.code]
        if joined := sorted({code for code in goes_on if code and goes_on.count(code) > 1}):
            raise ValueError(f"organisation tree: two units cannot go on as one, they merge: {joined}")
        for org in self.ended:
            if org.successor == org.code and not _goes_on(org):
                raise ValueError(f"organisation tree: {org.code} {org.name} cannot be its own successor")
            for code in _successors(org) - {org.code}:
                after = self._last_row.get(code)
                if after and after.valid_to and org.valid_to and after.valid_to <= org.valid_to:
                    raise ValueError(f"organisation tree: {org.code} {org.name} ended after its successor {code}")

    def _end_of(self, code: str) -> str:
        while (org := self._last_row.get(code)) and _goes_on(org) and org.successor:
            code = org.successor
        return code

    def _edges(self) -> Iterator[Edge]:
        for org in sorted(self._last_row.values(), key=lambda org: org.code):
            if org.change is None or org.valid_to is None or _goes_on(org):
                continue
            weights: Mapping[str, Decimal | None] = org.successors or {str(org.successor): _WHOLE}
            for code, weight in weights.items():
                first_day = org.valid_to + timedelta(days=1)
                yield Edge(org.code, self._series[code], org.change, first_day, weight, org)

    def _beginnings(self) -> dict[str, date]:
        """Return the first day of each series that others founded: one day, or the history contradicts itself."""
        began: dict[str, date] = {}
        for edge in self.edges:
            if edge.change != "absorbed" and began.setdefault(edge.successor, edge.on) != edge.on:
                raise ValueError(
                    f"organisation tree: {edge.successor} was founded twice; who joined later was absorbed"
                )
        return began


def _goes_on(org: Org) -> bool:
    return org.change in ("renamed", "upgraded") or (org.change == "moved" and org.level != "township")


def _successors(org: Org) -> set[str]:
    return {*org.successors, *filter(None, [org.successor])}


def _in_turn(series: str, rows: Sequence[Org], began: date | None) -> tuple[Org, ...]:
    """Put a unit's entries in order and give each the first day on which it was in force."""
    first, entries = began, []
    for org in sorted(rows, key=lambda org: org.valid_to or date.max):
        if org.valid_to and first and org.valid_to < first:
            raise ValueError(f"organisation tree: {org.code} {org.name} ended before it began, or twice on one day")
        entries.append(org.model_copy(update={"valid_from": first}))
        first = org.valid_to + timedelta(days=1) if org.valid_to else None
    if len({org.level for org in entries}) > 1:
        raise ValueError(f"organisation tree: {series} changes its level")
    return tuple(entries)
