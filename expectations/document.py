"""docs/suites.md out of the suites: `python -m expectations.document > docs/suites.md`."""

from __future__ import annotations

import sys

from catalog import PROSE, Catalog, load
from expectations.rules import versions
from expectations.suites import suites_of

_SEVERITY = {"critical": "严重 critical", "warning": "提醒 warning", "info": "备查 info"}
_SCOPE = {"row": "行 row", "table": "表 table"}
_HEAD = """# Suites (检查规则)

Every rule, from the code (`python -m expectations.document > docs/suites.md`; a test compares). A critical fault
(严重) sets the row or the whole table aside in quarantine, a warning (提醒) rides along, info (备查) is kept.

The version (规则版本) is kept with every verdict (`dq.verdict.rule_version`): the revision, and a hash of what decides;
`daibiao replay RULE` shows which past verdicts today's version would turn ([engineers.md](engineers.md)).

| dataset | suite | rule | severity | scope | version | reason |
| --- | --- | --- | --- | --- | --- | --- |
"""


def page(catalog: Catalog) -> str:
    """Return the page in Markdown: one line a rule name of each suite: forms, prose, exports."""
    lines: dict[str, None] = {}
    for dataset in (*catalog.forms, PROSE, *catalog.exports):
        for suite in suites_of(dataset, catalog):
            version = versions(suite.rules)
            for rule in suite.rules:
                said = (_SEVERITY[rule.severity], _SCOPE[rule.scope], version[rule.name, rule.severity])
                cells = (dataset, suite.name, rule.name, *said, rule.reason)
                lines[f"| {' | '.join(cells)} |\n"] = None
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page(load()))
