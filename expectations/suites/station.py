"""Rules of the station registry (联络站台账), beside those that every export has."""

from __future__ import annotations

from catalog import Catalog
from expectations.rules import RecordSuite, Suite
from expectations.suites import standard
from expectations.suites.row_rules import filled, never

_OTHER_KINDS = ("联络室", "联络点", "网上联络站", "立法联系点")

_DERIVED = {
    "opened_state_if_closed": "case when closed_on is not null then opened_on_state end",
    # 八有
    "lacking_if_model": """
        case when is_model then concat_ws(
            '、',
            case when not coalesce(has_premises, false) then '场地' end,
            case when not coalesce(has_equipment, false) then '设施' end,
            case when not coalesce(has_staff, false) then '人员' end,
            case when not coalesce(has_rules, false) then '制度' end,
            case when not coalesce(has_plan, false) then '计划' end,
            case when not coalesce(has_activities, false) then '活动' end,
            case when not coalesce(has_records, false) then '记录' end,
            case when not coalesce(has_safeguards, false) then '保障' end
        ) end
    """,
    "township_state_if_station": "case when station_kind = '联络站' then township_code_state end",
    "kind_if_starred": "case when stars is not null then station_kind end",
    # A closed station may have been opened anew under another code.
    "first_if_open": """
        case when station_kind = '联络站' and township_code is not null and closed_on is null then
            first_value(source_ref) over (
                partition by delivery_id, township_code, station_kind, station_name, closed_on is null
                order by table_id, line
            )
        end
    """,
    "registered_if_open": """
        case when station_kind = '联络站' and township_code is not null and closed_on is null then
            case when station_code <> first_value(station_code) over (
                partition by delivery_id, township_code, station_kind, station_name, closed_on is null
                order by table_id, line
            ) then 'again' else 'once' end
        end
    """,
}

_RULES = (
    filled(
        "ExpectOpeningDateOfClosedStation",
        "opened_on",
        "opened_state_if_closed",
        reason="填了撤销日期的站点，应有建成日期。",
        message="填了“撤销日期”，却没有“建成日期”，这个站点计不进任何一期。请补填建成日期。",
    ),
    standard.row_rule(
        name="ExpectModelStationToMeetEight",
        severity="warning",
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "lacking_if_model", "value_set": ("",)},
        reason="示范站应“八有”齐全。",
        message="登记为示范站，“八有”中却有没填“是”的项：{lacking_if_model}。请核对是否仍是示范站，或补填齐全。",
        column="is_model",
    ),
    filled(
        "ExpectTownshipOfLiaisonStation",
        "township_code",
        "township_state_if_station",
        reason="联络站应写明所属乡镇（街道）。",
        message="联络站没有填“所属乡镇”，它的数只能计到县，计不到乡镇（街道）。请补填。",
    ),
    never(
        "ExpectStarsOnlyOfLiaisonStation",
        "stars",
        "kind_if_starred",
        _OTHER_KINDS,
        reason="只有联络站评定星级。",
        message="“站点类型”不是联络站，却填了“星级”。请核对站点类型，或去掉星级。",
    ),
    never(
        "ExpectLiaisonStationRegisteredOnce",
        "station_name",
        "registered_if_open",
        ("again",),
        reason="同一乡镇（街道）没有撤销的联络站，不应有两个用同一名称。",
        message="这个联络站与 {first_if_open} 同一乡镇（街道）、同一名称，编码却不同，联络站个数可能多计了一个。"
        "重复登记的请填“撤销日期”，不是同一个站的请把名称写清楚。",
    ),
)


def suites(catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of the station registry."""
    return standard.suites(catalog, "station", _RULES, _DERIVED)
