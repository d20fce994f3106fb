"""The lists of what was held back (退回清单): one CSV a delivery, which a clerk opens in a spreadsheet.

Holds masked text only. A cell that a spreadsheet would take for a formula is written with a leading apostrophe.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import groupby
from pathlib import Path, PurePosixPath

from catalog import PROSE, Catalog
from serving.harmless import harmless
from serving.private_file import private_folder, write_whole
from warehouse.query import query

HEADER = ("文件", "位置", "处理", "规则", "原因与处理办法", "退回的内容")
_OURS = re.compile(r"\.[0-9a-f]{16}\.csv$")
_TREATMENTS = {"critical": "已退回", "warning": "请核实"}
# A delivery of which rows were held back is listed with its warnings; one that could not be read, with the reason.
_LINES = """
select
    finding.delivery_id, finding.file, coalesce(finding.cell, '整张表') as place, finding.severity, finding.rule,
    finding.message, finding.line, if(finding.severity = 'critical', held.content, null) as content, delivery.dataset
from dq.finding as finding
inner join ops.delivery as delivery on finding.delivery_id = delivery.delivery_id
left join dq.quarantine as held
    on finding.delivery_id = held.delivery_id and finding.table_id = held.table_id and finding.line = held.line
where finding.severity <> 'info' and finding.delivery_id in (select delivery_id from dq.quarantine)
union all
select delivery_id, file, '整个文件', 'critical', 'unusable_file', reason, null, null, dataset
from ops.delivery
where status = 'rejected' and delivery_id not in (select delivery_id from dq.quarantine)
order by 1, 4, 7, 3, 5, 6
"""


def write_quarantine_lists(release: Path, folder: Path, facts: Catalog | None = None) -> list[Path]:
    """Write a list for every delivery of the release that lost rows, and remove those of others; return their paths.

    `facts` have the Chinese names of the columns of what was held back; without them these keep their own.
    """
    private_folder(folder)
    written = []
    for delivery_id, file, content in quarantine_lists(release, facts):
        path = folder / f"{PurePosixPath(file).stem[:40]}.{delivery_id}.csv"  # names may be as long as a disk allows
        write_whole(path, content)
        written.append(path)
    for path in folder.glob("*.csv"):
        if _OURS.search(path.name) and path not in written:  # a rebuild under other rules holds back other files
            path.unlink()
    return written


def quarantine_lists(release: Path, facts: Catalog | None) -> Iterator[tuple[str, str, bytes]]:
    """Yield delivery, file and list (CSV, UTF-8 with its mark) of every delivery of the release that lost something."""
    words = _words(facts) if facts else {}
    for (delivery_id, file), lines in groupby(query(release, _LINES).rows, key=lambda line: line[:2]):
        target = StringIO(newline="")
        writer = csv.writer(target)
        writer.writerow(HEADER)
        for _, _, place, severity, rule, message, _, content, dataset in lines:
            held = _told(content, words.get(dataset or "", {}))
            cells = (file, place, _TREATMENTS[severity], rule, message, held)
            writer.writerow([harmless(cell) for cell in cells])
        yield delivery_id, file, target.getvalue().encode("utf-8-sig")


def _words(facts: Catalog) -> dict[str, dict[str, str]]:
    """Return, by dataset, what the columns of held-back rows are called in Chinese."""
    figures = {code: indicator.name_zh for code, indicator in facts.indicators.items()}
    line = {"org_text": "单位", "indicator_code": "指标", "value": "数", "unit": "计量单位", "phrase": "原文"}
    words = dict.fromkeys((*facts.forms, PROSE), line | figures)
    return words | {
        name: {column.name: column.zh for column in export.columns} for name, export in facts.exports.items()
    }


def _told(content: str | None, words: Mapping[str, str]) -> str:
    """Return what a held-back row said, column by column; "" where there is none."""
    said = json.loads(content) if content else {}
    return "；".join(f"{words.get(name, name)}：{value}" for name, value in said.items())
