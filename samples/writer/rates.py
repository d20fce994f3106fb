"""Rebuild rates from their parts: parts are added over the months and over the tree, then divided; never averaged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from writer.answers import QUARTER, form_figures
from writer.counting import MONTHS, month_figures
from writer.facts import Facts

# rate: numerator, denominator
RATES = {
    "satisfaction_rate": ("satisfied", "rated"),
    "bills_closed_rate": ("bills_closed", "bills_submitted"),
    "bills_class_a_rate": ("bills_class_a", "bills_closed"),
    "disputes_resolution_rate": ("disputes_settled", "disputes_mediated"),
}
# Published as rates only.
PARTS = ("satisfied", "rated", "disputes_settled")


@dataclass(frozen=True)
class Rate:
    """The parts of a rate, and whom they come from."""

    numerator: float
    denominator: float
    source: str

    @property
    def percent(self) -> float | None:
        """The rate in percent; None of nothing."""
        return 100 * self.numerator / self.denominator if self.denominator else None


Rates = dict[tuple[str, str, str], Rate]  # (organisation, rate, period)


def county_rates(facts: Facts) -> tuple[Rates, Rates]:
    """Return the rates of the months and of the quarter.

    Both parts come from one source: the form where it gives both, else the records, where none of n is 0 of n, and what
    was answered in another month than filed is n of 0.
    """
    forms, records = form_figures(facts), month_figures(facts)
    months: Rates = {}
    quarters: Rates = {}
    for county in facts.counties:
        for rate, (numerator, denominator) in RATES.items():
            for period, rates in [*((month, months) for month in MONTHS), (QUARTER, quarters)]:
                top, bottom = forms.get((county, numerator, period)), forms.get((county, denominator, period))
                counted = [records.get((county, part, period)) for part in (numerator, denominator)]
                if top and bottom and bottom[0]:
                    rates[county, rate, period] = Rate(top[0], bottom[0], "form")
                elif any(counted):
                    rates[county, rate, period] = Rate(counted[0] or 0, counted[1] or 0, "records")
    return months, _add(months, lambda county: county, lambda _: QUARTER) | quarters


def climb(rates: Rates, parent: Callable[[str], str]) -> Rates:
    """Add the parts of every unit's rates to its parent's."""
    return _add(rates, parent, lambda period: period)


def _add(rates: Rates, org: Callable[[str], str], span: Callable[[str], str]) -> Rates:
    parts: dict[tuple[str, str, str], list[Rate]] = defaultdict(list)
    for (unit, rate, period), value in rates.items():
        parts[org(unit), rate, span(period)].append(value)
    return {key: _sum(values) for key, values in parts.items()}


def _sum(values: Iterable[Rate]) -> Rate:
    listed = list(values)
    sources = {value.source for value in listed}
    return Rate(
        numerator=sum(value.numerator for value in listed),
        denominator=sum(value.denominator for value in listed),
        source=sources.pop() if len(sources) == 1 else "mixed",
    )
