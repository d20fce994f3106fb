"""docs/suites.md out of the suites: `python -m expectations.document > docs/suites.md`."""

from __future__ import annotations

import sys

from catalog import PROSE, Catalog, load
from expectations.suites import suites_of

_SEVERITY = {"critical": "严重 critical", "warning": "提醒 warning", "info": "备查 info"}
_SCOPE = {"row": "行 row", "table": "表 table"}
_HEAD = """# Suites (检查规则)

Every rule, from the code (`python -m expectations.document > docs/suites.md`; a test compares). A critical fault
(严重) sets the row or the whole table aside in quarantine, a warning (提醒) rides along, info (备查) is kept.

| dataset | suite | rule | severity | scope | reason |
| --- | --- | --- | --- | --- | --- |
"""


def page(catalog: Catalog) -> str:
    """Return the page in Markdown: one line a rule name of each suite: forms, prose, exports."""
    lines: dict[str, None] = {}
    for dataset in (*catalog.forms, PROSE, *catalog.exports):
        for suite in suites_of(dataset, catalog):
            for rule in suite.rules:
                cells = (dataset, suite.name, rule.name, _SEVERITY[rule.severity], _SCOPE[rule.scope], rule.reason)
                lines[f"| {' | '.join(cells)} |\n"] = None
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page(load()))
