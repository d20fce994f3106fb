"""Read workbooks (xlsx, xls, WPS .et) into grids with python-calamine, from bytes.

Refuses workbooks that are encrypted, broken, or that would unfold to more cells than a county could fill. Hidden
sheets and charts are passed over with a note; a formula's error or missing result stays visible as text, because a
blank cell would say something else.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import python_calamine as calamine
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from transforms.biff import UNCALCULATED, broken_workbook, find_errors
from transforms.grids import Cell, Document, Grid, Unreadable, fill_merged
from transforms.masking import scrub

MAX_CELLS = 40_000_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^>]*?\br=[\"']([A-Za-z]*)(\d+)[\"']")
# Some programs write every tag with a prefix: <x:c>.
_FORMULA = rb"(?:<(?:\w+:)?f(?:\s[^>]*)?/>|<(?:\w+:)?f(?:\s[^>]*)?>[^<]*</(?:\w+:)?f>)"
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\bt=[\"']e[\"'])[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*>"
    + _FORMULA
    + rb"?<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>"
)
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'])[^>]*>"
    + _FORMULA
    + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)


def read_workbook(data: bytes, form: str) -> Document:
    """Return the visible sheets of a workbook as grids that begin at A1, merged ranges filled.

    `form` is the format that the document is to carry. Raises Unreadable when the workbook is encrypted, broken, too
    large, or has nothing visible in it.
    """
    # Before calamine sees the file: these refuse what would make it take all the memory there is.
    faults = _faults(data) if data[:2] == b"PK" else find_errors(data)
    grids: list[Grid] = []
    notes: list[str] = []
    try:
        book = calamine.load_workbook(BytesIO(data))
        if isinstance(faults, list):
            faults = dict(zip(book.sheet_names, faults, strict=False))
        shown = _shown_names(book.sheet_names)
        for sheet in book.sheets_metadata:
            name = shown[sheet.name]
            if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                notes.append(f"“{name}”不是数据表（图表或宏表），未读取")
            elif sheet.visible != calamine.SheetVisibleEnum.Visible:
                notes.append(f"隐藏工作表“{name}”未读取")
            else:
                grid = _grid(name, book.get_sheet_by_name(sheet.name), faults.get(sheet.name, {}))
                grids += [grid] if grid.rows else []
                notes += [] if grid.rows else [f"工作表“{name}”是空表"]
    except calamine.PasswordError as error:
        raise Unreadable("encrypted", "工作簿设有打开密码，无法读取，请取消密码后重新报送。") from error
    except (calamine.CalamineError, ArithmeticError, ValueError) as error:
        raise broken_workbook() from error
    except BaseException as error:
        # A damaged workbook can make the Rust library panic; its exception has no importable name and is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise broken_workbook() from error
    if not grids:
        raise Unreadable("empty", "工作簿中没有可见的数据，请检查是否报错了文件、或把数据放在了隐藏工作表里。")
    return Document(form, grids=tuple(grids), notes=tuple(notes))


def _shown_names(names: Sequence[str]) -> dict[str, str]:
    """Return the name under which each sheet is known from here on: masked, and apart from every other.

    A place is a sheet's name and a cell (活动情况!B5), and goes into findings, alerts and pages as it is.
    """
    shown = {name: name for name in names if scrub(name) == name}
    for name in names:
        stem = title = scrub(name)
        number = 1
        while name not in shown and title in shown.values():
            number += 1
            title = f"{stem}（{number}）"
        shown.setdefault(name, title)
    return shown


def _grid(name: str, sheet: calamine.CalamineSheet, faults: Mapping[tuple[int, int], str]) -> Grid:
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in faults.items():
        if row >= len(rows):
            rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = text
    ranges = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
    merged = fill_merged(rows, ranges)
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return Grid(name, rows, merged)


def _cell(value: Any) -> Cell:  # noqa: ANN401 - calamine's union of cell types
    if value == "":
        return None
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value  # type: ignore[no-any-return]


def _faults(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Return, by sheet, the cells whose formula shows an error or has no stored result; calamine calls them blank.

    Raises Unreadable when a sheet would unfold to more than MAX_CELLS cells: two far-apart cells are enough for that,
    and calamine would take the memory.
    """
    found: dict[str, dict[tuple[int, int], str]] = {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for name, part in _sheet_parts(archive).items():
                xml = archive.read(part)
                _check_extent(xml)
                found[name] = {_place(hit): hit[3].decode("utf-8", "replace") for hit in _ERROR.finditer(xml)}
                found[name] |= {_place(hit): UNCALCULATED for hit in _NO_RESULT.finditer(xml)}
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, LookupError, RuntimeError) as error:
        raise broken_workbook() from error
    except zlib.error as error:
        raise broken_workbook() from error
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the members that hold the worksheets, by sheet name."""
    try:
        relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        book = fromstring(archive.read("xl/workbook.xml"))
    except (ParseError, DefusedXmlException) as error:
        raise broken_workbook() from error
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    parts = {
        sheet.get("name", ""): posixpath.normpath(posixpath.join("/xl", targets.get(sheet.get(_RELATION), ""))).lstrip(
            "/"
        )
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }
    members = set(archive.namelist())
    return {name: part for name, part in parts.items() if part in members}


def _check_extent(xml: bytes) -> None:
    last_row, widest = 0, b"A"
    for letters, digits in _PLACE.findall(xml):
        if (number := int(digits)) > last_row:
            last_row = number
        if (len(letters), letters) > (len(widest), widest):
            widest = letters
    if last_row * (_column(widest) + 1) > MAX_CELLS:
        raise Unreadable(
            "too_large",
            "工作表的范围远大于数据本身，超出可读取的大小，请删除表格以外的多余单元格后重新报送。",
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def _place(hit: re.Match[bytes]) -> tuple[int, int]:
    return int(hit[2]) - 1, _column(hit[1])
