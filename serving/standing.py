"""Where each county stands (报送情况): who has reported a period, who is late, who is missing.

A month is told as `mart.reporting_rate_month` has it. Quarters and years are not in that mart and are judged by its
rules: the first report decides whether a county was on time, the current ones whether anything is missing. A report in
prose is no form: it does not count as the county's report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from warehouse.query import query

_NEWEST = """
select period
from core.report
where is_current and basis = 'period' and form <> 'prose'
order by grain = 'month' desc, period_end desc, period
limit 1
"""
_SQL = """
with
county as (
    select * from ref.org
    where level = 'county' and is_on_tree
),
calendar as (select * from ref.period where period = $period),

report as ( -- a merged county's old code counts for the new one
    select sent.*, org.unit_code
    from core.report as sent
    inner join ref.org as org on sent.county_code = org.code -- n:1
    where sent.period = $period and sent.basis = 'period' and sent.form <> 'prose'
),

stood as ( -- one row a county that has reported
    select org_code, reported_on, n_complete > 0 as is_complete
    from mart.reporting_rate_month
    where level = 'county' and period = $period and n_reported > 0
    union all
    select
        unit_code as org_code,
        min(coalesce(reported_on, cast(delivered_at as date))) as reported_on,
        bool_or(is_current and is_complete) as is_complete
    from report
    where grain <> 'month'
    group by unit_code
),

held as (
    select unit_code as org_code, sum(rows_quarantined)::bigint as rows_quarantined
    from report
    where is_current
    group by unit_code
)

select
    county.code, prefecture.name, county.name, stood.reported_on, calendar.due_date, stood.is_complete,
    coalesce(held.rows_quarantined, 0)
from county
inner join ref.org as prefecture on county.prefecture_code = prefecture.code -- n:1
cross join calendar -- n:1
left join stood on county.code = stood.org_code -- 1:1
left join held on county.code = held.org_code -- 1:1
order by county.code
"""


@dataclass(frozen=True)
class Standing:
    """One county and a period: `state` is 未报, 按时, 迟报, 按时（有缺） or 迟报（有缺）.

    `reported_on` is the day of the first report; `rows_quarantined` adds up over the reports that stand now.
    """

    county_code: str
    prefecture: str
    county: str
    state: str
    reported_on: date | None
    due_date: date | None
    rows_quarantined: int


def newest_period(release: Path) -> str | None:
    """Return the latest month that any county has reported, else the latest other period; None when none has."""
    rows = query(release, _NEWEST).rows
    return str(rows[0][0]) if rows else None


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
            rows_quarantined=held,
        )
        for code, prefecture, county, reported_on, due, complete, held in query(release, _SQL, {"period": period}).rows
    ]


def _state(reported_on: date | None, due: date, complete: bool | None) -> str:
    if complete is None or reported_on is None:
        return "未报"
    return ("迟报" if reported_on > due else "按时") + ("" if complete else "（有缺）")
