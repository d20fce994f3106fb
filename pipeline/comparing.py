"""Hold a release against the true answers of a made-up province: figures, faults, files.

Reads the release by the same queries as anybody; knows nothing of how the answers came about.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from string import Template
from typing import Any

from warehouse.query import query

_LEVELS = ("township", "county", "prefecture", "province")
_GRAINS = ("month", "quarter", "year")
# Figures are kept to four decimals; rates are divided in decimals here and in doubles there.
_CLOSE = 1e-3
_RULE = "Expect"
_MART = Template("""
select
    org_code, indicator_code, period, source,
    cast(value as double) as value, cast(records_value as double) as records_value
from mart.${level}_$grain
""")
_FINDINGS = "select file, coalesce(cell, '') as cell, rule from dq.finding where severity in ('critical', 'warning')"
_DELIVERIES = "select file, status, rows_in, rows_loaded, rows_quarantined from ops.delivery"

Row = Mapping[str, str]
Fault = tuple[str, str, str]  # file, place, rule


@dataclass
class Comparison:
    """How many of the true values, planted faults and files were found, and what differs, each as a sentence."""

    values: int = 0
    values_found: int = 0
    faults: int = 0
    faults_found: int = 0
    false_alarms: int = 0
    files: int = 0
    files_as_expected: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs at all."""
        return not self.differences

    def as_json(self, most: int) -> dict[str, Any]:
        """Return the comparison as plain data, with the first differences."""
        listed = {name: value for name, value in vars(self).items() if name != "differences"}
        return {**listed, "agrees": self.agrees, "differences": self.differences[:most]}

    def lines(self, most: int) -> Iterator[str]:
        """Yield what a person is told."""
        yield f"真值 true values found        {self.values_found}/{self.values}"
        yield f"埋入的差错 planted faults found {self.faults_found}/{self.faults}"
        yield f"误报 false alarms             {self.false_alarms}"
        yield f"文件 files as expected        {self.files_as_expected}/{self.files}"
        yield from self.differences[:most]
        if len(self.differences) > most:
            yield f"…… 另有 {len(self.differences) - most} 处不同 (and more)"


def compare(answers: Path, release: Path) -> Comparison:
    """Compare every line of the answers with the release, and the release with the answers.

    Raises FileNotFoundError when the folder holds no answers.
    """
    comparison = Comparison()
    _compare_figures(comparison, _read(answers / "figures.csv"), release)
    delivered = {row["file"]: row for row in _ask(release, _DELIVERIES)}
    files = list(_read(answers / "deliveries.csv"))
    _compare_files(comparison, files, delivered)
    _compare_faults(comparison, _read(answers / "faults.csv"), files, delivered, release)
    return comparison


def _compare_figures(comparison: Comparison, expected: Iterable[Row], release: Path) -> None:
    true = {(row["level"], row["org_code"], row["indicator_code"], row["period"]): row for row in expected}
    periods = {key[3] for key in true}
    met = set()
    comparison.values = len(true)
    for level, grain in product(_LEVELS, _GRAINS):
        for found in _ask(release, _MART.substitute(level=level, grain=grain)):
            key = (level, found["org_code"], found["indicator_code"], found["period"])
            row = true.get(key)
            if row:
                met.add(key)
                problem = _unlike(row, found)
            else:
                extra = found["value"] is not None and found["period"] in periods
                problem = f"多出的数 {found['value']}（{found['source']}）" if extra else ""
            if problem:
                comparison.differences.append(f"{' '.join(key)}：{problem}")
            elif row:
                comparison.values_found += 1
    lost = [key for key in true if key not in met]
    comparison.differences += [f"{' '.join(key)}：应为 {true[key]['value']}，没有找到" for key in lost]


def _unlike(row: Row, found: Mapping[str, Any]) -> str:
    """Say in what a figure differs from the answer; "" when in nothing."""
    if not _close(row["value"], found["value"]):
        return f"应为 {row['value']}，实为 {found['value']}"
    if row["source"] != found["source"]:
        return f"来源应为 {row['source']}，实为 {found['source']}"
    if row["records_value"] and not _close(row["records_value"], found["records_value"]):
        return f"记录统计数应为 {row['records_value']}，实为 {found['records_value']}"
    return ""


def _close(expected: str, found: float | None) -> bool:
    if not expected or found is None:
        return not expected and found is None
    return abs(float(expected) - found) <= _CLOSE


def _compare_files(comparison: Comparison, files: list[dict[str, str]], delivered: Mapping[str, Row]) -> None:
    comparison.files = len(files)
    loaded = _groups(files, delivered)
    for row in files:
        found = delivered.get(row["file"])
        if row["status"] == "unseen":
            problem = "不应收件" if found else ""
        elif not found:
            problem = f"应为 {row['status']}，没有收件"
        else:
            problem = _other_outcome(row, found, loaded)
        if problem:
            comparison.differences.append(f"{row['file']}：{problem}")
        else:
            comparison.files_as_expected += 1


def _groups(files: list[dict[str, str]], delivered: Mapping[str, Row]) -> Counter[str]:
    """Count by group the files that were loaded: it should be one."""
    return Counter(
        row["group"]
        for row in files
        if row["group"] and row["file"] in delivered and delivered[row["file"]]["status"] == "loaded"
    )


def _other_outcome(row: Row, found: Mapping[str, Any], loaded: Mapping[str, int]) -> str:
    if row["group"]:
        good = loaded.get(row["group"]) == 1 and found["status"] in ("loaded", "duplicate")
        return "" if good else f"同组文件应有一份 loaded、其余 duplicate，实为 {found['status']}"
    if found["status"] != row["status"]:
        return f"应为 {row['status']}，实为 {found['status']}"
    for name in ("rows_in", "rows_loaded", "rows_quarantined"):
        if found[name] != int(row[name]):
            return f"{name} 应为 {row[name]}，实为 {found[name]}"
    return ""


def _compare_faults(
    comparison: Comparison,
    faults: Iterable[Row],
    files: list[dict[str, str]],
    delivered: Mapping[str, Row],
    release: Path,
) -> None:
    planted: Counter[Fault] = Counter()
    groups = {row["file"]: row["group"] for row in files}
    loaded = _groups(files, delivered)
    for row in faults:
        comparison.faults += 1
        if row["rule"].startswith(_RULE):
            planted[row["file"], row["place"], row["rule"]] += 1
        elif _came_to(row, delivered.get(row["file"]), loaded.get(groups.get(row["file"], ""), 0)):
            comparison.faults_found += 1
        else:
            comparison.differences.append(f"{row['file']}：应为 {row['rule']}")
    told: Counter[Fault] = Counter((row["file"], row["cell"], row["rule"]) for row in _ask(release, _FINDINGS))
    comparison.faults_found += (planted & told).total()
    comparison.false_alarms = (told - planted).total()
    comparison.differences += [f"{' '.join(fault)}：埋入的差错没有找到" for fault in (planted - told)]
    comparison.differences += [f"{' '.join(fault)}：误报" for fault in (told - planted)]


def _came_to(row: Row, found: Row | None, loaded: int) -> bool:
    """Say whether a file came to what was expected of it; of a group one is loaded, whichever."""
    if row["rule"] == "duplicate":
        return loaded == 1
    return found is None if row["rule"] == "unseen" else found is not None and found["status"] == row["rule"]


def _ask(release: Path, sql: str) -> Iterator[dict[str, Any]]:
    answer = query(release, sql)
    for row in answer.rows:
        yield dict(zip(answer.columns, row, strict=True))


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
