"""What becomes of incidents (问题单): opened, changed, ended by itself, reopened, escalated; and what people do to one.

open → acknowledged → explained / returned → resolved → reopened. An incident ends by itself when its root cause is
gone: the corrected file was taken in, the late report came, an explanation was given. Refuses to forget: everything is
an event of the journal, and a person's word is one beside the program's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from catalog import Catalog
from catalog.alerting import Mute
from serving.causes import is_wide
from serving.incident import PROGRAM, Incident
from serving.moments import guizhou_day
from serving.naming import STATES, file_zh, unit_zh
from serving.routing import escalation_path, office_of
from warehouse.errors import WarehouseError
from warehouse.journal import Event, Matter, Mended

# What a person may do, to which states, and what it leads to.
ACTIONS: Mapping[str, tuple[frozenset[str], str]] = {
    "acknowledged": (frozenset({"open", "returned", "reopened"}), "acknowledged"),
    "explained": (frozenset({"open", "acknowledged", "explained", "returned", "reopened"}), "explained"),
    "returned": (frozenset({"acknowledged", "explained", "resolved"}), "returned"),
    "resolved": (frozenset({"open", "acknowledged", "explained", "returned", "reopened"}), "resolved"),
}


class ActionRefusedError(WarehouseError):
    """What somebody wants to do to an incident cannot be done; the message says why, in Chinese."""


def what_happened(
    found: Mapping[str, Matter],
    incidents: Mapping[str, Incident],
    mended: Mapping[tuple[str, str], Mended],
    now: datetime,
    catalog: Catalog,
) -> list[Event]:
    """Return the events that follow from what is wrong now (`found`, by root cause) and the incidents so far.

    `mended` names, by unit and period, the file that speaks for them now; `now` is naive UTC. Nothing has happened
    where nothing has changed. What has become worse than an office knows begins a new round.
    """
    events = _begun(found, incidents, now, catalog)
    for root_cause, incident in incidents.items():
        if not incident.is_open:
            continue
        matter, owner = found.get(root_cause), office_of(incident.matter, catalog)
        if matter is None:
            events.append(_next(incident, now, "resolved", "resolved", note=_ended_by(incident, mended)))
        elif _is_worse(incident, matter):
            due_on = _due_on(matter, now, catalog)
            events.append(_next(incident, now, "reopened", "reopened", matter=matter, due_on=due_on, owner=owner))
        elif matter != incident.matter or owner != incident.last.owner:
            events.append(_next(incident, now, "changed", incident.last.state, matter=matter, owner=owner))
    return events


def _is_worse(incident: Incident, matter: Matter) -> bool:
    """Say whether an office has to be told again: it must be fixed now, is demanded anew, or has reached more units.

    More units are news to whoever has said that they see to it; to the others the list is what it is when they look.
    """
    if matter.is_must_fix and not incident.matter.is_must_fix:
        return True
    if matter.cause == "rejected_month":
        return matter.members != incident.matter.members
    known = {member["org_code"] for member in incident.matter.listed}
    more = {member["org_code"] for member in matter.listed} - known
    return bool(more) and is_wide(matter) and incident.last.state in {"acknowledged", "explained"}


def _begun(
    found: Mapping[str, Matter], incidents: Mapping[str, Incident], now: datetime, catalog: Catalog
) -> list[Event]:
    events = []
    year, count = guizhou_day(now).year, len({incident.incident_id for incident in incidents.values()})
    for root_cause, matter in found.items():
        due_on = _due_on(matter, now, catalog)
        incident = incidents.get(root_cause)
        if incident is None:
            count += 1
            number, owner = f"{year}-{count:05d}", office_of(matter, catalog)
            events.append(Event(number, 1, now, "opened", "open", matter, due_on, owner, PROGRAM))
        elif not incident.is_open and not (incident.closed_by_hand and matter == incident.matter):
            events.append(_next(incident, now, "reopened", "reopened", matter=matter, due_on=due_on))
    return events


def _due_on(matter: Matter, now: datetime, catalog: Catalog) -> date:
    return guizhou_day(now) + timedelta(days=catalog.alerts.days_to_fix[matter.cause])


def _ended_by(incident: Incident, mended: Mapping[tuple[str, str], Mended]) -> str:
    """Say what ended it, as far as that is known."""
    matter = incident.matter
    newest = mended.get((matter.org_code, matter.period or ""))
    if newest and (newest.file != matter.file or newest.delivered_at > incident.since or matter.cause == "late_report"):
        return f"已收到{file_zh(newest.file)}"
    return "说明已采用" if incident.last.state == "explained" else "问题已不存在"


def escalations(incidents: Iterable[Incident], now: datetime, catalog: Catalog) -> list[Event]:
    """Return one event for each open incident that has become old enough for the level above (逐级上报).

    Days under a mute window do not count, and a level has a day at least before the next is told.
    """
    events, today = [], guizhou_day(now)
    for incident in incidents:
        since = guizhou_day(incident.since)
        if not incident.is_open or any(guizhou_day(at) >= today for at in incident.escalated.values()):
            continue
        age = (today - since).days - _muted_days(incident.matter.org_code, since, today, catalog)
        for unit, days in escalation_path(incident.matter, catalog):
            name = unit_zh(catalog, unit)
            if age >= days and name not in incident.escalated:
                events.append(_next(incident, now, "escalated", incident.last.state, note=name))
                break
    return events


def _muted_days(org_code: str, since: date, today: date, catalog: Catalog) -> int:
    days = (since + timedelta(days=place) for place in range((today - since).days))
    return sum(muted(org_code, day, catalog) is not None for day in days) if catalog.alerts.mutes else 0


def mutings(incidents: Iterable[Incident], now: datetime, catalog: Catalog) -> list[Event]:
    """Return one event for each open incident that a mute window (静默) begins to hold back."""
    events = []
    for incident in incidents:
        mute = muted(incident.matter.org_code, guizhou_day(now), catalog)
        if incident.is_open and mute and mute.id not in incident.muted_by:
            events.append(_next(incident, now, "muted", incident.last.state, note=mute.id))
    return events


def muted(org_code: str, day: date, catalog: Catalog) -> Mute | None:
    """Return the mute window that holds a unit on a day, None where there is none."""
    above = {org_code}
    while (org := catalog.tree[org_code]).parent:
        org_code = org.parent or ""
        above.add(org_code)
    held = (mute for mute in catalog.alerts.mutes if mute.unit in above and mute.first_day <= day <= mute.last_day)
    return next(held, None)


def act(
    incident: Incident, kind: str, actor: str, note: str | None, now: datetime, expires_on: date | None = None
) -> Event:
    """Return the event of what a person does: acknowledged, explained, returned or resolved.

    Raises ActionRefusedError where its state does not allow it, and for the explanation of what must be fixed.
    """
    allowed, state = ACTIONS[kind]
    if incident.last.state not in allowed:
        raise ActionRefusedError(f"问题单 {incident.incident_id} 现为“{STATES[incident.last.state]}”，不能这样处理。")
    if kind == "explained" and incident.matter.is_must_fix:
        raise ActionRefusedError(f"问题单 {incident.incident_id} 中有必须改正的问题，不能只作说明：请改正后重报。")
    return replace(_next(incident, now, kind, state, note=note), actor=actor, expires_on=expires_on)


def _next(
    incident: Incident,
    now: datetime,
    kind: str,
    state: str,
    *,
    matter: Matter | None = None,
    due_on: date | None = None,
    owner: str | None = None,
    note: str | None = None,
) -> Event:
    last = incident.last
    return Event(
        incident_id=last.incident_id,
        sequence=last.sequence + 1,
        happened_at=now,
        kind=kind,
        state=state,
        matter=matter or last.matter,
        due_on=due_on or last.due_on,
        owner=owner or last.owner,
        actor=PROGRAM,
        note=note,
    )
