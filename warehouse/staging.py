"""Bring the parquet files of one intake into typed temporary tables, ready to be loaded set by set.

Reads only files that the pipeline wrote itself, never a landed one. Refuses a file that lacks a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow.dataset as parquet

from warehouse.errors import WarehouseError
from warehouse.statements import fill, literal, quote

DECIMAL = "DECIMAL(18,4)"

REPORTS: Mapping[str, str] = {
    "report_id": "VARCHAR",
    "form": "VARCHAR",
    "sheet": "VARCHAR",
    "title": "VARCHAR",
    "series": "VARCHAR",
    "org_code": "VARCHAR",
    "county_code": "VARCHAR",
    "period": "VARCHAR",
    "grain": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "basis": "VARCHAR",
    "reported_on": "DATE",
    "rows_in": "BIGINT",
    "rows_quarantined": "BIGINT",
    "is_nil": "BOOLEAN",
}
OBSERVATIONS: Mapping[str, str] = {
    "report_id": "VARCHAR",
    "org_code": "VARCHAR",
    "org_name_reported": "VARCHAR",
    "county_code": "VARCHAR",
    "indicator_code": "VARCHAR",
    "period": "VARCHAR",
    "grain": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "basis": "VARCHAR",
    "value": DECIMAL,
    "value_low": DECIMAL,
    "value_high": DECIMAL,
    "qualifier": "VARCHAR",
    "state": "VARCHAR",
    "unit": "VARCHAR",
    "source": "VARCHAR",
    "source_ref": "VARCHAR",
    "row_ref": "VARCHAR",
    "is_inclusive": "BOOLEAN",
    "is_breakdown": "BOOLEAN",
    "phrase": "VARCHAR",
    "period_phrase": "VARCHAR",
}
PARAGRAPHS: Mapping[str, str] = {
    "report_id": "VARCHAR",
    "paragraph_number": "BIGINT",
    "characters": "BIGINT",
    "digest": "VARCHAR",
    "source_ref": "VARCHAR",
}
EXPLANATIONS: Mapping[str, str] = {
    "org_code": "VARCHAR",
    "county_code": "VARCHAR",
    "indicator_code": "VARCHAR",
    "period": "VARCHAR",
    "rule": "VARCHAR",
    "asked": "VARCHAR",
    "cell": "VARCHAR",
    "text": "VARCHAR",
    "source_ref": "VARCHAR",
}
CHECKS: Mapping[str, str] = {
    "suite": "VARCHAR",
    "rule": "VARCHAR",
    "severity": "VARCHAR",
    "rule_version": "VARCHAR",
    "checked": "BIGINT",
    "failed": "BIGINT",
}
FINDINGS: Mapping[str, str] = {
    "table_id": "VARCHAR",
    "line": "BIGINT",
    "cell": "VARCHAR",
    "suite": "VARCHAR",
    "rule": "VARCHAR",
    "severity": "VARCHAR",
    "scope": "VARCHAR",
    "column_name": "VARCHAR",
    "message": "VARCHAR",
}
QUARANTINE: Mapping[str, str] = {
    "table_id": "VARCHAR",
    "line": "BIGINT",
    "source_ref": "VARCHAR",
    "rules": "VARCHAR",
    "reasons": "VARCHAR",
    "content": "VARCHAR",
}


class IntakeIncompleteError(WarehouseError):
    """A file of the intake lacks columns that the contract with the pipeline names."""


def stage(con: duckdb.DuckDBPyConnection, name: str, path: Path | None, columns: Mapping[str, str]) -> int:
    """Fill the temporary table `name` from a parquet file, cast to `columns`; return its number of rows.

    The table also has `ordinal`, the row's number in the file. No file, no rows. NaN becomes NULL.
    """
    typed = ", ".join(f"{quote(column)} {kind}" for column, kind in columns.items())
    con.execute(fill("create or replace temp table {name} ({typed}, ordinal bigint)", name=quote(name), typed=typed))
    if path is None or not path.is_file():
        return 0
    rows = parquet.dataset(str(path), format="parquet")
    _refuse_missing(path, columns, rows.schema.names)
    con.register("staged_file", rows)
    casts = ", ".join(_cast(column, kind) for column, kind in columns.items())
    statement = "insert into {name} select {casts}, row_number() over () from staged_file"
    con.execute(fill(statement, name=quote(name), casts=casts))
    con.unregister("staged_file")
    return count(con, name)


def stage_view(con: duckdb.DuckDBPyConnection, name: str, path: Path, columns: Mapping[str, str], where: str) -> None:
    """Show a parquet file as the temporary view `name`, as `stage` would fill a table; rows but those `where` holds.

    For files of many rows, which are read once or twice and need no copy.
    """
    _refuse_missing(path, columns, parquet.dataset(str(path), format="parquet").schema.names)
    casts = ", ".join(f"{_cast(column, kind)} as {quote(column)}" for column, kind in columns.items())
    statement = """
        create or replace temp view {name} as
        select {casts}, file_row_number + 1 as ordinal
        from read_parquet({path}, file_row_number = true)
        where {where}
    """
    con.execute(fill(statement, name=quote(name), casts=casts, path=literal(str(path)), where=where))


def count(con: duckdb.DuckDBPyConnection, name: str) -> int:
    """Count the rows of a temporary table."""
    row = con.execute(fill("select count(*) from {name}", name=quote(name))).fetchone()
    return int(row[0]) if row else 0


def _refuse_missing(path: Path, columns: Iterable[str], present: Iterable[str]) -> None:
    if missing := sorted(set(columns) - set(present)):
        raise IntakeIncompleteError(f"交接文件 {path.name} 缺少列：{'、'.join(missing)}。")


def _cast(column: str, kind: str) -> str:
    if kind == DECIMAL:
        return f"cast(nullif(cast({quote(column)} as double), 'nan'::double) as {kind})"
    return f"cast({quote(column)} as {kind})"
