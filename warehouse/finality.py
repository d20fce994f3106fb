"""Make a month final (定稿): who decided what, the figures as they stood then, and a numbered revision of what changed.

The figures are those of counties, prefectures and the province by month. A decision is never changed or taken back;
a later one stands. Decides nothing by itself: late figures make a revision that waits for somebody to confirm it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from warehouse.errors import WarehouseError
from warehouse.statements import transaction
from warehouse.touched import touch

SYSTEM = "系统"
_TABLES = ("ops.month_decision", "ops.month_figure")
_GUIZHOU = timedelta(hours=8)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

_ENDS = "select end_date from ref.period where period = ? and grain = 'month'"
# Figures as they stand now; a unit without a figure has no row, whichever way the mart says so.
_STANDING = """
with
told as (
    select 'county' as level, org_code, indicator_code, period, value, value_low, value_high from mart.county_month
    union all
    select 'prefecture', org_code, indicator_code, period, value, value_low, value_high from mart.prefecture_month
    union all
    select 'province', org_code, indicator_code, period, value, value_low, value_high from mart.province_month
)

select
    period, level, org_code, indicator_code, value::decimal(18, 4) as value, value_low::decimal(18, 4) as value_low,
    value_high::decimal(18, 4) as value_high
from told
where value is not null and list_contains($periods, period)
"""
_STAND = f"create or replace temp table standing_month as {_STANDING}"
# Somebody said something of the month: what stations' systems recorded is no report.
_REPORTED = """
select 1 from mart.county_month where period = $period and source in ('form', 'prose') and value is not null
union all
select 1 from mart.prefecture_month where period = $period and source = 'prose' and value is not null
union all
select 1 from mart.province_month where period = $period and source = 'prose' and value is not null
limit 1
"""
_FINGERPRINT = f"""
select coalesce(md5(string_agg(line, chr(10) order by line)), '')
from (select to_json(figure)::varchar as line from ({_STANDING}) as figure)
"""  # noqa: S608 - words of this module
_LATEST = """
select period, max(revision) as revision
from ops.month_decision
where decision in ('approved', 'revised') and list_contains($periods, period)
group by period
"""
# Figures that are new, gone or other than in the newest revision of their month.
_CHANGED = f"""
with
latest as ({_LATEST}),

kept as (
    select figure.*
    from ops.month_figure as figure
    inner join latest on figure.period = latest.period and figure.revision = latest.revision -- n:1
)

select period, count(*)
from (
    select coalesce(kept.period, standing.period) as period
    from (select * from standing_month where period in (select latest.period from latest)) as standing
    full join kept -- 1:1
        on
            standing.period = kept.period and standing.level = kept.level and standing.org_code = kept.org_code
            and standing.indicator_code = kept.indicator_code
    where
        standing.value is distinct from kept.value
        or standing.value_low is distinct from kept.value_low
        or standing.value_high is distinct from kept.value_high
) as differing
group by period
order by period
"""  # noqa: S608 - words of this module
_KEEP = """
insert into ops.month_figure
select period, ?, level, org_code, indicator_code, value, value_low, value_high from standing_month where period = ?
"""
_LAST = """
select sequence, revision, decision, actor, note, release_id, n_changed
from ops.month_decision
where period = ?
order by sequence desc
limit 1
"""
_FINAL = """
select period
from ops.month_decision
group by period
having max_by(decision, sequence) in ('approved', 'revised')
order by period
"""
_RECORD = """
insert into ops.month_decision
    (period, sequence, revision, decision, decided_at, actor, note, release_id, n_changed)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class MonthError(WarehouseError):
    """The month cannot be decided on; the message says why, in Chinese, and what to do."""


@dataclass(frozen=True)
class Decision:
    """What was decided about a month: `approved`, `rejected` or `revised`.

    `revision` is the version of the figures that it speaks of (0: no version yet), `n_changed` in how many figures that
    differs from the one before. `is_new` is False where the same had been decided already and nothing was written.
    """

    period: str
    revision: int
    decision: str
    n_changed: int
    is_new: bool


def check_month(period: str) -> str:
    """Return `period` if it is a month such as 2026-06; raise MonthError if not."""
    if not _MONTH.fullmatch(period):
        raise MonthError(f"“{period[:20]}”不是月份：请写成 2026-06。(Not a month.)")
    return period


def fingerprint(con: duckdb.DuckDBPyConnection, period: str) -> str:
    """Hash the figures of a month as they stand, in a warehouse or a release alike."""
    found = con.execute(_FINGERPRINT, {"periods": [period]}).fetchall()
    return str(found[0][0])


def decide(
    con: duckdb.DuckDBPyConnection,
    period: str,
    decision: str,
    actor: str,
    note: str | None,
    release_id: str | None,
    now: datetime,
    seen: str | None = None,
) -> Decision:
    """Record that `actor` approved (`approved`) or sent back (`rejected`) a month, in one transaction.

    Approving keeps the figures as they stand as revision 1, or as the next one where they differ from the newest; else
    it confirms that. `seen` is the fingerprint of the figures that were looked at. The same decision again writes
    nothing. Raises MonthError for what is no month, one that has not ended by `now` (timezone-aware), and, when
    approving, one that nobody reported or of which other figures were seen.
    """
    if decision not in {"approved", "rejected"}:
        raise ValueError(decision)
    _check_ended(con, period, now)
    with transaction(con):
        last = con.execute(_LAST, [period]).fetchone()
        latest = dict(con.execute(_LATEST, {"periods": [period]}).fetchall()).get(period, 0)
        if decision == "rejected":
            said = ("rejected", latest, actor, note)
            if last and (last[2], last[1], *last[3:5]) == said:
                return Decision(period, latest, decision, 0, is_new=False)
            _record(con, period, latest, decision, actor, note, release_id, 0, now)
            return Decision(period, latest, decision, 0, is_new=True)
        con.execute(_STAND, {"periods": [period]})
        _check_approvable(con, period, seen)
        n_changed = dict(con.execute(_CHANGED, {"periods": [period]}).fetchall()).get(period, 0)
        if latest == 0 or n_changed:
            latest += 1
            con.execute(_KEEP, [latest, period])
        elif last and last[2] == "approved":
            return Decision(period, latest, decision, last[6], is_new=False)
        else:
            n_changed = _changed_by(con, period, latest)
        _record(con, period, latest, decision, actor, note, release_id, n_changed, now)
    return Decision(period, latest, decision, n_changed, is_new=True)


def note_revisions(con: duckdb.DuckDBPyConnection, now: datetime) -> list[Decision]:
    """Write a new revision of every final month whose figures are no longer those of its newest one; return them.

    In one transaction. A month that was sent back last is left alone: its figures are being mended, and its next
    approval keeps them. Expects the marts to be up to date.
    """
    with transaction(con):
        periods = [period for (period,) in con.execute(_FINAL).fetchall()]
        con.execute(_STAND, {"periods": periods})
        latest = dict(con.execute(_LATEST, {"periods": periods}).fetchall())
        revised = []
        for period, n_changed in con.execute(_CHANGED, {"periods": periods}).fetchall():
            revision = latest[period] + 1
            con.execute(_KEEP, [revision, period])
            note = f"定稿后有 {n_changed} 个数字变动"
            _record(con, period, revision, "revised", SYSTEM, note, None, n_changed, now)
            revised.append(Decision(period, revision, "revised", n_changed, is_new=True))
    return revised


def _check_ended(con: duckdb.DuckDBPyConnection, period: str, now: datetime) -> None:
    found = con.execute(_ENDS, [check_month(period)]).fetchone()
    if found is None:
        raise MonthError(f"{period} 不在统计期表内，不能定稿。(Not in the calendar.)")
    today = (now.astimezone(UTC) + _GUIZHOU).date()
    if today <= found[0]:
        raise MonthError(f"{period} 尚未结束，不能定稿：请在 {found[0]:%Y-%m-%d} 之后再办。(The month is not over.)")


def _check_approvable(con: duckdb.DuckDBPyConnection, period: str, seen: str | None) -> None:
    if not con.execute(_REPORTED, {"period": period}).fetchone():
        raise MonthError(f"{period} 没有任何单位报送，不能定稿：请先催报。(Nobody reported.)")
    if seen is not None and seen != fingerprint(con, period):
        raise MonthError(
            f"{period} 的数字在提请之后又有变动，未定稿：请重新汇集依据（网页上清除“汇集依据”及其后各任务），"
            "核对后再批准。(Figures changed since they were looked at.)"
        )


def _changed_by(con: duckdb.DuckDBPyConnection, period: str, revision: int) -> int:
    statement = "select max(n_changed) from ops.month_decision where period = ? and revision = ?"
    found = con.execute(statement, [period, revision]).fetchall()
    return int(found[0][0])


def _record(
    con: duckdb.DuckDBPyConnection,
    period: str,
    revision: int,
    decision: str,
    actor: str,
    note: str | None,
    release_id: str | None,
    n_changed: int,
    now: datetime,
) -> None:
    last = con.execute(_LAST, [period]).fetchone()
    at = now.astimezone(UTC).replace(tzinfo=None)
    row = [period, (last[0] if last else 0) + 1, revision, decision, at, actor, note, release_id, n_changed]
    con.execute(_RECORD, row)
    touch(con, _TABLES)
