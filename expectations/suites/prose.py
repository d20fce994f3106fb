"""Rules for figures read out of prose reports (文字报告): whose they are, of what, of when, and whether they can be.

Does not choose between two figures of one report that differ: reports speak of several matters by one indicator, so
both stand, with a warning. A figure of a unit outside the tree is kept in quarantine, never given to another unit.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from catalog import PROSE, Catalog
from expectations.arrival import local_arrival
from expectations.rules import Frames, Rule, Suite, at, not_below, nowhere, resting_on
from expectations.wording import quoted

_OTHER = "other"
# Measured like those of the catalog, and how an indicator of money has it.
_MEASURED_TOO = ("万元", "亿元")
# Reports in prose speak of years, forms of months: a unit's limit is wider than its townships' together.
_WIDER = 10
_LARGEST = 1e12
_TOWNSHIP_LIMIT = 100_000


def suites(catalog: Catalog) -> tuple[Suite, ...]:
    """Return the suites of prose reports: the report as a whole, and its figures."""
    limits = {"plausible_max": _indicator_limits(catalog), "times": _WIDER, "others": [_TOWNSHIP_LIMIT, _LARGEST]}
    return (
        Suite(f"{PROSE}.header", "header", _header, _HEADER),
        Suite(
            f"{PROSE}.figures",
            "figures",
            partial(_figures, catalog),
            resting_on(_FIGURES, {"ExpectPlausibleSize": limits}),
        ),
    )


_HEADER = (
    Rule(
        name="ExpectReportToNameItsUnit",
        severity="warning",
        scope="table",
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "org_code"},
        reason="报告应写明是哪个单位的，并且是贵州省的单位。",
        message="看不出是哪个单位的报告{unit_said}：文中各数按各自写明的单位计；以后的更正稿也无法与它对上。"
        "请在标题或落款写明单位全称（如“兴义市人大常委会”）后重报。",
        column_name="org_code",
        cell=nowhere,
    ),
    Rule(
        name="ExpectPeriodToBeReadable",
        severity="warning",
        scope="table",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "basis", "value_set": ("unstated",)},
        reason="报告应写明说的是哪一段时间。",
        message="看不出报告说的是哪一段时间：没有另写时间的数只能与相近月份的报表和系统统计数对照。"
        "请在标题写明时间（如“2026年6月”“2026年上半年”）后重报。",
        column_name="period",
        cell=nowhere,
    ),
    Rule(
        name="ExpectReportedOnNotAfterArrival",
        severity="warning",
        scope="table",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("received_on", "reported_on"),
        reason="报告写的日期不应晚于收到报告的日子。",
        message="报告写的日期是{reported_on}，却在{received_on}就收到了。先后按收到的日子{received_on}算；请核对日期，写错的请改正后重报。",
        column_name="reported_on",
        cell=nowhere,
    ),
    Rule(
        name="ExpectFiguresInReport",
        severity="warning",
        scope="table",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "rows_in", "min_value": 1},
        reason="报告中至少应有一个统计数。",
        message="报告中没有读到一个统计数，没有数入库。报告里确有统计数的，请写明单位、事项和计量单位后重报。",
        column_name="value",
        cell=nowhere,
    ),
)


def _header(frames: Frames) -> pd.DataFrame:
    header = frames["header"]
    return header.assign(
        unit_said=quoted(header["org_text"]).where(header["org_text"].notna(), ""),
        received_on=header["table_id"].map(local_arrival(header)).dt.normalize(),
        reported_on=pd.to_datetime(header["reported_on"]),
    )


_FIGURES = (
    Rule(
        name="ExpectUnitToBeInTree",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "org_code"},
        reason="每个数应是单位目录中某一单位（省、市州、县、乡镇）的数；联络站、外省单位的数留在隔离区。",
        message="{where}“{phrase}”说的是{unit_said}的数，这个单位不在贵州省的单位目录中，无法归到任何一级。"
        "单位名称写得不全或写错的，请写明全称后重报；是联络站、村或外省单位的数，不必处理。",
        column_name="org_code",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectUnitOfMeasureToBeKnown",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "unit_state", "value_set": ("ok",)},
        reason="数后面应有计量单位，并且与指标的计量单位同类（人次、条、件、个可以互换，元、亩、% 不可以）。",
        message="{where}“{phrase}”的计量单位{measure_said}与“{indicator}”的{measure_wanted}不是一类，可能读错了指标。请核对原文。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectFigureNotNegative",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "value", "min_value": 0},
        reason="数不应小于零。",
        message="{where}“{phrase}”读成了 {value}，不能小于 0。请核对原文。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectCountToBeWhole",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "part_of_count", "value_set": (0.0,)},
        reason="人次、件、条、个等应是整数；金额、面积和百分比可以有小数。",
        message="{where}“{phrase}”读成了 {value}，以“{unit}”计的数应是整数。请核对小数点和“万”字。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectRateWithinHundred",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "share", "max_value": 100},
        reason="百分比应在 0 到 100 之间。",
        message="{where}“{phrase}”读成了 {value}%，超过了 100%。请核对原文；说的是增长多少的，不是比率，不必处理。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectPlausibleSize",
        severity="critical",
        scope="row",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("limit", "size"),
        reason="一个单位的数不应超过它所辖乡镇（街道）上限 plausible_max 之和的十倍。",
        message="{where}“{phrase}”读成了 {value} {unit}，超过了{org}的合理上限 {limit} {unit}。"
        "请核对有没有多写一位、“万”“亿”有没有写错。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectValueWithinItsInterval",
        severity="critical",
        scope="row",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("value", "value_low"),
        reason="数应在它自己的上下限之间。",
        message="{where}“{phrase}”读成了 {value}，却小于它的下限 {value_low}：读数有误，请联系数据工程师。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectValueWithinItsInterval",
        severity="critical",
        scope="row",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("value_high", "value"),
        reason="数应在它自己的上下限之间。",
        message="{where}“{phrase}”读成了 {value}，却大于它的上限 {value_high}：读数有误，请联系数据工程师。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectPeriodToHaveBegun",
        severity="critical",
        scope="row",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("received_on", "begins_on"),
        reason="收到报告时，数所说的时间应已经开始；计划数不是统计数。",
        message="{where}“{phrase}”说的时间到{begins_on}才开始，报告却在{received_on}就收到了。请核对年份；是计划数的，不必处理。",
        column_name="period",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectFigureToHaveAPeriod",
        severity="info",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "basis", "value_set": ("unstated",)},
        reason="每个数应能看出是哪一段时间的。",
        message="{where}“{phrase}”看不出是哪一段时间的数：照原样保留，只能与相近月份的报表和系统统计数对照。",
        column_name="period",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectNoContradictionInReport",
        severity="warning",
        scope="row",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("lowest_high", "highest_low"),
        reason="同一份报告中，同一单位、同一指标、同一时间的数应当一致（约数按其范围比较）。同一指标下常有几件不同的事，"
        "所以几个数都保留，只作提醒，不替报告人取舍。",
        message="{where}“{phrase}”与{other_where}“{other_phrase}”都是{org}同一时间的“{indicator}”，数却不一致。"
        "说的是不同事项的，不必处理；写错的，请改正后重报。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
)


def _figures(catalog: Catalog, frames: Frames) -> pd.DataFrame:
    figures = frames["figures"]
    received = figures["table_id"].map(local_arrival(frames["header"])).dt.normalize()
    code, value = figures["indicator_code"], figures["value"].astype("float64")
    names = {name: indicator.name_zh for name, indicator in catalog.indicators.items()}
    wanted = code.map({name: indicator.unit for name, indicator in catalog.indicators.items()})
    measured = (*catalog.prose.units.measured, *_MEASURED_TOO)
    counted = value.where(~figures["unit"].isin(measured) & figures["unit"].notna())
    return _beside_others(figures).assign(
        where=_place(figures),
        unit_said=quoted(figures["org_text"]),
        org=figures["org_code"].map({org.code: org.name for org in catalog.tree}).astype("str"),
        indicator=code.map(names).fillna("未列入目录的事项").astype("str"),
        measure_said=quoted(figures["unit"]),
        measure_wanted=quoted(wanted),
        part_of_count=(counted % 1).round(4),
        share=value.where(figures["unit"].eq("%")),
        size=value.where(figures["unit"].ne("%")),
        limit=_limits(catalog, figures),
        received_on=received,
        begins_on=pd.to_datetime(figures["period_start"]),
    )


def _place(figures: pd.DataFrame) -> pd.Series:
    """Write `chars 120-135` as people count: the first character is number 1."""
    ends = figures["source_ref"].str.extract(r"(\d+)-(\d+)").astype("int64")
    return "第 " + (ends[0] + 1).astype("str") + " 至 " + ends[1].astype("str") + " 字"


def _limits(catalog: Catalog, figures: pd.DataFrame) -> pd.Series:
    """Return the most that a unit can have of an indicator: what its townships can have, ten times over."""
    townships: dict[str, int] = {}
    for org in catalog.tree.at_level("township"):
        unit: str | None = org.code
        while unit:
            townships[unit] = townships.get(unit, 0) + 1
            unit = catalog.tree[unit].parent
    below = {
        org.code: sum(townships.get(heir.code, 1) for heir in catalog.tree.heirs(org.code)) for org in catalog.tree
    }
    most = figures["indicator_code"].map(_indicator_limits(catalog)).fillna(_TOWNSHIP_LIMIT).astype("float64") * _WIDER
    return (most * figures["org_code"].map(below).fillna(1)).mask(figures["indicator_code"].eq(_OTHER), _LARGEST)


def _indicator_limits(catalog: Catalog) -> dict[str, int]:
    return {figure.indicator: figure.plausible_max for form in catalog.forms.values() for figure in form.figures}


def _beside_others(figures: pd.DataFrame) -> pd.DataFrame:
    """Set each figure of a known time beside the farthest other that the same report gives for the same thing."""
    same = ["table_id", "org_code", "is_inclusive", "indicator_code", "unit", "basis", "period"]
    is_whole = figures["indicator_code"].ne(_OTHER) & ~figures["is_breakdown"]
    is_told = is_whole & figures["basis"].ne("unstated")
    told = figures[is_told & figures[same].notna().all(axis=1)]
    groups = [told[name] for name in same]
    highest_low = told["value_low"].groupby(groups).transform("max")
    lowest_high = told["value_high"].groupby(groups).transform("min")
    lowest, highest = (
        told.index.to_series().where(told[column].eq(ends)).groupby(groups).transform("first")
        for column, ends in (("value_high", lowest_high), ("value_low", highest_low))
    )
    other = lowest.where(told["value_low"].eq(highest_low), highest)
    return figures.assign(
        highest_low=highest_low.where(other.ne(told.index.to_series())),
        lowest_high=lowest_high,
        other_where=other.map(_place(told)).astype("str"),
        other_phrase=other.map(told["phrase"]).astype("str"),
    )
