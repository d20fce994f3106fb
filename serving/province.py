"""The provincial table (全省汇总表): one row an indicator, one column a month, as the newest release has it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import catalog
from warehouse.query import query

_SQL = """
select
  indicator_code, indicator_name, unit, period, value, value_low, value_high, n_reported, n_expected,
  publication = '不足以发布'
from mart.province_month
where period in (select distinct period from mart.province_month order by period desc limit ?)
order by period
"""


@dataclass(frozen=True)
class ProvinceTable:
    """`rows` hold an indicator's name, its unit, and a cell a month.

    A cell is `4395 (7/88)`, `40～90 (7/88)` for people of whom only bounds are known, `—` where nothing was reported.
    One that rests on too few counties to be published has a `*` behind the figure, and `note` says so.
    """

    months: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str | None = None


def province_table(release: Path, months: int = 3) -> ProvinceTable:
    """Return the newest `months` months of the province; values carry n of N counties reported."""
    found = query(release, _SQL, [months]).rows
    periods = sorted({str(row[3]) for row in found})
    cells = {(row[0], row[3]): f"{_figure(*row[4:7])}{'*' if row[9] else ''} ({row[7]}/{row[8]})" for row in found}
    names = {row[0]: (str(row[1]), str(row[2])) for row in found}
    known = [code for code in catalog.load().indicators if code in names]  # as the catalog orders them
    rows = [(*names[code], *(cells.get((code, period), "—") for period in periods)) for code in known]
    share = catalog.load().parameters.publishable_share
    note = (
        f"* 已报县数不足 {share}%，不足以发布（withheld: too few counties）" if any(row[9] for row in found) else None
    )
    return ProvinceTable(tuple(periods), tuple(rows), note)


def _figure(value: object, low: object, high: object) -> str:
    if value is not None:
        return str(value)
    return "—" if low is None else f"{low}～{high}"
