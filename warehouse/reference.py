"""Fill schema `ref` from the catalog: organisation tree, indicators, exports, calendar, parameters.

Keeps nothing of its own: the catalog's files are the truth, and every opening for writing brings `ref` in line.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import duckdb

from catalog import Catalog
from catalog.comparable import Comparable
from catalog.declared import Declared
from catalog.models import Grain
from catalog.reporting import counties_of
from warehouse.statements import fill, table, transaction

YEARS = range(2015, 2036)

_INSERT = "insert into {target} by name select unnest(rows, recursive := true) from (select ? as rows)"


def refill(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Replace the rows of every table of `ref`, in one transaction; units stand on the tree of `comparable_on`."""
    with transaction(con):
        units = Comparable(catalog.tree.history, catalog.parameters.comparable_on)
        orgs = [*units.org_rows()]
        _replace(con, "org", orgs)
        _replace(con, "succession", [*units.succession_rows()])
        _replace(con, "org_share", [*units.share_rows()])
        _replace(con, "org_reported", [*units.reported_rows()])
        _replace(con, "org_term", [*units.term_rows()])
        _replace(
            con,
            "indicator",
            [
                indicator.model_dump(exclude={"phrases"}) | {"level_rule": catalog.between_levels.of(indicator.code)}
                for indicator in catalog.indicators.values()
            ],
        )
        exports = catalog.exports.values()
        _replace(
            con, "export", [export.model_dump(include={"export", "name_zh", "name_en", "system"}) for export in exports]
        )
        _replace(con, "period", periods(catalog.calendar.due_days))
        unit_of = {str(org["code"]): str(org["unit_code"]) for org in orgs}
        _replace(con, "duty", [*_duties(catalog, unit_of)])
        _replace(con, "duty_exception", [*_exceptions(catalog, unit_of)])
        named = catalog.parameters.model_dump(exclude={"comparable_on"})
        _replace(con, "parameter", [{"name": name, "value": value} for name, value in named.items()])
        _replace(con, "correction", [_declared(entry, "correction_id") for entry in catalog.corrections])
        _replace(con, "explanation", [_declared(entry, "explanation_id") for entry in catalog.explanations])


def periods(due_days: Mapping[Grain, int]) -> list[dict[str, object]]:
    """List the months, quarters and years of `YEARS`; `due_date` is `due_days` after the period's last day.

    A month carries the labels of the quarter and year it belongs to, a quarter those of itself and its year.
    """
    rows = []
    for year in YEARS:
        for month in range(1, 13):
            quarter = f"{year}-Q{(month + 2) // 3}"
            rows.append(_period("month", f"{year}-{month:02d}", (year, month, month), quarter, due_days))
        for number in range(1, 5):
            label = f"{year}-Q{number}"
            rows.append(_period("quarter", label, (year, 3 * number - 2, 3 * number), label, due_days))
        rows.append(_period("year", str(year), (year, 1, 12), None, due_days))
    return rows


def _period(
    grain: Grain, label: str, months: tuple[int, int, int], quarter: str | None, due_days: Mapping[Grain, int]
) -> dict[str, object]:
    year, first, last = months
    end = date(year, last, monthrange(year, last)[1])
    return {
        "period": label,
        "grain": grain,
        "start_date": date(year, first, 1),
        "end_date": end,
        "month": label if grain == "month" else None,
        "quarter": quarter,
        "year": str(year),
        "due_date": end + timedelta(days=due_days[grain]),
    }


def _duties(catalog: Catalog, unit_of: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    """Yield one row a duty and unit of the tree that owes it."""
    for duty in catalog.calendar.duties:
        for org_code in _owing(catalog, duty.units, unit_of):
            yield {
                "duty": duty.id,
                "name_zh": duty.name_zh,
                "form": duty.form,
                "grain": duty.grain,
                "org_code": org_code,
                "first_period": duty.first,
                "last_period": duty.last,
                "due_days": catalog.calendar.days_of(duty),
                "remind_days": duty.remind_days,
            }


def _exceptions(catalog: Catalog, unit_of: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    """Yield one row an exception and unit of the tree that it is for."""
    for granted in catalog.calendar.exceptions:
        for org_code in _owing(catalog, [granted.unit], unit_of):
            yield {
                "exception_id": granted.id,
                "duty": granted.duty,
                "org_code": org_code,
                "period": granted.period,
                "is_waived": granted.waived,
                "due_date": granted.due,
                "requester": granted.requester,
                "reason": granted.reason,
                "expires_on": granted.expires,
            }


def _owing(catalog: Catalog, units: Sequence[str], unit_of: Mapping[str, str]) -> list[str]:
    """Return the units of the tree that the counties of `units` count for, each once, by code."""
    return sorted({unit_of[county] for county in counties_of(units, catalog.tree)})


def _declared(entry: Declared, key: str) -> dict[str, object]:
    renamed = {"id": key, "unit": "org_code", "indicator": "indicator_code", "expires": "expires_on"}
    return {renamed.get(name, name): value for name, value in entry.model_dump().items()}


def _replace(con: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    target = table("ref", name)
    con.execute(fill("delete from {target}", target=target))
    if rows:  # an empty list has no columns to be named
        con.execute(fill(_INSERT, target=target), [rows])
