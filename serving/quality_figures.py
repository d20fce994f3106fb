"""What the quality report (质量报告) tells of figures: who reported which month, what differs, what changed.

Reads one release; draws nothing. The day on which a report is due or not is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from serving.moments import guizhou_day
from serving.quality_facts import MOST_MONTHS, Listed, listed, total
from warehouse.query import query

MOST_DIFFERENCES = 12
ALL_DIFFERENCES = "from mart.reconciliation where state = 'disputed'"
ALL_REVISIONS = "from mart.revision order by abs(change) desc"
ALL_REPORTING = "from dq.duty where grain = 'month' order by period desc, org_code"

# Of each county and month that is over: what became of the report it owed (of several duties the worst). Months before
# the first duty are told by whoever reported them.
_STANDING = """
with
owed as (select * from dq.duty where grain = 'month' and period_end < $today),

told as (
    select
        org_code, period, state, due_date, reported_on, is_nil,
        row_number() over (
            partition by org_code, period
            order by
                case state when 'missing' then 1 when 'late' then 2 when 'on_time' then 3 else 4 end,
                is_nil, due_date, duty
        ) as place
    from owed
    union all
    select
        org_code, period,
        case when n_reported = 0 then 'missing' when n_on_time = 0 then 'late' else 'on_time' end,
        due_date, reported_on, false, 1
    from mart.reporting_rate_month
    where level = 'county' and period < (select coalesce(min(period), '9999') from dq.duty where grain = 'month')
)

select
  prefecture.name, org.name, told.period, told.state, told.due_date, told.reported_on, told.is_nil,
  (select count(distinct period) from told) as n_months
from told
inner join ref.org as org on told.org_code = org.code -- n:1
inner join ref.org as prefecture on org.prefecture_code = prefecture.code -- n:1
where told.place = 1 and told.period in (select distinct period from told order by period desc limit $most)
order by org.prefecture_code, org.code, told.period
"""
_DISPUTED = """
select
  org_name, indicator_name, unit, period, form_value, prose_value, records_value,
  greatest(
    coalesce(abs(form_prose_difference), 0), coalesce(abs(form_records_difference), 0),
    coalesce(abs(prose_records_difference), 0)
  ) as size,
  reason_zh, count(*) over ()
from mart.reconciliation
where state = 'disputed' and level = 'county' and grain = 'month' and kind <> 'ratio'
order by size desc, org_code, indicator_code, period
limit $most
"""
_N_DISPUTED = "select count(*) from mart.reconciliation where state = 'disputed'"
_REVISED = """
select
  revision.org_name, indicator.name_zh, indicator.unit, revision.period, revision.value_before, revision.value_after,
  revision.change, revision.known_at, revision.file, count(*) over ()
from mart.revision as revision
inner join ref.indicator as indicator on revision.indicator_code = indicator.code -- n:1
where revision.level = 'county' and revision.grain = 'month'
order by abs(revision.change) desc, revision.org_code, revision.indicator_code, revision.period, revision.known_at desc
limit $most
"""
_N_REVISED = "select count(*) from mart.revision"


@dataclass(frozen=True)
class Standing:
    """A county and month: on_time, late, missing, nil, waived or not_due."""

    period: str
    state: str
    due_date: date | None
    reported_on: date | None


@dataclass(frozen=True)
class HeatMap:
    """Who has reported: by prefecture its counties, each with a standing (or None) a month, as in `months`."""

    months: tuple[str, ...]
    prefectures: tuple[tuple[str, tuple[tuple[str, tuple[Standing | None, ...]], ...]], ...]
    n_more: int
    statement: str = ALL_REPORTING


@dataclass(frozen=True)
class Difference:
    """A county's figure of a month on which form, prose and records do not agree; `size` is the widest gap."""

    org_name: str
    indicator: str
    unit: str
    period: str
    form: float | None
    prose: float | None
    records: float | None
    size: float
    reason: str


@dataclass(frozen=True)
class Revision:
    """By how much a later report changed a county's figure of a month."""

    org_name: str
    indicator: str
    unit: str
    period: str
    before: float
    after: float
    change: float
    known_on: date
    file: str


def heat_map(release: Path, today: date) -> HeatMap:
    """Return who has reported which of the latest months that are over; what is not due by `today` is not missing."""
    rows = query(release, _STANDING, {"today": today, "most": MOST_MONTHS}).rows
    months = tuple(sorted({row[2] for row in rows}))
    prefectures = tuple(
        (prefecture, tuple(_counties(of_prefecture, months, today)))
        for prefecture, of_prefecture in groupby(rows, key=lambda row: row[0])
    )
    return HeatMap(months, prefectures, total(rows) - len(months))


def differences(release: Path) -> Listed[Difference]:
    """Return the widest disputes about a county's flow or stock of a month; those of rates follow from them."""
    rows = query(release, _DISPUTED, {"most": MOST_DIFFERENCES}).rows
    (n_all,) = query(release, _N_DISPUTED).rows[0]
    return listed([Difference(*row[:-1]) for row in rows], n_all, ALL_DIFFERENCES)


def revisions(release: Path) -> Listed[Revision]:
    """Return the largest changes of a county's figure of a month; those above and of longer periods follow."""
    rows = query(release, _REVISED, {"most": MOST_DIFFERENCES}).rows
    (n_all,) = query(release, _N_REVISED).rows[0]
    return listed([Revision(*(*row[:7], guizhou_day(row[7]), row[8])) for row in rows], n_all, ALL_REVISIONS)


def _counties(
    rows: Iterable[Sequence[Any]], months: Sequence[str], today: date
) -> Iterable[tuple[str, tuple[Standing | None, ...]]]:
    for county, of_county in groupby(rows, key=lambda row: row[1]):
        found = {row[2]: _standing(row, today) for row in of_county}
        yield county, tuple(found.get(month) for month in months)


def _standing(row: Sequence[Any], today: date) -> Standing:
    _, _, period, state, due_date, reported_on, is_nil, _ = row
    if state == "missing" and due_date and due_date >= today:
        state = "not_due"
    elif is_nil and state == "on_time":
        state = "nil"
    return Standing(period, state, due_date, reported_on)
