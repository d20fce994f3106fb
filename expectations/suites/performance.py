"""Rules of the deputies' performance (代表履职积分), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Rule, Suite, equal
from expectations.suites import standard
from expectations.suites.row_rules import never

_MOST_POINTS = 100

_OF_DEPUTY = """(
    partition by delivery_id, deputy_code order by table_id, line
    rows between unbounded preceding and unbounded following
)"""
_DERIVED = {
    "first_scored": """
        first_value(source_ref) over (
            partition by delivery_id, deputy_code, acted_on, action_kind order by table_id, line
        )
    """,
    # A deputy may file several suggestions, visit several families or settle several matters on one day.
    "action_scored": """
        case when
            deputy_code is not null and acted_on is not null
            and action_kind in ('出席会议', '进站', '视察', '调研', '执法检查', '述职', '学习培训')
        then
            case when performance_code <> first_value(performance_code) over (
                partition by delivery_id, deputy_code, acted_on, action_kind order by table_id, line
            ) then 'again' else 'once' end
        end
    """,
    # What most of the deputy's records say; where two say different things, the first of them.
    "level_usual": f"case when deputy_code is not null then mode(deputy_level) over {_OF_DEPUTY} end",
    # Deputies of higher levels act in several counties; those of a county or township do not.
    "county_if_local": "case when deputy_level in ('县', '乡') then county_code end",
    "county_usual": f"case when deputy_code is not null then mode(county_if_local) over {_OF_DEPUTY} end",
}


def _same(name: str, column: str, here: str, usual: str, *, reason: str, message: str) -> Rule:
    """Expect that `here` says what most of the deputy's records say."""
    return standard.row_rule(
        name=name,
        severity="warning",
        expectation="ExpectColumnPairValuesToBeEqual",
        arguments=equal(here, usual),
        reason=reason,
        message=message,
        column=column,
    )


_RULES = (
    standard.row_rule(
        name="ExpectPlausiblePoints",
        severity="warning",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={
            "column": standard.possible("points"),
            "min_value": 0,
            "strict_min": True,
            "max_value": _MOST_POINTS,
        },
        reason=f"一次履职的积分一般大于零，不超过 {_MOST_POINTS} 分。",
        message=f"“积分”不大于 0，或超过 {_MOST_POINTS} 分。请核对：扣分的请确认，把全年的积分填成一次的请改正。",
        column="points",
    ),
    never(
        "ExpectActionScoredOnce",
        "action_kind",
        "action_scored",
        ("again",),
        reason="会议、进站、视察、调研、执法检查、述职、培训，一名代表一天一类只应计一次分。",
        message="与 {first_scored} 是同一名代表同一天的同一类履职，编号却不同，积分可能重复计算。"
        "重复录入的请删去一条，不是同一天的请改正日期。",
    ),
    _same(
        "ExpectDeputyToHaveOneLevel",
        "deputy_level",
        "deputy_level",
        "level_usual",
        reason="同一份文件中，一个代表编号只应有一个层级。",
        message="“代表层级”与同一“代表编号”的多数记录不同。请核对层级；不同的代表用了同一编号的请改正编号，否则述职人数会少计。",
    ),
    _same(
        "ExpectLocalDeputyToHaveOneCounty",
        "county_code",
        "county_if_local",
        "county_usual",
        reason="同一份文件中，县、乡两级的一个代表编号只应属于一个县（市、区、特区）。",
        message="“所属县区”与同一“代表编号”的多数记录不同。"
        "请核对县区；不同的代表用了同一编号的请改正编号，否则述职人数会少计。",
    ),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the deputies' performance."""
    return standard.suites(catalog, "performance", _RULES, _DERIVED)
