"""An incident (问题单) as its journal tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from warehouse.journal import Event, Matter

PROGRAM = "系统"


@dataclass(frozen=True)
class Incident:
    """An incident as its journal tells it: the last event, and what went before.

    `rounds` counts how often it was opened again: by the program, or by an office that returned it.
    """

    last: Event
    opened_at: datetime
    rounds: int
    escalated_to: tuple[str, ...]
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
    last_told = [event for event in events if event.kind in {"resolved", "reopened", "opened"}][-1]
    return Incident(
        last=events[-1],
        opened_at=events[0].happened_at,
        rounds=sum(event.kind in {"reopened", "returned"} for event in events),
        escalated_to=tuple(event.note or "" for event in events if event.kind == "escalated"),
        muted_by=tuple(event.note or "" for event in events if event.kind == "muted"),
        closed_by_hand=last_told.kind == "resolved" and last_told.actor != PROGRAM,
    )
