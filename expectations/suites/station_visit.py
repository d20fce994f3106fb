"""Rules of station visits (进站履职记录), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import never, plausible

# What one visit can hold before it looks like the figure of a month, or a slip of the pen.
_MOST_PEOPLE = 2000
_MOST_OPINIONS = 500

_DERIVED = {
    "people_if_opinions": "case when opinions_taken > 0 then people_received end",
    "first_visit": """
        first_value(source_ref) over (
            partition by delivery_id, deputy_key, deputy_level, station_code, visited_on order by table_id, line
        )
    """,
    # Records of one number are judged by that number alone.
    "visit_told": """
        case when deputy_key is not null and station_code is not null and visited_on is not null then
            case when visit_code <> first_value(visit_code) over (
                partition by delivery_id, deputy_key, deputy_level, station_code, visited_on order by table_id, line
            ) then 'again' else 'once' end
        end
    """,
}

_RULES = (
    plausible("ExpectPlausiblePeopleReceived", "people_received", "接待人数", _MOST_PEOPLE, "人", of="一次进站"),
    plausible("ExpectPlausibleOpinionsTaken", "opinions_taken", "收集意见数", _MOST_OPINIONS, "条", of="一次进站"),
    never(
        "ExpectPeopleBehindOpinions",
        "people_received",
        "people_if_opinions",
        (0,),
        reason="收集到意见的进站，应接待了群众。",
        message="“收集意见数”大于 0，“接待人数”却是 0。请核对接待人数，漏填的请补填。",
    ),
    never(
        "ExpectVisitToldOnce",
        "visited_on",
        "visit_told",
        ("again",),
        reason="一名代表一天在同一站点进站，只应有一条记录。",
        message="与 {first_visit} 是同一名代表同一天在同一站点进站，编号却不同，进站人次可能多计了一次。"
        "重复录入的请删去一条，不是同一名代表或同一天的请改正。",
    ),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the station visits."""
    return standard.suites(catalog, "station_visit", _RULES, _DERIVED)
