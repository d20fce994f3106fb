"""A sheet before it has a format: rows of cells, merged ranges, a hidden flag.

Knows nothing of file formats, and nothing of what a figure means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Formula:
    """A formula, without its `=`, and the result that the spreadsheet last computed."""

    expression: str
    result: int | float


Content = str | int | float | date | Formula | None


@dataclass(frozen=True)
class Merge:
    """A merged range; rows and columns count from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: `heading` title lines, `header_rows` of the table, its rows, `footing` notes and signature lines."""

    name: str
    rows: tuple[tuple[Content, ...], ...]
    merges: tuple[Merge, ...] = ()
    heading: int = 0
    header_rows: int = 1
    footing: int = 0
    hidden: bool = False
    width: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", max((len(row) for row in self.rows), default=0))

    def table(self) -> tuple[tuple[Content, ...], ...]:
        """Return the rows of the table itself, header included."""
        return self.rows[self.heading : len(self.rows) - self.footing]

    def merge_at(self, row: int, column: int) -> Merge | None:
        """Return the merged range that covers the cell, or None."""
        for merge in self.merges:
            if merge.top <= row <= merge.bottom and merge.left <= column <= merge.right:
                return merge
        return None


def letters(column: int) -> str:
    """Name a column, counted from 0, as spreadsheets do.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """Name a cell, row and column counted from 0.

    >>> cell_name(4, 1)
    'B5'
    """
    return f"{letters(column)}{row + 1}"


def plain(content: Content) -> str:
    """Write a cell's content as text formats carry it."""
    if content is None:
        return ""
    if isinstance(content, Formula):
        return plain(content.result)
    return content.isoformat() if isinstance(content, date) else str(content)
