"""The journal of incidents (问题单流水) and the outbox (待发箱): what is wrong now, what was done, what is to be told.

Written together, in one transaction; nothing in either is ever changed or deleted. Decides nothing: what becomes of an
incident and who is told is for `serving`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import duckdb

from catalog.alerting import Cause
from warehouse.touched import touch

# One row a root cause and rule; an old code is its successor's, and what nobody's is, is the province's.
_FAULTS = """
with
placed as (
    select
        asked.* replace (
            coalesce(above.unit_code, asked.org_code, '520000') as org_code,
            coalesce(asked.unit_code, asked.org_code, '520000') as unit_code
        ),
        coalesce(own.unit_name, '') as unit
    from dq.asked_fault as asked
    left join mart.org_unit as above on asked.org_code = above.org_code and above.org_level = above.unit_level
    left join mart.org_unit as own on asked.unit_code = own.org_code and own.org_level = own.unit_level
)

select
    cause || '|' || subject, cause, org_code, period, system, rule,
    case when count(distinct indicator_code) = 1 then min(indicator_code) end,
    max(file), is_must_fix, count(*),
    to_json(list(
        {
            'unit': unit, 'org_code': unit_code, 'rule': rule, 'indicator_code': indicator_code, 'place': place,
            'message': message
        } order by place, message
    )[1:20])::varchar
from placed
group by cause, subject, org_code, period, system, rule, is_must_fix
order by all
"""
# Overdue needs a day, which no roll-up has.
_OVERDUE = """
select
    concat_ws('|', 'late_report', duty, org_code, period), 'late_report', org_code, period, null, duty, null, null,
    true, 1,
    to_json([{
        'unit': org_name, 'org_code': org_code, 'rule': duty, 'indicator_code': null, 'place': null,
        'message': strftime(due_date, '%Y年%-m月%-d日') || '到期'
    }])::varchar
from dq.duty
where state = 'missing' and due_date < $today
order by all
"""
_DUE_SOON = """
select duty, org_code, period, due_date
from dq.duty
where state = 'missing' and remind_on <= $today and due_date >= $today
order by all
"""
_EVENTS = """
select
    incident_id, sequence, happened_at, kind, state, root_cause, cause, org_code, period, system, rule, indicator_code,
    file, is_must_fix, n_findings, members, title, due_on, owner, actor, note, expires_on
from dq.incident_event
order by incident_id, sequence
"""
_INSERT_EVENT = "insert into dq.incident_event by name select unnest(rows, recursive := true) from (select ? as rows)"
_INSERT_MESSAGE = "insert into ops.message by name select unnest(rows, recursive := true) from (select ? as rows)"
_TOLD = "select message_key from ops.message"
_DIGESTED = """
select route, list(distinct turn)
from (
    select route, unnest(from_json(content ->> '$.turns', '["VARCHAR"]')) as turn
    from ops.message
    where kind = 'digest'
)
group by route
"""
_NEWEST = """
select greatest(
    (select max(happened_at) from dq.incident_event), (select max(created_at) from ops.message), $now::timestamp
)
"""
# All that an incident holds, not only what of it is shown.
_INSERT_ANSWERS = """
insert into dq.incident_answer by name
select distinct
    $incident_id as incident_id, $sequence as sequence, $expires_on as expires_on,
    coalesce(unit_code, org_code, '520000') as org_code, period, rule, indicator_code, message
from dq.asked_fault
where
    not is_must_fix
    and (
        cause || '|' || subject = $root_cause
        or (
            concat_ws('|', 'wide', cause, rule, period, $unit) = $root_cause
            and org_code in (select below.org_code from mart.org_unit as below where below.unit_code = $unit)
        )
    )
"""
_LAST_NUMBER = "select coalesce(max(number), 0) from ops.message"
# The file that ended a thing: the newest that a unit sent for a period and that was taken in.
_MENDED = """
select
    report.org_code, report.period, arg_max(delivery.file, row(delivery.delivered_at, delivery.delivery_id)),
    max(delivery.delivered_at)
from core.report as report
inner join ops.delivery as delivery on report.delivery_id = delivery.delivery_id
where report.is_current and report.org_code is not null and report.period is not null
group by report.org_code, report.period
"""

# Of the journal, stored marts read what people said; all else is read by views, which are never out of date.
_READ_BY_MARTS = {"explained", "returned"}


@dataclass(frozen=True)
class Matter:
    """What an incident is about, or would be: a root cause with all that it holds.

    `members` is a JSON list of {"unit", "org_code", "rule", "indicator_code", "place", "message"}, at most 20 a rule;
    `n_findings` counts all.
    """

    root_cause: str
    cause: Cause
    org_code: str
    period: str | None
    system: int | None
    rule: str | None
    indicator_code: str | None
    file: str | None
    is_must_fix: bool
    n_findings: int
    members: str
    title: str = ""

    @property
    def listed(self) -> list[dict[str, str | None]]:
        """The members as they were written down."""
        found: list[dict[str, str | None]] = json.loads(self.members)
        return found


@dataclass(frozen=True)
class Event:
    """One thing that happened to an incident; `happened_at` is naive UTC, `matter` what it held then."""

    incident_id: str
    sequence: int
    happened_at: datetime
    kind: str
    state: str
    matter: Matter
    due_on: date
    owner: str
    actor: str
    note: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Message:
    """A message to be sent: `content` is JSON with title, lines, items and page; times are naive UTC."""

    message_key: str
    kind: str
    incident_id: str | None
    route: str
    channel: str
    content: str
    created_at: datetime
    not_before: datetime


@dataclass(frozen=True)
class Told:
    """The keys of all messages ever written, and what each route's digests have named: rounds of incidents."""

    keys: frozenset[str]
    digested: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Mended:
    """The file that speaks for a unit and period now; `delivered_at` is naive UTC."""

    file: str
    delivered_at: datetime


@dataclass(frozen=True)
class Due:
    """A report that is due and has not come."""

    duty: str
    org_code: str
    period: str
    due_date: date


def faults(con: duckdb.DuckDBPyConnection, today: date) -> list[Matter]:
    """Return what asks somebody for something on `today`, by root cause and rule: several rows may share a cause."""
    rows = con.execute(_FAULTS).fetchall() + con.execute(_OVERDUE, {"today": today}).fetchall()
    return [Matter(*row) for row in rows]


def due_soon(con: duckdb.DuckDBPyConnection, today: date) -> list[Due]:
    """Return the reports that somebody should be reminded of on `today`."""
    return [Due(*row) for row in con.execute(_DUE_SOON, {"today": today}).fetchall()]


def events(con: duckdb.DuckDBPyConnection) -> list[Event]:
    """Return the whole journal, by incident and in order."""
    found = []
    for incident_id, sequence, happened_at, kind, state, *rest in con.execute(_EVENTS).fetchall():
        *about, title, due_on, owner, actor, note, expires_on = rest
        matter = replace(Matter(*about), title=title)
        found.append(
            Event(incident_id, sequence, happened_at, kind, state, matter, due_on, owner, actor, note, expires_on)
        )
    return found


def mended_by(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Mended]:
    """Return, by unit and period, the newest file that speaks for them now."""
    return {(org, period): Mended(file, at) for org, period, file, at in con.execute(_MENDED).fetchall()}


def told(con: duckdb.DuckDBPyConnection) -> Told:
    """Return what was ever written."""
    keys = frozenset(key for (key,) in con.execute(_TOLD).fetchall())
    return Told(keys, {route: frozenset(turns) for route, turns in con.execute(_DIGESTED).fetchall()})


def not_before(con: duckdb.DuckDBPyConnection, now: datetime) -> datetime:
    """Return `now` (naive UTC), or the newest time in the journal where that is later.

    An old run that is run again, or a clock that was set back, must not undo what has happened since.
    """
    found = con.execute(_NEWEST, {"now": now}).fetchall()
    moment: datetime = found[0][0]
    return moment


def write(con: duckdb.DuckDBPyConnection, happened: Sequence[Event], messages: Sequence[Message]) -> None:
    """Write events and the messages that tell of them. Expects the transaction that holds both together."""
    if happened:
        con.execute(_INSERT_EVENT, [[_row(event) for event in happened]])
        for event in happened:
            if event.kind == "explained":
                con.execute(_INSERT_ANSWERS, _answering(event))
        if any(event.kind in _READ_BY_MARTS for event in happened):
            touch(con, ("dq.incident_event", "dq.incident_answer"))
    if messages:
        last = con.execute(_LAST_NUMBER).fetchall()[0][0]
        rows = [vars(message) | {"number": last + place} for place, message in enumerate(messages, start=1)]
        con.execute(_INSERT_MESSAGE, [rows])


def _row(event: Event) -> dict[str, object]:
    said = {name: value for name, value in vars(event).items() if name != "matter"}
    return said | vars(event.matter)


def _answering(event: Event) -> dict[str, object]:
    root_cause = event.matter.root_cause
    return {
        "incident_id": event.incident_id,
        "sequence": event.sequence,
        "expires_on": event.expires_on,
        "root_cause": root_cause,
        "unit": root_cause.rpartition("|")[2],
    }


def title(message: Message) -> str:
    """Return the title of a message."""
    return str(json.loads(message.content)["title"])
