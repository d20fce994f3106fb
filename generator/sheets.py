"""Tables of cells as files: xlsx, docx, HTML, csv; the same cells give the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import docx
from openpyxl import Workbook

Cell = str | int | float | None
Rows = Sequence[Sequence[Cell]]
SHEET = "活动情况"
# What programs that read a Word file or a page call its first table.
FIRST_TABLE = "表格1"
_MODIFIED = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Page:
    """A table with `heading` rows above its header, the first of them a title, and `foot` rows below."""

    rows: Rows
    heading: int = 0
    foot: int = 0
    name: str = SHEET

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.rows))


def steady(package: bytes) -> bytes:
    """Return an Office file without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            body = read.read(name)
            written.writestr(entry, _MODIFIED.sub(b"", body) if name == "docProps/core.xml" else body)
    return out.getvalue()


def xlsx(page: Page) -> bytes:
    """Return a workbook of one sheet."""
    book = Workbook(write_only=not page.heading)
    sheet: Any = book.create_sheet(page.name) if not page.heading else book.active
    sheet.title = page.name
    for row in page.rows:
        sheet.append(list(row))
    if page.heading:
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=page.width)
    saved = io.BytesIO()
    book.save(saved)
    return steady(saved.getvalue())


def csv_text(page: Page, encoding: str) -> bytes:
    """Return csv with Windows line ends, all rows as wide as the widest."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    for row in page.rows:
        writer.writerow([*_texts(row), *[""] * (page.width - len(row))])
    return lines.getvalue().encode(encoding)


def word(page: Page) -> bytes:
    """Return a Word file: heading and foot as paragraphs, the rest as a table."""
    document: Any = docx.Document()
    body = page.rows[page.heading : len(page.rows) - page.foot]
    for row in page.rows[: page.heading]:
        document.add_paragraph("    ".join(filter(None, _texts(row))))
    table = document.add_table(rows=len(body), cols=page.width)
    for row, cells in zip(body, table.rows, strict=True):
        for text, cell in zip(_texts(row), cells.cells, strict=False):
            cell.text = text
    for row in page.rows[len(page.rows) - page.foot :]:
        document.add_paragraph("".join(_texts(row)))
    saved = io.BytesIO()
    document.save(saved)
    return steady(saved.getvalue())


def html(page: Page) -> bytes:
    """Return the page that many systems call an Excel export."""
    lines = []
    for number, row in enumerate(page.rows):
        texts = [escape(text) for text in _texts(row)]
        if page.heading and not number:
            lines.append(f'<tr><td colspan="{page.width}">{texts[0]}</td></tr>')
        else:
            texts += [""] * (page.width - len(texts))
            lines.append("<tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr>")
    table = "\n".join(lines)
    head = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head>'
    return f'{head}\n<body><table border="1">\n{table}\n</table></body></html>\n'.encode()


def place(kind: str, page: Page, row: int, column: int) -> str:
    """Name a cell, row and column counted from 0, as a finding names it in a file of that kind."""
    if kind.startswith("csv"):
        return f"line {row + 1} col {column + 1}"
    if kind == "docx":
        return f"{FIRST_TABLE}!{letters(column)}{row - page.heading + 1}"
    return f"{FIRST_TABLE if kind == 'html' else page.name}!{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """Name a column, counted from 0, as spreadsheets do.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    before, rest = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + rest)


WRITERS: dict[str, tuple[str, Callable[[Page], bytes]]] = {
    "xlsx": (".xlsx", xlsx),
    "csv": (".csv", lambda page: csv_text(page, "utf-8-sig")),
    "csv-gb18030": (".csv", lambda page: csv_text(page, "gb18030")),
    "docx": (".docx", word),
    "html": (".xls", html),
}


def _texts(row: Sequence[Cell]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in row]
