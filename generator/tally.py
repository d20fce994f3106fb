"""Count the true figures of records, from the arrays that the files were written from.

Sums are kept as hundredths in whole numbers, people as sets of their numbers; nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from generator.batches import Batch
from generator.options import Options
from generator.province import Ints, Province
from generator.values import NOTHING, Flags, Values

PEOPLE = "deputies_reporting"
YEARLY = ("livelihood_projects", "investment_wan", "fund_projects", "funds_wan", "beneficiaries")
STOCKS = ("station_count", "room_count", "model_station_count", "legislative_contact_points")
_OVERSIGHT = ("调研", "视察", "执法检查", "专题询问", "工作评议", "专项监督")
Where = Callable[[Batch], Flags]


@dataclass(frozen=True)
class Count:
    """How an indicator is counted: the column of its date or year, the column that is added up, the rows that count."""

    indicator: str
    when: str
    amount: str | None = None
    where: Where | None = None


def _is(column: str, *words: str) -> Where:
    return lambda batch: batch.columns[column].is_word(*words)


def _both(column: str, word: str, filled: str) -> Where:
    return lambda batch: batch.columns[column].is_word(word) & ~batch.columns[filled].blank()


def _chosen(batch: Batch) -> Flags:
    return np.asarray(batch.columns["is_chosen"].data == 1)


COUNTS: dict[str, tuple[Count, ...]] = {
    "station_visit": (
        Count("station_visits", "visited_on"),
        Count("voters_received", "visited_on", "people_received"),
    ),
    "case": (
        Count("opinions_collected", "opened_at", where=_is("case_kind", "意见建议")),
        Count("opinions_resolved", "closed_at", where=_is("case_kind", "意见建议")),
        Count("disputes_mediated", "opened_at", where=_is("case_kind", "矛盾纠纷")),
        Count("disputes_settled", "opened_at", where=_both("case_kind", "矛盾纠纷", "closed_at")),
        Count("problems_solved", "closed_at", where=_is("case_kind", "实际问题")),
        Count("rated", "closed_at", where=lambda batch: ~batch.columns["grade"].blank()),
        Count("satisfied", "closed_at", where=_is("grade", "满意", "基本满意")),
    ),
    "suggestion": (
        Count("bills_submitted", "filed_on"),
        Count("bills_closed", "answered_on"),
        Count("bills_class_a", "answered_on", where=_is("result", "A")),
    ),
    "livelihood_project": (
        Count("livelihood_projects", "year", where=_chosen),
        Count("investment_wan", "year", "investment_wan", _chosen),
    ),
    "performance": (Count("performance_points", "acted_on", "points"),),
    "training": (Count("training_sessions", "held_on"), Count("training_attendees", "held_on", "attendees")),
    "inspection": (
        Count("inspections", "held_on", where=_is("inspection_kind", *_OVERSIGHT)),
        Count("inspection_participants", "held_on", "participants", _is("inspection_kind", *_OVERSIGHT)),
        Count("court_hearings", "held_on", where=_is("inspection_kind", "庭审旁听")),
    ),
    "legislative_opinion": (Count("legislative_opinions", "given_on", "opinions"),),
    "fund_project": (
        Count("fund_projects", "year"),
        Count("funds_wan", "year", "amount_wan"),
        Count("beneficiaries", "year", "beneficiaries"),
    ),
    "award": (Count("awards", "awarded_on", "people", _is("award_kind", "表彰")),),
    "activity": (Count("activity_count", "held_on"), Count("activity_participants", "held_on", "participants")),
}
_STATION_COLUMN = {
    "station_visit": "station_code",
    "case": "station_code",
    "legislative_opinion": "contact_point_code",
}
_STOCK_WHERE: dict[str, Where] = {
    "station_count": _is("station_kind", "联络站"),
    "room_count": _is("station_kind", "联络室", "联络点"),
    "model_station_count": lambda batch: np.asarray(batch.columns["is_model"].data == 1),
    "legislative_contact_points": _is("station_kind", "立法联系点"),
}


@dataclass
class Tally:
    """What the records say: hundredths by unit and period, and how many records spoke; people by county and month.

    Units are the counties, and behind them their townships: a record of a known township counts for both. A figure that
    no record speaks of is none, not 0. Stations come first: records find their townships through them.
    """

    options: Options
    province: Province
    sums: dict[str, Ints] = field(default_factory=dict)
    spoken: dict[str, Ints] = field(default_factory=dict)
    _people: list[Ints] = field(default_factory=list)
    _townships: Ints = field(init=False)

    def __post_init__(self) -> None:
        shape = (len(self.province.counties), int(self.province.stations.max()))
        self._townships = np.full(shape, -1, dtype=np.int64)

    def add(self, batch: Batch, counts: Flags) -> None:
        """Count the rows of a batch that count."""
        export = batch.lot.export
        if export == "station":
            self._add_stations(batch, counts)
        for count in COUNTS.get(export, ()):
            rows = counts & (count.where(batch) if count.where else True)
            self._add(batch, count, rows)
        if export == "performance":
            rows = counts & batch.columns["action_kind"].is_word("述职")
            period = self.periods(batch.columns["acted_on"])
            rows &= period >= 0
            told = np.stack([batch.marks["deputy"][rows], batch.county[rows], period[rows]], axis=1)
            self._people.append(np.unique(told, axis=0))

    def people(self) -> Ints:
        """Return deputy, county and month of all who gave an account, each once."""
        return np.unique(np.concatenate([np.zeros((0, 3), dtype=np.int64), *self._people]), axis=0)

    def value(self, indicator: str, unit: int, period: int) -> int | None:
        """Return the hundredths of a figure, None where nobody speaks."""
        if indicator not in self.sums or not self.spoken[indicator][unit, period]:
            return None
        return int(self.sums[indicator][unit, period])

    def indicators(self) -> Iterator[str]:
        """Yield every indicator that records speak of."""
        yield from self.sums

    def _add(self, batch: Batch, count: Count, rows: Flags) -> None:
        period = self.periods(batch.columns[count.when])
        amount = np.full(len(batch), 100)
        if count.amount:
            column = batch.columns[count.amount]
            rows = rows & (column.data != NOTHING)
            amount = column.data * (1 if column.kind == "amount" else 100)
        rows = rows & (period >= 0)
        self._put(count.indicator, batch, rows, period, amount)

    def _add_stations(self, batch: Batch, counts: Flags) -> None:
        self._townships[batch.county, batch.marks["station"]] = self._township(batch)
        opened, closed = batch.columns["opened_on"].data, batch.columns["closed_on"].data
        for indicator, where in _STOCK_WHERE.items():
            for number, month in enumerate(self.options.span):
                end = np.datetime64(month.end)
                rows = counts & where(batch) & (opened <= end)
                stands = np.isnat(closed) | (closed > end)
                self._put(indicator, batch, rows, np.full(len(batch), number), 100 * stands)

    def _put(self, indicator: str, batch: Batch, rows: Flags, period: Ints, hundredths: Ints) -> None:
        units = len(self.province.counties) + int(self.province.first_township[-1])
        periods = len(self.options.years if indicator in YEARLY else self.options.span)
        township = self._township(batch)
        known = rows & (township >= 0)
        own = len(self.province.counties) + self.province.first_township[batch.county[known]] + township[known]
        place = np.concatenate([batch.county[rows], own]) * periods + np.concatenate([period[rows], period[known]])
        amount = np.concatenate([hundredths[rows], hundredths[known]])
        for table, numbers in ((self.sums, amount), (self.spoken, np.ones(len(place), dtype=np.int64))):
            # Weights of bincount are doubles, exact below 2**53: a county's money and people stay far below.
            added = np.bincount(place, weights=numbers, minlength=units * periods)
            table.setdefault(indicator, np.zeros((units, periods), dtype=np.int64))
            table[indicator] += np.rint(added).astype(np.int64).reshape(units, periods)

    def _township(self, batch: Batch) -> Ints:
        """Return the place of each record's township in its county: its own, else its station's; -1 for none."""
        if "township" in batch.marks:
            return np.where(batch.columns["township_code"].blank(), -1, batch.marks["township"])
        if "station" not in batch.marks:
            return np.full(len(batch), -1)
        station = batch.marks["station"]
        unnamed = (station < 0) | batch.columns[_STATION_COLUMN[batch.lot.export]].blank()
        return np.where(unnamed, -1, self._townships[batch.county, station])

    def periods(self, column: Values) -> Ints:
        """Return the number of each value's month, or of its year; -1 outside the span and where there is none."""
        if column.kind == "words":
            years = [self.options.years.index(year) if year in self.options.years else -1 for year in column.words]
            return np.where(column.data < 0, -1, np.array(years)[column.data])
        first = np.datetime64(self.options.span[0].start).astype("datetime64[M]")
        months = column.data.astype("datetime64[M]")
        number = np.where(np.isnat(months), np.int64(-1), (months - first).astype(np.int64))
        return np.where((number >= 0) & (number < len(self.options.span)), number, -1)
