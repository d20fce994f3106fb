"""Where each county stands (报送情况): who has reported a period, who is late, who is missing, who is excused.

Where a period is owed, `dq.duty` says when it is due for a county, with what was granted (延期、免报), and what counts
as its report. What nobody owes is told by the rules of `mart.reporting_rate_month`: the first report decides whether a
county was on time, the current ones whether anything is missing. A report in prose is no form: it does not count.
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
        min(least(reported_on, cast(delivered_at + interval 8 hours as date))) as reported_on,
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
),

owed as ( -- one row a county that owes the period
    select
        org_code,
        max(due_date) as due_date,
        min(reported_on) as reported_on,
        bool_and(state = 'waived') as is_waived,
        bool_or(state = 'late') as is_late,
        bool_and(is_nil) as is_nil
    from dq.duty
    where period = $period
    group by org_code
)

select
    county.code, prefecture.name, county.name, coalesce(stood.reported_on, owed.reported_on) as reported_on,
    coalesce(owed.due_date, calendar.due_date) as due_date,
    case
        when coalesce(stood.reported_on, owed.reported_on) is null then if(owed.is_waived, '免报', '未报')
        else
            case
                when owed.reported_on is null and stood.reported_on > coalesce(owed.due_date, calendar.due_date)
                    then '迟报'
                when owed.is_late then '迟报'
                else '按时'
            end
            || case
                when owed.is_nil then '（零报告）'
                when stood.reported_on is null then '（累计）'
                when not stood.is_complete then '（有缺）'
                else ''
            end
    end as state,
    coalesce(held.rows_quarantined, 0) as rows_quarantined
from county
inner join ref.org as prefecture on county.prefecture_code = prefecture.code -- n:1
cross join calendar -- n:1
left join stood on county.code = stood.org_code -- 1:1
left join held on county.code = held.org_code -- 1:1
left join owed on county.code = owed.org_code -- 1:1
order by county.code
"""


@dataclass(frozen=True)
class Standing:
    """One county and a period: `state` is 未报, 免报, 按时 or 迟报.

    Behind 按时 and 迟报 may stand （有缺）, （零报告）, or （累计） where nothing but 本年累计 has come.
    `reported_on` is the day of the first report, `due_date` the county's last day, with what was granted;
    `rows_quarantined` adds up over the reports that stand now.
    """

    county_code: str
    prefecture: str
    county: str
    state: str
    reported_on: date | None
    due_date: date | None
    rows_quarantined: int

    @property
    def has_reported(self) -> bool:
        """Whether any report of the period has come."""
        return self.reported_on is not None


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
            state=state,
            reported_on=reported_on,
            due_date=due,
            rows_quarantined=held,
        )
        for code, prefecture, county, reported_on, due, state, held in query(release, _SQL, {"period": period}).rows
    ]
