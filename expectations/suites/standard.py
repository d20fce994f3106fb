"""The rules that every export has, made from its catalog entry.

They ask for columns that are there, fields filled and read, codes known, records told once, dates in order and past,
numbers that a record can hold.

Never quotes a value, not even of an export without personal data: column, cell and what is expected must do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from catalog import Catalog, Column, Export
from expectations.rules import Frames, Locate, RecordSuite, Rule, Severity, Suite, at, not_below, unique
from expectations.suites.record_view import (
    IF_POSSIBLE,
    IMPOSSIBLE,
    NUMBERS,
    give_arrival,
    has_state,
    judged_rows,
    read_through,
    refs,
)

Derived = Mapping[str, str]

_DATES = ("date", "datetime")
_UNREADABLE = ("unreadable", "unknown")
# Stands for the line in a place's template while it is cut in two; no text of a file holds it.
_LINE = "\0"
_EXPECTED = {
    "text": "应是编号或文字",
    "date": "应是日期，如 2026-06-01",
    "datetime": "应是日期和时间，如 2026-06-01 15:00",
    "identifier": "应是编号，不能是人名、电话或证件号码",
    "year": "应是四位数的年份，如 2026",
    "count": "应是不小于零的整数",
    "amount": "应是数，可有小数",
    "flag": "应填“是”或“否”",
    "county": "应是贵州省的县（市、区、特区），写名称或代码都可以",
    "township": "应是所属县（市、区、特区）的乡镇（街道），写名称或代码都可以",
}


def suites(
    catalog: Catalog, name: str, extra: Sequence[Rule] = (), derived: Derived | None = None
) -> tuple[Suite | RecordSuite, ...]:
    """Return the suites of export `name`: one over its columns, one over its records.

    `extra` are the export's own rules on its records, `derived` the columns that they read beside those of
    `record_view`: a name to an SQL expression, which may read those before it.
    """
    export = catalog.exports[name]
    fields = (*_filled(export), *_read(export), *_dated(export, catalog), *_counted(export))
    rules = (_whole(export), _numbered(export), _told_once(export), *fields, *extra)
    known = derived or {}
    rules = tuple(replace(rule, rests_on=read_through(catalog, export, known, rule.columns)) for rule in rules)
    # Where each number is told once, nothing has to be counted by number.
    alike = {_numbered(export).name: "is_told_otherwise"}
    return (
        Suite(f"{name}.columns", "header", partial(_columns, export), (_PRESENT,)),
        RecordSuite(
            name=f"{name}.records",
            select=judged_rows(catalog, export, known),
            prepare=partial(give_arrival, export),
            rules=rules,
            conditions=alike,
        ),
    )


def of_column(name: str) -> Locate:
    """Find the cell of stored column `name` by its table's `column_refs`; a missing column has none."""

    def locate(rows: pd.DataFrame, frames: Frames) -> pd.Series:
        places = {table: found[name] for table, found in refs(frames["header"]).items() if name in found}
        halves = {table: place.format(line=_LINE).partition(_LINE) for table, place in places.items()}
        before = rows["table_id"].map({table: half[0] for table, half in halves.items()}).astype("str")
        after = rows["table_id"].map({table: half[2] for table, half in halves.items()}).astype("str")
        return before + rows["line"].astype("Int64").astype("str") + after

    return locate


def row_rule(
    *,
    name: str,
    severity: Severity,
    expectation: str,
    arguments: Mapping[str, Any],
    reason: str,
    message: str,
    column: str,
) -> Rule:
    """Return the rule of one record whose finding points at the cell of stored column `column`."""
    return Rule(
        name=name,
        severity=severity,
        scope="row",
        expectation=expectation,
        arguments=arguments,
        reason=reason,
        message=message,
        column_name=column,
        cell=of_column(column),
    )


def possible(name: str) -> str:
    """Return the judged frame's column that holds number `name` where it is one that a record can hold."""
    return IF_POSSIBLE.format(name)


_PRESENT = Rule(
    name="ExpectRequiredColumns",
    severity="critical",
    scope="table",
    expectation="ExpectColumnValuesToNotBeNull",
    arguments={"column": "place"},
    reason="每个必填项都应有一列。",
    message="没有找到必填的“{zh}”列（认得的表头：{headers}）。请补上这一列，或把表头改成其中之一，重新导出。",
    column_name="{column_name}",
)


def _columns(export: Export, frames: Frames) -> pd.DataFrame:
    """Return one row a table and required column, with the column's place where it was found."""
    header = frames["header"]
    found = refs(header)
    tables = header[["delivery_id", "table_id"]]
    return pd.concat(
        [
            tables.assign(
                column_name=column.name,
                zh=column.zh,
                headers="、".join(column.headers),
                place=header["table_id"].map({table: places.get(column.name) for table, places in found.items()}),
            )
            for column in export.columns
            if column.required
        ]
    )


def _whole(export: Export) -> Rule:
    return Rule(
        name="ExpectRecordToBeReadable",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "record_state", "value_set": ("unreadable",)},
        reason="每条记录都应完整，能读出来。",
        message="这条记录一项也读不出来：文件可能没有导完或没有传完，"
        "或者这一行的列数多于表头（内容里的逗号没有加引号）。请重新导出这份文件。",
        column_name=export.key,
        cell=at("source_ref"),
    )


def _filled(export: Export) -> Iterator[Rule]:
    for column in export.stored_columns:
        if column.required:
            yield row_rule(
                name="ExpectRequiredFieldFilled",
                severity="critical",
                expectation="ExpectColumnValuesToNotBeInSet",
                arguments={"column": f"{column.name}_state", "value_set": ("blank",)},
                reason="必填项不应空着。",
                message=f"“{column.zh}”是必填项，这里空着。请在系统中补填后重新导出。",
                column=column.name,
            )


def _read(export: Export) -> Iterator[Rule]:
    for column in export.stored_columns:
        if not has_state(column):
            continue
        name, reason = {
            "county": ("ExpectCountyToBeKnown", "所属县区应是贵州省的县（市、区、特区）。"),
            "township": ("ExpectTownshipToBeKnown", "所属乡镇应是该县（市、区、特区）的乡镇或街道。"),
            "code": ("ExpectCodeToBeAllowed", "有固定取值的项应填其中之一。"),
        }.get(column.type, ("ExpectFieldToBeReadable", "日期、数、编号和是否项应能识别。"))
        yield row_rule(
            name=name if column.required else f"{name}IfGiven",
            severity="critical" if column.required else "warning",
            expectation="ExpectColumnValuesToNotBeInSet",
            arguments={"column": f"{column.name}_state", "value_set": _UNREADABLE},
            reason=f"必填项：{reason}" if column.required else f"选填项，填了的话：{reason}",
            message=f"“{column.zh}”填的内容无法识别：{_expected(column)}。请在系统中改正后重新导出。",
            column=column.name,
        )


def _expected(column: Column) -> str:
    return _EXPECTED.get(column.type) or f"应填{'、'.join(column.values)}之一"


def _numbered(export: Export) -> Rule:
    key = export.column(export.key)
    return row_rule(
        name="ExpectRecordIdToBeUnique",
        severity="critical",
        expectation="ExpectCompoundColumnsToBeUnique",
        arguments=unique("delivery_id", f"{key.name}_once"),
        reason="同一份文件中，一个编号只应有一条记录。",
        message=f"这条记录的“{key.zh}”在同一份文件中出现了不止一次，无法判断以哪一条为准。请删去重复的记录，或改正编号后重新导出。",
        column=key.name,
    )


def _told_once(export: Export) -> Rule:
    # Critical, since it must not be loaded a second time; nothing is lost by it, and the message says so.
    return row_rule(
        name="ExpectRecordNotToBeRepeated",
        severity="critical",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "repeat_state", "value_set": ("repeated",)},
        reason="同一份文件中，一条记录只应出现一次；完全相同的只采用第一条。",
        message="这条记录与 {repeat_of} 完全相同，只按那一条采用一次，统计数字不受影响，不必重报。"
        "请查一查系统为什么把它导出了两次。",
        column=export.key,
    )


def _dated(export: Export, catalog: Catalog) -> Iterator[Rule]:
    for before, name in zip(export.date_order, export.date_order[1:], strict=False):
        column = export.column(name)
        yield row_rule(
            name="ExpectDatesInOrder",
            severity="critical",
            expectation="ExpectColumnPairValuesAToBeGreaterThanB",
            arguments=not_below(f"{name}_latest", f"{name}_previous"),
            reason="各步骤的日期应依次往后，同一时间也可以。",
            message=f"“{column.zh}”早于它前面的步骤（“{export.column(before).zh}”，空着时看再前一步）。请核对这两个时间，改正后重新导出。",
            column=name,
        )
    counted = {measure.when for measure in export.measures}
    for column in export.stored_columns:
        if column.type == "year":
            yield from _in_years(column, catalog)
        if column.type not in _DATES:
            continue
        if not column.may_be_future:
            yield row_rule(
                name="ExpectDateNotInFuture",
                severity="critical",
                expectation="ExpectColumnPairValuesAToBeGreaterThanB",
                arguments=not_below("latest_moment", column.name),
                reason="日期不应晚于收到文件的时间（允许差一天）。",
                message=f"“{column.zh}”晚于收到文件的时间，还没有发生的事不能填。请核对年月日，改正后重新导出。",
                column=column.name,
            )
        if column.name in counted:
            yield row_rule(
                name="ExpectDateNotTooEarly",
                severity="warning",
                expectation="ExpectColumnPairValuesAToBeGreaterThanB",
                arguments=not_below(column.name, "earliest_moment"),
                reason="统计用的日期不应早于目录参数 earliest_year 规定的年份。",
                message=f"“{column.zh}”早于{catalog.parameters.earliest_year}年，计不进任何一期。请核对年份，填错的改正后重新导出。",
                column=column.name,
            )


def _in_years(column: Column, catalog: Catalog) -> Iterator[Rule]:
    yield row_rule(
        name="ExpectYearNotInFuture",
        severity="critical",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below("latest_year", column.name),
        reason="年度不应晚于收到文件的下一年（下一年的项目可以提前填报）。",
        message=f"“{column.zh}”比收到文件的下一年还晚。请核对年份，改正后重新导出。",
        column=column.name,
    )
    yield row_rule(
        name="ExpectYearNotTooEarly",
        severity="warning",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": column.name, "min_value": catalog.parameters.earliest_year},
        reason="统计用的年度不应早于目录参数 earliest_year 规定的年份。",
        message=f"“{column.zh}”早于{catalog.parameters.earliest_year}年，计不进任何一期。请核对年份，填错的改正后重新导出。",
        column=column.name,
    )


def _counted(export: Export) -> Iterator[Rule]:
    for column in export.stored_columns:
        if column.type == "count":
            yield row_rule(
                name="ExpectCountNotNegative",
                severity="critical",
                expectation="ExpectColumnValuesToBeBetween",
                arguments={"column": possible(column.name), "min_value": 0},
                reason="个数、人数不应小于零。",
                message=f"“{column.zh}”小于 0。请核对，改正后重新导出。",
                column=column.name,
            )
        if column.type in NUMBERS:
            yield row_rule(
                name="ExpectPossibleNumber",
                severity="critical",
                expectation="ExpectColumnValuesToBeBetween",
                arguments={
                    "column": column.name,
                    "min_value": -IMPOSSIBLE,
                    "max_value": IMPOSSIBLE,
                    "strict_min": True,
                    "strict_max": True,
                },
                reason="一条记录里的数不可能达到一千万。",
                message=f"“{column.zh}”的位数太多，一条记录里的数不可能达到一千万。"
                "请核对是否填错了列（如把电话号码填在这里），改正后重新导出。",
                column=column.name,
            )
