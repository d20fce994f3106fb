"""Rules of the programme's activities (活动记录), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import plausible, somebody

_RULES = (
    somebody("participants", "参加代表人次"),
    plausible("ExpectPlausibleParticipants", "participants", "参加代表人次", 10_000, "人次", of="一次活动"),
    plausible("ExpectPlausibleSuggestionsMade", "suggestions_made", "提出建议数", 2000, "件", of="一次活动"),
    plausible("ExpectPlausibleMattersSettled", "matters_settled", "办理实事数", 2000, "件", of="一次活动"),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the programme's activities."""
    return standard.suites(catalog, "activity", _RULES)
