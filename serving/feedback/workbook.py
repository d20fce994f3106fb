"""The returned workbook (反馈工作簿): its own tables with marks, a list of what is wrong, a sheet to answer on.

Refuses to carry anything over but cells, their looks and plain formulas: see `cells`. The same input gives the same
bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.properties import PageSetupProperties

from catalog.returned import EXPLAIN_FILL, EXPLANATION_SHEET, LIST_SHEET, MUST_FIX_FILL
from serving.feedback.asked import Asked, Item
from serving.feedback.cells import Sheet, anchor, filled, write
from serving.feedback.listing import Place, word, write_explanations, write_list
from serving.feedback.package import finished
from serving.harmless import harmless

__all__ = ["Sheet", "draw_workbook"]

AUTHOR = "数据仓库"
# What is larger goes back without its looks: opening it would take more time and memory than they are worth.
_LARGEST_BYTES = 4 * 1024 * 1024
_MOST_CELLS = 200_000
_LONGEST_COMMENT = 600
_LONGEST_TITLE = 31
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]|^'|'$")
_SHEET_CELL = re.compile(r"(?P<sheet>.+)!(?P<column>[A-Z]{1,3})(?P<row>\d{1,7})", re.DOTALL)
_LINE_CELL = re.compile(r"line (?P<line>\d+) col (?P<column>\d+)")
# openpyxl's own complaints about workbooks that other programs read.
_UNOPENED = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
)


@dataclass(frozen=True)
class _Drawn:
    """A sheet as drawn: its title in the returned workbook."""

    sheet: Sheet
    title: str


def draw_workbook(asked: Asked, sheets: Sequence[Sheet], original: bytes | None) -> bytes:
    """Return an .xlsx of the tables with everything marked that `asked` holds.

    `original` are the delivered bytes of a workbook, for its looks; None for other formats. One that openpyxl cannot
    open, or that is very large, goes back without its looks.
    """
    book = Workbook()
    listing = book.active or book.create_sheet()
    listing.title = LIST_SHEET
    drawn = [_Drawn(sheet, title) for sheet, title in zip(sheets, _titles(sheets), strict=True)]
    places = [_place(item, drawn) for item in asked.items]
    explain = [(item, place) for item, place in zip(asked.items, places, strict=True) if not item.is_must_fix]
    explanations = book.create_sheet(EXPLANATION_SHEET) if explain else None
    source = _opened(original, sheets)
    same = [one.title for one in drawn if one.title == one.sheet.key]
    results = {}
    for one in drawn:
        target = book.create_sheet(one.title)
        looks = source[one.sheet.key] if source and one.sheet.key in source.sheetnames else None
        results[one.title] = write(target, one.sheet, looks, same)
    _mark(book, asked.items, places)
    write_list(listing, asked, places)
    if explanations:
        write_explanations(explanations, explain)
    if source:
        source.close()
    for sheet in book.worksheets:  # on paper, all columns side by side
        sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    stream = BytesIO()
    book.save(stream)
    return finished(stream.getvalue(), [results.get(title, {}) for title in book.sheetnames])


def _opened(original: bytes | None, sheets: Sequence[Sheet]) -> Workbook | None:
    if original is None or len(original) > _LARGEST_BYTES or not original.startswith(b"PK"):
        return None
    if sum(len(sheet.rows) * sheet.width for sheet in sheets) > _MOST_CELLS:
        return None
    try:
        return load_workbook(BytesIO(original), keep_links=False)
    except _UNOPENED:
        return None


def _titles(sheets: Sequence[Sheet]) -> list[str]:
    """Return a title for each sheet that a workbook takes, apart from each other and from ours."""
    taken = {LIST_SHEET, EXPLANATION_SHEET}
    titles = []
    for sheet in sheets:
        stem = _NOT_IN_A_TITLE.sub("", harmless(sheet.name)).strip()[:_LONGEST_TITLE] or "统计表"
        title, number = stem, 1
        while title.casefold() in {other.casefold() for other in taken}:
            number += 1
            title = f"{stem[: _LONGEST_TITLE - 5]}（{number}）"
        taken.add(title)
        titles.append(title)
    return titles


def _place(item: Item, drawn: Sequence[_Drawn]) -> Place | None:
    """Return where an item's cell stands in the returned workbook, None where it stands in no cell of it."""
    if hit := _SHEET_CELL.fullmatch(item.cell or ""):
        for one in drawn:
            if one.sheet.key == hit["sheet"]:
                return Place(one.title, int(hit["row"]) + one.sheet.shift, _number(hit["column"]))
    if hit := _LINE_CELL.fullmatch(item.cell or ""):
        for one in drawn:
            lines = list(one.sheet.lines or ())
            if int(hit["line"]) in lines:
                row = lines.index(int(hit["line"])) + 1 + one.sheet.shift
                return Place(one.title, row, int(hit["column"]))
    return None


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _mark(book: Workbook, items: Sequence[Item], places: Sequence[Place | None]) -> None:
    """Fill and comment every cell that something is asked about; what must be fixed shows over what is to explain."""
    by_cell: dict[Place, list[Item]] = {}
    for item, place in zip(items, places, strict=True):
        if place:
            by_cell.setdefault(place, []).append(item)
    texts: dict[tuple[str, str], list[str]] = {}
    for place, asked in sorted(by_cell.items(), key=lambda pair: any(item.is_must_fix for item in pair[1])):
        cell = anchor(book[place.sheet], place.row, place.column)
        must = any(item.is_must_fix for item in asked)
        cell.fill = filled(MUST_FIX_FILL if must else EXPLAIN_FILL)
        told = texts.setdefault((place.sheet, cell.coordinate), [])
        told += [f"【{word(item)}】{item.message}（{LIST_SHEET}第 {item.number} 条）" for item in asked]
        text = harmless("\n".join(told))[:_LONGEST_COMMENT]
        cell.comment = Comment(text, AUTHOR, width=320, height=40 + 18 * (len(text) // 22 + len(told)))
