"""A DuckDB of one validation, in memory: a dataset's records, read where the parser put them, and questions about them.

Reads only files that the pipeline wrote itself, never a landed one, and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from warehouse.duck import NO_EXTENSIONS
from warehouse.statements import fill, literal, quote

_PICK = """
select *
from {name} as row
where
    exists (select 1 from wanted where wanted.table_id = row.table_id and wanted.line = row.line)
    or row.table_id in (select wanted.table_id from wanted where wanted.line is null)
order by row.table_id, row.line
"""


class Scratch:
    """An SQL engine that holds tables for as long as it is open."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def give(self, name: str, frame: pd.DataFrame) -> None:
        """Put a frame in as table `name`."""
        self._con.register(f"given_{name}", frame)
        self.keep(name, fill("select * from {given}", given=quote(f"given_{name}")))
        self._con.unregister(f"given_{name}")

    def read(self, name: str, paths: Sequence[Path]) -> None:
        """Put parquet files in as view `name`, one below the other by the names of their columns."""
        listed = ", ".join(literal(str(path)) for path in paths)
        statement = "create or replace view {name} as select * from read_parquet([{listed}], union_by_name = true)"
        self._con.execute(fill(statement, name=quote(name), listed=listed))

    def keep(self, name: str, select: str) -> None:
        """Keep what a SELECT returns as table `name`, in place of an earlier one."""
        self._con.execute(fill("create or replace temp table {name} as ", name=quote(name)) + select)

    def pick(self, name: str, keys: Collection[tuple[str, int | None]]) -> pd.DataFrame:
        """Return the rows of `name` at (table_id, line); line None stands for the whole table."""
        wanted = pd.DataFrame(list(keys), columns=["table_id", "line"])
        self.give("wanted", wanted.astype({"table_id": "str", "line": "Int64"}))
        return self.ask(fill(_PICK, name=quote(name)))

    def ask(self, select: str) -> pd.DataFrame:
        """Return what a SELECT returns."""
        return self._con.execute(select).df()


@contextmanager
def scratch(folder: Path | None = None) -> Iterator[Scratch]:
    """Open an empty engine; what does not fit into memory is spilled to `folder`, if one is given."""
    con = duckdb.connect(config={**NO_EXTENSIONS, **({"temp_directory": str(folder)} if folder else {})})
    try:
        yield Scratch(con)
    finally:
        con.close()
