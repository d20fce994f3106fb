"""The roll-ups as SQL: one SELECT a table, most of them files, some made from the catalog's exports.

Refuses to run anything: it opens no database, knows no engine and leaves the order of building to whoever runs them.
The statements keep to the subset of SQL that SQLGlot carries from DuckDB to Spark.
"""

from __future__ import annotations

from pathlib import Path

from catalog import Catalog
from catalog.models import Reach
from transforms import coverage, measures, settled, stations

FOLDER = Path(__file__).parent / "rollups"


def statements(catalog: Catalog) -> dict[str, str]:
    """Return table name → SELECT for every roll-up: `rollups/<schema>/<table>.sql` and those made from the catalog."""
    files = sorted(FOLDER.glob("*/*.sql"))
    written = {f"{path.parent.name}.{path.stem}": path.read_text(encoding="utf-8") for path in files}
    made = {
        measures.FIGURES: measures.recorded_figure(catalog),
        measures.PEOPLE: measures.recorded_people(catalog),
        coverage.TABLE: coverage.coverage(catalog),
        stations.SHARE: stations.station_share(catalog),
        stations.KEPT: stations.station_kept(catalog),
        settled.TABLE: settled.settled_record(catalog),
    }
    return {**written, **made}


def views_of(catalog: Catalog) -> set[str]:
    """Name the roll-ups that are kept as views: those that the catalog marks so."""
    return {name for name, words in catalog.tables.items() if words.is_view}


def reaches_of(catalog: Catalog) -> dict[str, Reach]:
    """Say how far a change travels into each roll-up that the catalog tells it of; the others are made whole."""
    return {name: words.reach for name, words in catalog.tables.items() if words.reach}
