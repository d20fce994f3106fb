"""Rules of the supervision by deputies (监督活动), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import ordered, plausible, somebody

_DERIVED = {
    # A warning of the budget system (预算联网监督预警) comes of itself, without a deputy.
    "participants_if_held": "case when inspection_kind <> '预算预警' then participants end",
    # A negative number has a finding of its own.
    "settled_if_counted": "case when problems_settled >= 0 and problems_found >= 0 then problems_settled end",
}

_RULES = (
    somebody("participants", "参加代表人次", "participants_if_held"),
    plausible("ExpectPlausibleParticipants", "participants", "参加代表人次", 2000, "人次", of="一次活动"),
    plausible("ExpectPlausibleFindings", "problems_found", "发现问题数", 2000, "个", of="一次活动"),
    ordered(
        "ExpectSettledNotAboveFound",
        "problems_settled",
        "problems_found",
        "settled_if_counted",
        reason="整改完成数不应多于发现问题数。",
        message="“整改完成数”多于“发现问题数”。请核对这两个数，有没有把以前发现的问题也算在内。",
    ),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the supervision."""
    return standard.suites(catalog, "inspection", _RULES, _DERIVED)
