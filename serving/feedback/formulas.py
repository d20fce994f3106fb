"""Tell which formulas of a delivered workbook may go back: plain arithmetic on cells of the very workbook.

Everything else goes back as the value it showed: calls that fetch or run, names, other workbooks, DDE.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_LONGEST = 500
_FUNCTIONS = "SUM|ROUND|ROUNDUP|ROUNDDOWN|AVERAGE|MIN|MAX|ABS|INT|COUNT|PRODUCT"
_CELL = r"\$?[A-Z]{1,3}\$?[1-9]\d{0,6}"
_TOKEN = re.compile(
    rf"(?P<call>(?:{_FUNCTIONS})\()|(?P<sheet>'(?:[^'\[\]]|'')+'!|[A-Za-z_\u4e00-\u9fff][\w.\u4e00-\u9fff]*!)?{_CELL}(?::{_CELL})?"
    r"(?![A-Za-z0-9_(!\[])|\d+(?:\.\d+)?%?|[-+*/(),]|\s+",
    re.IGNORECASE,
)


def is_plain(formula: str, sheets: Collection[str]) -> bool:
    """Say whether a formula is arithmetic on numbers and on cells of these sheets, and nothing else.

    >>> is_plain("=SUM(B3:B9)+ROUND(C3/2, 1)", ()), is_plain("='五月'!B3*2", {"五月"})
    (True, True)
    >>> [is_plain(text, ()) for text in ("=cmd|' /C calc'!A0", "='[a.xlsx]表'!B3", "=WEBSERVICE(A1)", "=总数")]
    [False, False, False, False]
    """
    if not formula.startswith("=") or len(formula) > _LONGEST:
        return False
    at = 1
    while at < len(formula):
        hit = _TOKEN.match(formula, at)
        if hit is None or (hit["sheet"] and _sheet(hit["sheet"]) not in sheets):
            return False
        at = hit.end()
    return len(formula) > 1


def _sheet(prefix: str) -> str:
    name = prefix[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name
