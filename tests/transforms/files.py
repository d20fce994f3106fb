"""Made-up files for the tests of the reading side: the same small tables in every format."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence

import docx
import openpyxl
import xlwt

# Nobody's: a prefix that is not in use, a birth date of 1900.
NAME, PHONE, IDENTITY, WISH = "欧阳甲乙", "19900001234", "522301190001019994", "某某路口路灯不亮，请修"
PERSONAL = (NAME, PHONE, IDENTITY, WISH)

CASE_HEADER = (
    "工单编号", "所属县区", "渠道", "类别", "类型", "群众姓名", "联系电话", "身份证号", "诉求内容",
    "提交时间", "接单时间", "交办时间", "办结时间", "评价",
)  # fmt: skip
CASES = (
    (
        "GD1", "兴义市", "扫码", "道路", "意见建议", *PERSONAL,
        "2026-06-01 09:00:00", "2026/6/1 15:00", "2026年6月2日", "20260609", "满意",
    ),
    ("GD2", "522301", "12345热线", "教育", "纠纷", *PERSONAL, "2026-06-02 09:00:00", "", "", "", ""),
)  # fmt: skip


def csv_bytes(rows: Sequence[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(sheets: dict[str, Sequence[Sequence[object]]], hidden: Sequence[str] = (), merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        if merged:
            sheet.merge_cells(merged)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def xls_bytes(rows: Sequence[Sequence[object]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def docx_bytes(paragraphs: Sequence[str], rows: Sequence[Sequence[str]] = (), after: Sequence[str] = ()) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for line, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, row, strict=True):
                cell.text = text
    for text in after:
        document.add_paragraph(text)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def edited(data: bytes, member: str, old: str, new: str) -> bytes:
    """Return the zip file with `old` replaced by `new` in one member; AssertionError when it is not there."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == member:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            archive.writestr(name, content)
    return target.getvalue()


def zip_bytes(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def jsonl_bytes(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    return "\n".join(json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in rows).encode()
