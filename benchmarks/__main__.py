"""`make bench`: what readers cost, what the road costs by step and with nothing new, what one corrected form costs."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import python_calamine

from benchmarks import records, resubmission
from benchmarks.prose import prose

PROJECT = Path(__file__).parents[1]
DAIBIAO = Path(sys.executable).parent / "daibiao"
ROWS, COLUMNS, REPEATS = 200, 20, 7


def fastest(work: Callable[[], object]) -> float:
    """Return the seconds of the fastest of `REPEATS` runs: the others were disturbed."""
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def workbook() -> bytes:
    """Return an xlsx of `ROWS` x `COLUMNS` figures and names."""
    book = openpyxl.Workbook()
    for line in range(ROWS):
        book.worksheets[0].append([f"第{line}街道", *(line * column for column in range(1, COLUMNS))])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read_with_openpyxl(data: bytes) -> list[tuple[object, ...]]:
    """Read every cell the way openpyxl is quickest: read-only."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


def read_with_calamine(data: bytes) -> object:
    """Read every cell with the reader the project uses."""
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def readers() -> None:
    """Print how many times longer openpyxl takes than calamine for the same cells."""
    data = workbook()
    ours, theirs = fastest(lambda: read_with_calamine(data)), fastest(lambda: read_with_openpyxl(data))
    print(f"读一个 {ROWS}x{COLUMNS} 的 xlsx · reading one workbook: calamine {ours * 1000:.1f} ms")
    print(f"  openpyxl / calamine = {theirs / ours:.1f}")


def walk(home: Path) -> tuple[float, dict[str, float], int]:
    """Walk the road over the samples below `home`; return the wall seconds, the seconds by step, and the rows in."""
    command: list[str | Path] = [DAIBIAO, "run", "--home", home, "--landing", PROJECT / "samples/landing", "--json"]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words only
    wall = time.perf_counter() - started
    if not done.stdout:  # the exit code alone does not tell: 1 says that the samples hold planted faults
        raise SystemExit(done.stderr)
    account = json.loads(done.stdout)
    return wall, account["seconds"], account["rows"]["in"]


def road() -> None:
    """Print each step's share of a first run over the samples, and a second run with nothing new beside it."""
    with tempfile.TemporaryDirectory() as folder:
        wall, steps, rows = walk(Path(folder))
        again, _, _ = walk(Path(folder))
    inside = sum(steps.values())
    print(f"样例全程 · the road over samples/: {wall:.1f} s, {rows} rows in")
    for step, seconds in steps.items():
        print(f"  {step:10} {seconds / inside:6.1%}")
    print(f"  启动与装载 · start-up and imports, beside the steps = {(wall - inside) / inside:.2f} of them")
    print(f"  无新文件的第二次运行 / 第一次 · second run, nothing new / first = {again / wall:.2f}")


if __name__ == "__main__":
    readers()
    prose()
    road()
    if resubmission.main():
        sys.exit("按路径重算与全部重算不一致 · making anew along the path and wholly differ")
    records.main(records.SIZES)
