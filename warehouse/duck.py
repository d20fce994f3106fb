"""Open DuckDB files: the warehouse for its one writer, a release for everybody else.

Never loads an extension, never waits for a lock, and never hands out a reader that could write, attach or read files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from catalog import Catalog
from warehouse.errors import WarehouseError
from warehouse.migrate import migrate
from warehouse.reference import refill
from warehouse.tables import ensure_exports

Connection = duckdb.DuckDBPyConnection
NO_EXTENSIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
_READER = NO_EXTENSIONS | {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


class WarehouseBusyError(WarehouseError):
    """Another process, or another task of this one, has the warehouse open."""


class WarehouseUnreadableError(WarehouseError):
    """The file is there, but DuckDB cannot read it."""


@contextmanager
def open_writer(path: Path, catalog: Catalog) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for writing, made or brought up to date; CHECKPOINT and close at the end.

    An unfinished transaction of a failing block is undone. Raises WarehouseBusyError at once, naming the
    process to wait for, when the file is locked; MigrationRefusedError and TableMismatchError when it does not fit
    this program.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    con = _connect(path, read_only=False, config=NO_EXTENSIONS)
    try:
        migrate(con)
        refill(con, catalog)
        ensure_exports(con, catalog)
        yield con
        con.execute("checkpoint")
    finally:
        con.close()


@contextmanager
def open_reader(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a release file read-only, without access to other files and with its configuration locked."""
    if not path.is_file():
        raise FileNotFoundError(f"没有数据文件 {path}：请先完成一次加载与发布。")
    con = _connect(path, read_only=True, config=_READER)
    try:
        yield con
    finally:
        con.close()


def put_in_place(anew: Path, path: Path) -> None:
    """Put the closed file `anew` in the place of the warehouse `path`, whose write-ahead log goes with it.

    Raises WarehouseBusyError when somebody has the old one open; one that cannot be read is no hindrance.
    """
    if path.exists():
        with suppress(WarehouseUnreadableError):
            _connect(path, read_only=False, config=NO_EXTENSIONS).close()
    _log_of(path).unlink(missing_ok=True)
    anew.replace(path)


def discard(path: Path) -> None:
    """Remove a warehouse file and its write-ahead log, if there are any."""
    for leftover in (path, _log_of(path)):
        leftover.unlink(missing_ok=True)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


@contextmanager
def open_plain(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an existing file for writing as it is, and CHECKPOINT it: for a release that is still being built."""
    con = _connect(path, read_only=False, config=NO_EXTENSIONS)
    try:
        yield con
        con.execute("checkpoint")
    finally:
        con.close()


def _connect(path: Path, *, read_only: bool, config: dict[str, str]) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=read_only, config=dict(config))
    except duckdb.ConnectionException as error:
        raise WarehouseBusyError(f"{path} 正被本程序的另一个任务使用：请等它结束后再试。") from error
    except duckdb.IOException as error:
        if holder := _HOLDER.search(str(error)):
            raise WarehouseBusyError(
                f"{path} 正被进程 {holder['pid']}（{Path(holder['program']).name}）使用："
                "请等它结束后再试；若它已无响应，请结束该进程。"
            ) from error
        raise WarehouseUnreadableError(f"{path} 无法打开，文件可能已损坏：请由归档重建（daibiao rebuild）。") from error
