"""The two sheets that we add to a returned workbook: 问题清单 (what is wrong) and 说明 (where the county answers)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from catalog.returned import (
    EXPLAIN_FILL,
    EXPLANATION_COLUMNS,
    EXPLANATION_SHEET,
    LIST_COLUMNS,
    LIST_SHEET,
    LONGEST_EXPLANATION,
    MUST_FIX,
    MUST_FIX_FILL,
    PLEASE_EXPLAIN,
)
from serving.feedback.asked import Asked, Item
from serving.harmless import harmless

_SIDE = Side(style="thin", color="FFBFBFBF")
_EDGE = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_HEAD = PatternFill("solid", fgColor="FF1F4E79")
_GREY = PatternFill("solid", fgColor="FFF2F2F2")
_INPUT = PatternFill("solid", fgColor="FFFFFDE7")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_WIDTHS = {"编号": 6, "工作表": 16, "单元格": 10, "问题": 62, "应当怎样": 42, "处理": 11, "说明": 52, "识别码": 12}
_LINE_HEIGHT = 16
_LONGEST = 500


@dataclass(frozen=True)
class Place:
    """A cell of the returned workbook: sheet title, row and column counted from 1."""

    sheet: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        """The cell's name."""
        return f"{get_column_letter(self.column)}{self.row}"


def word(item: Item) -> str:
    """Return what an item asks for, in a word."""
    return MUST_FIX if item.is_must_fix else PLEASE_EXPLAIN


def write_list(sheet: Worksheet, asked: Asked, places: Sequence[Place | None]) -> None:
    """Write the list: what is wrong, where, what should be there, and whether it must be fixed."""
    must = sum(item.is_must_fix for item in asked.items)
    about = "，".join(part for part in (asked.unit_name, asked.period, asked.name) if part)
    lines = [
        f"共 {len(asked.items)} 条：{MUST_FIX} {must} 条（红色），{PLEASE_EXPLAIN} {len(asked.items) - must} 条（黄）。"
        "点“单元格”一栏可跳到该处，鼠标停在有色单元格上可看批注。",
        f"{MUST_FIX}：在原单元格改正。{PLEASE_EXPLAIN}：数有误的改正；无误的在“{EXPLANATION_SHEET}”表写明原因。"
        "改好后把本工作簿整个报回（颜色、批注和这两张表不用删）。",
    ]
    if asked.note:
        lines.append(f"读表时的提示：{asked.note[:_LONGEST]}")
    _head(sheet, f"{LIST_SHEET}：{about}", lines, LIST_COLUMNS)
    top = len(lines) + 3
    for number, (item, place) in enumerate(zip(asked.items, places, strict=True), top):
        shown = (place.sheet, place.cell) if place else ("—", harmless(item.cell or "整张表")[:40])
        values = (item.number, *shown, item.message, item.expected, word(item))
        _line(sheet, number, LIST_COLUMNS, values, _GREY)
        colour = MUST_FIX_FILL if item.is_must_fix else EXPLAIN_FILL
        sheet.cell(number, LIST_COLUMNS.index("处理") + 1).fill = PatternFill("solid", fgColor=colour)
        if place:
            _link(sheet.cell(number, LIST_COLUMNS.index("单元格") + 1), place)
    sheet.freeze_panes = f"A{top}"


def write_explanations(sheet: Worksheet, items: Sequence[tuple[Item, Place | None]]) -> None:
    """Write the sheet on which the county answers; its last column, hidden, ties each answer to what was asked."""
    lines = [
        f"数确实无误的，在“说明”一栏写明原因（{LONGEST_EXPLANATION} 字以内）；已改正的不用写。行可以删，不要另起一行。",
        "请不要写个人姓名、电话、身份证号码：有 7 位以上数字的说明不予采用。",
    ]
    _head(sheet, "说明：请核实事项的答复", lines, EXPLANATION_COLUMNS)
    top = len(lines) + 3
    answer = EXPLANATION_COLUMNS.index("说明") + 1
    for number, (item, place) in enumerate(items, top):
        shown = (place.sheet, place.cell) if place else ("—", harmless(item.cell or "整张表")[:40])
        key = item.key.text() if item.key else ""
        _line(sheet, number, EXPLANATION_COLUMNS, (item.number, *shown, item.message, None, key), _GREY)
        sheet.cell(number, answer).fill = _INPUT
        if place:
            _link(sheet.cell(number, EXPLANATION_COLUMNS.index("单元格") + 1), place)
    letter = get_column_letter(answer)
    rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_EXPLANATION))
    rule.promptTitle, rule.prompt = "说明", "写明数为什么无误。不写个人姓名、电话、证件号码。"
    rule.errorTitle, rule.error = "说明太长", f"请不超过 {LONGEST_EXPLANATION} 字。"
    rule.showInputMessage = rule.showErrorMessage = True
    rule.add(f"{letter}{top}:{letter}{top + len(items) - 1}")
    sheet.add_data_validation(rule)
    sheet.column_dimensions[get_column_letter(EXPLANATION_COLUMNS.index("识别码") + 1)].hidden = True
    sheet.freeze_panes = f"A{top}"


def _head(sheet: Worksheet, title: str, lines: Sequence[str], columns: Sequence[str]) -> None:
    widths = [_WIDTHS[column] for column in columns]
    for letter, width in zip(map(get_column_letter, range(1, len(columns) + 1)), widths, strict=True):
        sheet.column_dimensions[letter].width = width
    for number, text in enumerate((title, *lines), 1):
        cell = sheet.cell(number, 1, harmless(text))
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.font = Font(bold=number == 1, size=14 if number == 1 else 11)
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=len(columns))
        sheet.row_dimensions[number].height = 26 if number == 1 else _height(text, sum(widths))
    for number, column in enumerate(columns, 1):
        cell = sheet.cell(len(lines) + 2, number, column)
        cell.font, cell.fill, cell.border = Font(bold=True, color="FFFFFFFF"), _HEAD, _EDGE
        cell.alignment = Alignment(horizontal="center", vertical="center")


def _line(sheet: Worksheet, number: int, columns: Sequence[str], values: Sequence[object], fill: PatternFill) -> None:
    heights = [float(_LINE_HEIGHT)]
    for place, (column, value) in enumerate(zip(columns, values, strict=True), 1):
        cell = sheet.cell(number, place)
        if isinstance(value, str):
            cell.value = harmless(value)[:_LONGEST]
            cell.data_type = "s"
            heights += [_height(value, _WIDTHS[column])] if column != "识别码" else []
        elif value is not None:
            cell.value = value  # type: ignore[assignment]
        cell.border, cell.alignment = _EDGE, _WRAPPED
        if columns is EXPLANATION_COLUMNS:
            cell.fill = fill
    sheet.row_dimensions[number].height = max(heights)


def _height(text: str, width: float) -> float:
    """Return how high a row has to be for a text, whose characters are two wide."""
    return float(_LINE_HEIGHT * (int(2 * len(text) / width) + 1) + 4)


def _link(cell: Cell | MergedCell, place: Place) -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(place.sheet)}!{place.cell}")
    cell.font = Font(color="FF0563C1", underline="single")
