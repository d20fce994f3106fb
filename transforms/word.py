"""Read Word texts (docx) into paragraphs, tables, and a running text of both, in the order in which they stand.

Refuses what cannot be read without choosing for the writer: tracked changes of single table cells. Other tracked
changes are read as accepted, with a note; content controls and text boxes are read where they stand. Headers, footers
and footnotes are not read.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import docx
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse
from docx.oxml.ns import nsmap, qn
from lxml.etree import LxmlError

from transforms.grids import Cell, Document, Grid, Merge, Unreadable, fill_merged, table_lines

# Word allows 63 columns; a span beyond that is damage.
MAX_COLUMNS = 1000
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_WRAPPERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_REMOVED = {qn("w:del"), qn("w:moveFrom"), _FALLBACK}
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_CHANGES = [qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo")]
_CELL_CHANGES = [qn(f"w:{name}") for name in ("cellIns", "cellDel", "cellMerge")]


@dataclass
class _Layout:
    """What has been read so far: paragraphs, tables with the number of paragraphs that stood before each, all lines."""

    paragraphs: list[str] = field(default_factory=list)
    tables: list[tuple[int, list[list[Cell]], list[Merge]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def read_docx(data: bytes) -> Document:
    """Return the text's paragraphs and tables; tables are named 表格1, 表格2 … and carry the paragraphs around them.

    Merged cells (gridSpan, vMerge) hold the merged value in each of their cells. Raises Unreadable for a broken file
    and for tracked changes of single cells.
    """
    body = _body(data)
    notes: list[str] = []
    if any(True for _ in body.iter(*_CELL_CHANGES)):
        raise Unreadable("tracked_changes", "表格中有未处理的单元格修订，请在 Word 中接受或拒绝全部修订后重新报送。")
    if any(True for _ in body.iter(*_CHANGES)):
        notes.append("文中有未处理的修订，按“接受全部修订”后的内容读取")
    if any(True for _ in body.iter(qn("w:txbxContent"))):
        notes.append("文中有文本框，其文字按所在位置读取")
    layout = _Layout()
    try:
        _read_blocks(body, layout)
    except (RecursionError, ValueError) as error:
        raise _broken() from error
    if not layout.paragraphs and not layout.tables:
        raise Unreadable("empty", "文档中没有文字，请检查是否报错了文件（图片中的文字无法读取）。")
    return Document(
        "docx", grids=_grids(layout), paragraphs=layout.paragraphs, notes=notes, text="\n".join(layout.lines)
    )


def _broken() -> Unreadable:
    return Unreadable("corrupt", "Word 文档已损坏或没有传完整，请在 Word 或 WPS 中打开检查、另存为 docx 后重新报送。")


def _body(data: bytes) -> Any:  # noqa: ANN401 - an lxml element
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    parse(archive.open(name), forbid_dtd=True)
        return docx.Document(BytesIO(data)).element.body
    except DefusedXmlException as error:
        raise Unreadable(
            "unsafe_xml", "文档中含有不允许的外部定义，请在 Word 中另存为新的 docx 后重新报送。"
        ) from error
    except (zipfile.BadZipFile, zlib.error, ParseError, LxmlError, docx.exceptions.PythonDocxError) as error:
        raise _broken() from error
    except (OSError, EOFError, LookupError, ValueError, TypeError, AttributeError, RuntimeError) as error:
        # python-docx meets damaged packages with whatever its look-ups raise.
        raise _broken() from error


def _grids(layout: _Layout) -> list[Grid]:
    positions = [position for position, _, _ in layout.tables]
    begins, ends = [0, *positions], [*positions[1:], len(layout.paragraphs)]
    grids: list[Grid] = []
    for number, (position, rows, merged) in enumerate(layout.tables):
        before, after = layout.paragraphs[begins[number] : position], layout.paragraphs[position : ends[number]]
        grids.append(Grid(f"表格{number + 1}", rows, merged, before=before, after=after))
    return grids


def _read_blocks(container: Any, layout: _Layout) -> None:  # noqa: ANN401
    for element in container:
        if element.tag == qn("w:p"):
            _read_paragraph(element, layout)
        elif element.tag == qn("w:tbl"):
            _read_table(element, layout)
        elif element.tag in _WRAPPERS:
            _read_blocks(element, layout)


def _read_paragraph(paragraph: Any, layout: _Layout) -> None:  # noqa: ANN401
    if text := _text(paragraph).strip():
        layout.paragraphs.append(text)
        layout.lines.append(text)
    for box in _boxes(paragraph):
        _read_blocks(box, layout)


def _text(element: Any) -> str:  # noqa: ANN401
    """Return an element's own text as it reads with all changes accepted, text boxes and nested tables left out."""
    parts: list[str] = []
    for child in element:
        tag = child.tag
        if tag in (qn("w:t"), _MATH_TEXT):
            parts.append(child.text or "")
        elif tag in _BREAKS:
            parts.append(_BREAKS[tag])
        elif tag not in _REMOVED and tag not in (qn("w:txbxContent"), qn("w:tbl")):
            parts.append(_text(child))
            if tag == qn("w:p"):
                parts.append("\n")
    return "".join(parts)


def _boxes(element: Any) -> Iterator[Any]:  # noqa: ANN401
    for child in element:
        if child.tag == qn("w:txbxContent"):
            yield child
        elif child.tag not in _REMOVED:
            yield from _boxes(child)


def _read_table(table: Any, layout: _Layout) -> None:  # noqa: ANN401
    rows: list[list[Cell]] = []
    merged: list[Merge] = []
    continuing: dict[int, int] = {}
    for line in _children(table, qn("w:tr")):
        if line.find("w:trPr/w:del", nsmap) is not None:
            continue
        row: list[Cell] = [None] * min(_number(line, "w:trPr/w:gridBefore"), MAX_COLUMNS)
        for cell in _children(line, qn("w:tc")):
            _note_merge(cell, len(rows), len(row), merged, continuing)
            row += [_text(cell).strip() or None, *[None] * (_span(cell) - 1)]
        rows.append(row)
    ranges = [(top, left, down, right) for top, left, down, right in merged if (top, left) != (down, right)]
    ranges = fill_merged(rows, ranges)
    if any(cell is not None for row in rows for cell in row):
        layout.tables.append((len(layout.paragraphs), rows, ranges))
        layout.lines += table_lines(rows, ranges)
    for inner in table.iter(qn("w:tbl"), qn("w:txbxContent")):
        # Tables and text boxes inside this table's cells come after it; those deeper in are their business.
        around = next(inner.iterancestors(qn("w:tbl"), qn("w:txbxContent")), None)
        if around is not table or next(inner.iterancestors(*_REMOVED), None) is not None:
            continue
        if inner.tag == qn("w:tbl"):
            _read_table(inner, layout)
        else:
            _read_blocks(inner, layout)


def _note_merge(cell: Any, row: int, left: int, merged: list[Merge], continuing: dict[int, int]) -> None:  # noqa: ANN401
    """Add the cell's merged range to `merged`, or stretch the range above that it continues."""
    vertical = cell.find("w:tcPr/w:vMerge", nsmap)
    if vertical is not None and vertical.get(qn("w:val")) != "restart" and left in continuing:
        top, _, _, right = merged[continuing[left]]
        merged[continuing[left]] = (top, left, row, right)
        return
    continuing.pop(left, None)
    if vertical is not None:
        continuing[left] = len(merged)
    merged.append((row, left, row, left + _span(cell) - 1))


def _span(cell: Any) -> int:  # noqa: ANN401
    return min(max(_number(cell, "w:tcPr/w:gridSpan"), 1), MAX_COLUMNS)


def _children(element: Any, tag: str) -> Iterator[Any]:  # noqa: ANN401
    """Yield the children of that tag, also those inside content controls and inserted ranges."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _number(element: Any, path: str) -> int:  # noqa: ANN401
    found = element.find(path, nsmap)
    return int(found.get(qn("w:val"), "0")) if found is not None else 0
