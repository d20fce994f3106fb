"""Rules of the station registry (联络站台账), beside those that every export has."""

from __future__ import annotations

import pandas as pd

from catalog import Catalog
from expectations.rules import Rule, Suite
from expectations.suites import standard

# 八有
_EIGHT = {
    "has_premises": "场地",
    "has_equipment": "设施",
    "has_staff": "人员",
    "has_rules": "制度",
    "has_plan": "计划",
    "has_activities": "活动",
    "has_records": "记录",
    "has_safeguards": "保障",
}

_RULES = (
    Rule(
        name="ExpectOpeningDateOfClosedStation",
        severity="warning",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "opened_state_if_closed", "value_set": ("blank",)},
        reason="填了撤销日期的站点，应有建成日期。",
        message="填了“撤销日期”，却没有“建成日期”，这个站点计不进任何一期。请补填建成日期。",
        column_name="opened_on",
        cell=standard.of_column("opened_on"),
    ),
    Rule(
        name="ExpectModelStationToMeetEight",
        severity="warning",
        scope="row",
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "lacking_if_model", "value_set": ("",)},
        reason="示范站应“八有”齐全。",
        message="登记为示范站，“八有”中却有没填“是”的项：{lacking_if_model}。请核对是否仍是示范站，或补填齐全。",
        column_name="is_model",
        cell=standard.of_column("is_model"),
    ),
    Rule(
        name="ExpectTownshipOfLiaisonStation",
        severity="warning",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "township_state_if_station", "value_set": ("blank",)},
        reason="联络站应写明所属乡镇（街道）。",
        message="联络站没有填“所属乡镇”，它的数只能计到县，计不到乡镇（街道）。请补填。",
        column_name="township_code",
        cell=standard.of_column("township_code"),
    ),
)


def suites(catalog: Catalog) -> tuple[Suite, ...]:
    """Return the suites of the station registry."""
    return standard.suites(catalog, "station", _RULES, _derive)


def _derive(records: pd.DataFrame) -> pd.DataFrame:
    lacking = pd.Series("", index=records.index, dtype="str")
    for name, zh in _EIGHT.items():
        lacking += records[name].fillna(False).astype("bool").map({True: "", False: f"、{zh}"}).astype("str")
    return records.assign(
        opened_state_if_closed=records["opened_on_state"].where(records["closed_on"].notna()),
        lacking_if_model=lacking.str.removeprefix("、").where(records["is_model"].fillna(False).astype("bool")),
        township_state_if_station=records["township_code_state"].where(records["station_kind"].eq("联络站")),
    )
