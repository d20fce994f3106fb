"""What no delivered file tells, and a rebuild must not lose: decisions of people, and what they were told.

Refuses to lose any of it in silence: a warehouse that cannot be read is replaced by the newest release that can.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from catalog import Catalog
from warehouse.duck import WarehouseUnreadableError, open_reader, open_writer
from warehouse.statements import fill, literal, table, transaction
from warehouse.touched import touch

_HAS = "select 1 from duckdb_tables() where database_name = 'before' and schema_name = ? and table_name = ?"
_COUNTS = "select (select count(*) from {target}), (select count(*) from before.{target})"


def kept(catalog: Catalog) -> list[str]:
    """Name the tables that are carried over (`is_kept` in tables.yml)."""
    return [name for name, words in catalog.tables.items() if words.is_kept]


def carry_over(anew: Path, catalog: Catalog, sources: Iterable[Path]) -> Path | None:
    """Copy what is kept into the new warehouse file `anew`, out of the first of `sources` that can be read.

    What `anew` has of it is replaced: done again, it brings what has come meanwhile.
    Returns that source, None when there is none: then nobody has ever decided anything here. Raises WarehouseBusyError
    when somebody writes to a source.
    """
    for source in sources:
        if source.is_file() and _is_readable(source):
            with open_writer(anew, catalog) as con:
                con.execute(fill("attach {path} as before (read_only)", path=literal(str(source))))
                _copy(con, catalog)
                con.execute("detach before")
            return source
    return None


def _is_readable(source: Path) -> bool:
    try:
        with open_reader(source) as con:
            con.execute("select 1 from duckdb_tables()").fetchall()
    except (WarehouseUnreadableError, duckdb.Error):
        return False
    return True


def _copy(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    with transaction(con):
        for name in kept(catalog):
            schema, _, plain = name.partition(".")
            if not con.execute(_HAS, [schema, plain]).fetchone():
                continue  # a warehouse of an older program lacks it
            target = table(schema, plain)
            counted = con.execute(fill(_COUNTS, target=target)).fetchall()
            if counted[0][0] != counted[0][1]:  # rows only ever come: as many are the same
                con.execute(fill("delete from {target}", target=target))
                con.execute(fill("insert into {target} by name from before.{target}", target=target))
                touch(con, (name,))
