"""Write a table into a sheet of a new workbook: values that run nowhere, and the looks of the sheet they came from.

Looks are taken from the delivered workbook cell by cell: font, border, fill, format, alignment, widths, merged ranges.
Nothing else of it is carried over: no link, name, macro, picture, object, validation, comment or hidden part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime

from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from catalog.returned import EXPLAIN_FILL, MUST_FIX_FILL
from serving.feedback.formulas import is_plain
from serving.harmless import harmless

Value = str | int | float | bool | date | datetime | None
Merge = tuple[int, int, int, int]
_LOOKS = ("font", "border", "alignment", "fill")
_SIDE = Side(style="thin", color="FFBFBFBF")
_THIN = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_COUNT = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:\.\d{1,4})?")
_YEAR = re.compile(r"(?:19|20)\d\d")
# A format may hold any words in quotes, and a font any name: only those that hold none of a person's go back.
_FORMAT = re.compile(r'General|(?:[0#?,.%@;()\-+/: ymdhsE]|"?[年月日时分秒]"?)+')
_DAY = "yyyy-mm-dd"
_FONTS = {
    None,
    "宋体",
    "黑体",
    "楷体",
    "仿宋",
    "仿宋_GB2312",
    "楷体_GB2312",
    "微软雅黑",
    "等线",
    "Calibri",
    "Arial",
    "Times New Roman",
}
_WIDEST, _NARROWEST = 60, 8
_FEWEST_CELLS_OF_A_TABLE = 2


@dataclass(frozen=True)
class Sheet:
    """A table as it is to be given back: `key` is its name in the findings' places, `name` the masked one.

    `rows` count from 0; `merged` holds ranges as (first row, first column, last row, last column) whose value stands
    in each of their cells; `lines` the physical line of each row of a text file; `before` and `after` are paragraphs.
    """

    key: str
    name: str
    rows: Sequence[Sequence[Value]] = field(repr=False)
    merged: Sequence[Merge] = field(default=(), repr=False)
    lines: Sequence[int] | None = field(default=None, repr=False)
    before: Sequence[str] = field(default=(), repr=False)
    after: Sequence[str] = field(default=(), repr=False)

    @property
    def shift(self) -> int:
        """How many rows stand above the table once its paragraphs do."""
        return len(self.before) + 1 if self.before else 0

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.rows), default=0)


def write(target: Worksheet, sheet: Sheet, source: Worksheet | None, sheets: Sequence[str]) -> dict[str, Value]:
    """Fill a sheet; return the results of its formulas by cell, which openpyxl does not write.

    `source` is the delivered sheet of that table, where there is one; `sheets` are the names that formulas may name.
    """
    for number, text in enumerate(sheet.before, 1):
        _put(target.cell(number, 1), text)
    covered = {
        (row, column)
        for top, left, bottom, right in _mergeable(sheet)
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    results: dict[str, Value] = {}
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            cell = target.cell(row + 1 + sheet.shift, column + 1)
            original = source.cell(row + 1, column + 1) if source else None
            if original is not None:
                _dress(cell, original)
            elif sum(item is not None for item in cells) >= _FEWEST_CELLS_OF_A_TABLE:
                cell.border, cell.alignment = _THIN, Alignment(vertical="center", wrap_text=True)
            if (row, column) in covered:
                continue
            formula = _formula(original, value, sheets)
            if formula:
                cell.value = formula
                results[cell.coordinate] = value
            else:
                _put(cell, value if source else _counted(value))
    for number, text in enumerate(sheet.after, len(sheet.rows) + sheet.shift + 2):
        _put(target.cell(number, 1), text)
    for top, left, bottom, right in _mergeable(sheet):
        target.merge_cells(
            start_row=top + 1 + sheet.shift, start_column=left + 1,
            end_row=bottom + 1 + sheet.shift, end_column=right + 1,
        )  # fmt: skip
    _measure(target, sheet, source)
    return results


def anchor(target: Worksheet, row: int, column: int) -> Cell:
    """Return the cell of that row and column, counted from 1, or the first cell of the merged range it lies in."""
    for merged in target.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            row, column = merged.min_row, merged.min_col
    return target.cell(row, column)  # type: ignore[return-value]


def _put(cell: Cell | MergedCell, value: Value) -> None:
    if isinstance(value, str):
        cell.value = harmless(value)
        cell.data_type = "s"  # whatever it begins with
    elif value is not None:
        cell.value = value


def _counted(value: Value) -> Value:
    """Return what a text file wrote in digits as a number, so that the workbook can add it up; never a year or date.

    >>> _counted("1385"), _counted("2026.6"), _counted("007")
    (1385, '2026.6', '007')
    """
    if not isinstance(value, str) or not _COUNT.fullmatch(value) or _YEAR.match(value):
        return value
    return float(value) if "." in value else int(value)


def _formula(original: Cell | MergedCell | None, value: Value, sheets: Sequence[str]) -> str | None:
    """Return the formula that may stay in a cell, None for none.

    One that shows text stays none: the text may be masked. Where it has no result, the cell says so.
    """
    if original is None or original.data_type != "f" or not isinstance(original.value, str):
        return None
    shows_text = isinstance(value, str) and not value.startswith("#")
    return original.value if not shows_text and is_plain(original.value, sheets) else None


def _dress(cell: Cell | MergedCell, original: Cell | MergedCell) -> None:
    if not original.has_style:
        return
    is_date = isinstance(original, Cell) and original.is_date
    is_plain_format = _FORMAT.fullmatch(original.number_format)
    cell.number_format = original.number_format if is_plain_format else _DAY if is_date else "General"
    is_marked = original.fill.fgColor.rgb in (MUST_FIX_FILL, EXPLAIN_FILL)  # by an earlier return
    for name in _LOOKS[:3] if is_marked else _LOOKS:
        setattr(cell, name, copy(getattr(original, name)))
    if cell.font.name not in _FONTS:
        named = copy(cell.font)
        named.name = "宋体"
        setattr(cell, "font", named)  # noqa: B010 - openpyxl's types call a copied style a proxy


def _mergeable(sheet: Sheet) -> list[Merge]:
    """List the merged ranges under which no other value would be lost."""
    return [
        (top, left, bottom, right)
        for top, left, bottom, right in sheet.merged
        if (top, left) != (bottom, right)
        and all(
            column >= len(row) or row[column] in (None, "", sheet.rows[top][left])
            for row in sheet.rows[top : bottom + 1]
            for column in range(left, right + 1)
        )
    ]


def _measure(target: Worksheet, sheet: Sheet, source: Worksheet | None) -> None:
    for column in range(1, sheet.width + 1):
        texts = [str(row[column - 1]) for row in sheet.rows if column <= len(row) and row[column - 1] is not None]
        typical = sorted(map(_shown_width, texts))[: max(1, len(texts) * 9 // 10)] if texts else [0]
        target.column_dimensions[get_column_letter(column)].width = max(_NARROWEST, min(_WIDEST, typical[-1] + 2))
    if source is None:
        return
    for letters, dimension in source.column_dimensions.items():
        first = dimension.min or column_index_from_string(letters)
        for column in range(first, min(dimension.max or first, sheet.width) + 1):
            if dimension.width:
                target.column_dimensions[get_column_letter(column)].width = dimension.width
    for number, row in source.row_dimensions.items():
        if row.height and number <= len(sheet.rows):
            target.row_dimensions[number].height = row.height
    target.freeze_panes = source.freeze_panes


def _shown_width(text: str) -> int:
    return sum(2 if ord(character) > 255 else 1 for character in text)


def filled(colour: str) -> PatternFill:
    """Return a solid fill of an ARGB colour."""
    return PatternFill("solid", fgColor=colour)
