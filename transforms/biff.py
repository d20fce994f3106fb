"""Look through an .xls workbook's records before calamine reads them.

Refuses damaged sheets whose cells lie where no .xls cell can be: calamine would reserve memory for all the space in
between, which ends the process. Finds the cells that show an error, which calamine calls blank, and formulas
that were never calculated, which it calls blank too. Other values are not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

import olefile

from transforms.grids import Unreadable

UNCALCULATED = "#未计算"
LAST_COLUMN = 255
LAST_ROW = 65535
_BOUND_SHEET, _DIMENSIONS, _END_OF_SHEET = 0x0085, 0x0200, 0x000A
_FORMULA, _BOOL_OR_ERROR, _SEVERAL_NUMBERS, _SEVERAL_BLANKS = 0x0006, 0x0205, 0x00BD, 0x00BE
_CELLS = {_FORMULA, _BOOL_OR_ERROR, _SEVERAL_NUMBERS, _SEVERAL_BLANKS, 0x0201, 0x0203, 0x0204, 0x00D6, 0x00FD, 0x027E}
_EMPTY_TEXT = b"\x03\0\0\0\0\0\xff\xff"
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def find_errors(data: bytes) -> list[dict[tuple[int, int], str]]:
    """Return, a dict a sheet in the workbook's order, the cells (from 0) that show an error or no result, and its text.

    Raises Unreadable for a file that is no whole .xls.
    """
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:  # type: ignore[no-untyped-call]
            stream = ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, struct.error) as error:
        raise broken_workbook() from error
    try:
        starts = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _BOUND_SHEET]
        sheets = [_sheet_errors(stream, start) for start in starts]
        # A formula may well give an empty text; where all of them do, nobody has calculated them.
        if any(_has_result(body) for start in starts for kind, body in _records(stream, start) if kind == _FORMULA):
            sheets = [{cell: text for cell, text in sheet.items() if text != UNCALCULATED} for sheet in sheets]
        return sheets
    except (struct.error, IndexError) as error:
        raise broken_workbook() from error


def broken_workbook() -> Unreadable:
    """Return the verdict on a workbook that is damaged."""
    return Unreadable("corrupt", "工作簿已损坏或没有传完整，请在 Excel 或 WPS 中打开检查、另存为 xlsx 后重新报送。")


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and body of each record from `position` to the end of its sheet."""
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        yield kind, stream[position + 4 : position + 4 + length]
        if kind == _END_OF_SHEET:
            return
        position += 4 + length


def _sheet_errors(stream: bytes, start: int) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for kind, body in _records(stream, start):
        if kind == _DIMENSIONS:
            _check_dimensions(body)
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", body)
            last = (
                struct.unpack_from("<H", body, len(body) - 2)[0] if kind in (_SEVERAL_NUMBERS, _SEVERAL_BLANKS) else 0
            )
            if max(column, last) > LAST_COLUMN:
                raise broken_workbook()
            if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
                found[row, column] = _ERRORS.get(body[8], "#ERR")
            elif kind == _FORMULA and body[6:14] == _EMPTY_TEXT:
                found[row, column] = UNCALCULATED
            elif kind == _BOOL_OR_ERROR and body[7] == 1:
                found[row, column] = _ERRORS.get(body[6], "#ERR")
    return found


def _has_result(formula: bytes) -> bool:
    return formula[6:14] != _EMPTY_TEXT


def _check_dimensions(body: bytes) -> None:
    first_row, end_row, first, end = struct.unpack_from("<IIHH" if len(body) >= 14 else "<HHHH", body)
    # An empty sheet says 0 to 0; the ends are one past the last row and column.
    if not (first_row <= end_row <= LAST_ROW + 1 and first <= end <= LAST_COLUMN + 1):
        raise broken_workbook()
