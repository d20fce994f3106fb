"""The step that turns what is wrong into incidents, and incidents into messages; and what people do to incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

import catalog
from catalog.declared import Office
from pipeline import steps
from pipeline.pages import write_pages
from pipeline.settings import Settings
from serving.causes import matters
from serving.incident import Incident, incidents_of
from serving.lifecycle import ActionRefusedError, act, escalations, muted, mutings, what_happened
from serving.moments import guizhou_day
from serving.routing import messages
from transforms.masking import scrub
from warehouse import journal
from warehouse.duck import Connection, open_writer
from warehouse.finality import note_revisions
from warehouse.statements import transaction


@dataclass(frozen=True)
class Attended:
    """What a look at the incidents did: events by kind, and the titles of the messages written."""

    events: dict[str, int]
    alerts: tuple[dict[str, str], ...]


def attend(settings: Settings, now: datetime) -> Attended:
    """Bring the incidents up to date with what is wrong now, and write the messages that follow, in one transaction.

    Expects marts that are up to date. Done again, it changes nothing. `now` is timezone-aware: it decides what is
    overdue, what is escalated and what waits for the morning.
    """
    facts, moment = catalog.load(), now.astimezone(UTC).replace(tzinfo=None)
    with open_writer(settings.warehouse, facts) as con:
        note_revisions(con, now)
        with transaction(con):
            return _attend(con, moment, facts)


def _attend(con: Connection, moment: datetime, facts: catalog.Catalog) -> Attended:
    moment = journal.not_before(con, moment)
    today = guizhou_day(moment)
    incidents = incidents_of(journal.events(con))
    held = {root_cause for root_cause, incident in incidents.items() if incident.is_open}
    found = matters(journal.faults(con, today), held, facts)
    happened = what_happened(found, incidents, journal.mended_by(con), moment, facts)
    journal.write(con, happened, ())
    for rise in (mutings, escalations):
        risen = rise(incidents_of(journal.events(con)).values(), moment, facts)
        journal.write(con, risen, ())
        happened += risen
    standing = list(incidents_of(journal.events(con)).values())
    due = journal.due_soon(con, today)
    units = {i.matter.org_code for i in standing} | {entry.org_code for entry in due}
    is_muted = {unit: muted(unit, today, facts) is not None for unit in units}
    written = messages(standing, due, journal.told(con), is_muted, moment, facts)
    journal.write(con, (), written)
    kinds = [event.kind for event in happened]
    return Attended(
        events={kind: kinds.count(kind) for kind in sorted(set(kinds))},
        alerts=tuple(
            {"kind": message.kind, "route": message.route, "channel": message.channel, "title": journal.title(message)}
            for message in written
        ),
    )


def intervene(
    settings: Settings,
    incident_id: str,
    kind: str,
    who: str,
    note: str | None,
    now: datetime,
    until: date | None = None,
) -> Incident:
    """Write down what somebody does to an incident (acknowledged, explained, returned, resolved), and what follows.

    `who` is an office. The marts, the incidents and the release are brought up to date. Raises ActionRefusedError where
    it cannot be done, and LookupError for an incident that is not there.
    """
    facts, moment = catalog.load(), now.astimezone(UTC).replace(tzinfo=None)
    try:
        office = TypeAdapter(Office).validate_python(who)
    except ValidationError:
        raise ActionRefusedError(f"请写机关或科室（如 兴义市人大办），不写个人姓名：{who}") from None
    with open_writer(settings.warehouse, facts) as con, transaction(con):
        found = [i for i in incidents_of(journal.events(con)).values() if i.incident_id == incident_id]
        if not found:
            raise LookupError(f"没有问题单 {incident_id}：请用 daibiao incident list 查看编号。(No such incident.)")
        today = guizhou_day(moment)
        last = until or today + timedelta(days=facts.parameters.explanation_days)
        expires_on = last if kind == "explained" else None
        if expires_on and expires_on < today:
            raise ActionRefusedError(f"有效期 {expires_on} 已经过去，请核对。")
        event = act(found[0], kind, office, scrub(note) if note else None, moment, expires_on)
        journal.write(con, [event], ())
    steps.roll_up(settings)
    attend(settings, now)
    steps.publish(settings, now)
    write_pages(settings)
    with open_writer(settings.warehouse, facts) as con:
        incidents = incidents_of(journal.events(con)).values()
    return next(incident for incident in incidents if incident.incident_id == incident_id)
