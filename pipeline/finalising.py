"""Making a month final (月度定稿): gather what to look at, record what was decided.

    gather ──▶ somebody looks ──▶ approve or reject ──▶ steps.roll_up ──▶ steps.publish

The same functions serve the DAG `month_final` and `daibiao month`. Decides nothing: whoever calls says who decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import catalog
from pipeline.published import published
from pipeline.settings import Settings
from serving.month_evidence import month_evidence
from transforms.masking import scrub
from warehouse.duck import open_reader, open_writer
from warehouse.finality import Decision, MonthError, check_month, decide, fingerprint
from warehouse.query import query

__all__ = ["Decision", "Evidence", "MonthError", "approve", "gather", "month_to_decide", "reject", "revisions"]

_GUIZHOU = ZoneInfo("Asia/Shanghai")
_LONGEST_NOTE = 500
_REVISIONS = """
select revision, level, org_name, indicator_code, value_before, value_after, change
from mart.month_revision
where period = $period
order by revision, case level when 'province' then 1 when 'prefecture' then 2 else 3 end, org_code, indicator_code
"""


@dataclass(frozen=True)
class Evidence:
    """What was shown of a month: the Markdown `body`, from which release, and the fingerprint of its figures."""

    period: str
    release_id: str
    seen: str
    body: str

    def as_json(self) -> dict[str, str]:
        """Return the evidence as plain data, as a task hands it on; `Evidence(**…)` reads it back."""
        return asdict(self)


def month_to_decide(asked: str | None, partition_key: str | None) -> str:
    """Return the month that was asked for, else the one that the schedule is about; raise MonthError for neither."""
    period = (asked or partition_key or "").strip()
    if not period:
        raise MonthError("没有说明要定稿的月份：请在触发时填写“统计期”，如 2026-06。(No month given.)")
    return check_month(period)


def gather(settings: Settings, period: str, now: datetime) -> Evidence:
    """Return the evidence of a month, from the newest release; raise LookupError when there is none."""
    release = published(settings)
    with open_reader(release.path) as connection:
        seen = fingerprint(connection, check_month(period))
    stands = f"依据发布 `{release.release_id}`。"
    body = month_evidence(release.path, period, now.astimezone(_GUIZHOU).date())
    return Evidence(period, release.release_id, seen, f"## {period} 月度定稿依据\n\n{stands}{body}")


def approve(settings: Settings, shown: Evidence, actor: str, note: str | None, now: datetime) -> Decision:
    """Record that `actor` approved the month as it was shown. Raises MonthError where its figures changed since."""
    return _decide(settings, shown, "approved", actor, note, now)


def reject(settings: Settings, shown: Evidence, actor: str, note: str | None, now: datetime) -> Decision:
    """Record that `actor` sent the month back (退回)."""
    return _decide(settings, shown, "rejected", actor, note, now)


def _decide(
    settings: Settings, shown: Evidence, decision: str, actor: str, note: str | None, now: datetime
) -> Decision:
    who = scrub(actor.strip())
    if not who:
        raise MonthError("没有写明由谁决定：请写单位或用户名。(Who decided?)")
    said = scrub((note or "").strip()[:_LONGEST_NOTE]) or None
    with open_writer(settings.warehouse, catalog.load()) as connection:
        return decide(connection, shown.period, decision, who, said, shown.release_id, now, shown.seen)


def revisions(settings: Settings, period: str) -> list[Mapping[str, Any]]:
    """Return what the revisions of a month changed, by the newest release: a row a revision and figure."""
    answer = query(published(settings).path, _REVISIONS, {"period": check_month(period)})
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
