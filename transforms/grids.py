"""The shapes that every file format is read into: cells in a grid, records, paragraphs; or a reason it cannot be.

Refuses to interpret: a cell stays what the file says (a number, a date, a text), and its place stays known. Contents
are kept out of every repr, because cells may hold personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

# Format characters (Unicode Cf): zero width, byte-order marks, directions.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
Cell = str | int | float | bool | date | datetime | None
Merge = tuple[int, int, int, int]


class Unreadable(Exception):  # noqa: N818 - a verdict on a file, not a fault of the program
    """A file that cannot be read: `code` names the cause for programs, `message` tells a person what to do.

    The message is one Chinese sentence without the file's name (the caller puts it in front) and never quotes the
    file's content.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep the code and the sentence."""
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Grid:
    """A table of cells: a sheet, the records of a csv file, a table in a text.

    `rows` and columns count from 0, and row 0 is the first row of the sheet or file. `merged` holds ranges as (first
    row, first column, last row, last column), both ends included; their value stands in each of their cells. `lines`
    gives the physical line on which each row of a csv file begins. `before` and `after` are the paragraphs between
    this table and its neighbours.
    """

    name: str
    rows: Sequence[Sequence[Cell]] = field(repr=False)
    merged: Sequence[Merge] = field(default=(), repr=False)
    lines: Sequence[int] | None = field(default=None, repr=False)
    before: Sequence[str] = field(default=(), repr=False)
    after: Sequence[str] = field(default=(), repr=False)

    @property
    def title(self) -> str:
        """The table's name as notes quote it; a csv file's only table has none."""
        return f"“{self.name}”" if self.name else "文件"

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell's value, None beyond the end of a short row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        """Return the cell as text, stripped; "" when it is blank."""
        return cell_text(self.cell(row, column))

    def line(self, row: int) -> int:
        """Return the row's number as people count: the sheet's row, or the physical line of the file."""
        return self.lines[row] if self.lines else row + 1

    def ref(self, row: int, column: int) -> str:
        """Return where the cell stands: `活动情况!B5` on a sheet or in a table, `line 5 col 3` in a csv file."""
        if self.lines:
            return f"line {self.line(row)} col {column + 1}"
        return f"{self.name}!{column_letters(column)}{row + 1}"

    def is_filled(self, row: int, column: int) -> bool:
        """Say whether the cell only repeats the value of the merged range that it lies in."""
        return any(
            top <= row <= bottom and left <= column <= right and (row, column) != (top, left)
            for top, left, bottom, right in self.merged
        )


@dataclass(frozen=True)
class Document:
    """What a file holds, whatever its format.

    `format` is xlsx, xls, et, csv, docx, html, json, jsonl, txt or md; `encoding` is given for text formats. `records`
    are the objects of a json or jsonl file with their number (place in the list, or line); a line that is no object is
    kept as None. `notes` say in Chinese what was skipped or assumed.

    `text` is the running text in reading order, which character spans count in: a txt or md file as decoded; of a docx
    or html file its paragraphs and table rows, one a line, cells between tabs. Tables alone (workbooks, csv) and
    records have none.
    """

    format: str
    encoding: str | None = None
    grids: Sequence[Grid] = ()
    records: Sequence[tuple[int, dict[str, Cell] | None]] = field(default=(), repr=False)
    paragraphs: Sequence[str] = field(default=(), repr=False)
    notes: Sequence[str] = ()
    text: str = field(default="", repr=False)


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def cell_text(cell: Cell) -> str:
    """Return a cell as a person would type it, stripped and without zero-width characters; "" when it is blank.

    Numbers show at most 15 digits as a spreadsheet does, whole ones without a decimal point; dates are written
    2026-06-01, with the time behind it unless it is midnight.

    >>> cell_text(12.0), cell_text(0.1 + 0.2), cell_text(" 兴义市 "), cell_text(None), cell_text(True)
    ('12', '0.3', '兴义市', '', 'TRUE')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return seen(cell).strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def seen(text: str) -> str:
    """Return a text without the characters that nobody sees (zero width, byte-order marks)."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def table_lines(rows: Sequence[Sequence[Cell]], merged: Iterable[Merge]) -> list[str]:
    r"""Return a table as lines of running text: cells between tabs, a merged value once, blank rows left out.

    A line break inside a cell is no end of a sentence and goes; where a cell is alone in its row, or one holds several
    sentences, the table is but a frame, and each cell stands on lines of its own.

    >>> table_lines([["乡镇", "意见", "意见"], ["乡镇", "收\n集", "办结"]], [(0, 0, 1, 0), (0, 1, 0, 2)])
    ['乡镇\t意见', '\t收集\t办结']
    """
    repeats = {
        (row, column)
        for top, left, bottom, right in merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    lines: list[str] = []
    for number, row in enumerate(rows):
        texts = ["" if (number, column) in repeats else cell_text(cell) for column, cell in enumerate(row)]
        is_frame = sum(map(bool, texts)) == 1 or any(
            "。" in text and text.count("。") + text.count("\n") > 1 for text in texts
        )
        if is_frame:
            lines += filter(None, texts)
        elif any(texts):
            lines.append("\t".join(map(_on_one_line, texts)).rstrip("\t"))
    return lines


def _on_one_line(text: str) -> str:
    joined = ""
    for part in filter(None, map(str.strip, text.split("\n"))):
        parted = joined[-1:].isascii() and joined[-1:].isalnum() and part[0].isascii() and part[0].isalnum()
        joined += f" {part}" if parted else part
    return joined


def fill_merged(rows: list[list[Cell]], merged: Iterable[Merge]) -> list[Merge]:
    """Write each merged range's value into its cells that are blank; return the ranges, cut to the grid's size.

    Only a blank cell is filled: a value below a merge is kept as it is.
    """
    kept: list[Merge] = []
    for top, left, bottom, right in merged:
        if not (top <= bottom and left <= right and top < len(rows) and left < len(rows[top])):
            continue
        bottom, right = min(bottom, len(rows) - 1), min(right, max(map(len, rows[top : bottom + 1])) - 1)
        kept.append((top, left, bottom, right))
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                if row[column] in (None, ""):
                    row[column] = rows[top][left]
    return kept
