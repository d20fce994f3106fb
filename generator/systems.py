"""What tables of single systems must show, of counties and units above: counted from the arrays, as tally.py does.

Sums are whole hundredths, people and bundles are told apart by number, medians come from the cases of each unit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from generator.batches import Batch
from generator.province import Ints
from generator.tally import Tally
from generator.values import Flags, Values

Column = tuple[str, str]  # table, column
_DAY = 86_400
_ONE = 100


@dataclass
class Systems:
    """Counts by place, and what is counted anew for every unit: pieces of places with numbers of people or seconds.

    A place is a county's number and a period's in one: county * periods + period.
    """

    tally: Tally
    records: Counter[str] = field(default_factory=Counter)
    _present: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _sums: dict[Column, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    _different: dict[Column, list[Ints]] = field(default_factory=lambda: defaultdict(list))
    _seconds: dict[Column, list[Ints]] = field(default_factory=lambda: defaultdict(list))
    _numbers: dict[str, int] = field(default_factory=dict)
    _alone: int = 0

    def add(self, batch: Batch, counts: Flags) -> None:
        """Count the rows of a batch that count."""
        export = batch.lot.export
        self.records[export] += int(counts.sum())
        if export in _COUNTING:
            _COUNTING[export](self, batch, counts)

    def visits(self, batch: Batch, counts: Flags) -> None:
        """Count visits, and deputies by name."""
        rows, place = self._placed("visit_month", batch, "visited_on", counts)
        self._add("visit_month", "visits", place)
        who = self._told_apart(batch.columns["deputy_key"])[rows]
        self._meet("visit_month", "deputies_present", place[who > 0], who[who > 0])

    def performance(self, batch: Batch, counts: Flags) -> None:
        """Add points up, and count deputies by code."""
        rows, place = self._placed("performance_month", batch, "acted_on", counts)
        self._add("performance_month", "points", place, batch.columns["points"].data[rows])
        self._meet("performance_month", "active_deputies", place, batch.marks["deputy"][rows])

    def cases(self, batch: Batch, counts: Flags) -> None:
        """Count cases by the month of opening, those closed at whatever time, and note how long these took."""
        rows, place = self._placed("case_funnel_month", batch, "opened_at", counts)
        opened, closed = batch.columns["opened_at"].data[rows], batch.columns["closed_at"].data[rows]
        done = ~np.isnat(closed)
        self._add("case_funnel_month", "opened", place)
        self._add("case_funnel_month", "closed", place[done])
        took = (closed[done] - opened[done]).astype("timedelta64[s]").astype(np.int64)
        self._seconds["case_funnel_month", "median_days_total"].append(np.stack([place[done], took]))

    def suggestions(self, batch: Batch, counts: Flags) -> None:
        """Count suggestions by the month of filing, and matters: a bundle is one, whatever it holds."""
        rows, place = self._placed("suggestion_month", batch, "filed_on", counts)
        self._add("suggestion_month", "filed", place)
        self._add("suggestion_month", "answered", place[~batch.columns["answered_on"].blank()[rows]])
        bundle = self._told_apart(batch.columns["bundle_code"])[rows]
        alone = -1 - self._alone - np.arange(len(bundle))
        self._alone += len(bundle)
        self._meet("suggestion_month", "matters", place, np.where(bundle > 0, bundle, alone))

    def fund_projects(self, batch: Batch, counts: Flags) -> None:
        """Count projects and add money up, by the year."""
        rows, place = self._placed("fund_year", batch, "year", counts)
        self._add("fund_year", "projects", place)
        self._add("fund_year", "amount_wan", place, batch.columns["amount_wan"].data[rows])

    def figures(self) -> Iterator[tuple[str, ...]]:
        """Yield table, unit, period, column and value; of `coverage` the export, no period and its records."""
        for export, records in sorted(self.records.items()):
            yield "coverage", export, "", "records", str(records)
        for (mart, column), sums in self._sums.items():
            totals: Counter[tuple[str, int]] = Counter()
            for place, hundredths in sums.items():
                for unit, period in self._above(mart, place):
                    totals[unit, period] += hundredths
            yield from self._rows(mart, column, {place: total / _ONE for place, total in totals.items()})
        for (mart, column), pieces in self._different.items():
            yield from self._rows(mart, column, self._by_unit(mart, pieces, lambda met: float(len(np.unique(met)))))
        for (mart, column), pieces in self._seconds.items():
            yield from self._rows(mart, column, self._by_unit(mart, pieces, lambda took: float(np.median(took)) / _DAY))

    def _placed(self, mart: str, batch: Batch, when: str, counts: Flags) -> tuple[Ints, Ints]:
        """Return the rows that count for a period of the span, and the place of each."""
        period = self.tally.periods(batch.columns[when])
        rows = np.flatnonzero(counts & (period >= 0))
        place = batch.county[rows] * len(self._periods(mart)) + period[rows]
        self._present[mart].update(np.unique(place).tolist())
        return rows, place

    def _add(self, mart: str, column: str, place: Ints, hundredths: Ints | None = None) -> None:
        places, where, times = np.unique(place, return_inverse=True, return_counts=True)
        added = times * _ONE
        if hundredths is not None:
            added = np.zeros(len(places), dtype=np.int64)
            np.add.at(added, where, hundredths)
        self._sums[mart, column].update(dict(zip(places.tolist(), added.tolist(), strict=True)))

    def _meet(self, mart: str, column: str, place: Ints, who: Ints) -> None:
        """Note who was met where, each once."""
        order = np.lexsort((who, place))
        met = np.stack([place[order], who[order]])
        again = (met[:, 1:] == met[:, :-1]).all(axis=0)
        self._different[mart, column].append(met[:, np.concatenate([[True], ~again])[: met.shape[1]]])

    def _told_apart(self, column: Values) -> Ints:
        """Return a number for each text, the same for the same, from 1; 0 where there is none."""
        encoded = column.data.fill_null("").dictionary_encode()
        known = [
            self._numbers.setdefault(text, len(self._numbers) + 1) if text else 0
            for text in encoded.dictionary.to_pylist()
        ]
        return np.asarray(np.array(known, dtype=np.int64)[encoded.indices.to_numpy()])

    def _periods(self, mart: str) -> tuple[str, ...]:
        options = self.tally.options
        return options.years if mart.endswith("_year") else tuple(month.label for month in options.span)

    def _units(self, county: int) -> tuple[str, str, str]:
        province = self.tally.province
        return province.counties[county].code, province.counties[county].prefecture, province.code

    def _above(self, mart: str, place: int) -> Iterator[tuple[str, int]]:
        """Yield unit and period of a place, for its county and all above."""
        county, period = divmod(place, len(self._periods(mart)))
        yield from ((unit, period) for unit in self._units(county))

    def _by_unit(self, mart: str, pieces: list[Ints], measure: Callable[[Ints], float]) -> dict[tuple[str, int], float]:
        """Put pieces together for every unit and period, and measure each heap of numbers."""
        place, number = np.concatenate(pieces, axis=1)
        periods = len(self._periods(mart))
        county, period = np.divmod(place, periods)
        found = {}
        for names in zip(*(self._units(n) for n in range(len(self.tally.province.counties))), strict=True):
            units = sorted(set(names))
            cell = np.array([units.index(name) for name in names])[county] * periods + period
            order = np.argsort(cell, kind="stable")
            cells, first = np.unique(cell[order], return_index=True)
            for each, heap in zip(cells.tolist(), np.split(number[order], first[1:]), strict=True):
                found[units[each // periods], each % periods] = measure(heap)
        return found

    def _rows(self, mart: str, column: str, values: dict[tuple[str, int], float]) -> Iterator[tuple[str, ...]]:
        """Yield a row for every unit and period that the table has a row for; blank where there is nothing to say."""
        present = {cell for place in self._present[mart] for cell in self._above(mart, place)}
        for unit, period in sorted(present):
            # Sums over no row at all are 0; of no case there is no median.
            nothing = None if column.startswith("median") else 0.0
            value = values.get((unit, period), nothing)
            text = "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
            yield mart, unit, self._periods(mart)[period], column, text


_COUNTING: dict[str, Callable[[Systems, Batch, Flags], None]] = {
    "station_visit": Systems.visits,
    "performance": Systems.performance,
    "case": Systems.cases,
    "suggestion": Systems.suggestions,
    "fund_project": Systems.fund_projects,
}
