"""Publish the warehouse as a release: a read-only DuckDB file that nobody ever changes again.

A release is whole or absent. It is built beside the others, verified, and renamed into place; whoever reads an older
one keeps it. Never copies a warehouse that somebody has open.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from catalog import Catalog
from warehouse.duck import WarehouseBusyError, open_plain, open_reader, open_writer
from warehouse.errors import WarehouseError
from warehouse.statements import fill, quote, table, transaction
from warehouse.tables import chinese_views, describe

FILE = "daibiao.duckdb"
MANIFEST = "manifest.json"

_STAMP = "%Y%m%dT%H%M%SZ"
_RELEASE_ID = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{8}")
_BUILDING = ".building-"
_REMOVING = ".removing-"

# Sums over rows do not depend on their order, and count a repeated row as often as it is there.
_HASH = """
select
    count(*),
    coalesce(sum((digest & 18446744073709551615)::hugeint), 0)::varchar || ':'
    || coalesce(sum((digest >> 64)::hugeint), 0)::varchar
from (select md5_number(concat({row})) as digest from {target})
"""
_SHAPE = """
select schema_name, table_name, column_name, data_type, coalesce(comment, '')
from duckdb_columns()
where schema_name in ('ref', 'core', 'mart', 'dq', 'ops', 'zh') and not internal
order by schema_name, table_name, column_name
"""
_TABLES = """
select schema_name, table_name
from duckdb_tables()
where schema_name in ('ref', 'core', 'mart', 'dq', 'ops') and not internal
order by all
"""
# Committed rows that a damaged write-ahead log dropped show up against the ledger.
_LOST = """
select distinct delivery.file
from ops.delivery as delivery
inner join core.report as report on delivery.delivery_id = report.delivery_id
left join (
    select delivery_id, count(distinct row_ref) as lines from core.observation group by all
) as loaded on delivery.delivery_id = loaded.delivery_id
where delivery.rows_loaded <> coalesce(loaded.lines, 0)
order by all
"""


@dataclass(frozen=True)
class Published:
    """A release: `path` is its DuckDB file; `is_new` is False when it had been there before."""

    release_id: str
    path: Path
    is_new: bool


class ReleaseUnsoundError(WarehouseError):
    """A release that was built does not hold what the warehouse holds."""


def publish(warehouse: Path, releases: Path, catalog: Catalog, published_at: datetime, keep: int = 5) -> Published:
    """Publish the warehouse file, unless the newest release already says the same; return the newest release.

    Keeps the newest `keep` releases and clears what killed builds left. `published_at` is timezone-aware. Raises
    WarehouseBusyError when somebody writes to the warehouse meanwhile, ReleaseUnsoundError when rows are missing.
    """
    releases.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(releases):
        return _publish(warehouse, releases, catalog, published_at, keep)


def _publish(warehouse: Path, releases: Path, catalog: Catalog, published_at: datetime, keep: int) -> Published:
    with open_writer(warehouse, catalog) as con:
        expected = _row_counts(con)
    _clear_leftovers(releases)
    building = releases / f"{_BUILDING}{os.getpid()}"
    building.mkdir()
    file = building / FILE
    _copy_closed(warehouse, file)
    with open_plain(file) as con, transaction(con):  # a commit for every comment would take most of the time
        describe(con, catalog)
        chinese_views(con, catalog)
    with open_reader(file) as con:
        content = manifest(con, catalog)
        _verify(con, content, expected)
    latest = newest(releases)
    if latest and _says(latest) == content["content_hash"]:
        shutil.rmtree(building)
        return latest
    stamp = _stamp(published_at, latest)
    release_id = f"{stamp}-{content['content_hash'][:8]}"
    document = {"release_id": release_id, "published_at": published_at.astimezone(UTC).isoformat()} | content
    document["file_sha256"] = _sha256(file)
    (building / MANIFEST).write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in (file, building / MANIFEST):
        path.chmod(0o444)
        _sync(path)
    _sync(building)
    building.rename(releases / release_id)
    _sync(releases)
    for old in release_ids(releases)[:-keep]:
        _remove(releases / old)
    return Published(release_id, releases / release_id / FILE, is_new=True)


def newest(releases: Path) -> Published | None:
    """Return the newest release below `releases`, None when there is none."""
    found = release_ids(releases)
    return Published(found[-1], releases / found[-1] / FILE, is_new=False) if found else None


def read_manifest(release: Published) -> dict[str, Any]:
    """Return a release's manifest: `content_hash`, `tables` (rows and content_hash each), `tools`."""
    document: dict[str, Any] = json.loads((release.path.parent / MANIFEST).read_text(encoding="utf-8"))
    return document


def manifest(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> dict[str, Any]:
    """Count and hash the contents of an open file.

    Each table's hash is independent of the order of its rows and of DuckDB's version, and leaves out the columns that
    the catalog calls volatile; the overall one covers the tables, their columns, types and comments.
    """
    shape = con.execute(_SHAPE).fetchall()
    columns: dict[tuple[str, str], dict[str, str]] = {}
    stored = set(con.execute(_TABLES).fetchall())
    for schema, name, column, kind, _ in shape:
        if (schema, name) in stored:
            columns.setdefault((schema, name), {})[column] = kind
    tables, notes = {}, set()  # a table of which nothing is kept is the program's own notes, and no content
    for (schema, name), kinds in columns.items():
        volatile = _volatile(catalog, schema, name)
        kept = {column: kind for column, kind in kinds.items() if column not in volatile}
        tables[f"{schema}.{name}"] = _count_and_hash(con, table(schema, name), kept)
        if not kept:
            notes.add(f"{schema}.{name}")
    said = {name: summary for name, summary in tables.items() if name not in notes}
    summary = json.dumps([said, shape], ensure_ascii=False, sort_keys=True)
    return {
        "content_hash": hashlib.sha256(summary.encode()).hexdigest(),
        "tables": tables,
        "tools": {"daibiao": version("daibiao"), "duckdb": version("duckdb")},
    }


def _volatile(catalog: Catalog, schema: str, name: str) -> set[str]:
    """Return the columns that may differ between two runs: those named in the catalog, and by rule an export's."""
    described = catalog.tables.get(f"{schema}.{name}")
    volatile = set(described.volatile) if described else set()
    if schema == "core" and name in catalog.exports:
        columns = catalog.exports[name].stored_columns
        volatile |= {"delivered_at", "known_at", "known_by", "record_hash"}
        volatile |= {column.name for column in columns if column.personal == "hash"}
    return volatile


def _count_and_hash(con: duckdb.DuckDBPyConnection, target: str, kinds: Mapping[str, str]) -> dict[str, Any]:
    """Hash the rows of a table: every value as text behind its length, so that no two rows read alike."""
    texts = [_text(column, kind) for column, kind in kinds.items()]
    row = ", ".join(f"coalesce(concat(strlen({text}), ':', {text}), '~')" for text in texts) or "''"
    found = con.execute(fill(_HASH, row=row, target=target)).fetchall()
    rows, sums = found[0]
    return {"rows": rows, "content_hash": hashlib.sha256(sums.encode()).hexdigest()}


def _says(release: Published) -> str | None:
    """Return the content hash of a release, None when its file or manifest is no longer what was published."""
    try:
        document = read_manifest(release)
        sound = document["file_sha256"] == _sha256(release.path)
    except (OSError, ValueError, KeyError):
        return None
    return str(document["content_hash"]) if sound else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until nobody else builds in the folder: clearing leftovers must not clear what somebody is building."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _text(column: str, kind: str) -> str:
    """Write a value as text; of a binary fraction, the digits that do not depend on the order of summing."""
    if kind in {"DOUBLE", "FLOAT"}:
        return fill("printf('%.9e', {column})", column=quote(column))
    return fill("{column}::varchar", column=quote(column))


def _row_counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    counts = {}
    for schema, name in con.execute(_TABLES).fetchall():
        found = con.execute(fill("select count(*) from {target}", target=table(schema, name))).fetchall()
        counts[f"{schema}.{name}"] = found[0][0]
    return counts


def _verify(con: duckdb.DuckDBPyConnection, content: Mapping[str, Any], expected: Mapping[str, int]) -> None:
    """Raise ReleaseUnsoundError unless the copy has the warehouse's rows, and every report the ledger's lines."""
    found = {name: summary["rows"] for name, summary in content["tables"].items()}
    if wrong := sorted(name for name in expected if found.get(name) != expected[name]):
        raise ReleaseUnsoundError(f"发布版与仓库行数不符：{'、'.join(wrong)}；未发布，请重试。")
    if lost := con.execute(_LOST).fetchall():
        files = "、".join(file for (file,) in lost)
        raise ReleaseUnsoundError(f"仓库行数与台账不符：{files}；未发布，请由归档重建（daibiao rebuild）。")


def _copy_closed(warehouse: Path, target: Path) -> None:
    """Copy the warehouse file, provided that nobody opened it for writing before the copy was complete."""
    log = warehouse.with_name(warehouse.name + ".wal")
    before = warehouse.stat()
    shutil.copyfile(warehouse, target)
    after = warehouse.stat()
    if log.exists() or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise WarehouseBusyError(f"{warehouse} 在发布时被写入：请等写入任务结束后重新发布。")


def _stamp(published_at: datetime, latest: Published | None) -> str:
    """Write the time of a release so that names sort by it, even when the clock stood still or was set back."""
    moment = published_at.astimezone(UTC).replace(microsecond=0)
    if latest:
        last = datetime.strptime(latest.release_id[:16], _STAMP).replace(tzinfo=UTC)
        moment = max(moment, last + timedelta(seconds=1))
    return moment.strftime(_STAMP)


def release_ids(releases: Path) -> list[str]:
    """List the releases below a folder, the oldest first."""
    if not releases.is_dir():
        return []
    return sorted(path.name for path in releases.iterdir() if _RELEASE_ID.fullmatch(path.name))


def _clear_leftovers(releases: Path) -> None:
    for prefix in (_BUILDING, _REMOVING):
        for path in releases.glob(f"{prefix}*"):
            shutil.rmtree(path)


def _remove(release: Path) -> None:
    """Take a release out of sight at once, then delete it."""
    hidden = release.with_name(_REMOVING + release.name)
    release.rename(hidden)
    shutil.rmtree(hidden)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
