"""Text formats of a table: csv, an HTML page, a Word document written part by part.

The Word file holds what a reader needs and nothing that changes from one writing to the next.
"""

from __future__ import annotations

import csv
import io
from html import escape

from writer.grid import Sheet, plain
from writer.workbook import package_parts, zipped

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def csv_text(sheet: Sheet, encoding: str) -> bytes:
    """Return the sheet as csv with Windows line ends; rows are padded to the sheet's width, as Excel does."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    for row in sheet.rows:
        writer.writerow([plain(content) for content in row] + [""] * (sheet.width - len(row)))
    return lines.getvalue().encode(encoding)


def html(sheet: Sheet) -> bytes:
    """Return the sheet as the HTML page that many systems call an Excel export."""
    rows = []
    for r, row in enumerate(sheet.rows):
        tag = "th" if sheet.heading <= r < sheet.heading + sheet.header_rows else "td"
        cells = []
        for c in range(sheet.width):
            merge = sheet.merge_at(r, c)
            if merge and (merge.top, merge.left) != (r, c):
                continue
            span = ""
            if merge:
                span = f' rowspan="{merge.bottom - merge.top + 1}" colspan="{merge.right - merge.left + 1}"'
            text = escape(plain(row[c])) if c < len(row) else ""
            cells.append(f"<{tag}{span}>{text}</{tag}>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    body = "\n".join(rows)
    page = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"><style>td{mso-number-format'
        f':"\\@"}}</style></head>\n<body><table border="1">\n{body}\n</table></body></html>\n'
    )
    return page.encode()


def docx(sheet: Sheet) -> bytes:
    """Return the sheet as a Word document: title lines and foot notes as paragraphs, the table between them."""
    title = [_paragraph("    ".join(filter(None, map(plain, row)))) for row in sheet.rows[: sheet.heading]]
    foot = [_paragraph("".join(map(plain, row))) for row in sheet.rows[len(sheet.rows) - sheet.footing :]]
    grid = '<w:gridCol w:w="1200"/>' * sheet.width
    rows = "".join(_table_row(sheet, sheet.heading + n) for n in range(len(sheet.table())))
    table = f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    return _word_file(
        f"{''.join(title)}{table}{''.join(foot)}", '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    )


def docx_text(text: str) -> bytes:
    """Return a text as a Word document, a paragraph a line."""
    return _word_file("".join(map(_paragraph, text.splitlines())), '<w:pgSz w:w="11906" w:h="16838"/>')


def _word_file(body: str, page: str) -> bytes:
    parts = package_parts("word/document.xml", {"word/document.xml": _WORD_TYPE})
    parts["word/document.xml"] = (
        f'<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr>{page}</w:sectPr></w:body></w:document>'
    )
    return zipped(parts)


def _table_row(sheet: Sheet, r: int) -> str:
    cells, c = [], 0
    while c < sheet.width:
        merge = sheet.merge_at(r, c)
        wide = merge.right - merge.left + 1 if merge else 1
        properties = f'<w:gridSpan w:val="{wide}"/>' if wide > 1 else ""
        if merge and merge.bottom > merge.top:
            properties += '<w:vMerge w:val="restart"/>' if merge.top == r else "<w:vMerge/>"
        continued = merge is not None and merge.top != r
        text = plain(sheet.rows[r][c]) if c < len(sheet.rows[r]) and not continued else ""
        cells.append(f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraph(text)}</w:tc>")
        c += wide
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r></w:p>' if text else "<w:p/>"
