"""Rules of the awards and model cases (表彰与典型案例), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import filled, plausible

_DERIVED = {
    "people_state_if_award": "case when award_kind = '表彰' then people_state end",
}

_RULES = (
    filled(
        "ExpectPeopleOfAward",
        "people",
        "people_state_if_award",
        reason="表彰应写明人数。",
        message="“类型”是表彰，却没有“人数”，表彰的人数计不到这一条。请补填；只表彰集体的请填 0。",
    ),
    plausible("ExpectPlausiblePeopleHonoured", "people", "人数", 10_000, "人", of="一次表彰"),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the awards and model cases."""
    return standard.suites(catalog, "award", _RULES, _DERIVED)
