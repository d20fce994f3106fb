"""Rules for the head of the county form: whose it is, of when, and when it was sent.

Does not choose between what a table and its file name say: where they differ, the county must.
"""

from __future__ import annotations

import pandas as pd

from catalog import Catalog
from expectations.arrival import local_arrival
from expectations.rules import Frames, Rule, at, equal, not_below, nowhere
from expectations.wording import period_zh, quoted

# The same bytes under another name are the same delivery, and are not taken again.
_MISNAMED = "表内写错的，改正表内后重报；只是文件名写错的，请在表内更新填报时间后以正确的文件名重报。"

HEADER = (
    Rule(
        name="ExpectReportingUnitToBeKnown",
        severity="critical",
        scope="table",
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "county_code"},
        reason="填报单位应是贵州省的县（市、区、特区）。",
        message="填报单位{unit_said}无法识别：不是贵州省的县（市、区、特区）。只收县级的表（一行一个乡镇、街道），"
        "请写明单位全称（如“兴义市人大常委会”）后重报。",
        column_name="county_code",
        cell=at("county_ref"),
    ),
    Rule(
        name="ExpectReportingUnitToMatchFileName",
        severity="critical",
        scope="table",
        expectation="ExpectColumnPairValuesToBeEqual",
        arguments=equal("county_code", "claimed_county_code"),
        reason="表内填报单位应与文件名所写的单位一致。",
        message="表内填报单位是“{county}”，文件名写的却是“{claimed_county}”。请核对报的是哪个单位的数：" + _MISNAMED,
        column_name="county_code",
        cell=at("county_ref"),
    ),
    Rule(
        name="ExpectPeriodToBeReadable",
        severity="critical",
        scope="table",
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "period"},
        reason="统计期应写明并能识别。",
        message="统计期{period_said}无法识别。请写成“2026年6月”“2026年第二季度”“2026年”或“2026年1-6月累计”后重报。",
        column_name="period",
        cell=at("period_ref"),
    ),
    Rule(
        name="ExpectPeriodToMatchFileName",
        severity="critical",
        scope="table",
        expectation="ExpectColumnPairValuesToBeEqual",
        arguments=equal("period_as_claimed", "claimed_period"),
        reason="表内统计期应与文件名所写的时间一致。",
        message="表内统计期是{period_zh}，文件名写的却是{claimed_zh}。请核对报的是哪一期的数：" + _MISNAMED,
        column_name="period",
        cell=at("period_ref"),
    ),
    Rule(
        name="ExpectPeriodToHaveBegun",
        severity="critical",
        scope="table",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("received_on", "begins_on"),
        reason="收到报表时，统计期应已经开始。",
        message="统计期{period_zh}在收到报表时（{received_on}）还没有开始。请核对年份和月份，改正后重报。",
        column_name="period",
        cell=at("period_ref"),
    ),
    Rule(
        name="ExpectPeriodToHaveEnded",
        severity="warning",
        scope="table",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("received_on", "full_on"),
        reason="收到报表时，统计期应已经结束（累计数除外）。",
        message="统计期{period_zh}到{full_on}才结束，报表却在{received_on}就收到了，数可能不全。请确认统计期；期满后请报全期的数。",
        column_name="period",
        cell=at("period_ref"),
    ),
    Rule(
        name="ExpectPeriodNotTooEarly",
        severity="critical",
        scope="table",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("year", "earliest_year"),
        reason="统计期不应早于目录参数 earliest_year 规定的年份。",
        message="统计期{period_zh}太早：只收{earliest_year}年及以后的报表。请核对年份，改正后重报。",
        column_name="period",
        cell=at("period_ref"),
    ),
    Rule(
        name="ExpectReportedOnNotAfterArrival",
        severity="warning",
        scope="table",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("received_on", "reported_on"),
        reason="填报时间不应晚于收到报表的日子。",
        message="填报时间写的是{reported_on}，报表却在{received_on}就收到了。先后按收到的日子{received_on}算；"
        "请核对填报时间，写错的请改正后重报。",
        column_name="reported_on",
        cell=nowhere,
    ),
    Rule(
        name="ExpectTownshipLines",
        severity="critical",
        scope="table",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "rows_in", "min_value": 1},
        reason="表中至少应有一行数据（乡镇、街道或合计）。",
        message="表中没有一行乡镇（街道）的数。请逐个乡镇（街道）填报后重报。",
        column_name="org_code",
        cell=nowhere,
    ),
)


def header_frame(catalog: Catalog, frames: Frames) -> pd.DataFrame:
    """Return the header frame with what its rules compare and say."""
    header = frames["header"]
    received = header["table_id"].map(local_arrival(header)).dt.normalize()
    start, end = pd.to_datetime(header["period_start"]), pd.to_datetime(header["period_end"])
    cumulative = header["basis"].eq("year_to_date")
    # A cumulative report is labelled by the month it ends in: that month must have begun, not January.
    begins = start.mask(cumulative, end.dt.to_period("M").dt.start_time)
    period, claimed = header["period"].astype("str"), header["claimed_period"].astype("str")
    return header.assign(
        unit_said=quoted(header["county_text"]),
        county=org_names(catalog, header["county_code"]),
        claimed_county=org_names(catalog, header["claimed_county_code"]),
        period_said=quoted(header["period_text"]),
        period_zh=period_zh(period) + cumulative.map({True: "（本年累计）", False: ""}),
        # A file name that gives only the year does not contradict a month of that year.
        period_as_claimed=period.where(claimed.str.len() != 4, period.str[:4]),
        claimed_period=claimed,
        claimed_zh=period_zh(claimed),
        received_on=received,
        reported_on=pd.to_datetime(header["reported_on"]),
        begins_on=begins,
        full_on=end.where(~cumulative & (begins <= received)),
        year=start.dt.year.astype("float64"),
        earliest_year=float(catalog.parameters.earliest_year),
    )


def org_names(catalog: Catalog, codes: pd.Series) -> pd.Series:
    """Return the names of the units with these codes."""
    return codes.map({org.code: org.name for org in catalog.tree}).astype("str")
