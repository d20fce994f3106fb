"""The incidents (问题单) of a release as the quality report tells them: what waits for somebody, and what was ended.

Reads one release; changes nothing. Age and whether one is overdue are told as of the moment given.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from serving.moments import guizhou_day
from serving.quality_facts import Listed, listed
from warehouse.query import query

# An alert leads to its incident by the anchor on the page: few are cut.
MOST_OPEN = 1000
MOST_ENDED = 300
MOST_MEMBERS = 10
ALL_OPEN = "from dq.incident where state <> 'resolved' order by due_on"
ALL_ENDED = "from dq.incident where state = 'resolved' order by resolved_at desc"

_COLUMNS = """
select
  incident_id, org_name, title, cause, state, opened_at, acknowledged_at, resolved_at, hours_to_fix, n_reopened, owner,
  due_on, is_must_fix, n_findings, members, period, file, note, count(*) over ()
from dq.incident
"""
# What must be fixed comes before what is to be explained, of either the longest due first.
_OPEN = (
    _COLUMNS
    + """
where state <> 'resolved'
order by due_on >= $today, not is_must_fix, due_on, opened_at, incident_id
limit $most
"""
)
_ENDED = (
    _COLUMNS
    + """
where state = 'resolved'
order by resolved_at desc, incident_id
limit $most
"""
)
_COUNTS = """
select
  count(*) filter (where state <> 'resolved'),
  count(*) filter (where state <> 'resolved' and is_must_fix),
  count(*) filter (where state <> 'resolved' and due_on < $today),
  count(*) filter (where state = 'resolved'),
  median(hours_to_fix)
from dq.incident
"""
_OWNERS = """
select owner, count(*), count(*) filter (where due_on < $today) as n_overdue
from dq.incident
where state <> 'resolved'
group by owner
order by n_overdue desc, count(*) desc, owner
"""


@dataclass(frozen=True)
class Member:
    """One thing that an incident holds: whose, where, what."""

    unit: str
    place: str
    message: str


@dataclass(frozen=True)
class Incident:
    """An incident as it stood; days are Guizhou's, `age_days` counts from its opening to the report or its end."""

    incident_id: str
    org_name: str
    title: str
    cause: str
    state: str
    opened_on: date
    acknowledged_on: date | None
    resolved_on: date | None
    hours_to_fix: float | None
    n_reopened: int
    owner: str
    due_on: date
    is_must_fix: bool
    is_overdue: bool
    age_days: int
    days_late: int
    n_findings: int
    members: tuple[Member, ...]
    period: str | None
    file: str | None
    note: str | None

    @property
    def n_more(self) -> int:
        """How many of its findings are not among `members`."""
        return max(self.n_findings - len(self.members), 0)

    @property
    def statement(self) -> str:
        """The SQL that shows all that the release keeps of it."""
        return f"from dq.incident where incident_id = '{self.incident_id.replace(chr(39), chr(39) * 2)}'"


@dataclass(frozen=True)
class Owner:
    """What waits for one office (责任单位)."""

    owner: str
    n_open: int
    n_overdue: int


@dataclass(frozen=True)
class Counts:
    """How many incidents wait, must be fixed, are overdue, are resolved; `median_hours` is the usual time to fix."""

    n_open: int
    n_must_fix: int
    n_overdue: int
    n_resolved: int
    median_hours: float | None


def counts(release: Path, today: date) -> Counts:
    """Return how incidents stand on a day."""
    return Counts(*query(release, _COUNTS, {"today": today}).rows[0])


def owners(release: Path, today: date) -> tuple[Owner, ...]:
    """Return the offices that something waits for, those with most that is overdue first."""
    return tuple(Owner(*row) for row in query(release, _OWNERS, {"today": today}).rows)


def open_incidents(release: Path, now: datetime) -> Listed[Incident]:
    """Return what waits for somebody at `now` (UTC): the overdue first."""
    rows = query(release, _OPEN, {"today": guizhou_day(now), "most": MOST_OPEN}).rows
    return _listed(rows, now, ALL_OPEN)


def ended_incidents(release: Path, now: datetime) -> Listed[Incident]:
    """Return what was resolved, the newest first."""
    return _listed(query(release, _ENDED, {"most": MOST_ENDED}).rows, now, ALL_ENDED)


def _listed(rows: Sequence[Sequence[Any]], now: datetime, statement: str) -> Listed[Incident]:
    total = rows[0][-1] if rows else 0
    return listed([_incident(row, guizhou_day(now)) for row in rows], total, statement)


def _incident(row: Sequence[Any], today: date) -> Incident:
    incident_id, org_name, title, cause, state, opened_at, acknowledged_at, resolved_at, *rest = row
    hours, n_reopened, owner, due_on, is_must_fix, n_findings, members, period, file, note, _ = rest
    is_open = state != "resolved"
    opened_on, resolved_on = guizhou_day(opened_at), resolved_at and guizhou_day(resolved_at)
    return Incident(
        incident_id=incident_id,
        org_name=org_name,
        title=title,
        cause=cause,
        state=state,
        opened_on=opened_on,
        acknowledged_on=acknowledged_at and guizhou_day(acknowledged_at),
        resolved_on=resolved_on,
        hours_to_fix=hours,
        n_reopened=n_reopened,
        owner=owner,
        due_on=due_on,
        is_must_fix=is_must_fix,
        is_overdue=is_open and due_on < today,
        age_days=((resolved_on or today) - opened_on).days,
        days_late=max((today - due_on).days, 0) if is_open else 0,
        n_findings=n_findings,
        members=tuple(_member(member) for member in json.loads(members)[:MOST_MEMBERS]),
        period=period,
        file=file,
        note=note,
    )


def _member(said: dict[str, Any]) -> Member:
    return Member(*(str(said.get(name) or "") for name in ("unit", "place", "message")))
