"""The lists of what was held back (退回清单): one CSV a delivery, which a clerk opens in a spreadsheet.

Holds masked text only. A cell that a spreadsheet would take for a formula is written with a leading apostrophe.
"""

from __future__ import annotations

import csv
import re
from itertools import groupby
from pathlib import Path, PurePosixPath

from warehouse.query import query

HEADER = ("文件", "位置", "处理", "规则", "原因与处理办法")
_OURS = re.compile(r"\.[0-9a-f]{16}\.csv$")
_TREATMENTS = {"critical": "已退回", "warning": "请核实"}
# A delivery of which rows were held back is listed with its warnings; one that could not be read, with the reason.
_LINES = """
select delivery_id, file, coalesce(cell, '整张表') as place, severity, rule, message, line
from dq.finding
where severity <> 'info' and delivery_id in (select delivery_id from dq.quarantine)
union all
select delivery_id, file, '整个文件', 'critical', 'unusable_file', reason, null
from ops.delivery
where status = 'rejected' and delivery_id not in (select delivery_id from dq.quarantine)
order by delivery_id, severity, line, place, rule, message
"""


def write_quarantine_lists(release: Path, folder: Path) -> list[Path]:
    """Write a list for every delivery of the release that lost rows, and remove those of others; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for (delivery_id, file), lines in groupby(query(release, _LINES).rows, key=lambda line: line[:2]):
        path = folder / f"{PurePosixPath(file).stem[:40]}.{delivery_id}.csv"  # names may be as long as a disk allows
        building = path.with_suffix(".part")
        with building.open("w", encoding="utf-8-sig", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(HEADER)
            for _, _, place, severity, rule, message, _ in lines:
                cells = (file, place, _TREATMENTS[severity], rule, message)
                writer.writerow([_harmless(cell) for cell in cells])
        building.replace(path)
        written.append(path)
    for path in folder.glob("*.csv"):
        if _OURS.search(path.name) and path not in written:  # a rebuild under other rules holds back other files
            path.unlink()
    return written


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
