"""Who is told what, and when (告警路由): the messages that follow from incidents, by the catalog's routes.

The nearest unit with a route is told; above it only when nothing has happened for a while. A message has a key and is
written once: the same state of the same incident is never told twice to the same route. Refuses to send: that is the
outbox's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from catalog import Catalog
from catalog.alerting import Route
from serving import notices
from serving.incident import Incident
from serving.moments import after_quiet, guizhou_day, utc_of
from serving.naming import unit_zh
from warehouse.journal import Due, Matter, Message, Told


def _chain(org_code: str, catalog: Catalog) -> list[str]:
    """Return a unit and those above it, the nearest first."""
    found = [org_code]
    while (org := catalog.tree[found[-1]]).parent:
        found.append(org.parent or "")
    return found


def routes_at(unit: str, system: int | None, catalog: Catalog) -> list[Route]:
    """Return a unit's routes for a system (None: a county's own forms): those of that system, else the general ones."""
    here = [route for route in catalog.alerts.routes if route.unit == unit]
    special = [route for route in here if system in route.systems]
    return special or [route for route in here if not route.systems]


def nearest(matter: Matter, catalog: Catalog) -> tuple[str | None, list[Route]]:
    """Return the nearest unit with a route for a matter, and its routes; None where nobody is told."""
    for unit in _chain(matter.org_code, catalog):
        if found := routes_at(unit, matter.system, catalog):
            return unit, found
    return None, []


def office_of(matter: Matter, catalog: Catalog) -> str:
    """Return the office that answers for a matter: that of the nearest route."""
    _, routes = nearest(matter, catalog)
    return routes[0].office if routes else "（未设告警路由）"


def escalation_path(matter: Matter, catalog: Catalog) -> list[tuple[str, int]]:
    """Return the units above the nearest route that have routes, each with the age in days that makes it theirs."""
    told, _ = nearest(matter, catalog)
    chain, days, found = _chain(matter.org_code, catalog), 0, []
    for unit, above in pairwise(chain):
        days += catalog.alerts.escalate_days.get(catalog.tree[unit].level, 0)
        if told and chain.index(above) > chain.index(told) and routes_at(above, matter.system, catalog):
            found.append((above, days))
    return found


def messages(
    incidents: Sequence[Incident],
    due: Sequence[Due],
    told: Told,
    is_muted: Mapping[str, bool],
    now: datetime,
    catalog: Catalog,
) -> list[Message]:
    """Return the messages that are not written yet: at once, escalated, ended, reminders and the day's digest.

    `told` is what was written so far; `is_muted` says of each unit whether a mute window holds it today; `now` is
    naive UTC.
    """
    heard = [incident for incident in incidents if not is_muted.get(incident.matter.org_code, False)]
    asked = [entry for entry in due if not is_muted.get(entry.org_code, False)]
    written = [
        *_of_incidents(heard, told, now, catalog),
        *_reminders(asked, told, now, catalog),
        *_digests(heard, told, now, catalog),
    ]
    return sorted(written, key=lambda message: message.not_before)


def _of_incidents(incidents: Iterable[Incident], told: Told, now: datetime, catalog: Catalog) -> Iterator[Message]:
    """Yield what each incident has to say: to its nearest routes at once, to those it rises to, to all told its end."""
    heard: dict[str, set[tuple[str, str]]] = {}
    for key in told.keys:
        what, route, channel = key.rsplit("|", 2)
        if what.startswith(("opened|", "escalated|")):
            heard.setdefault("|".join(what.split("|")[1:4]), set()).add((route, channel))
    for incident in incidents:
        if not incident.is_open:
            known = heard.get(incident.turn)
            if known:
                content, key = notices.resolved(incident, catalog), f"resolved|{incident.turn}"
                ended = _to(catalog.alerts.routes, key, "resolved", content, incident, told, now, catalog)
                yield from (message for message in ended if (message.route, message.channel) in known)
            continue
        if incident.matter.cause in catalog.alerts.at_once:
            _, routes = nearest(incident.matter, catalog)
            kind, content = ("reopened" if incident.rounds else "opened"), notices.opened(incident, catalog)
            yield from _to(routes, f"opened|{incident.turn}", kind, content, incident, told, now, catalog)
        for unit, _ in escalation_path(incident.matter, catalog):
            if unit_zh(catalog, unit) in incident.escalated:
                above = routes_at(unit, incident.matter.system, catalog)
                content = notices.escalated(incident, unit, now, catalog)
                key = f"escalated|{incident.turn}|{unit}"
                yield from _to(above, key, "escalated", content, incident, told, now, catalog)


def _reminders(due: Iterable[Due], told: Told, now: datetime, catalog: Catalog) -> Iterator[Message]:
    """Yield one reminder a route, duty, period and due day, with all the units that have not reported."""
    asked: dict[tuple[str, str], list[Due]] = {}
    routes: dict[str, Route] = {}
    for entry in due:
        for unit in _chain(entry.org_code, catalog):
            if found := routes_at(unit, None, catalog):
                for route in found:
                    routes[route.id] = route
                    asked.setdefault((route.id, f"{entry.duty}|{entry.period}|{entry.due_date}"), []).append(entry)
                break
    for (route_id, what), entries in asked.items():
        content = notices.reminder(entries, catalog)
        yield from _to([routes[route_id]], f"reminder|{what}", "reminder", content, None, told, now, catalog)


def _digests(incidents: Iterable[Incident], told: Told, now: datetime, catalog: Catalog) -> Iterator[Message]:
    """Yield the day's digest of each route that has something new, or something overdue, to be told of."""
    day = guizhou_day(now)
    if now < utc_of(day, catalog.alerts.digest_at):
        return
    by_route: dict[str, list[Incident]] = {}
    for incident in incidents:
        _, routes = nearest(incident.matter, catalog)
        for route in routes if incident.is_open else ():
            by_route.setdefault(route.id, []).append(incident)
    for route in catalog.alerts.routes:
        mine = by_route.get(route.id, [])
        known = told.digested.get(route.id, frozenset())
        fresh = [i for i in mine if i.matter.cause not in catalog.alerts.at_once and i.turn not in known]
        overdue = [incident for incident in mine if incident.last.due_on < day]
        if fresh or overdue:
            content = notices.digest(mine, fresh, overdue, day)
            yield from _to([route], f"digest|{day}", "digest", content, None, told, now, catalog)


def _to(
    routes: Iterable[Route],
    key: str,
    kind: str,
    content: Mapping[str, object],
    incident: Incident | None,
    told: Told,
    now: datetime,
    catalog: Catalog,
) -> Iterator[Message]:
    """Yield the message for each channel of the routes, where it has not been written before."""
    for route in routes:
        for channel in route.channels:
            own = f"{key}|{route.id}|{channel}"
            if own not in told.keys:
                yield Message(
                    message_key=own,
                    kind=kind,
                    incident_id=incident.incident_id if incident else None,
                    route=route.id,
                    channel=channel,
                    content=json.dumps(content, ensure_ascii=False),
                    created_at=now,
                    not_before=after_quiet(now, catalog.alerts.quiet_hours),
                )
