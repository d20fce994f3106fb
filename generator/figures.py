"""The true answers: one figure a unit, indicator and period, by the rules that docs/rollups.md states.

A form's figure stands where the county's form of the month speaks, else the records'; flows add over months, stocks
take the last month there is, rates are rebuilt from added parts, people are counted anew everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from generator.options import Month, Options
from generator.province import Province
from generator.tally import PEOPLE, STOCKS, YEARLY, Tally

# Parts of rates that are no indicators of their own.
PARTS = ("disputes_settled", "rated", "satisfied")
FORM_STOCKS = (*STOCKS, "deputies")
RATES = {
    "disputes_resolution_rate": ("disputes_settled", "disputes_mediated"),
    "bills_closed_rate": ("bills_closed", "bills_submitted"),
    "bills_class_a_rate": ("bills_class_a", "bills_closed"),
    "satisfaction_rate": ("satisfied", "rated"),
}
Key = tuple[str, str]  # unit, indicator


@dataclass(frozen=True)
class Figure:
    """A figure in hundredths and its source; what records say beside; of a rate the parts, in hundredths."""

    value: int
    source: str
    records: int | None = None
    denominator: int | None = None

    @property
    def shown(self) -> float | None:
        """The value as analysts read it; a rate of 0 cases has none."""
        if self.denominator is None:
            return self.value / 100
        return round(100 * self.value / self.denominator, 4) if self.denominator else None


@dataclass(frozen=True)
class Told:
    """What a form tells of a unit: sums of its rows by indicator, and the parts of rates as rows give both."""

    sums: Mapping[str, int]
    rates: Mapping[str, tuple[int, int]]


Cube = dict[Key, Figure]
Forms = Mapping[tuple[str, int], Told]  # county or township, month


def all_figures(options: Options, province: Province, tally: Tally, forms: Forms) -> Iterator[tuple[str, ...]]:
    """Yield level, org_code, indicator_code, period, source, value and records_value of every true figure."""
    months = [_months(province, tally, forms, n) for n in range(len(options.span))]
    by_period: dict[str, Cube] = {month.label: cube for month, cube in zip(options.span, months, strict=True)}
    quarters = _put_together(options.span, months, lambda month: month.quarter)
    by_period |= quarters
    starts = [next(m for m in options.span if m.quarter == label) for label in quarters]
    years = _put_together(starts, list(quarters.values()), lambda month: month.year)
    for number, year in enumerate(options.years):
        by_period[year] = years[year] | _yearly(province, tally, number)
    for period, cube in by_period.items():
        people = _people(options, province, tally, period)
        for level, climbed in _levels(province, cube):
            shown = climbed | {key: figure for key, figure in people.items() if _level(key[0], province) == level}
            for (org, indicator), figure in sorted(shown.items()):
                if indicator not in PARTS:
                    yield level, org, indicator, period, figure.source, _number(figure.shown), _beside(figure)


def _beside(figure: Figure) -> str:
    return "" if figure.records is None else _number(figure.records / 100)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def _months(province: Province, tally: Tally, forms: Forms, month: int) -> Cube:
    cube: Cube = {}
    for number, (code, _) in enumerate(province.units):
        told = forms.get((code, month), Told({}, {}))
        for indicator in {*tally.indicators(), *told.sums} - set(YEARLY):
            recorded = tally.value(indicator, number, month)
            if indicator in told.sums:
                cube[code, indicator] = Figure(told.sums[indicator], "form", recorded)
            elif recorded is not None:
                cube[code, indicator] = Figure(recorded, "records", recorded)
        for rate in RATES:
            if figure := _rate(rate, told, tally, number, month):
                cube[code, rate] = figure
    return cube


def _rate(rate: str, told: Told, tally: Tally, unit: int, month: int) -> Figure | None:
    """Return a rate of a unit's month: the form's parts, else the records'; a part nobody speaks of is 0 of the other.

    What was answered in a month in which nothing was filed has no rate there, but counts in the quarter and the year.
    """
    part, whole = (tally.value(name, unit, month) for name in RATES[rate])
    if rate in told.rates:
        return Figure(told.rates[rate][0], "form", denominator=told.rates[rate][1])
    return None if part is None and whole is None else Figure(part or 0, "records", denominator=whole or 0)


def _yearly(province: Province, tally: Tally, year: int) -> Cube:
    found = {
        (code, indicator): tally.value(indicator, number, year)
        for number, (code, _) in enumerate(province.units)
        for indicator in YEARLY
    }
    return {key: Figure(value, "records") for key, value in found.items() if value is not None}


def _put_together(spans: Iterable[Month], cubes: list[Cube], label: Callable[[Month], str]) -> dict[str, Cube]:
    """Put months together to quarters, or quarters to years; the cubes come in order of time."""
    grouped: dict[str, list[Cube]] = defaultdict(list)
    for span, cube in zip(spans, cubes, strict=True):
        grouped[label(span)].append(cube)
    out: dict[str, Cube] = {}
    for period, parts in grouped.items():
        listed: dict[Key, list[Figure]] = defaultdict(list)
        for cube in parts:
            for key, figure in cube.items():
                listed[key].append(figure)
        out[period] = {key: _over_time(key[1], figures) for key, figures in listed.items()}
    return out


def _over_time(indicator: str, figures: list[Figure]) -> Figure:
    if indicator in FORM_STOCKS:
        beside = [figure.records for figure in figures if figure.records is not None]
        return Figure(figures[-1].value, figures[-1].source, beside[-1] if beside else None)
    return _added(figures, keeps_records=indicator not in RATES)


def _added(figures: list[Figure], *, keeps_records: bool = True) -> Figure:
    mixed = any(a.source != b.source for a, b in pairwise(figures))
    beside = [figure.records for figure in figures if figure.records is not None]
    wholes = [figure.denominator for figure in figures if figure.denominator is not None]
    return Figure(
        value=sum(figure.value for figure in figures),
        source="mixed" if mixed else figures[0].source,
        records=sum(beside) if beside and keeps_records else None,
        denominator=sum(wholes) if wholes else None,
    )


def _levels(province: Province, cube: Cube) -> Iterator[tuple[str, Cube]]:
    """Yield the townships' and the counties' figures, then the prefectures' and the province's, added from counties."""
    parent = {county.code: county.prefecture for county in province.counties}
    counties = {key: figure for key, figure in cube.items() if key[0] in parent}
    yield "township", {key: figure for key, figure in cube.items() if key[0] not in parent}
    yield "county", counties
    yield "prefecture", _climb(counties, lambda code: parent[code])
    yield "province", _climb(counties, lambda _: province.code)


def _climb(cube: Cube, above: Callable[[str], str]) -> Cube:
    listed: dict[Key, list[Figure]] = defaultdict(list)
    for (org, indicator), figure in cube.items():
        listed[above(org), indicator].append(figure)
    return {key: _added(figures, keeps_records=key[1] not in RATES) for key, figures in listed.items()}


def _level(org: str, province: Province) -> str:
    if org == province.code:
        return "province"
    return "prefecture" if org in province.prefectures else "county"


def _people(options: Options, province: Province, tally: Tally, period: str) -> Cube:
    """Count the different deputies who gave an account, anew for every unit."""
    within = {n for n, m in enumerate(options.span) if period in (m.label, m.quarter, m.year)}
    met: dict[str, set[int]] = defaultdict(set)
    for deputy, county, month in tally.people().tolist():
        if month in within:
            unit = province.counties[county]
            for org in (unit.code, unit.prefecture, province.code):
                met[org].add(deputy)
    return {(org, PEOPLE): Figure(100 * len(deputies), "records") for org, deputies in met.items()}
