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
from serving.incident import PROGRAM, Incident
from serving.moments import guizhou_day
from serving.naming import STATES, file_zh, unit_zh
from serving.routing import escalation_path, office_of
from warehouse.errors import WarehouseError
from warehouse.journal import Event, Matter

# What a person may do, to which states, and what it leads to.
ACTIONS: Mapping[str, tuple[frozenset[str], str]] = {
    "acknowledged": (frozenset({"open", "returned", "reopened"}), "acknowledged"),
    "explained": (frozenset({"open", "acknowledged", "returned", "reopened"}), "explained"),
    "returned": (frozenset({"acknowledged", "explained", "resolved"}), "returned"),
    "resolved": (frozenset({"open", "acknowledged", "explained", "returned", "reopened"}), "resolved"),
}


class ActionRefusedError(WarehouseError):
    """What somebody wants to do to an incident cannot be done; the message says why, in Chinese."""


def what_happened(
    found: Mapping[str, Matter],
    incidents: Mapping[str, Incident],
    mended: Mapping[tuple[str, str], str],
    now: datetime,
    catalog: Catalog,
) -> list[Event]:
    """Return the events that follow from what is wrong now (`found`, by root cause) and the incidents so far.

    `mended` names, by unit and period, the file that speaks for them now; `now` is naive UTC. Nothing has happened
    where nothing has changed.
    """
    events = _begun(found, incidents, now, catalog)
    for root_cause, incident in incidents.items():
        if incident.is_open and root_cause not in found:
            events.append(_next(incident, now, "resolved", "resolved", note=_ended_by(incident, mended)))
        elif incident.is_open and found[root_cause] != incident.matter:
            events.append(_next(incident, now, "changed", incident.last.state, matter=found[root_cause]))
    return events


def _begun(
    found: Mapping[str, Matter], incidents: Mapping[str, Incident], now: datetime, catalog: Catalog
) -> list[Event]:
    events = []
    year, count = guizhou_day(now).year, len({incident.incident_id for incident in incidents.values()})
    for root_cause, matter in found.items():
        due_on = guizhou_day(now) + timedelta(days=catalog.alerts.days_to_fix[matter.cause])
        incident = incidents.get(root_cause)
        if incident is None:
            count += 1
            number, owner = f"{year}-{count:05d}", office_of(matter, catalog)
            events.append(Event(number, 1, now, "opened", "open", matter, due_on, owner, PROGRAM))
        elif not incident.is_open and not (incident.closed_by_hand and matter == incident.matter):
            events.append(_next(incident, now, "reopened", "reopened", matter=matter, due_on=due_on))
    return events


def _ended_by(incident: Incident, mended: Mapping[tuple[str, str], str]) -> str:
    """Say what ended it, as far as that is known."""
    matter = incident.matter
    if incident.last.state == "explained":
        return "说明已采用"
    file = mended.get((matter.org_code, matter.period or ""))
    if file and (file != matter.file or matter.cause == "late_report"):
        return f"已收到{file_zh(file)}"
    return "问题已不存在"


def escalations(incidents: Iterable[Incident], now: datetime, catalog: Catalog) -> list[Event]:
    """Return one event for each level above that an open incident has become old enough for (逐级上报)."""
    events = []
    for incident in incidents:
        age = (guizhou_day(now) - guizhou_day(incident.opened_at)).days
        for unit, days in escalation_path(incident.matter, catalog) if incident.is_open else ():
            name = unit_zh(catalog, unit)
            if age >= days and name not in incident.escalated_to:
                events.append(_next(incident, now, "escalated", incident.last.state, note=name))
                break  # one level at a time
    return events


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
        owner=last.owner,
        actor=PROGRAM,
        note=note,
    )
