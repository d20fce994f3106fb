"""The same work by plain DuckDB: the project's tables and SELECTs, and nothing of the project between them.

Files archived under their hash; read, checked and listed by the SQL of `benchmarks.bare_road`; good rows and findings
with their places in the warehouse's own tables; all marts; a release with its words, and every table of it hashed.
`python -m benchmarks.same_road LANDING FOLDER` walks it and prints what it took.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

import catalog
from benchmarks import bare_road
from benchmarks.case_files import UNITS
from transforms import statements, views_of
from warehouse.migrate import migrate
from warehouse.reference import refill
from warehouse.release import manifest
from warehouse.rollup import roll_up
from warehouse.tables import chinese_views, describe, ensure_exports

_LEDGER = """
insert into ops.delivery by name
select filename as delivery_id, filename as sha256, filename as file, 0 as size_bytes, 'case' as dataset,
    'loaded' as status, count(*) as rows_in, count(*) as rows_loaded, 0 as rows_quarantined, 0 as rows_rejected,
    now()::timestamp as delivered_at, now()::timestamp as received_at, now()::timestamp as loaded_at
from typed
group by filename
"""
_FINDINGS = """
insert into dq.finding by name
select row_number() over ()::varchar as finding_id, filename as delivery_id, filename as file, line,
    'line ' || line as cell, 'case.records' as suite, rule, if(is_critical, 'critical', 'warning') as severity,
    'row' as scope, rule || '：请核对，改正后重新导出。' as message
from failing
"""
_CASES = """
insert into core."case" by name
select case_code, station_code, county_code, channel, category, case_kind, opened_at, accepted_at, assigned_at,
    closed_at, grade, department, filename as delivery_id, 'line ' || line as source_ref,
    left(record_hash, 32) as record_hash, (accepted_at is not null)::int + (assigned_at is not null)::int
    + (closed_at is not null)::int as steps_done, now()::timestamp as delivered_at
from flagged
where (filename, line) not in (select filename, line from failing where is_critical)
"""
_STATIONS = """
insert into core.station by name
select 站点编码 as station_code, 站点名称 as station_name, 站点类型 as station_kind, 所属县区 as county_code,
    所属乡镇 as township_code, 建成日期::date as opened_on, 'stations' as delivery_id, 'line' as source_ref,
    sha256(站点编码) as record_hash, 0 as steps_done, now()::timestamp as delivered_at
from read_csv($stations, all_varchar = true)
"""


def walk(landing: Path, folder: Path) -> dict[str, object]:
    """Walk the road once; return seconds by stage and the peak memory in MB."""
    facts = catalog.load()
    file = folder / "same.duckdb"
    con = duckdb.connect(str(file))
    migrate(con)
    refill(con, facts)
    ensure_exports(con, facts)
    cases = [str(path) for path in sorted(landing.glob("群众工单_*.csv"))]
    stations = f"'{landing / '联络站台账.csv'}'"
    stages: dict[str, Callable[[], object]] = {
        "land": lambda: _archive(landing, folder / "archive"),
        "parse": lambda: _execute(
            con,
            bare_road.UNITS_TABLE.replace("$units", str(UNITS)).replace("create table", "create temp table"),
            bare_road.READ.replace("$files", str(cases)),
        ),
        "validate": lambda: _execute(
            con, bare_road.FLAGGED, f"create temp table failing as {bare_road.failing('flagged')}"
        ),
        "load": lambda: _execute(
            con, _LEDGER, _FINDINGS, _CASES, _STATIONS.replace("$stations", stations), "checkpoint"
        ),
        "roll_up": lambda: (roll_up(con, statements(facts), views_of(facts)), con.execute("checkpoint")),
        "publish": lambda: _publish(con, file, folder / "release.duckdb", facts),
    }
    seconds = {}
    for stage, work in stages.items():
        started = time.perf_counter()
        work()
        seconds[stage] = time.perf_counter() - started
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _archive(landing: Path, archive: Path) -> None:
    archive.mkdir()
    for path in landing.iterdir():
        with path.open("rb") as source:
            copy = archive / hashlib.file_digest(source, "sha256").hexdigest()
        shutil.copyfile(path, copy)
        with copy.open("rb") as written:
            os.fsync(written.fileno())


def _execute(con: duckdb.DuckDBPyConnection, *texts: str) -> None:
    for text in texts:
        con.execute(text)


def _publish(con: duckdb.DuckDBPyConnection, file: Path, release: Path, facts: catalog.Catalog) -> None:
    con.close()
    shutil.copyfile(file, release)
    with duckdb.connect(str(release)) as copy:
        describe(copy, facts)
        chinese_views(copy, facts)
        manifest(copy, facts)
    release.chmod(0o444)


if __name__ == "__main__":
    print(json.dumps(walk(Path(sys.argv[1]), Path(sys.argv[2]))))
