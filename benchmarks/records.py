"""The road of records beside plain DuckDB SQL, twice, and beside pandas with Great Expectations, as ratios in one run.

`python -m benchmarks.records [NUMBER]…` writes so many cases (and their stations), walks each road over them twice, in
turn, each in a process of its own, and prints a table. A row counts only if all ways found the same rows failing and
the same figures, marts and medians; where they did not, the table says so and the exit code is 1.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.case_files import write_cases

DAIBIAO = Path(sys.executable).parent / "daibiao"
SIZES = (100_000, 1_000_000)
ROUNDS = 2
WAYS = ("ours", "same", "bare", "pandas")
STAGES = ("land", "parse", "validate", "load", "roll_up", "publish")
_LEVELS = ("township", "county", "prefecture", "province")
_MARTS = ("county_month", "prefecture_quarter", "province_year", "case_funnel_month", "case_channel_month")
_COUNTED = "('opinions_collected', 'opinions_resolved', 'disputes_mediated', 'problems_solved')"
_FAILING = """
select d.file, f.line
from ours.dq.finding as f
join ours.ops.delivery as d using (delivery_id)
where f.suite = 'case.records'
"""
_DAYS = [f"{kind}_days_{step}" for step in ("accept", "assign", "handle", "total") for kind in ("median", "p90")]

Taken = dict[str, Any]


def child(command: Sequence[str | Path]) -> tuple[str, float, float]:
    """Run a program; return what it printed, its wall seconds and its peak memory in MB."""
    with tempfile.TemporaryFile() as printed:
        started = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdout=printed, env=_environment())  # noqa: S603 - our own words
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        printed.seek(0)
        text = printed.read().decode()
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1 says that rows were quarantined
        raise SystemExit(f"{command[0]} failed")
    return text, wall, usage.ru_maxrss / 1024


def _environment() -> dict[str, str]:
    return {**os.environ, "DAIBIAO_SETTLE_SECONDS": "0", "TQDM_DISABLE": "1"}


def walk(way: str, landing: Path, folder: Path) -> Taken:
    """Walk one road and return seconds by stage, wall seconds, peak memory."""
    if way == "ours":
        command: list[str | Path] = [DAIBIAO, "run", "--home", folder, "--landing", landing, "--json"]
    else:
        command = [sys.executable, "-m", f"benchmarks.{way}_road", landing, folder]
    text, wall, megabytes = child(command)
    return {"seconds": json.loads(text)["seconds"], "wall": wall, "megabytes": megabytes}


def least(rounds: Sequence[Taken]) -> Taken:
    """Return the least of each figure: the others were disturbed."""
    stages = rounds[0]["seconds"]
    return {
        "seconds": {stage: min(taken["seconds"][stage] for taken in rounds) for stage in stages},
        "wall": min(taken["wall"] for taken in rounds),
        "megabytes": min(taken["megabytes"] for taken in rounds),
    }


def same(folders: dict[str, Path]) -> dict[str, bool]:
    """Say whether the ways agree: failing rows, figures, whole marts (same) and the funnel's medians (bare)."""
    release = next(folders["ours"].glob("releases/*/daibiao.duckdb"))
    with duckdb.connect() as con:
        con.execute(f"attach '{release}' as ours (read_only)")
        con.execute(f"attach '{folders['bare'] / 'bare.duckdb'}' as bare (read_only)")
        marts = " union all by name ".join(
            f"select org_code, indicator_code, period, value from ours.mart.{level}_{grain}"
            for level in _LEVELS
            for grain in ("month", "quarter", "year")
        )
        con.execute(f"create view mine as select * replace (value::bigint as value) from ({marts}) "
                    f"where indicator_code in {_COUNTED}")  # fmt: skip
        con.execute("create view plain as select unit_code, indicator, period, value::bigint as value from bare.figure")
        figures = folders["pandas"] / "figures.parquet"
        con.execute(
            f"create view panda as select unit_code, indicator, period, value::bigint as value from '{figures}'"
        )
        failing = sorted(con.execute(_FAILING).fetchall())
        plain = con.execute("select regexp_extract(filename, '[^/]+$'), line from bare.failing").fetchall()
        panda = [tuple(row) for row in json.loads((folders["pandas"] / "failing.json").read_text(encoding="utf-8"))]
        columns = ", ".join(f"max(abs(a.{name} - b.{name}))" for name in _DAYS)
        funnel = con.execute(
            f"select count(*), (select count(*) from bare.funnel), {columns} from ours.mart.case_funnel_month as a "
            "join bare.funnel as b on a.org_code = b.unit_code and a.period = b.period and a.opened = b.opened "
            "and a.accepted = b.accepted and a.assigned = b.assigned and a.closed = b.closed and a.graded = b.graded"
        ).fetchall()[0]
        con.execute(f"attach '{folders['same'] / 'release.duckdb'}' as same (read_only)")
        told = sorted(con.execute("select regexp_extract(file, '[^/]+$'), line from same.dq.finding").fetchall())
        marts = all(_alike(con, f"ours.mart.{name}", f"same.mart.{name}") for name in _MARTS)
        return {
            "marts": marts and told == failing,
            "failing rows": failing == sorted(plain) == sorted(panda) and bool(failing),
            "figures": _alike(con, "mine", "plain") and _alike(con, "mine", "panda"),
            "funnel": funnel[0] == funnel[1] and all(off < 0.0002 for off in funnel[2:]),
        }


def _alike(con: duckdb.DuckDBPyConnection, one: str, other: str) -> bool:
    counts = con.execute(
        f"select (select count(*) from (from {one} except all from {other})),"
        f" (select count(*) from (from {other} except all from {one})), (select count(*) from {one})"
    ).fetchall()[0]
    return bool(counts[0] == counts[1] == 0 and counts[2])


def compare(number: int) -> bool:
    """Print the table for `number` records; return whether all ways agreed."""
    with tempfile.TemporaryDirectory() as scratch:
        landing = Path(scratch) / "landing"
        landing.mkdir()
        write_cases(landing, number)
        taken: dict[str, list[Taken]] = {way: [] for way in WAYS}
        for _ in range(ROUNDS):
            folders = {way: Path(tempfile.mkdtemp(dir=scratch)) for way in taken}
            for way, rounds in taken.items():
                rounds.append(walk(way, landing, folders[way]))
        agreed = same(folders)
        text, *_ = child([sys.executable, "-m", "benchmarks.checks", landing, tempfile.mkdtemp(dir=scratch)])
    checks = json.loads(text)
    agreed["checks"] = checks["equal"]
    _print(number, {way: least(rounds) for way, rounds in taken.items()}, checks, agreed)
    return all(agreed.values())


def _print(number: int, taken: dict[str, Taken], checks: Taken, agreed: dict[str, bool]) -> None:
    print(
        f"\n{number:,} 条工单 · cases, {os.cpu_count()} 核 · cores, {platform.machine()}, DuckDB {duckdb.__version__}"
    )
    print("| 阶段 · stage | ours (s) | same (s) | bare (s) | pandas (s) | ours/same | ours/bare | pandas/ours |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    seconds = checks["seconds"]
    _row(f"{checks['rules']} 条规则 · checks, imports apart", seconds["ours"], None, seconds["bare"], seconds["pandas"])
    for stage in STAGES:
        _row(stage, *(taken[way]["seconds"].get(stage) for way in taken))
    _row("全程 · whole road, as a process", *(taken[way]["wall"] for way in taken))
    peaks = " / ".join(f"{taken[way]['megabytes'] / 1024:.2f}" for way in taken)
    print(f"内存峰值 · peak memory (GB): {peaks}")
    print("结果一致 · equal: " + ", ".join(f"{what} {'yes' if yes else 'NO'}" for what, yes in agreed.items()))


def _row(name: str, ours: float, same: float | None, bare: float | None, pandas: float | None) -> None:
    shown = [f"{value:.2f}" if value is not None else "–" for value in (ours, same, bare, pandas)]
    ratios = [f"{ours / other:.2f}" if other else "–" for other in (same, bare)]
    print(f"| {name} | {' | '.join([*shown, *ratios, f'{pandas / ours:.2f}' if pandas else '–'])} |")


def main(sizes: Sequence[int]) -> None:
    """Compare at each size; exit with 1 where the ways did not agree."""
    agreed = [compare(size) for size in sizes]
    if not all(agreed):
        raise SystemExit(1)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
