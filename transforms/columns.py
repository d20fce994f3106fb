"""Find an export's header row, and which column of the file is which column of the catalog.

Refuses to match by likeness: a header is one that the catalog lists, give or take width, blanks, asterisks and what
stands in brackets behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from catalog import Export
from transforms.grids import Cell, Grid, cell_text

# Title lines above a header are few.
_ROWS_SEARCHED = 15
_ORNAMENT = re.compile(r"[\s*:★\ufeff]+")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


def header_key(header: str) -> str:
    """Return a header without what does not matter in it.

    >>> header_key(" 所属县区＊"), header_key("县（市、区）")
    ('所属县区', '县(市、区)')
    """
    return _ORNAMENT.sub("", unicodedata.normalize("NFKC", header)).upper()


@lru_cache(maxsize=64)
def _known(spellings: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    return {header_key(header): name for name, headers in reversed(spellings) for header in headers}


def known_headers(export: Export) -> Mapping[str, str]:
    """Return the columns of an export by the keys of the headers they may have."""
    return _known(tuple((c.name, (c.zh, c.name, *c.headers)) for c in export.columns))


def match_headers(headers: Iterable[Cell], export: Export) -> dict[str, int]:
    """Return, by column name, the place of its header; of two headers for one column the first counts."""
    known = known_headers(export)
    found: dict[str, int] = {}
    for place, cell in enumerate(headers):
        key = header_key(cell_text(cell))
        name = known.get(key) or known.get(_BRACKETED.sub("", key))
        if name:
            found.setdefault(name, place)
    return found


def find_header(grid: Grid, export: Export) -> tuple[int, dict[str, int]] | None:
    """Return the header's row (from 0) and its columns by name; None when no row names the key and half the rest.

    The row with the most columns wins, the first one in a tie.
    """
    best: tuple[int, dict[str, int]] | None = None
    for row, cells in enumerate(grid.rows[:_ROWS_SEARCHED]):
        found = match_headers(cells, export)
        if len(found) > (len(best[1]) if best else 0):
            best = row, found
    return best if best and is_header(best[1], export) else None


def is_header(found: Mapping[str, int], export: Export) -> bool:
    """Say whether these columns make a table of this export: two at least, and half of those that are required."""
    required = [column.name for column in export.columns if column.required]
    return len(found) >= 2 and sum(name in found for name in required) * 2 >= len(required)


def fit(found: Mapping[str, int], width: int, export: Export) -> float:
    """Return how well headers fit an export, 0 to 1: the mean share of its required columns and of the file's own."""
    required = [column.name for column in export.columns if column.required]
    return (sum(name in found for name in required) / len(required) + len(found) / max(width, len(found), 1)) / 2


def filled(cells: Sequence[Cell]) -> int:
    """Return the number of cells in a row that are not blank."""
    return sum(cell_text(cell) != "" for cell in cells)
