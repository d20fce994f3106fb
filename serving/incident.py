"""An incident (问题单) as its journal tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from warehouse.journal import Event, Matter

PROGRAM = "系统"
_BEGINS = {"opened", "reopened", "returned"}


@dataclass(frozen=True)
class Incident:
    """An incident as its journal tells it: the last event, and what went before.

    A round begins when it is opened, opened again, or returned by an office; `rounds` counts those after the first,
    `since` is when the last one began (naive UTC), `escalated` names the units that it has risen to in it, with the
    time of each.
    """

    last: Event
    since: datetime
    rounds: int
    escalated: Mapping[str, datetime]
    muted_by: tuple[str, ...]
    closed_by_hand: bool

    @property
    def incident_id(self) -> str:
        """The incident's number."""
        return self.last.incident_id

    @property
    def matter(self) -> Matter:
        """What it holds now."""
        return self.last.matter

    @property
    def turn(self) -> str:
        """Its present round, as a part of message keys.

        The root cause is in it, hashed: a journal that was lost gives a number anew to something else.
        """
        mark = sha256(self.matter.root_cause.encode()).hexdigest()[:8]
        return f"{self.incident_id}|{mark}|{self.rounds}"

    @property
    def is_open(self) -> bool:
        """Whether it still asks somebody for something."""
        return self.last.state != "resolved"


def incidents_of(journal: Iterable[Event]) -> dict[str, Incident]:
    """Read the journal (by incident, in order) into incidents by root cause; of several the last."""
    by_id: dict[str, list[Event]] = {}
    for event in journal:
        by_id.setdefault(event.incident_id, []).append(event)
    return {events[-1].matter.root_cause: _incident(events) for events in by_id.values()}


def _incident(events: Sequence[Event]) -> Incident:
    starts = [place for place, event in enumerate(events) if event.kind in _BEGINS]
    begun = events[starts[-1] :]
    last_told = [event for event in events if event.kind in {*_BEGINS, "resolved"}][-1]
    return Incident(
        last=events[-1],
        since=begun[0].happened_at,
        rounds=len(starts) - 1,
        escalated={event.note or "": event.happened_at for event in begun if event.kind == "escalated"},
        muted_by=tuple(event.note or "" for event in events if event.kind == "muted"),
        closed_by_hand=last_told.kind == "resolved" and last_told.actor != PROGRAM,
    )
