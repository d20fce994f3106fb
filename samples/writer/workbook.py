"""Workbooks: xlsx written part by part (openpyxl keeps no result beside a formula), xls through xlwt.

Nothing is compressed and every time stamp is fixed, so the same sheets give the same bytes on any machine.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from xlwt.Workbook import Workbook

from writer.grid import Content, Formula, Sheet, cell_name, letters

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_EPOCH = date(1899, 12, 30)


def zipped(parts: Mapping[str, str]) -> bytes:
    """Pack XML parts as an Office package: stored, in the order given, dated 1980-01-01."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            package.writestr(entry, _HEAD + xml)
    return packed.getvalue()


def package_parts(document: str, content_types: Mapping[str, str]) -> dict[str, str]:
    """Return the two parts every Office package opens with; `document` is the part that everything hangs on."""
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in content_types.items())
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="{document}"/></Relationships>',
    }


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return the sheets as an xlsx book; formulas carry their last result."""
    texts: dict[str, int] = {}
    bodies = [_worksheet(sheet, texts) for sheet in sheets]
    kinds = {"xl/workbook.xml": f"{_SHEET_TYPE}.sheet.main+xml"}
    kinds |= {f"xl/worksheets/sheet{n}.xml": f"{_SHEET_TYPE}.worksheet+xml" for n in range(1, len(sheets) + 1)}
    kinds |= {"xl/styles.xml": f"{_SHEET_TYPE}.styles+xml", "xl/sharedStrings.xml": f"{_SHEET_TYPE}.sharedStrings+xml"}
    parts = package_parts("xl/workbook.xml", kinds)
    states = ["hidden" if sheet.hidden else "visible" for sheet in sheets]
    listed = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (sheet, state) in enumerate(zip(sheets, states, strict=True), 1)
    )
    shown = next(n for n, sheet in enumerate(sheets) if not sheet.hidden)
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><bookViews><workbookView activeTab="{shown}"/></bookViews>'
        f"<sheets>{listed}</sheets></workbook>"
    )
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    targets += [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{_PACKAGE}/relationships">' + "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    parts["xl/_rels/workbook.xml.rels"] += "</Relationships>"
    parts |= {f"xl/worksheets/sheet{n}.xml": body for n, body in enumerate(bodies, 1)}
    parts["xl/styles.xml"] = _STYLES
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}" uniqueCount="{len(texts)}">{items}</sst>'
    return zipped(parts)


def _worksheet(sheet: Sheet, texts: dict[str, int]) -> str:
    rows = []
    for r, row in enumerate(sheet.rows):
        cells = "".join(_cell(cell_name(r, c), content, texts) for c, content in enumerate(row))
        rows.append(f'<row r="{r + 1}">{cells}</row>')
    merged = "".join(
        f'<mergeCell ref="{cell_name(m.top, m.left)}:{cell_name(m.bottom, m.right)}"/>' for m in sheet.merges
    )
    merged = f'<mergeCells count="{len(sheet.merges)}">{merged}</mergeCells>' if merged else ""
    extent = f"A1:{letters(max(sheet.width, 1) - 1)}{max(len(sheet.rows), 1)}"
    data = f"<sheetData>{''.join(rows)}</sheetData>"
    return f'<worksheet xmlns="{_MAIN}"><dimension ref="{extent}"/>{data}{merged}</worksheet>'


def _cell(name: str, content: Content, texts: dict[str, int]) -> str:
    if content is None:
        return ""
    if isinstance(content, Formula):
        return f'<c r="{name}"><f>{escape(content.expression)}</f><v>{content.result}</v></c>'
    if isinstance(content, date):
        return f'<c r="{name}" s="1"><v>{(content - _EPOCH).days}</v></c>'
    if isinstance(content, str):
        return f'<c r="{name}" t="s"><v>{texts.setdefault(content, len(texts))}</v></c>'
    return f'<c r="{name}"><v>{content}</v></c>'


def xls(sheets: Sequence[Sheet]) -> bytes:
    """Return the sheets as a book of Excel 97.

    Raises ValueError for a formula: xlwt cannot store the result that a reader of values needs.
    """
    book: Any = Workbook(encoding="utf-8")  # type: ignore[no-untyped-call]  # xlwt says nothing of types
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        page.visibility = 1 if sheet.hidden else 0
        starts = {(merge.top, merge.left): merge for merge in sheet.merges}
        for r, row in enumerate(sheet.rows):
            for c, content in enumerate(row):
                if isinstance(content, Formula):
                    raise ValueError(f"{sheet.name}!{cell_name(r, c)}: no formulas in an xls sample")
                if merge := starts.get((r, c)):
                    page.write_merge(merge.top, merge.bottom, merge.left, merge.right, content)
                elif content is not None and sheet.merge_at(r, c) is None:
                    page.write(r, c, content)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
