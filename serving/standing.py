"""Where each county stands (报送情况): who has reported a period, who is late, who is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from warehouse.query import query

_NEWEST = "select max(period) from core.report where is_current and basis = 'period' and grain = 'month'"
_SQL = """
select county.code, prefecture.name, county.name, report.reported_on, calendar.due_date, report.is_complete,
  report.rows_quarantined
from ref.org as county
inner join ref.org as prefecture on prefecture.code = county.prefecture_code
inner join ref.period as calendar on calendar.period = $period
left join core.report as report
  on report.county_code = county.code
  and report.period = calendar.period
  and report.basis = 'period'
  and report.is_current
where county.level = 'county' and county.successor_code is null
order by county.code
"""


@dataclass(frozen=True)
class Standing:
    """One county's report of a period: `state` is 未报, 按时, 迟报, 按时（有缺） or 迟报（有缺）."""

    county_code: str
    prefecture: str
    county: str
    state: str
    reported_on: date | None
    due_date: date | None
    rows_quarantined: int


def newest_period(release: Path) -> str | None:
    """Return the latest month that any county has reported; None when none has."""
    period = query(release, _NEWEST).rows[0][0]
    return str(period) if period else None


def standings(release: Path, period: str) -> list[Standing]:
    """Return one row a county for `period` (`2026-06`, `2026-Q2`, `2026`); empty for a period nobody knows."""
    return [
        Standing(
            county_code=code,
            prefecture=prefecture,
            county=county,
            state=_state(reported_on, due, complete),
            reported_on=reported_on,
            due_date=due,
            rows_quarantined=held or 0,
        )
        for code, prefecture, county, reported_on, due, complete, held in query(release, _SQL, {"period": period}).rows
    ]


def _state(reported_on: date | None, due: date | None, complete: bool | None) -> str:
    if complete is None:
        return "未报"
    late = reported_on is not None and due is not None and reported_on > due
    return ("迟报" if late else "按时") + ("" if complete else "（有缺）")
