"""The list of what was held back from one delivery (退回清单), as a CSV that a clerk opens in a spreadsheet.

Holds masked text only. A cell that a spreadsheet would take for a formula is written with a leading apostrophe.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

HEADER = ("文件", "位置", "级别", "规则", "原因与处理办法")
_SEVERITIES = {"critical": "已退回", "warning": "请核实", "info": "提示"}


def write_quarantine_list(path: Path, findings: Iterable[tuple[str, str | None, str, str, str]]) -> None:
    """Write `findings` (file, cell, severity, rule, message) to `path`, UTF-8 with BOM, replacing it whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_suffix(".part")
    with building.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for name, cell, severity, rule, message in findings:
            row = (name, cell or "整个文件", _SEVERITIES[severity], rule, message)
            writer.writerow([_harmless(value) for value in row])
    building.replace(path)


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
