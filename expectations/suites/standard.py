"""The rules that every export has, made from its catalog entry.

They ask for columns that are there, fields filled and read, codes known, records told once, dates in order and past,
numbers that a record can hold.

Never quotes a value, not even of an export without personal data: column, cell and what is expected must do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pandas as pd

from catalog import Catalog, Column, Export
from expectations.arrival import local_arrival
from expectations.rules import Frames, Locate, Rule, Suite, at, not_below, unique

Derive = Callable[[pd.DataFrame], pd.DataFrame]

_DATES = ("date", "datetime")
_NUMBERS = {"count": "Int64", "amount": "float64"}
_UNREADABLE = ("unreadable", "unknown")
# Clocks of systems differ, and some write tomorrow's date at midnight.
_AHEAD = pd.Timedelta(days=1)
_DAY_END = pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)
# No record counts so much: an identity or phone number in the wrong column does, and would break every sum.
_IMPOSSIBLE = 10_000_000
# Stands for the line in a place's template while it is cut in two; no text of a file holds it.
_LINE = "\0"
_EXPECTED = {
    "text": "应是编号或文字",
    "date": "应是日期，如 2026-06-01",
    "datetime": "应是日期和时间，如 2026-06-01 15:00",
    "count": "应是不小于零的整数",
    "amount": "应是数，可有小数",
    "flag": "应填“是”或“否”",
    "county": "应是贵州省的县（市、区、特区），写名称或代码都可以",
    "township": "应是所属县（市、区、特区）的乡镇（街道），写名称或代码都可以",
}


def suites(
    catalog: Catalog, name: str, extra: Sequence[Rule] = (), derive: Derive = lambda records: records
) -> tuple[Suite, ...]:
    """Return the suites of export `name`: one over its columns, one over its records.

    `extra` are the export's own rules on its records, `derive` adds the columns that they read.
    """
    export = catalog.exports[name]
    fields = (*_filled(export), *_read(export), *_dated(export, catalog), *_counted(export))
    rules = (_whole(export), _numbered(export), _told_once(export), *fields, *extra)
    return (
        Suite(f"{name}.columns", "header", partial(_columns, export), (_PRESENT,)),
        Suite(f"{name}.records", "records", partial(_records, catalog, export, derive), rules),
    )


def of_column(name: str) -> Locate:
    """Find the cell of stored column `name` by its table's `column_refs`; a missing column has none."""

    def locate(rows: pd.DataFrame, frames: Frames) -> pd.Series:
        places = {table: refs[name] for table, refs in _refs(frames["header"]).items() if name in refs}
        halves = {table: place.format(line=_LINE).partition(_LINE) for table, place in places.items()}
        before = rows["table_id"].map({table: half[0] for table, half in halves.items()}).astype("str")
        after = rows["table_id"].map({table: half[2] for table, half in halves.items()}).astype("str")
        return before + rows["line"].astype("Int64").astype("str") + after

    return locate


def possible(name: str) -> str:
    """Return the judged frame's column that holds number `name` where it is one that a record can hold."""
    return f"{name}_if_possible"


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
    refs = _refs(header)
    tables = header[["delivery_id", "table_id"]]
    return pd.concat(
        [
            tables.assign(
                column_name=column.name,
                zh=column.zh,
                headers="、".join(column.headers),
                place=header["table_id"].map({table: found.get(column.name) for table, found in refs.items()}),
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
            yield Rule(
                name="ExpectRequiredFieldFilled",
                severity="critical",
                scope="row",
                expectation="ExpectColumnValuesToNotBeInSet",
                arguments={"column": f"{column.name}_state", "value_set": ("blank",)},
                reason="必填项不应空着。",
                message=f"“{column.zh}”是必填项，这里空着。请在系统中补填后重新导出。",
                column_name=column.name,
                cell=of_column(column.name),
            )


def _read(export: Export) -> Iterator[Rule]:
    for column in export.stored_columns:
        if not _has_state(column):
            continue
        name, reason = {
            "county": ("ExpectCountyToBeKnown", "所属县区应是贵州省的县（市、区、特区）。"),
            "township": ("ExpectTownshipToBeKnown", "所属乡镇应是该县（市、区、特区）的乡镇或街道。"),
            "code": ("ExpectCodeToBeAllowed", "有固定取值的项应填其中之一。"),
        }.get(column.type, ("ExpectFieldToBeReadable", "日期、数、编号和是否项应能识别。"))
        yield Rule(
            name=name if column.required else f"{name}IfGiven",
            severity="critical" if column.required else "warning",
            scope="row",
            expectation="ExpectColumnValuesToNotBeInSet",
            arguments={"column": f"{column.name}_state", "value_set": _UNREADABLE},
            reason=f"必填项：{reason}" if column.required else f"选填项，填了的话：{reason}",
            message=f"“{column.zh}”填的内容无法识别：{_expected(column)}。请在系统中改正后重新导出。",
            column_name=column.name,
            cell=of_column(column.name),
        )


def _expected(column: Column) -> str:
    return _EXPECTED.get(column.type) or f"应填{'、'.join(column.values)}之一"


def _numbered(export: Export) -> Rule:
    key = export.column(export.key)
    return Rule(
        name="ExpectRecordIdToBeUnique",
        severity="critical",
        scope="row",
        expectation="ExpectCompoundColumnsToBeUnique",
        arguments=unique("delivery_id", f"{key.name}_once"),
        reason="同一份文件中，一个编号只应有一条记录。",
        message=f"这条记录的“{key.zh}”在同一份文件中出现了不止一次，无法判断以哪一条为准。请删去重复的记录，或改正编号后重新导出。",
        column_name=key.name,
        cell=of_column(key.name),
    )


def _told_once(export: Export) -> Rule:
    # Critical, since it must not be loaded a second time; nothing is lost by it, and the message says so.
    return Rule(
        name="ExpectRecordNotToBeRepeated",
        severity="critical",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "repeat_state", "value_set": ("repeated",)},
        reason="同一份文件中，一条记录只应出现一次；完全相同的只采用第一条。",
        message="这条记录与 {repeat_of} 完全相同，只按那一条采用一次，统计数字不受影响，不必重报。"
        "请查一查系统为什么把它导出了两次。",
        column_name=export.key,
        cell=of_column(export.key),
    )


def _dated(export: Export, catalog: Catalog) -> Iterator[Rule]:
    for before, name in zip(export.date_order, export.date_order[1:], strict=False):
        column = export.column(name)
        yield Rule(
            name="ExpectDatesInOrder",
            severity="critical",
            scope="row",
            expectation="ExpectColumnPairValuesAToBeGreaterThanB",
            arguments=not_below(f"{name}_latest", f"{name}_previous"),
            reason="各步骤的日期应依次往后，同一时间也可以。",
            message=f"“{column.zh}”早于它前面的步骤（“{export.column(before).zh}”，空着时看再前一步）。请核对这两个时间，改正后重新导出。",
            column_name=name,
            cell=of_column(name),
        )
    counted = {measure.when for measure in export.measures}
    for column in export.stored_columns:
        if column.type not in _DATES:
            continue
        if not column.may_be_future:
            yield Rule(
                name="ExpectDateNotInFuture",
                severity="critical",
                scope="row",
                expectation="ExpectColumnPairValuesAToBeGreaterThanB",
                arguments=not_below("latest_moment", column.name),
                reason="日期不应晚于收到文件的时间（允许差一天）。",
                message=f"“{column.zh}”晚于收到文件的时间，还没有发生的事不能填。请核对年月日，改正后重新导出。",
                column_name=column.name,
                cell=of_column(column.name),
            )
        if column.name in counted:
            yield Rule(
                name="ExpectDateNotTooEarly",
                severity="warning",
                scope="row",
                expectation="ExpectColumnPairValuesAToBeGreaterThanB",
                arguments=not_below(column.name, "earliest_moment"),
                reason="统计用的日期不应早于目录参数 earliest_year 规定的年份。",
                message=f"“{column.zh}”早于{catalog.parameters.earliest_year}年，计不进任何一期。请核对年份，填错的改正后重新导出。",
                column_name=column.name,
                cell=of_column(column.name),
            )


def _counted(export: Export) -> Iterator[Rule]:
    for column in export.stored_columns:
        if column.type == "count":
            yield Rule(
                name="ExpectCountNotNegative",
                severity="critical",
                scope="row",
                expectation="ExpectColumnValuesToBeBetween",
                arguments={"column": possible(column.name), "min_value": 0},
                reason="个数、人数不应小于零。",
                message=f"“{column.zh}”小于 0。请核对，改正后重新导出。",
                column_name=column.name,
                cell=of_column(column.name),
            )
        if column.type in _NUMBERS:
            yield Rule(
                name="ExpectPossibleNumber",
                severity="critical",
                scope="row",
                expectation="ExpectColumnValuesToBeBetween",
                arguments={
                    "column": column.name,
                    "min_value": -_IMPOSSIBLE,
                    "max_value": _IMPOSSIBLE,
                    "strict_min": True,
                    "strict_max": True,
                },
                reason="一条记录里的数不可能达到一千万。",
                message=f"“{column.zh}”的位数太多，一条记录里的数不可能达到一千万。"
                "请核对是否填错了列（如把电话号码填在这里），改正后重新导出。",
                column_name=column.name,
                cell=of_column(column.name),
            )


def _records(catalog: Catalog, export: Export, derive: Derive, frames: Frames) -> pd.DataFrame:
    header = frames["header"]
    records = frames["records"]
    dates = {column.name: "datetime64[us]" for column in export.stored_columns if column.type in _DATES}
    numbers = {column.name: _NUMBERS[column.type] for column in export.stored_columns if column.type in _NUMBERS}
    records = records.astype(dates | numbers)
    states = _states(export, header, records)
    received = records["table_id"].map(local_arrival(header))
    earliest = pd.Timestamp(year=catalog.parameters.earliest_year, month=1, day=1)
    added = {
        "latest_moment": received + _AHEAD,
        "earliest_moment": pd.Series(earliest, index=records.index),
        **{possible(name): records[name].where(records[name].abs().lt(_IMPOSSIBLE).fillna(False)) for name in numbers},
    }
    previous = None
    for name in export.date_order:
        moment = records[name]
        if previous is not None:
            # A date without a time may be any hour of its day.
            added[f"{name}_latest"] = moment.where(moment != moment.dt.normalize(), moment + _DAY_END)
            added[f"{name}_previous"] = previous
        previous = moment if previous is None else moment.fillna(previous)
    return derive(records.assign(**states, **added, **_repeats(export, records)))


def _repeats(export: Export, records: pd.DataFrame) -> dict[str, pd.Series]:
    """Mark records that say again what the first of their number says, and hide them from the rule of unique numbers.

    Where records of one number differ, none is a repeat: which of them holds cannot be told.
    """
    owner = ["delivery_id", export.key]
    hashed = [column.name for column in export.stored_columns if column.personal == "hash"]
    contents = records.groupby(owner, dropna=False)[["record_hash", *hashed]].transform("nunique", dropna=False)
    later = records.duplicated(owner) & records[export.key].notna() & contents.le(1).all(axis=1)
    return {
        "repeat_state": later.map({True: "repeated", False: "ok"}),
        "repeat_of": records.groupby(owner, dropna=False)["source_ref"].transform("first"),
        f"{export.key}_once": records[export.key].mask(later),
    }


def _states(export: Export, header: pd.DataFrame, records: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the `_state` columns as categories, missing where another finding already says what is wrong.

    That is: in a record of which nothing could be read (`record_state` says that once), under a column that the table
    does not have, and for townships of a county that is not known.
    """
    found = _refs(header)
    columns = [column for column in export.stored_columns if _has_state(column)]
    broken = (records[[f"{column.name}_state" for column in columns]] == "unreadable").all(axis=1)
    states = {"record_state": broken.map({True: "unreadable", False: "ok"}).astype("category")}
    for column in columns:
        state = records[f"{column.name}_state"].astype("category").mask(broken)
        if lacking := [table for table, refs in found.items() if column.required and column.name not in refs]:
            state = state.where(~records["table_id"].isin(lacking))
        if column.type == "township":
            state = state.where(records[f"{export.place}_state"].eq("ok"))
        states[f"{column.name}_state"] = state
    return states


def _has_state(column: Column) -> bool:
    return column.required or column.type != "text"


def _refs(header: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return each table's columns, as the parser found them, with the template of their cells' places."""
    return {table: json.loads(refs) for table, refs in zip(header["table_id"], header["column_refs"], strict=True)}
