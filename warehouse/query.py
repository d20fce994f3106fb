"""Answer one question from a release.

Read-only, one statement at a time, without access to files, network or settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from warehouse.duck import open_reader
from warehouse.errors import WarehouseError


class QueryError(WarehouseError):
    """The statement is not one, or DuckDB refuses it; the message says why, in Chinese first."""


class Answer(NamedTuple):
    """Column names, their DuckDB types, and the rows.

    A whole DECIMAL comes as int, another as float, so that a row can be written as JSON; dates and times stay as they
    are.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def query(release_file: Path, sql: str, params: Sequence[object] | Mapping[str, object] | None = None) -> Answer:
    """Run one statement against a release file.

    `params` fill `?` (a sequence) or `$name` (a mapping). Raises QueryError for anything but one statement that reads,
    and FileNotFoundError when there is no such release.
    """
    with open_reader(release_file) as con:
        try:
            statements = con.extract_statements(sql)
            if len(statements) != 1:
                raise QueryError(f"一次只能执行一条语句，这里有{len(statements)}条：请分开执行。")
            result = con.execute(statements[0], params)
            described = result.description or []
            rows = result.fetchall()
        except duckdb.Error as error:
            raise QueryError(f"{_advice(error)}\n{error}") from error
    return Answer(
        columns=tuple(column[0] for column in described),
        types=tuple(str(column[1]) for column in described),
        rows=tuple(tuple(_plain(value) for value in row) for row in rows),
    )


def _advice(error: duckdb.Error) -> str:
    """Say in Chinese what kind of mistake it is; DuckDB's own words, which name the place, follow."""
    known: tuple[tuple[type[duckdb.Error], str], ...] = (
        (duckdb.ParserException, "SQL 语法有误，请检查关键字、逗号和括号。"),
        (duckdb.CatalogException, "没有这个表、视图或函数，请核对名称（可用 show all tables 查看）。"),
        (duckdb.BinderException, "没有这个列，或类型不匹配，请核对列名（可用 describe 表名 查看）。"),
        (duckdb.ConversionException, "数据类型转换失败，请检查日期、数字的写法。"),
        (duckdb.PermissionException, "查询只能读取本发布版，不能访问其他文件。"),
        (duckdb.InvalidInputException, "发布版只读：不能修改数据或设置，参数也须与语句相符。"),
    )
    return next((advice for kind, advice in known if isinstance(error, kind)), "查询未能执行。")


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
