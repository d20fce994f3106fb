"""Make the warehouse as it was known on an earlier day (截至某日所知), from a release.

Known is what a file said that was delivered before that day ended in Guizhou; a duplicate is a file that said it. What
stood then is settled by the rules of a load, and every roll-up is made anew. Reads the release and no clock, changes
neither it nor the warehouse, and never gives back content that only later files told.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb

from catalog import Catalog
from warehouse.duck import discard, open_writer
from warehouse.errors import WarehouseError
from warehouse.load import DUPLICATE, policy_of
from warehouse.records_as_of import forget_records
from warehouse.references import refresh_references
from warehouse.release import Published, one_at_a_time, release_ids
from warehouse.reports import settle
from warehouse.rollup import roll_up
from warehouse.statements import fill, quote, table, transaction
from warehouse.tables import chinese_views, columns_by_table, describe

_BUILDING = ".building.duckdb"
_GUIZHOU = timedelta(hours=8)

# A content that was known by a duplicate before the file that was loaded: the first duplicate takes that file's place.
_HEIRS = """
create or replace temp table heir as
select
    original.delivery_id as original_id,
    struct_extract(min(row(duplicate.delivered_at, duplicate.delivery_id)), 2) as delivery_id
from ops.delivery as duplicate
inner join ops.delivery as original on duplicate.duplicate_of = original.delivery_id
where duplicate.delivered_at < $cutoff and original.delivered_at >= $cutoff
group by all
"""
_INHERIT = """
update ops.delivery as duplicate
set
    status = original.status, reason = original.reason, org_code = original.org_code, period = original.period,
    reported_on = original.reported_on, rows_in = original.rows_in, rows_loaded = original.rows_loaded,
    rows_quarantined = original.rows_quarantined, rows_rejected = original.rows_rejected, duplicate_of = null
from heir
inner join ops.delivery as original on heir.original_id = original.delivery_id
where duplicate.delivery_id = heir.delivery_id
"""
_POINT_TO_HEIR = """
update ops.delivery as duplicate
set duplicate_of = heir.delivery_id, reason = replace($reason, '{file}', named.file)
from heir
inner join ops.delivery as named on heir.delivery_id = named.delivery_id
where duplicate.duplicate_of = heir.original_id
"""
_HAND_OVER = """
update {target} as said
set {assignments}
from heir
inner join ops.delivery as delivery on heir.delivery_id = delivery.delivery_id
where said.delivery_id = heir.original_id
"""
_HANDED_OVER = ("delivery_id", "delivered_at", "file")
# Delivered earlier than the file that was loaded, it may have come before its period was over.
_TOO_EARLY = """
update core.report
set is_complete = false
where is_complete and cast(delivered_at + interval 8 hours as date) < period_end
"""
_FORGET_DELIVERIES = "delete from ops.delivery where delivered_at >= $cutoff"
_FORGET = "delete from {target} where delivery_id not in (select known.delivery_id from ops.delivery as known)"
_REPORTS = """
select delivery.dataset, list(delivery.delivery_id order by delivery.delivery_id)
from ops.delivery as delivery
where delivery.delivery_id in (select report.delivery_id from core.report as report)
group by delivery.dataset
order by delivery.dataset
"""
# What an office declared later was not known then.
_UNDECLARE = (
    "delete from ref.correction where declared_on > ?",
    "delete from ref.explanation where said_on > ?",
)
# Nor what was decided later, and who was told of it.
_UNDECIDE = (
    "delete from dq.incident_event where happened_at >= ?",
    "delete from ops.message where created_at >= ?",
    "delete from ops.month_decision where decided_at >= ?",
)
_UNDECIDED_ANSWERS = """
delete from dq.incident_answer as answer
where not exists (
    select 1
    from dq.incident_event as event
    where event.incident_id = answer.incident_id and event.sequence = answer.sequence
)
"""
_UNDECIDED_FIGURES = """
delete from ops.month_figure as figure
where not exists (
    select 1
    from ops.month_decision as decision
    where decision.period = figure.period and decision.revision = figure.revision
)
"""
_ROLL_UPS = """
select 'table', table_name from duckdb_tables() where schema_name = 'dq'
union all
select 'view', view_name from duckdb_views() where schema_name = 'dq'
"""


class AsOfError(WarehouseError):
    """What stood on an earlier day cannot be told by the catalog of today."""


def cutoff(day: date) -> datetime:
    """Return the first moment that is no longer `day` in Guizhou, as the naive UTC that the warehouse keeps.

    >>> cutoff(date(2026, 7, 31))
    datetime.datetime(2026, 7, 31, 16, 0)
    """
    return datetime.combine(day + timedelta(days=1), time()) - _GUIZHOU


def as_of(
    release: Published,
    day: date,
    folder: Path,
    catalog: Catalog,
    statements: Mapping[str, str],
    views: Collection[str] = (),
) -> Path:
    """Return a read-only DuckDB file of what `release` holds that was known when `day` ended; made once, then kept.

    It stands at `<folder>/<release_id>/<day>.duckdb`, whole or not at all; files of releases that are gone are removed.
    `statements` and `views` are those of `roll_up`. A day before the first delivery gives tables without rows. Raises
    AsOfError when a report's form is no longer in the catalog, and what `open_writer` and `roll_up` raise.
    """
    path = folder / release.release_id / f"{day.isoformat()}.duckdb"
    if path.exists():
        return path  # without waiting for whoever makes another
    folder.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(folder):
        _clear(folder, release_ids(release.path.parents[1]))
        if not path.exists():  # somebody may have made it meanwhile
            building = folder / _BUILDING
            shutil.copyfile(release.path, building)
            with open_writer(building, catalog) as con:
                forget(con, catalog, cutoff(day), statements)
                for statement in _UNDECLARE:
                    con.execute(statement, [day])
                con.execute("checkpoint")  # the room of what is gone is free for what comes
                roll_up(con, statements, views)
                with transaction(con):
                    describe(con, catalog)
                    chinese_views(con, catalog)
            building.chmod(0o444)
            path.parent.mkdir(exist_ok=True)
            building.rename(path)
    return path


def forget(con: duckdb.DuckDBPyConnection, catalog: Catalog, cut: datetime, roll_ups: Collection[str]) -> None:
    """Take out of a private copy of a warehouse all that no delivery before `cut` (naive UTC) had said.

    What was replaced since comes back and stands again. `roll_ups` are dropped, to be made from what is left.
    """
    _drop(con, roll_ups)
    said = {name: columns for name, columns in columns_by_table(con).items() if "delivery_id" in columns}
    del said["ops", "delivery"]
    _hand_over(con, said, cut)
    con.execute(_FORGET_DELIVERIES, {"cutoff": cut})
    records = {("core", export) for export in catalog.exports} | {("core", "superseded_record")}
    for schema, name in sorted(set(said) - records):
        con.execute(fill(_FORGET, target=table(schema, name)))
    for dataset, delivery_ids in con.execute(_REPORTS).fetchall():
        policy = policy_of(catalog, dataset)
        if policy is None:
            raise AsOfError(f"目录中没有报表 {dataset}，无法判定当时以哪一份为准：请恢复该报表的目录文件。")
        settle(con, policy, delivery_ids)
    for export in catalog.exports.values():
        forget_records(con, export, cut)
    forget_decisions(con, cut)
    refresh_references(con, catalog)


def forget_decisions(con: duckdb.DuckDBPyConnection, cut: datetime) -> None:
    """Take out what people decided, and were told, at or after `cut` (naive UTC)."""
    for statement in _UNDECIDE:
        con.execute(statement, [cut])
    con.execute(_UNDECIDED_ANSWERS)
    con.execute(_UNDECIDED_FIGURES)


def _drop(con: duckdb.DuckDBPyConnection, roll_ups: Collection[str]) -> None:
    """Drop the roll-ups, and with them whatever a roll-up could take for done."""
    for schema in ("zh", "mart"):
        con.execute(fill("drop schema if exists {schema} cascade", schema=schema))
    con.execute("create schema mart")
    for kind, name in con.execute(_ROLL_UPS).fetchall():
        if f"dq.{name}" in roll_ups:
            con.execute(fill("drop {kind} {target}", kind=kind, target=table("dq", name)))


def _hand_over(con: duckdb.DuckDBPyConnection, said: Mapping[tuple[str, str], Collection[str]], cut: datetime) -> None:
    """Give what was loaded from a later file to the duplicate that had said it before `cut`."""
    con.execute(_HEIRS, {"cutoff": cut})
    if not con.execute("select 1 from heir limit 1").fetchone():
        return
    con.execute(_INHERIT)
    con.execute(_POINT_TO_HEIR, {"reason": DUPLICATE})
    for (schema, name), columns in said.items():
        named = [column for column in _HANDED_OVER if column in columns]
        assignments = ", ".join(f"{quote(column)} = delivery.{quote(column)}" for column in named)
        con.execute(fill(_HAND_OVER, target=table(schema, name), assignments=assignments))
    con.execute(_TOO_EARLY)


def _clear(folder: Path, releases: Collection[str]) -> None:
    """Remove what killed builds left, and the files of releases that are gone."""
    discard(folder / _BUILDING)
    for path in folder.iterdir():
        if path.is_dir() and path.name not in releases:
            shutil.rmtree(path)
