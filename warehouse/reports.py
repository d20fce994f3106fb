"""Load reports, of forms and in prose, and settle which of several reports of one series stands.

A series is what one report replaces another in: of a form the unit, period and basis; in prose the unit, the period
and the title without the mark of a version. A prose report that lacks one of them is a series of its own.

Which report stands depends on what the reports say and when they were delivered, never on the order in which they
reached the warehouse. What no longer stands is kept and marked.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from catalog.models import Resubmission
from warehouse.staging import OBSERVATIONS, PARAGRAPHS, REPORTS, stage
from warehouse.touched import touch_series

_INSERT_REPORTS = """
insert into core.report by name
select
    staged.* exclude (ordinal),
    delivery.delivery_id,
    delivery.delivered_at,
    false as is_current,
    -- a report that came before its period was over cannot be the last word on it; prose is never complete
    staged.form <> 'prose'
    and staged.rows_quarantined = 0
    and cast(delivery.delivered_at + interval 8 hours as date) >= staged.period_end
    and (
        not exists ( -- a lone 合计
            from staged_observation as figure
            where figure.report_id = staged.report_id and figure.org_code <> staged.county_code
        )
        or not exists (
            from ref.org as township -- those that the county had when the period ended
            inner join ref.org as above on township.parent_code = above.code
            inner join ref.org as county on above.series_code = county.series_code
            where
                township.level = 'township' and county.code = staged.county_code
                and staged.period_end between
                coalesce(township.valid_from, staged.period_end) and coalesce(township.valid_to, staged.period_end)
                and township.series_code not in (
                    select figure.org_code from staged_observation as figure where figure.report_id = staged.report_id
                )
        )
    ) as is_complete
from staged_report as staged
cross join ops.delivery as delivery
where delivery.delivery_id = $delivery_id
"""

_INSERT_OBSERVATIONS = """
insert into core.observation by name
select * exclude (ordinal), $delivery_id as delivery_id, false as is_current
from staged_observation
order by ordinal
"""

_INSERT_PARAGRAPHS = """
insert into core.paragraph by name
select * exclude (ordinal), $delivery_id as delivery_id
from staged_paragraph
order by ordinal
"""

_NAME_THE_DELIVERY = """
update ops.delivery
set
    org_code = said.org_code,
    period = said.period,
    reported_on = said.reported_on
from (
    select
        case when count(distinct org_code) = 1 then min(org_code) end as org_code,
        case when count(distinct period) = 1 then min(period) end as period,
        max(reported_on) as reported_on
    from staged_report
) as said
where delivery_id = $delivery_id
"""

_TOUCHED = """
create or replace temp table touched_series as
select distinct series
from core.report
where delivery_id in (select unnest($delivery_ids::varchar[]))
"""

# A duplicate says its original again: the report counts as delivered when it was last said.
_RANKED = """
create or replace temp table ranked as
with
sighting as (
    select
        coalesce(duplicate_of, delivery_id) as delivery_id,
        max(row(delivered_at, delivery_id)) as seen,
        cast(max(delivered_at) + interval 8 hours as date) as seen_on
    from ops.delivery
    group by all
)

select
    report.*,
    -- a date of report that is missing, or later than the day of arrival in Guizhou, is the day of arrival
    least(report.reported_on, sighting.seen_on) as ranked_on,
    row_number() over newest_first as place,
    first_value(report.delivery_id) over newest_first as newest
from core.report as report
inner join sighting on report.delivery_id = sighting.delivery_id
inner join touched_series on report.series = touched_series.series
window newest_first as (
    partition by report.series
    order by ranked_on desc, sighting.seen desc, report.report_id desc
)
"""

# One row a unit and indicator that stands; a standing report without figures has one row too.
_STANDING = {
    Resubmission.REPLACE: """
create or replace temp table standing as
select distinct ranked.report_id, figure.org_code, figure.indicator_code
from ranked
left join core.observation as figure on ranked.report_id = figure.report_id
where ranked.place = 1
""",
    Resubmission.PATCH: """
create or replace temp table standing as
select figure.report_id, figure.org_code, figure.indicator_code
from core.observation as figure
inner join ranked on figure.report_id = ranked.report_id
qualify row_number() over (
    partition by ranked.series, figure.org_code, figure.indicator_code
    order by figure.state in ('figure', 'none') desc, ranked.place asc
) = 1
""",
    Resubmission.APPEND: """
create or replace temp table standing as
select distinct ranked.report_id, figure.org_code, figure.indicator_code
from ranked
left join core.observation as figure on ranked.report_id = figure.report_id
""",
}

_MARK_REPORTS = """
update core.report
set
    is_current = report.report_id in (select standing.report_id from standing),
    superseded_by = case when report.report_id not in (select standing.report_id from standing) then ranked.newest end
from ranked
where report.report_id = ranked.report_id
"""

# Plain joins by key: with rowid and a correlated EXISTS, DuckDB 2.0 marked a figure wrongly once in some 150 loads.
_MARK_OBSERVATIONS = """
update core.observation
set is_current = marked.is_current
from (
    select
        figure.report_id, figure.org_code, figure.indicator_code,
        standing.report_id is not null as is_current
    from core.observation as figure
    inner join ranked on figure.report_id = ranked.report_id
    left join standing
        on
            figure.report_id = standing.report_id and figure.org_code = standing.org_code
            and figure.indicator_code = standing.indicator_code
) as marked
where
    observation.report_id = marked.report_id and observation.org_code = marked.org_code
    and observation.indicator_code = marked.indicator_code and observation.is_current <> marked.is_current
"""

_MARK_DELIVERIES = """
update ops.delivery
set
    status = case
        when not said.is_any_current then 'superseded'
        when delivery.rows_quarantined > 0 then 'partly_loaded'
        else 'loaded'
    end,
    superseded_by = case when not said.is_any_current then said.superseded_by end
from (
    select delivery_id, bool_or(is_current) as is_any_current, max(superseded_by) as superseded_by
    from core.report
    where delivery_id in (select ranked.delivery_id from ranked)
    group by all
) as said
where delivery.delivery_id = said.delivery_id
"""


def load_reports(con: duckdb.DuckDBPyConnection, delivery_id: str, folder: Path) -> int:
    """Insert a delivery's reports, observations and paragraphs, not yet standing; return the number of lines they hold.

    A line is a township's row, or the lone total of a report that gives nothing else; in prose it is a figure. Expects
    the delivery's ledger row, and an open transaction.
    """
    stage(con, "staged_report", folder / "reports.parquet", REPORTS)
    stage(con, "staged_observation", folder / "observations.parquet", OBSERVATIONS)
    con.execute(_INSERT_REPORTS, {"delivery_id": delivery_id})
    con.execute(_INSERT_OBSERVATIONS, {"delivery_id": delivery_id})
    stage(con, "staged_paragraph", folder / "paragraphs.parquet", PARAGRAPHS)  # of prose; forms have none
    con.execute(_INSERT_PARAGRAPHS, {"delivery_id": delivery_id})
    con.execute(_NAME_THE_DELIVERY, {"delivery_id": delivery_id})
    lines = con.execute("select count(distinct row_ref) from staged_observation").fetchone()
    return int(lines[0]) if lines else 0


def settle(con: duckdb.DuckDBPyConnection, policy: Resubmission, delivery_ids: Iterable[str]) -> None:
    """Mark, by the resubmission policy, what stands of the series that these deliveries report in.

    `replace`: the newest report stands whole. `patch`: of each unit and indicator the newest figure stands; a blank or
    unreadable cell does not displace a figure. `append`: every report stands. Newest is the latest by date of report
    (the day of arrival where there is none, or a later one), then by delivery.
    """
    con.execute(_TOUCHED, {"delivery_ids": list(delivery_ids)})
    for statement in (_RANKED, _STANDING[policy], _MARK_REPORTS, _MARK_OBSERVATIONS, _MARK_DELIVERIES):
        con.execute(statement)
    touch_series(con)
