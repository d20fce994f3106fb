"""The rules of the cases over records that are parsed already, three ways in one process, imports apart.

`python -m benchmarks.checks LANDING FOLDER` parses the cases and prints seconds of each way, and whether all three
found the same rows.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

import catalog
import expectations
from benchmarks import bare_road, pandas_road
from pipeline import Settings, steps
from warehouse.scratch import scratch

_ROUNDS = 3
# The texts that the hand-written rules ask for, out of what the parser says of them.
_VIEW = """
create table parsed as
select
    *, delivery_id as filename, nullif(case_code_state, 'blank') as case_code_text,
    nullif(county_code_state, 'blank') as county_text, nullif(channel_state, 'blank') as channel_text,
    nullif(case_kind_state, 'blank') as kind_text, nullif(opened_at_state, 'blank') as opened_text,
    nullif(accepted_at_state, 'blank') as accepted_text, nullif(assigned_at_state, 'blank') as assigned_text,
    nullif(closed_at_state, 'blank') as closed_text, nullif(grade_state, 'blank') as grade_text,
    case_code in (select case_code from read_parquet($paths) group by case_code having count(*) > 1) as is_again,
    now()::timestamp + interval 32 hours as latest
from read_parquet($paths)
"""
Rows = list[tuple[str, int]]


def ours(folders: list[Path], facts: catalog.Catalog) -> Rows:
    """Judge as the pipeline does."""
    header = pd.concat([pd.read_parquet(folder / "frame.header.parquet") for folder in folders], ignore_index=True)
    with scratch() as rows:
        rows.read("record", [folder / "frame.records.parquet" for folder in folders])
        findings = expectations.validate("case", {"header": header}, facts, rows).findings
    return [(owner, int(line)) for owner, line in zip(findings["delivery_id"], findings["line"], strict=True)]


def bare(folders: list[Path], _: catalog.Catalog) -> Rows:
    """Judge by SQL written by hand."""
    paths = [str(folder / "frame.records.parquet") for folder in folders]
    with duckdb.connect() as con:
        con.execute(_VIEW.replace("$paths", str(paths)))
        con.execute(f"create table failing as {bare_road.failing('parsed')}")
        return con.execute("select filename, line from failing").fetchall()


def on_pandas(folders: list[Path], _: catalog.Catalog) -> Rows:
    """Judge every row by Great Expectations on pandas."""
    cases = pd.concat([pd.read_parquet(folder / "frame.records.parquet") for folder in folders], ignore_index=True)
    for name in ("case_code", "county_code", "channel", "case_kind", "grade", *pandas_road.STEPS):
        cases[f"{name}_text"] = cases[f"{name}_state"] != "blank"
    found = pandas_road.judge(pandas_road.derive(cases))
    places = list(zip(cases["delivery_id"], cases["line"], strict=True))
    return [places[n] for _, rows in found for n in rows.tolist()]


def measure(landing: Path, folder: Path) -> dict[str, object]:
    """Return the least seconds of each way and whether all found the same rows."""
    settings = Settings.read(home=folder, landing=landing, environment={"DAIBIAO_SETTLE_SECONDS": "0"})
    ids = steps.parse(settings, "bench", steps.land(settings, datetime.now(UTC)).deliveries)
    folders = [settings.work / "bench" / delivery for delivery in ids]
    chosen = [f for f in folders if json.loads((f / steps.PARSED).read_text(encoding="utf-8"))["dataset"] == "case"]
    import great_expectations  # noqa: F401 - so that nobody's time holds the import

    facts = catalog.load()
    ways: dict[str, Callable[[list[Path], catalog.Catalog], Rows]] = {"ours": ours, "bare": bare, "pandas": on_pandas}
    seconds: dict[str, float] = {}
    found: dict[str, Rows] = {}
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            started = time.perf_counter()
            found[name] = sorted(way(chosen, facts))
            taken = time.perf_counter() - started
            seconds[name] = min(taken, seconds.get(name, taken))
    return {
        "seconds": seconds,
        "rules": len(bare_road.CHECKS),
        "failing": len(found["bare"]),
        "equal": found["ours"] == found["bare"] == found["pandas"],
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
