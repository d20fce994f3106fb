"""Bring a warehouse file to the newest schema: numbered SQL files, each applied once, whole or not at all.

Refuses a migration that was edited after it was applied, and a warehouse that is newer than this program. There are no
downward migrations: an older schema is had again from the archive.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.errors import WarehouseError
from warehouse.statements import transaction

FOLDER = Path(__file__).parent / "migrations"

_LEDGER = """
create schema if not exists ops;
create table if not exists ops.migration (
    version integer primary key,
    name varchar not null,
    checksum varchar not null,
    applied_at timestamp not null
);
"""
_FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")


class MigrationRefusedError(WarehouseError):
    """The warehouse and the migrations do not belong together."""


@dataclass(frozen=True)
class Migration:
    """One numbered SQL file; `checksum` is the sha256 of its text."""

    version: int
    name: str
    checksum: str
    sql: str


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """Read the migrations of `folder` in order.

    Raises MigrationRefusedError for a file that is not called `0001_name.sql`, and for a number missing or given twice.
    """
    found = []
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise MigrationRefusedError(
                f"迁移文件 {path.name} 命名不符：请用四位编号加小写名称，如 0002_add_table.sql。"
            )
        sql = path.read_text(encoding="utf-8")
        found.append(Migration(int(match[1]), match[2], hashlib.sha256(sql.encode()).hexdigest(), sql))
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise MigrationRefusedError(f"迁移编号须从 0001 起连续且不重复：{[m.version for m in found]}。")
    return found


def migrate(con: duckdb.DuckDBPyConnection, folder: Path = FOLDER) -> list[int]:
    """Apply what `folder` holds and the warehouse has not had yet; return the versions applied.

    Raises MigrationRefusedError, before anything is changed, when an applied migration reads differently now or is
    unknown.
    """
    con.execute(_LEDGER)
    known = {migration.version: migration for migration in migrations(folder)}
    applied = dict(con.execute("select version, checksum from ops.migration").fetchall())
    for version, checksum in sorted(applied.items()):
        if version not in known:
            raise MigrationRefusedError(f"仓库已升级到第 {version} 号迁移，本程序不认识它：请改用较新的程序版本。")
        if known[version].checksum != checksum:
            raise MigrationRefusedError(
                f"第 {version:04d} 号迁移（{known[version].name}）执行之后被改动：请恢复原文，另写一个新的迁移文件。"
            )
    todo = [migration for version, migration in known.items() if version not in applied]
    for migration in todo:
        with transaction(con):
            con.execute(migration.sql)
            con.execute(
                "insert into ops.migration values (?, ?, ?, ?)",
                [migration.version, migration.name, migration.checksum, datetime.now(UTC).replace(tzinfo=None)],
            )
    return [migration.version for migration in todo]
