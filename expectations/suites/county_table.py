"""Rules for the county form (县级活动情况统计表): its townships, its figures, its total line; its head's stand beside.

Does not correct anything, and adds nothing up that the parser has not: 合计 is held against the sum of its parts.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from catalog import Catalog
from expectations.rules import Frames, Rule, Suite, at, equal, not_below, resting_on, unique
from expectations.suites.county_header import HEADER, header_frame, org_names

FORM = "county_table"
# Money and points may be given to the decimal; people, items and events come whole.
_DECIMAL_UNITS = ("万元", "分")
# Figures are stored to four decimals; sums of decimals are compared to as many.
_DECIMALS = 4


# What a program left where it did not calculate a formula, as the parser writes it.
_UNCALCULATED = "#未计算"


def suites(catalog: Catalog) -> tuple[Suite, ...]:
    """Return the form's suites: header, rows, figures, pairs (办结 beside 收集), totals."""
    form = catalog.forms[FORM]
    header = resting_on(HEADER, {"ExpectPeriodNotTooEarly": {"earliest_year": catalog.parameters.earliest_year}})
    limits = {figure.indicator: figure.plausible_max for figure in form.figures}
    pairs = sorted((pair.part, pair.whole) for pair in form.at_most)
    return (
        Suite(f"{FORM}.header", "header", partial(header_frame, catalog), header),
        Suite(f"{FORM}.rows", "rows", partial(_rows, catalog), _ROWS),
        Suite(
            f"{FORM}.figures",
            "figures",
            partial(_figures, catalog),
            resting_on(_FIGURES, {"ExpectPlausibleSize": {"plausible_max": limits}}),
        ),
        Suite(
            f"{FORM}.pairs",
            "figures",
            partial(_pairs, catalog),
            resting_on(_PAIRS, {"ExpectPartNotAboveWhole": {"at_most": pairs}}),
        ),
        Suite(f"{FORM}.totals", "totals", partial(_totals, catalog), _TOTALS),
    )


_ROWS = (
    Rule(
        name="ExpectTownshipToBeKnown",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "org_state", "value_set": ("unknown",)},
        reason="每一行应是本县（市、区、特区）的乡镇或街道。",
        message="“{org_text}”不是{county}的乡镇（街道）。请核对名称有没有错别字、是不是填到了别的县，改正后重报。",
        column_name="org_code",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectTownshipOnlyOnce",
        severity="critical",
        scope="row",
        expectation="ExpectCompoundColumnsToBeUnique",
        arguments=unique("table_id", "org_code"),
        reason="同一张表中，一个乡镇（街道）只应有一行。",
        message="“{org_text}”（{org}）在这张表中有{times}行（第{lines}行），无法判断以哪一行为准。请合并或删去多余的行后重报。",
        column_name="org_code",
        cell=at("source_ref"),
    ),
)


def _rows(catalog: Catalog, frames: Frames) -> pd.DataFrame:
    rows = frames["rows"]
    county = rows["table_id"].map(frames["header"].set_index("table_id")["county_code"])
    known = rows["org_code"].notna().map({True: "ok", False: "unknown"})
    lines = rows["line"].astype("str").groupby([rows["table_id"], rows["org_code"]])
    return rows.assign(
        # Under an unknown county every township is unknown: the header's finding says it once.
        org_state=known.where(county.notna() & ~rows["is_total"].astype("bool")),
        county=org_names(catalog, county),
        org=org_names(catalog, rows["org_code"]),
        times=lines.transform("size"),
        lines=lines.transform("、".join),
    )


_FIGURES = (
    Rule(
        name="ExpectFigureToBeReadable",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "written_state", "value_set": ("unreadable",)},
        reason="指标栏里应填数；没有开展填“无”。",
        message="{org_text}的“{indicator}”填的是“{text}”，不是能识别的数。请填数字；没有开展的填“无”，是零的填 0。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectFigureToBeReadable",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "formula_state", "value_set": ("unreadable",)},
        reason="指标栏里应填数；没有开展填“无”。",
        message="{org_text}的“{indicator}”的公式没有计算结果，请在 Excel 或 WPS 中打开文件、保存后重报。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectFigureOnlyOncePerBook",
        severity="critical",
        scope="row",
        expectation="ExpectColumnPairValuesToBeEqual",
        arguments=equal("table_id", "stands_in"),
        reason="同一个文件的几张表中，一个乡镇（街道）同一期的一个指标只应填一次；重复而相同的，以第一处为准。",
        message="{org_text}的“{indicator}”在同一个文件的两张表中都填了：{source_ref} 是“{text}”，"
        "{other_ref} 是“{other_text}”，{judged}。请只保留一处，改正后重报。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectOneColumnPerIndicator",
        severity="critical",
        scope="row",
        expectation="ExpectCompoundColumnsToBeUnique",
        arguments=unique("table_id", "line", "indicator_code"),
        reason="同一张表中，一个指标只应有一栏。",
        message="{org_text}的“{indicator}”在同一行出现了不止一次（这里是“{text}”），无法判断以哪一栏为准。请删去多余的栏后重报。",
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
        message="{org_text}的“{indicator}”填的是“{text}”，不能小于 0。请核对；要冲减以前的数，请重报以前那一期的表。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectCountToBeWhole",
        severity="critical",
        scope="row",
        expectation="ExpectColumnPairValuesToBeEqual",
        arguments=equal("counted", "counted_whole"),
        reason="人次、件、条、个等应是整数；万元、分和百分比可以有小数。",
        message="{org_text}的“{indicator}”填的是“{text}”，以“{unit}”计的数应是整数。请核对小数点和单位。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectRateWithinHundred",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "rate", "max_value": 100},
        reason="百分比不应超过 100%。",
        message="{org_text}的“{indicator}”填的是“{text}”，超过了 100%。请核对分子和分母。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectPlausibleSize",
        severity="critical",
        scope="row",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("limit", "size"),
        reason="一个乡镇（街道）的数不应超过目录中该指标的上限 plausible_max（只报合计的，按乡镇个数放宽）。",
        message="{org_text}的“{indicator}”填的是“{text}”，超过了合理上限 {limit} {unit}。请核对有没有多写一位、"
        "单位“万”有没有写错；确实无误的，请联系省级统计人员调整上限后重报。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
    Rule(
        name="ExpectExactFigure",
        severity="info",
        scope="row",
        expectation="ExpectColumnValuesToBeNull",
        arguments={"column": "qualifier"},
        reason="数最好是准确数，不带“余”“近”“约”。",
        message="{org_text}的“{indicator}”填的是约数“{text}”，按 {value_low} 到 {value_high} 之间掌握。"
        "有准确数的，请填准确数。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
)


def _figures(catalog: Catalog, frames: Frames) -> pd.DataFrame:
    about = frames["header"][["table_id", "county_code", "period", "basis"]]
    rows = frames["rows"].merge(about, on="table_id", validate="many_to_one")
    rows = rows[["table_id", "line", "org_text", "is_total", "county_code", "period", "basis"]].astype(
        {"line": "Int64"}
    )
    figures = frames["figures"].astype({"line": "Int64"})
    figures = figures.merge(rows, on=["table_id", "line"], how="left", validate="many_to_one")
    uncalculated = figures["text"].eq(_UNCALCULATED)
    code, value = figures["indicator_code"], figures["value"].astype("float64")
    unit = code.map({name: indicator.unit for name, indicator in catalog.indicators.items()})
    ratio = code.map({name: indicator.kind == "ratio" for name, indicator in catalog.indicators.items()})
    counted = value.where(~ratio & ~unit.isin(_DECIMAL_UNITS)).round(_DECIMALS)
    limits = {figure.indicator: float(figure.plausible_max) for figure in catalog.forms[FORM].figures}
    townships = {
        org.code: sum(len(catalog.tree.children(heir.code)) for heir in catalog.tree.heirs(org.code))
        for org in catalog.tree
        if org.level == "county"
    }
    # A lone total line stands for all townships of its county.
    share = figures["county_code"].map(townships).where(figures["is_total"].eq(True), 1).fillna(1)
    return _beside_other_tables(figures).assign(
        indicator=_indicators(catalog, code),
        written_state=figures["state"].where(~uncalculated),
        formula_state=figures["state"].where(uncalculated),
        unit=unit,
        counted=counted,
        counted_whole=counted.round(),
        rate=value.where(ratio),
        size=value.where(~ratio),
        limit=code.map(limits) * share,
    )


def _beside_other_tables(figures: pd.DataFrame) -> pd.DataFrame:
    """Set each figure beside the same figure in another table of its delivery, and say which table it may stand in."""
    said = figures[figures["state"].isin(("figure", "none"))]
    key = [said[name] for name in ("delivery_id", "county_code", "period", "basis", "org_code", "indicator_code")]

    def first(values: pd.Series) -> pd.Series:
        return values.groupby(key).transform("first")

    first_table = first(said["table_id"])
    later = said["table_id"].ne(first_table)
    alike = said["value_low"].groupby(key).transform("nunique").eq(1) & said["value_high"].groupby(key).transform(
        "nunique"
    ).eq(1)
    # Where the figures differ, no table is the right one.
    stands_in = first_table.where(alike | ~first(later.where(later)).eq(True), "")
    return figures.assign(
        stands_in=stands_in,
        other_ref=first(said["source_ref"]).where(later, first(said["source_ref"].where(later))),
        other_text=first(said["text"]).where(later, first(said["text"].where(later))),
        judged=alike.map({True: "两处相同，以第一处为准", False: "两处不同，无法判断以哪一处为准"}),
    )


_PAIRS = (
    Rule(
        name="ExpectPartNotAboveWhole",
        severity="warning",
        scope="row",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("whole_high", "value_low"),
        reason="部分不应大于整体，如办结不多于收集（目录 at_most）。",
        message="{org_text}的“{indicator}”（{text}）大于“{whole}”（{whole_text}）。其中如有以前月份结转的，请确认；没有的，请核对这两个数。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
)


def _pairs(catalog: Catalog, frames: Frames) -> pd.DataFrame:
    """Set each part beside its whole, a row for each pair of the catalog and line of the sheet."""
    rows = frames["rows"][["table_id", "line", "org_text"]].astype({"line": "Int64"})
    figures = frames["figures"].astype({"line": "Int64"})
    figures = figures.merge(rows, on=["table_id", "line"], how="left")
    whole = figures[["table_id", "line", "indicator_code", "text", "value_high"]]
    whole = whole.rename(columns={"indicator_code": "whole_code", "text": "whole_text", "value_high": "whole_high"})
    rules = catalog.forms[FORM].at_most
    pairs = pd.DataFrame({"indicator_code": [r.part for r in rules], "whole_code": [r.whole for r in rules]})
    beside = figures.merge(pairs, on="indicator_code").merge(whole, on=["table_id", "line", "whole_code"])
    return beside.assign(
        indicator=_indicators(catalog, beside["indicator_code"]),
        whole=_indicators(catalog, beside["whole_code"]),
    )


_TOTALS = (
    Rule(
        name="ExpectTotalsToMatchParts",
        severity="warning",
        scope="table",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("highest_common", "lowest_common"),
        reason="合计应等于各乡镇（街道）之和（约数按其范围比较）。",
        message="“{indicator}”的合计填的是 {stated}，各乡镇（街道）相加是 {parts}，合计{direction} {difference}。"
        "请核对合计和各行的数；汇总以各行为准。",
        column_name="{indicator_code}",
        cell=at("source_ref"),
    ),
)


def _totals(catalog: Catalog, frames: Frames) -> pd.DataFrame:
    totals = frames["totals"]
    difference = totals["stated"].astype("float64") - totals["parts"].astype("float64")
    # With an unreadable part the sum is only a lower bound.
    parts_high = totals["parts_high"].where(totals["parts_unreadable"].eq(0), float("inf"))
    return totals.assign(
        indicator=_indicators(catalog, totals["indicator_code"]),
        lowest_common=totals[["stated_low", "parts_low"]].max(axis=1, skipna=False).round(_DECIMALS),
        highest_common=totals["stated_high"].combine(parts_high, min).round(_DECIMALS),
        direction=difference.ge(0).map({True: "多", False: "少"}),
        difference=difference.abs(),
    )


def _indicators(catalog: Catalog, codes: pd.Series) -> pd.Series:
    return codes.map({code: indicator.name_zh for code, indicator in catalog.indicators.items()}).astype("str")
