"""Run the roll-ups: each named SELECT becomes a table, made anew, after those it reads.

Holds no SQL of its own about figures, and computes nothing beside it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import duckdb

from warehouse.errors import WarehouseError
from warehouse.statements import fill, table, transaction
from warehouse.touched import forget

_KINDS = """
select schema_name || '.' || table_name, 'table'
from duckdb_tables() where schema_name in ('mart', 'dq') and database_name = current_database()
union all
select schema_name || '.' || view_name, 'view'
from duckdb_views() where schema_name in ('mart', 'dq') and database_name = current_database()
"""
_STORED = """
select table_schema || '.' || table_name from information_schema.tables where table_catalog = current_database()
"""
_OTHER = {"view": "table", "table": "view"}


class RollUpError(WarehouseError):
    """A roll-up reads what does not exist, reads itself, or is not SQL that DuckDB runs."""


def roll_up(con: duckdb.DuckDBPyConnection, statements: Mapping[str, str], views: Collection[str] = ()) -> list[str]:
    """Make every table of `statements` (`schema.table` to SELECT) anew; return their names in the order made.

    Those in `views` are made as views. All in one transaction: either every table is new or none. A mart that is no
    longer among them is dropped. Raises RollUpError naming the roll-up for a table that is neither a roll-up nor in the
    warehouse, for a circle, and for SQL that fails. `warehouse.recompute` does the same for less where it can.
    """
    made = order(con, statements)
    with transaction(con):
        make(con, statements, views, made)
        forget(con)  # what was noted is of other tables than these, for all we know
    return made


def make(
    con: duckdb.DuckDBPyConnection, statements: Mapping[str, str], views: Collection[str], ordered: Sequence[str]
) -> None:
    """Make every table anew in the order given, and drop the marts that are not among them. Expects a transaction."""
    before = kinds(con)
    for name in ordered:
        schema, _, plain = name.partition(".")
        kind = "view" if name in views else "table"
        target = table(schema, plain)
        try:
            if before.get(name, kind) != kind:
                con.execute(fill("drop {other} {target}", other=_OTHER[kind], target=target))
            con.execute(fill("create or replace {kind} {target} as ", kind=kind, target=target) + statements[name])
        except duckdb.Error as error:
            raise RollUpError(f"汇总 {name} 执行失败：{error}") from error
    # In dq stand what suites said, too: there nothing is dropped.
    for name in {mart for mart in before if mart.startswith("mart.")} - set(ordered):
        con.execute(fill("drop {kind} {target}", kind=before[name], target=table("mart", name.partition(".")[2])))


def kinds(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Say of everything in schemas mart and dq whether it is a `table` or a `view`."""
    return dict(con.execute(_KINDS).fetchall())


def order(con: duckdb.DuckDBPyConnection, statements: Mapping[str, str]) -> list[str]:
    """Order the roll-ups so that each comes after those it reads; ties by name. Raises RollUpError as `roll_up`."""
    return in_order(graph(con, statements), statements)


def graph(con: duckdb.DuckDBPyConnection, statements: Mapping[str, str]) -> dict[str, set[str]]:
    """Name the tables that each roll-up reads, roll-ups or not.

    Raises RollUpError for a table that is neither a roll-up nor in the warehouse, and for what is not SQL.
    """
    stored = {name for (name,) in con.execute(_STORED).fetchall()}
    reads: dict[str, set[str]] = {}
    for name in sorted(statements):
        reads[name] = tables_read(con, name, statements[name])
        if unknown := sorted(reads[name] - set(statements) - stored):
            raise RollUpError(f"汇总 {name} 引用了不存在的表：{'、'.join(unknown)}。")
    return reads


def in_order(reads: Mapping[str, Collection[str]], statements: Collection[str]) -> list[str]:
    """Order the roll-ups of `statements` by what each reads. Raises RollUpError for a circle."""
    try:
        return list(TopologicalSorter({name: set(reads[name]) & set(statements) for name in reads}).static_order())
    except CycleError as error:
        raise RollUpError(f"汇总相互引用成环：{' → '.join(error.args[1])}。") from error


def tables_read(con: duckdb.DuckDBPyConnection, name: str, statement: str) -> set[str]:
    """List the tables with a schema that a SELECT reads, as DuckDB's own parser sees them: nothing is looked up."""
    (text,) = con.execute("select json_serialize_sql(?)", [statement]).fetchall()[0]
    tree = json.loads(text)
    if tree["error"]:
        raise RollUpError(f"汇总 {name} 的 SQL 无法解析：{tree['error_message']}")
    return {f"{node['schema_name']}.{node['table_name']}" for node in _base_tables(tree) if node["schema_name"]}


def _base_tables(tree: object) -> Iterator[dict[str, str]]:
    if isinstance(tree, dict):
        if tree.get("type") == "BASE_TABLE":
            yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _base_tables(branch)
