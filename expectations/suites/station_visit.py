"""Rules of station visits (进站履职记录), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import Rule, Suite
from expectations.suites import standard

# What one visit can hold before it looks like the figure of a month, or a slip of the pen.
_MOST_PEOPLE = 2000
_MOST_OPINIONS = 500

_RULES = (
    Rule(
        name="ExpectPlausiblePeopleReceived",
        severity="warning",
        scope="row",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": standard.possible("people_received"), "max_value": _MOST_PEOPLE},
        reason=f"一次进站接待的人数一般不超过 {_MOST_PEOPLE} 人。",
        message=f"“接待人数”超过 {_MOST_PEOPLE} 人，一次进站难以接待这么多。"
        "请核对有没有多写一位，或把一个月的数填成了一次。",
        column_name="people_received",
        cell=standard.of_column("people_received"),
    ),
    Rule(
        name="ExpectPlausibleOpinionsTaken",
        severity="warning",
        scope="row",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": standard.possible("opinions_taken"), "max_value": _MOST_OPINIONS},
        reason=f"一次进站收集的意见一般不超过 {_MOST_OPINIONS} 条。",
        message=f"“收集意见数”超过 {_MOST_OPINIONS} 条，一次进站难以收集这么多。"
        "请核对有没有多写一位，或把一个月的数填成了一次。",
        column_name="opinions_taken",
        cell=standard.of_column("opinions_taken"),
    ),
)


def suites(catalog: Catalog) -> tuple[Suite, ...]:
    """Return the suites of the station visits."""
    return standard.suites(catalog, "station_visit", _RULES)
