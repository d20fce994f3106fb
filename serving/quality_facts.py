"""What the quality report (质量报告) tells of what came and of what was wrong with it, by unit, rule and month.

Reads one release and counts; draws nothing. Counted is what still asks somebody for something: neither what a later
file settled nor what was explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Generic, TypeVar

from serving.moments import guizhou_day
from warehouse.query import query

T = TypeVar("T")
MOST_FILES = 12
MOST_UNITS = 20
MOST_RULES = 15
MOST_MONTHS = 12
ALL_FILES = "from ops.delivery order by delivered_at desc"
ALL_FINDINGS = "from dq.asked_fault order by org_code, file, place"

_KNOWN = "select max(delivered_at) from ops.delivery"
_INTAKE = """
select
  coalesce(dataset, '') as named, status, count(*)::bigint, sum(rows_in)::bigint, sum(rows_loaded)::bigint,
  sum(rows_quarantined)::bigint, sum(rows_rejected)::bigint
from ops.delivery
group by named, status
order by named = '', named, status
"""
_NEWEST = """
select
  delivery.file, coalesce(delivery.dataset, ''), delivery.status, delivery.reason, delivery.rows_in,
  delivery.rows_loaded, delivery.rows_quarantined, delivery.rows_rejected, delivery.delivered_at, org.name,
  count(*) over ()
from ops.delivery as delivery
left join ref.org as org on coalesce(delivery.org_code, delivery.claimed_org_code) = org.code -- n:1
order by delivery.delivered_at desc, delivery.file
limit $most
"""
# What still asks somebody for something; an export speaks for no unit and stands under its own name.
_BY_UNIT = """
with
asked as (
    select org_code, coalesce(dataset, '') as dataset, file, is_must_fix from dq.standing_finding
    union all
    select org_code, '' as dataset, null as file, false as is_must_fix from dq.standing_question
),

counted as (
    select
        org_code,
        if(org_code is null, dataset, '') as dataset,
        count(distinct file) as n_files,
        count(*) filter (where is_must_fix) as n_fix,
        count(*) filter (where not is_must_fix) as n_explain
    from asked
    group by all
)

select org.name, prefecture.name, dataset, n_files, n_fix, n_explain, count(*) over ()
from counted
left join ref.org as org on counted.org_code = org.code -- n:1
left join ref.org as prefecture on org.prefecture_code = prefecture.code and org.code <> prefecture.code -- n:1
order by n_fix desc, n_explain desc, counted.org_code, dataset
limit $most
"""
_BY_RULE = """
with
checked as (
    select
        coalesce(delivery.dataset, '') as dataset,
        verdict.rule,
        sum(verdict.checked)::bigint as n_checked,
        sum(verdict.failed)::bigint as n_failed
    from dq.verdict as verdict
    inner join ops.delivery as delivery on verdict.delivery_id = delivery.delivery_id -- n:1
    where delivery.status in ('loaded', 'partly_loaded', 'rejected')
    group by all
),

found as (
    select
        coalesce(dataset, '') as dataset,
        rule,
        is_must_fix,
        count(*) as n_findings,
        count(distinct file) as n_files,
        min(message) as example
    from dq.standing_finding
    group by all
),

told as (
    select found.*, checked.n_checked, checked.n_failed
    from found
    left join checked on found.dataset = checked.dataset and found.rule = checked.rule -- n:1
    union all
    select 'question', rule, false, count(*), count(distinct file), min(message), null, null
    from dq.standing_question
    group by rule
)

select dataset, rule, is_must_fix, n_findings, n_files, n_checked, n_failed, example, count(*) over ()
from told
where is_must_fix = $must
order by n_findings desc, dataset, rule
limit $most
"""
_TOTALS = """
select
  (select count(*) from dq.standing_finding where is_must_fix),
  (select count(*) from dq.standing_finding where not is_must_fix) + (select count(*) from dq.standing_question)
"""
# A finding counts for the month it speaks of; one that speaks of none, for the month in which its file arrived.
_TREND = """
with
asked as (
    select
        case
            when regexp_full_match(finding.period, '\\d{4}-\\d{2}') then finding.period
            else strftime(delivery.delivered_at + interval 8 hours, '%Y-%m')
        end as month,
        finding.is_must_fix
    from dq.standing_finding as finding
    inner join ops.delivery as delivery on finding.delivery_id = delivery.delivery_id -- n:1
),

found as (
    select
        month,
        count(*) filter (where is_must_fix) as n_fix,
        count(*) filter (where not is_must_fix) as n_explain
    from asked
    group by month
),

rate as (select * from mart.reporting_rate_month where level = 'province')

select
    coalesce(rate.period, found.month) as month, n_expected, n_reported, n_on_time, n_complete,
    coalesce(n_fix, 0), coalesce(n_explain, 0)
from rate
full join found on rate.period = found.month -- 1:1
order by month desc
limit $most
"""


@dataclass(frozen=True)
class Listed(Generic[T]):
    """The first rows of a list, how many more there are, and the SQL that lists them all."""

    rows: tuple[T, ...]
    n_more: int
    statement: str


@dataclass(frozen=True)
class Intake:
    """What came of one dataset (`""`: of none that is known): files by status, and their rows."""

    dataset: str
    files: Mapping[str, int]
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_rejected: int

    @property
    def n_files(self) -> int:
        """Files of all states."""
        return sum(self.files.values())


@dataclass(frozen=True)
class NewFile:
    """One of the newest deliveries; `arrived_on` is Guizhou's day."""

    file: str
    dataset: str
    status: str
    reason: str | None
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_rejected: int
    arrived_on: date
    org_name: str | None


@dataclass(frozen=True)
class UnitFaults:
    """What is wrong with what one unit sent; `org_name` is None for a file that names none: then `dataset` tells."""

    org_name: str | None
    prefecture: str | None
    dataset: str
    n_files: int
    n_fix: int
    n_explain: int


@dataclass(frozen=True)
class RuleFaults:
    """How often one rule is broken; `dataset` is `question` for what arithmetic asks and no file was checked for."""

    dataset: str
    rule: str
    is_must_fix: bool
    n_findings: int
    n_files: int
    n_checked: int | None
    n_failed: int | None
    example: str


@dataclass(frozen=True)
class Month:
    """One month of the trend; no county's form speaks of a month without `n_expected`."""

    month: str
    n_expected: int | None
    n_reported: int | None
    n_on_time: int | None
    n_complete: int | None
    n_fix: int
    n_explain: int

    def percent(self, part: int | None) -> float | None:
        """Return a part of the counties expected, in percent."""
        return None if not self.n_expected or part is None else 100 * part / self.n_expected


def known_day(release: Path) -> date | None:
    """Return the day of the newest delivery; None for an empty warehouse."""
    (moment,) = query(release, _KNOWN).rows[0]
    return guizhou_day(moment) if moment else None


def intake(release: Path) -> tuple[Intake, ...]:
    """Return what came, a dataset each; files that could not be recognised come last."""
    return tuple(
        _intake(dataset, list(rows)) for dataset, rows in groupby(query(release, _INTAKE).rows, key=lambda row: row[0])
    )


def newest_files(release: Path) -> Listed[NewFile]:
    """Return the newest deliveries, the newest first."""
    rows = query(release, _NEWEST, {"most": MOST_FILES}).rows
    return listed([NewFile(*(*row[:8], guizhou_day(row[8]), row[9])) for row in rows], total(rows), ALL_FILES)


def faults_by_unit(release: Path) -> Listed[UnitFaults]:
    """Return the units with most to mend, the worst first."""
    rows = query(release, _BY_UNIT, {"most": MOST_UNITS}).rows
    return listed([UnitFaults(*row[:-1]) for row in rows], total(rows), ALL_FINDINGS)


def faults_by_rule(release: Path, is_must_fix: bool) -> Listed[RuleFaults]:
    """Return the rules that are broken most: those that must be kept, or those whose breach is to be explained."""
    rows = query(release, _BY_RULE, {"must": is_must_fix, "most": MOST_RULES}).rows
    return listed([RuleFaults(*row[:-1]) for row in rows], total(rows), ALL_FINDINGS)


def n_faults(release: Path) -> tuple[int, int]:
    """Return how many findings must be fixed, and how many findings and questions are to be explained."""
    fix, explain = query(release, _TOTALS).rows[0]
    return fix, explain


def trend(release: Path) -> tuple[Month, ...]:
    """Return the latest months, the earliest first."""
    return tuple(Month(*row) for row in reversed(query(release, _TREND, {"most": MOST_MONTHS}).rows))


def _intake(dataset: str, rows: Sequence[Sequence[Any]]) -> Intake:
    files = {row[1]: row[2] for row in rows}
    return Intake(dataset, files, *(sum(row[column] for row in rows) for column in range(3, 7)))


def total(rows: Sequence[Sequence[Any]]) -> int:
    """Return the number of all rows, which a query counts in its last column; 0 where there are none."""
    return int(rows[0][-1]) if rows else 0


def listed(rows: Sequence[T], n_all: int, statement: str) -> Listed[T]:
    """Return rows as the beginning of a list of `n_all`."""
    return Listed(tuple(rows), n_all - len(rows), statement)
