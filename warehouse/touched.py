"""Remember what has changed since the marts were last brought up to date: the other half of `warehouse.recompute`.

Written in the transaction of the change itself, so that no change is ever without its mark. Says too much rather than
too little: a unit or period left empty means any.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from importlib.metadata import version

import duckdb

from catalog.models import Reach
from warehouse.statements import fill, table

_TOUCH = "insert into ops.touched (table_name) values (?)"

# Reports of a series stand or fall together, so all of their figures may have changed.
_TOUCH_SERIES = """
insert into ops.touched
select 'core.report', coalesce(report.org_code, report.county_code), report.period
from core.report as report
where report.series in (select series from touched_series)
union
select 'core.observation', figure.org_code, figure.period
from core.observation as figure
inner join core.report as report on figure.report_id = report.report_id -- n:1
where report.series in (select series from touched_series)
"""

_SHAPE = """
select schema_name, table_name, column_name, data_type
from duckdb_columns()
where schema_name in ('ref', 'core', 'dq', 'ops') and database_name = current_database() and not internal
order by all
"""
_REFERENCES = """
select table_name from duckdb_tables() where schema_name = 'ref' and database_name = current_database() order by all
"""
_REMEMBERS = """
select 1 from duckdb_tables()
where schema_name = 'ops' and table_name = 'rolled_up' and database_name = current_database()
"""
_CONTENT = """
select coalesce(md5(string_agg(line, chr(10) order by line)), '')
from (select to_json(stored)::varchar as line from {source} as stored)
"""


def touch(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Mark tables (`schema.table`) as changed, no matter where. Expects the transaction of the change."""
    con.executemany(_TOUCH, [[name] for name in tables])


def touch_series(con: duckdb.DuckDBPyConnection) -> None:
    """Mark the reports of the series in temp table `touched_series`, and their figures, by unit and period."""
    con.execute(_TOUCH_SERIES)


def signature(
    con: duckdb.DuckDBPyConnection,
    statements: Mapping[str, str],
    views: Collection[str],
    reaches: Mapping[str, Reach],
) -> str:
    """Hash all that marts are made of beside what is loaded: statements, reaches, `ref`, columns, programs."""
    references = [name for (name,) in con.execute(_REFERENCES).fetchall()]
    said = {
        "statements": dict(statements),
        "views": sorted(views),
        "reaches": {name: reach.model_dump() for name, reach in reaches.items()},
        "references": {name: _content(con, name) for name in references},
        "columns": [row for row in con.execute(_SHAPE).fetchall() if f"{row[0]}.{row[1]}" not in statements],
        "migrations": con.execute("select version, checksum from ops.migration order by version").fetchall(),
        "programs": [version("daibiao"), version("duckdb")],
    }
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _content(con: duckdb.DuckDBPyConnection, name: str) -> str:
    found = con.execute(fill(_CONTENT, source=table("ref", name))).fetchall()
    return str(found[0][0])


def recorded(con: duckdb.DuckDBPyConnection) -> str | None:
    """Return the signature that the marts were last made with, None when nobody knows."""
    row = con.execute("select signature from ops.rolled_up").fetchone()
    return row[0] if row else None


def record(con: duckdb.DuckDBPyConnection, made_with: str) -> None:
    """Note that the marts are up to date with all that is loaded. Expects the transaction that made them."""
    con.execute("delete from ops.touched")
    con.execute("delete from ops.rolled_up")
    con.execute("insert into ops.rolled_up values (?)", [made_with])


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Forget what the marts were made with, and what was marked: the next time all are made anew.

    A bare file remembers nothing.
    """
    if con.execute(_REMEMBERS).fetchone():
        con.execute("delete from ops.rolled_up")
        con.execute("delete from ops.touched")
