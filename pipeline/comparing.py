"""Hold a release against the true answers of a made-up province: figures, faults, files.

Reads the release by the same queries as anybody; knows nothing of how the answers came about.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from string import Template
from typing import Any

from warehouse.query import query

_LEVELS = ("township", "county", "prefecture", "province")
_GRAINS = ("month", "quarter", "year")
# Figures are kept to four decimals; rates are divided in decimals here and in doubles there, and may be rounded apart.
_CLOSE = 1.01e-4
_RULE = "Expect"
_MART = Template("""
select
    org_code, indicator_code, period, source,
    cast(value as double) as value, cast(records_value as double) as records_value
from mart.${level}_$grain
""")
# What the tables of single systems are held to; townships are left out.
_SYSTEMS = {
    "visit_month": ("visits", "deputies_present"),
    "performance_month": ("points", "active_deputies"),
    "case_funnel_month": ("opened", "closed", "median_days_total"),
    "suggestion_month": ("filed", "answered", "matters"),
    "fund_year": ("projects", "amount_wan"),
}
_SYSTEM = Template("select org_code, period, $columns from mart.$mart where level <> 'township'")
_COVERAGE = "select export as org_code, '' as period, records from mart.coverage"
_FINDINGS = """
select file, coalesce(cell, '') as cell, rule, severity from dq.finding where severity in ('critical', 'warning')
"""
_DELIVERIES = """
select file, coalesce(dataset, '') as dataset, status, rows_in, rows_loaded, rows_quarantined from ops.delivery
"""

Row = Mapping[str, str]
Found = Mapping[str, Any]
Key = tuple[str, ...]
Fault = tuple[str, str, str, str]  # file, place, rule, severity


@dataclass
class Comparison:
    """How many of the true values, planted faults and files were found, and what differs, each as a sentence.

    `values_extra` are rows of the marts, `files_extra` deliveries, that the answers do not know, or know once only.
    """

    values: int = 0
    values_found: int = 0
    values_extra: int = 0
    system_values: int = 0
    system_values_found: int = 0
    faults: int = 0
    faults_found: int = 0
    false_alarms: int = 0
    files: int = 0
    files_as_expected: int = 0
    files_extra: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs at all, and everything was found."""
        wanted = (self.values, self.system_values, self.faults, self.files)
        found = (self.values_found, self.system_values_found, self.faults_found, self.files_as_expected)
        return not self.differences and wanted == found

    def as_json(self, most: int) -> dict[str, Any]:
        """Return the comparison as plain data, with the first differences."""
        listed = {name: value for name, value in vars(self).items() if name != "differences"}
        return {**listed, "agrees": self.agrees, "differences": self.differences[:most]}

    def lines(self, most: int) -> Iterator[str]:
        """Yield what a person is told."""
        yield f"真值 true values found        {self.values_found}/{self.values}"
        yield f"各系统的数 system values found {self.system_values_found}/{self.system_values}"
        yield f"多出的数 extra values         {self.values_extra}"
        yield f"埋入的差错 planted faults found {self.faults_found}/{self.faults}"
        yield f"误报 false alarms             {self.false_alarms}"
        yield f"文件 files as expected        {self.files_as_expected}/{self.files}"
        yield f"多出的文件 extra files        {self.files_extra}"
        yield from self.differences[:most]
        if len(self.differences) > most:
            yield f"…… 另有 {len(self.differences) - most} 处不同 (and more)"


def compare(answers: Path, release: Path) -> Comparison:
    """Compare every line of the answers with the release, and the release with the answers.

    Raises FileNotFoundError when the folder holds no answers.
    """
    comparison = Comparison()
    _compare_figures(comparison, _read(answers / "figures.csv"), release)
    _compare_systems(comparison, _read(answers / "marts.csv"), release)
    ledger = list(_ask(release, _DELIVERIES))
    delivered = {row["file"]: row for row in ledger}
    files = list(_read(answers / "deliveries.csv"))
    _compare_files(comparison, files, delivered)
    _look_for_extra_files(comparison, files, ledger)
    _compare_faults(comparison, _read(answers / "faults.csv"), files, delivered, release)
    return comparison


def _compare_figures(comparison: Comparison, expected: Iterable[Row], release: Path) -> None:
    true: dict[Key, dict[Key, Row]] = defaultdict(dict)
    for row in expected:
        comparison.values += 1
        key = (row["org_code"], row["indicator_code"], row["period"])
        if true[row["level"], _grain(row["period"])].setdefault(key, row) is not row:
            comparison.differences.append(f"{row['level']} {' '.join(key)}：答案里有两行")
    for level, grain in product(_LEVELS, _GRAINS):
        shown: dict[Key, list[Found]] = defaultdict(list)
        for found in _ask(release, _MART.substitute(level=level, grain=grain)):
            shown[found["org_code"], found["indicator_code"], found["period"]].append(found)
        comparison.values_found += _match(comparison, f"{level}_{grain}", true[level, grain], shown, _unlike)


def _grain(period: str) -> str:
    """Say what kind of period it is: 2026, 2026-Q2 or 2026-06."""
    return "quarter" if "Q" in period else "month" if "-" in period else "year"


def _match(
    comparison: Comparison,
    mart: str,
    true: Mapping[Key, Row],
    shown: Mapping[Key, list[Found]],
    unlike: Callable[[Row, Found], str],
) -> int:
    """Hold the rows of a mart by key against the true ones: each of them once, alike, and no others of any period.

    Returns how many true values were found; the others, and what there is too much, are told.
    """
    good = 0
    for key, rows in shown.items():
        row = true.get(key)
        if row is None:
            problem = f"多出的数 {rows[0]['value']}"
        else:
            problem = f"同一个数有 {len(rows)} 行" if len(rows) > 1 else unlike(row, rows[0])
        comparison.values_extra += len(rows) - (row is not None)
        if problem:
            comparison.differences.append(f"{mart} {' '.join(key)}：{problem}")
        else:
            good += 1
    lost = [key for key in true if key not in shown]
    comparison.differences += [f"{mart} {' '.join(key)}：应为 {true[key]['value']}，没有找到" for key in lost]
    return good


def _compare_systems(comparison: Comparison, expected: Iterable[Row], release: Path) -> None:
    true: dict[str, dict[Key, Row]] = defaultdict(dict)
    for row in expected:
        comparison.system_values += 1
        true[row["mart"]][row["org_code"], row["period"], row["column"]] = row
    asked = {mart: _SYSTEM.substitute(mart=mart, columns=", ".join(columns)) for mart, columns in _SYSTEMS.items()}
    for mart, sql in {**asked, "coverage": _COVERAGE}.items():
        shown: dict[Key, list[Found]] = defaultdict(list)
        for found in _ask(release, sql):
            for column in _SYSTEMS.get(mart, ("records",)):
                shown[found["org_code"], found["period"], column].append({"value": found[column]})
        comparison.system_values_found += _match(comparison, mart, true[mart], shown, _unlike_value)


def _unlike_value(row: Row, found: Found) -> str:
    """Say in what a value differs from the answer; "" when in nothing."""
    return "" if _close(row["value"], found["value"]) else f"应为 {row['value']}，实为 {found['value']}"


def _unlike(row: Row, found: Found) -> str:
    """Say in what a figure differs from the answer; "" when in nothing."""
    if problem := _unlike_value(row, found):
        return problem
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


def _look_for_extra_files(comparison: Comparison, files: list[dict[str, str]], ledger: list[dict[str, Any]]) -> None:
    """Tell of deliveries that no answer speaks of, and of files that the ledger has twice."""
    known = {row["file"] for row in files}
    for file, times in Counter(row["file"] for row in ledger).items():
        if file not in known or times > 1:
            comparison.files_extra += times - (file in known)
            said = f"收件 {times} 次" if file in known else "答案里没有这个文件"
            comparison.differences.append(f"{file}：{said}")


def _groups(files: list[dict[str, str]], delivered: Mapping[str, Row]) -> Counter[str]:
    """Count by group the files that were loaded: it should be one."""
    return Counter(
        row["group"]
        for row in files
        if row["group"] and row["file"] in delivered and delivered[row["file"]]["status"] == "loaded"
    )


def _other_outcome(row: Row, found: Found, loaded: Mapping[str, int]) -> str:
    if found["dataset"] != row["dataset"]:
        return f"应属于 {row['dataset'] or '（无）'}，实为 {found['dataset'] or '（无）'}"
    if row["group"] and (loaded.get(row["group"]) != 1 or found["status"] not in ("loaded", "duplicate")):
        return f"同组文件应有一份 loaded、其余 duplicate，实为 {found['status']}"
    if row["group"] and found["status"] == "duplicate":
        return "" if not found["rows_loaded"] else "重复的文件不应入库"
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
            planted[row["file"], row["place"], row["rule"], row["severity"]] += 1
        elif _came_to(row, delivered.get(row["file"]), loaded.get(groups.get(row["file"], ""), 0)):
            comparison.faults_found += 1
        else:
            comparison.differences.append(f"{row['file']}：应为 {row['rule']}")
    told: Counter[Fault] = Counter(
        (row["file"], row["cell"], row["rule"], row["severity"]) for row in _ask(release, _FINDINGS)
    )
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
