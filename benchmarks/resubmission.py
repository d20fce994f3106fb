"""`python -m benchmarks.resubmission`: what one corrected form costs in a province of 88 counties and 24 months.

A warehouse is filled with a form of every county and month (a line a township, every indicator that forms tell) and
with records of visits; then one county sends one month anew. The marts are brought up to date twice, from the same
state: along the path of the change, and wholly. The run fails unless both leave the same tables, row by row.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd

import catalog
from transforms import reaches_of, statements, views_of
from warehouse.archive import Delivery
from warehouse.duck import open_writer
from warehouse.load import Intake, load
from warehouse.recompute import RolledUp, bring_up_to_date
from warehouse.release import manifest
from warehouse.rollup import roll_up

COUNTY, PERIOD, START, END = "522301", "2025-06", date(2025, 6, 1), date(2025, 6, 30)
ROUNDS = 3

_COUNTIES = "create temp table county as select code from ref.org where level = 'county' and valid_to is null"
_MONTHS = """
create temp table month as
select period, start_date, end_date from ref.period
where grain = 'month' and start_date between date '2025-01-01' and date '2026-12-31'
"""
_REPORTS = """
insert into core.report by name
select
    county.code || '-' || month.period || '#1' as report_id, county.code || '-' || month.period as delivery_id,
    'county_table' as form, county.code as county_code, county.code as org_code, month.period, 'month' as grain,
    month.start_date as period_start, month.end_date as period_end, 'period' as basis,
    month.end_date + 3 as reported_on, (month.end_date + 3)::timestamp as delivered_at, 20 as rows_in,
    0 as rows_quarantined, true as is_complete, true as is_current,
    concat_ws('|', 'county_table', county.code, month.period, 'period') as series
from county
cross join month
"""
_LEDGER = """
insert into ops.delivery by name
select
    delivery_id, delivery_id as sha256, delivery_id || '.xlsx' as file, 0 as size_bytes, form as dataset,
    'loaded' as status, rows_in, rows_in as rows_loaded, 0 as rows_quarantined, 0 as rows_rejected, delivered_at,
    delivered_at as received_at, delivered_at as loaded_at
from core.report
"""
_FIGURES = """
insert into core.observation by name
select
    report.report_id, report.delivery_id, township.code as org_code, report.county_code,
    indicator.code as indicator_code, report.period, report.grain, report.period_start, report.period_end,
    report.basis, hash(township.code, indicator.code, report.period) % 300 as value, value as value_low,
    value as value_high, 'figure' as state, 'form' as source, 'A1' as source_ref,
    report.report_id || ':' || township.code as row_ref, true as is_current
from core.report as report
inner join ref.org as township
    on report.county_code = township.county_code and township.level = 'township' and township.valid_to is null
cross join ref.indicator as indicator
where list_contains($indicators, indicator.code)
"""
_VISITS = """
insert into core.station_visit by name
select
    'V-' || county.code || '-' || month.period || '-' || number.n as visit_code, county.code as county_code,
    month.start_date + (number.n % 28)::int as visited_on, '县' as deputy_level,
    (number.n % 40)::varchar as deputy_key, 1 + number.n % 5 as people_received, number.n % 3 as opinions_taken,
    'visits' as delivery_id, 'line' as source_ref, '' as record_hash, 0 as steps_done, now()::timestamp as delivered_at
from county
cross join month
cross join (select unnest(range(100)) as n) as number
"""


def fill(con: duckdb.DuckDBPyConnection, indicators: list[str]) -> int:
    """Put a form a county and month, and records of visits, into an empty warehouse; return the number of figures."""
    for statement in (_COUNTIES, _MONTHS, _REPORTS, _LEDGER):
        con.execute(statement)
    con.execute(_FIGURES, {"indicators": indicators})
    con.execute(_VISITS)
    return int(con.execute("select count(*) from core.observation").fetchall()[0][0])


def corrected(con: duckdb.DuckDBPyConnection, folder: Path, number: int) -> Intake:
    """Return the county's form of the month once more, every figure greater by `number`."""
    name = f"{COUNTY}-{PERIOD}-{number}"
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    now = datetime(2026, 12, 31, number, tzinfo=UTC)
    delivery = Delivery(sha256[:16], sha256, f"{name}.xlsx", 100, now, now)
    report_id = f"{delivery.delivery_id}#1"
    report = con.execute("select * from core.report where report_id = ?", [f"{COUNTY}-{PERIOD}#1"]).df()
    figures = con.execute("select * from core.observation where report_id = ?", [f"{COUNTY}-{PERIOD}#1"]).df()
    lines = figures["row_ref"].nunique()
    report = report.assign(report_id=report_id, rows_in=lines, reported_on=date(2026, 12, 30))
    figures = figures.assign(
        report_id=report_id,
        row_ref=report_id + ":" + figures["org_code"],
        **{column: figures[column] + number for column in ("value", "value_low", "value_high")},
    )
    for frame, table in (("reports", report), ("observations", figures)):
        kept = table.drop(columns=["is_current", "delivery_id"])
        dated = {column: pd.to_datetime(kept[column]).dt.date for column in ("period_start", "period_end")}
        kept.assign(**dated).to_parquet(folder / f"{frame}.parquet", index=False)
    return Intake(delivery, "county_table", "xlsx", None, name, lines, 0, folder, "accepted")


def measure(folder: Path) -> dict[str, object]:
    """Return seconds of both ways, what the incremental one did, and whether the tables are equal."""
    facts = catalog.load()
    selects, views, reaches = statements(facts), views_of(facts), reaches_of(facts)
    path, seconds = folder / "warehouse.duckdb", {"path": [], "full": []}
    with open_writer(path, facts) as con:
        figures = fill(con, [figure.indicator for figure in facts.forms["county_table"].figures])
        bring_up_to_date(con, selects, views, reaches)
    for number in range(1, ROUNDS + 1):
        with open_writer(path, facts) as con:
            load(con, facts, corrected(con, folder, number), datetime(2026, 12, 31, number, tzinfo=UTC))
        shutil.copyfile(path, folder / "other.duckdb")
        with open_writer(folder / "other.duckdb", facts) as con:
            started = time.perf_counter()
            roll_up(con, selects, views)
            con.execute("checkpoint")
            seconds["full"].append(time.perf_counter() - started)
            whole = manifest(con, facts)["tables"]
        with open_writer(path, facts) as con:
            started = time.perf_counter()
            done: RolledUp = bring_up_to_date(con, selects, views, reaches)
            con.execute("checkpoint")
            seconds["path"].append(time.perf_counter() - started)
            found = manifest(con, facts)["tables"]
    of_marts = [name for name in whole if not name.startswith("ops.")]
    return {
        "figures": figures,
        "seconds": {way: min(taken) for way, taken in seconds.items()},
        "done": done,
        "unequal": [name for name in of_marts if whole[name] != found[name]],
    }


def main() -> int:
    """Measure, print, and return 1 where the two ways differ."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    path, full, done = found["seconds"]["path"], found["seconds"]["full"], found["done"]
    print(f"全省 88 县 × 24 个月，{found['figures']:,} 个数；{COUNTY} 更正 {PERIOD} · one county sends one month anew")
    print(f"（{platform.machine()}，DuckDB {duckdb.__version__}）")
    print(f"全部重算 · full {full:.2f} s；沿路径重算 · along the path {path:.2f} s；比 · ratio {full / path:.1f}")
    print(json.dumps(done.as_json(), ensure_ascii=False) if "--json" in sys.argv else told(done))
    print(f"结果一致 · equal: {'yes' if not found['unequal'] else found['unequal']}")
    return 1 if found["unequal"] else 0


def told(done: RolledUp) -> str:
    """Say in two lines what was made anew and what was left alone."""
    along = [made for made in done.made if made.reach]
    rows = sum(made.rows for made in done.made)
    whole = [made.table for made in done.made if not made.reach]
    return (
        f"沿路径 {len(along)} 张表，整表 {len(whole)} 张，未动 {len(done.left)} 张；改写 {rows:,} 行 · "
        f"along the path {len(along)}, whole {len(whole)}, left alone {len(done.left)}; rows {rows:,}"
    )


if __name__ == "__main__":
    sys.exit(main())
