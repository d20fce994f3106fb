"""The roll-ups as SQL: one SELECT a table, most of them files, one made from the catalog's measures.

Refuses to run anything: it opens no database, knows no engine and leaves the order of building to whoever runs them.
The statements keep to the subset of SQL that SQLGlot carries from DuckDB to Spark.
"""

from __future__ import annotations

from pathlib import Path

from catalog import Catalog
from transforms import measures

FOLDER = Path(__file__).parent / "rollups"


def statements(catalog: Catalog) -> dict[str, str]:
    """Return table name → SELECT for every roll-up: `rollups/<schema>/<table>.sql` and the catalog's measures."""
    files = sorted(FOLDER.glob("*/*.sql"))
    written = {f"{path.parent.name}.{path.stem}": path.read_text(encoding="utf-8") for path in files}
    return {**written, measures.TABLE: measures.recorded_figure(catalog)}
