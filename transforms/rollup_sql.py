"""The roll-ups as SQL: one SELECT a table, in the order in which they can be built.

Refuses to run anything: it opens no database and knows no engine. The statements keep to the subset of SQL that
SQLGlot carries from DuckDB to Spark.
"""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

from catalog import Catalog
from transforms import measures

FOLDER = Path(__file__).parent / "rollups"

_READS = re.compile(r"(?:from|join)\s+(mart\.[a-z_]+)")


def statements(catalog: Catalog) -> dict[str, str]:
    """Return table name → SELECT for every roll-up, each after those it reads.

    The files `rollups/<schema>/<table>.sql` and the one generated from the catalog's measures. Raises ValueError when
    a file reads a roll-up that nobody builds, graphlib.CycleError when two read each other.
    """
    written = {f"{path.parent.name}.{path.stem}": path.read_text(encoding="utf-8") for path in FOLDER.glob("*/*.sql")}
    written[measures.TABLE] = measures.recorded_figure(catalog)
    reads = {table: sorted(reads_from(sql)) for table, sql in sorted(written.items())}
    for table, sources in reads.items():
        if unknown := [source for source in sources if source not in written]:
            raise ValueError(f"{table} 读取了没有任何 SQL 文件生成的表：{'、'.join(unknown)}。")
    return {table: written[table] for table in TopologicalSorter(reads).static_order()}


def reads_from(sql: str) -> set[str]:
    """Return the roll-ups that a statement reads.

    >>> sorted(reads_from("select * from mart.a inner join mart.b on true cross join core.c"))
    ['mart.a', 'mart.b']
    """
    return set(_READS.findall(sql))
