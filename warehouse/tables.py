"""Make the tables and views whose shape or words come from the catalog.

`core.<export>` from the export's columns, COMMENTs from the catalog's words, and schema `zh`: the marts again, under
Chinese names. Never drops a column and never changes the type of one: that takes a migration.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from catalog import Catalog, Column, Export
from catalog.models import Described
from warehouse.errors import WarehouseError
from warehouse.statements import fill, listed, literal, quote, table

SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "identifier": "VARCHAR",
    "code": "VARCHAR",
    "county": "VARCHAR",
    "township": "VARCHAR",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "year": "BIGINT",
    "count": "BIGINT",
    "amount": "DECIMAL(18,4)",
    "flag": "BOOLEAN",
}
PROVENANCE: Mapping[str, str] = {
    "delivery_id": "VARCHAR",
    "source_ref": "VARCHAR",
    "record_hash": "VARCHAR",
    "steps_done": "BIGINT",
    "delivered_at": "TIMESTAMP",
    "known_at": "TIMESTAMP",
    "known_by": "VARCHAR",
}
# What a column of PROVENANCE begins with where rows are older than it.
_FIRST_KNOWN = {"known_at": "delivered_at", "known_by": "delivery_id"}

_COLUMNS = """
select schema_name, table_name, column_name
from duckdb_columns()
where schema_name in ('ref', 'core', 'mart', 'dq', 'ops') and not internal
order by schema_name, table_name, column_index
"""
_VIEWS = "select schema_name, view_name from duckdb_views() where not internal"


class TableMismatchError(WarehouseError):
    """A table of the warehouse and the catalog's description of it cannot be reconciled without a migration."""


def sql_type(column: Column) -> str:
    """Return the DuckDB type in which a column of an export is stored."""
    return SQL_TYPES[column.type]


def export_columns(export: Export) -> dict[str, str]:
    """Name the columns of `core.<export>` with their types: the stored ones, then where the record came from."""
    return {column.name: sql_type(column) for column in export.stored_columns} | dict(PROVENANCE)


def ensure_exports(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Create `core.<export>` for every export, or add the columns that it lacks.

    Raises TableMismatchError when a column is stored with another type than the catalog now gives it.
    """
    for export in catalog.exports.values():
        wanted = export_columns(export)
        stored = dict(
            con.execute(
                "select column_name, data_type from duckdb_columns() where schema_name = 'core' and table_name = ?",
                [export.export],
            ).fetchall()
        )
        if not stored:
            con.execute(_create(export, wanted))
            continue
        for name, kind in wanted.items():
            if name not in stored:
                parts = {"target": table("core", export.export), "name": quote(name), "kind": kind}
                con.execute(fill("alter table {target} add column {name} {kind}", **parts))
                if other := _FIRST_KNOWN.get(name):
                    con.execute(fill("update {target} set {name} = {other}", **parts, other=quote(other)))
            elif stored[name] != kind:
                raise TableMismatchError(
                    f"表 core.{export.export} 的列 {name} 库中类型为 {stored[name]}，目录中为 {kind}："
                    "请恢复目录中的类型，或写一个迁移文件。"
                )


def _create(export: Export, columns: Mapping[str, str]) -> str:
    # No primary key: `load_records` keeps keys apart, and an index over millions of them costs more than all else.
    lines = [f"{quote(name)} {kind}" for name, kind in columns.items()]
    return fill(
        "create table {target} ({lines})",
        target=table("core", export.export),
        lines=", ".join(lines),
    )


def columns_by_table(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """List the columns of every table of the project's schemas, keyed by (schema, table)."""
    found: dict[tuple[str, str], list[str]] = {}
    for schema, name, column in con.execute(_COLUMNS).fetchall():
        found.setdefault((schema, name), []).append(column)
    return found


def describe(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> list[str]:
    """Set the COMMENT (`中文 · English`) of every table and column; return the names that have no words yet."""
    missing = []
    views = set(con.execute(_VIEWS).fetchall())
    for (schema, name), columns in columns_by_table(con).items():
        words = _table_words(catalog, schema, name)
        target = table(schema, name)
        kind = "view" if (schema, name) in views else "table"
        if words:
            statement = "comment on {kind} {target} is {text}"
            con.execute(fill(statement, kind=kind, target=target, text=_comment(words)))
        else:
            missing.append(f"{schema}.{name}")
        for column in columns:
            described = column_words(catalog, schema, name, column)
            if described is None:
                missing.append(f"{schema}.{name}.{column}")
                continue
            statement = "comment on column {target}.{column} is {text}"
            con.execute(fill(statement, target=target, column=quote(column), text=_comment(described)))
    return missing


def chinese_views(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> list[str]:
    """Make a view in schema `zh` for every described mart, named and labelled in Chinese; return their names.

    A column without words keeps its English name. Raises TableMismatchError when two marts, or two columns of one,
    would have the same Chinese name.
    """
    con.execute("drop schema if exists zh cascade")
    con.execute("create schema zh")
    made: list[str] = []
    for (schema, name), columns in columns_by_table(con).items():
        words = _table_words(catalog, schema, name)
        if schema != "mart" or words is None:
            continue
        described = {column: column_words(catalog, schema, name, column) for column in columns}
        labels = [found.zh if found else column for column, found in described.items()]
        _refuse_repeated(f"{schema}.{name}", labels)
        _refuse_repeated("schema zh", [*made, words.zh])
        view = table("zh", words.zh)
        con.execute(
            fill(
                "create view {view} ({labels}) as select {columns} from {source}",
                view=view,
                labels=listed(labels),
                columns=listed(columns),
                source=table(schema, name),
            )
        )
        con.execute(fill("comment on view {view} is {text}", view=view, text=_comment(words)))
        made.append(words.zh)
    return made


def _refuse_repeated(where: str, labels: list[str]) -> None:
    repeated = sorted({label for label in labels if labels.count(label) > 1})
    if repeated:
        raise TableMismatchError(f"{where} 中文名称重复：{'、'.join(repeated)}；请在 catalog/tables.yml 中加以区分。")


def _table_words(catalog: Catalog, schema: str, name: str) -> Described | None:
    entry = catalog.tables.get(f"{schema}.{name}")
    if entry:
        return Described(zh=entry.zh, en=entry.en)
    export = catalog.exports.get(name) if schema == "core" else None
    return Described(zh=export.name_zh, en=export.name_en) if export else None


def column_words(catalog: Catalog, schema: str, name: str, column: str) -> Described | None:
    """Find a column's words: those of its table, else of its export, else of the shared dictionary."""
    entry = catalog.tables.get(f"{schema}.{name}")
    own = entry.columns.get(column) if entry else None
    if own:
        return own
    export = catalog.exports.get(name) if schema == "core" else None
    for declared in export.columns if export else ():
        if declared.name == column:
            return Described(zh=declared.zh, en=declared.en)
    return catalog.columns.get(column)


def _comment(words: Described) -> str:
    return literal(f"{words.zh} · {words.en}")
