"""Rules of the trainings (学习培训), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import plausible, somebody

_RULES = (
    somebody("attendees", "参训人次"),
    plausible("ExpectPlausibleAttendees", "attendees", "参训人次", 5000, "人次", of="一次培训"),
    plausible(
        "ExpectPlausibleSessions",
        "sessions",
        "期数",
        100,
        "期",
        of="一次培训",
        advice="请核对是不是把人次或届数填在了这里。",
    ),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the trainings."""
    return standard.suites(catalog, "training", _RULES)
