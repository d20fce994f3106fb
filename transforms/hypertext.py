"""Read HTML, also when a system saved it as .xls, into tables and paragraphs.

Refuses nothing that lxml can repair: browsers do the same. Scripts and styles are not content. A table
that holds other tables is layout: its inner tables are the tables, its other text is paragraphs.
"""

from __future__ import annotations

import re

from lxml import html
from lxml.etree import Comment, LxmlError, ProcessingInstruction, iterwalk, strip_tags
from lxml.html import HtmlElement

from transforms.grids import Cell, Document, Grid, Merge, Unreadable, fill_merged
from transforms.text import decode

MAX_COLUMNS = 1000
_SKIPPED = {"script", "style", "head", "template", "noscript"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "td", "th", "table", "caption", "br", "body"}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    """Say whether a text begins as an HTML page or table does, or is a fragment with a table in it."""
    head = text[:4096].lstrip("\ufeff \t\r\n").lower()
    return head.startswith(("<!doctype html", "<html", "<table", "<head", "<body", "<meta", "<div", "<style")) or (
        head.startswith(("<?xml", "<!--")) and "<html" in head
    )


def decode_html(data: bytes) -> tuple[str, str]:
    """Return the page's text and encoding: by byte-order mark, else by its meta tag if that fits, else by the rule.

    Raises Unreadable as `transforms.text.decode` does.
    """
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = declared[1].decode("ascii").lower()
        encoding = "gb18030" if encoding in ("gb2312", "gbk", "gb18030", "gb_2312-80") else encoding
        if encoding in ("gb18030", "utf-8"):
            # A page that is not what it says it is goes by the rule.
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                pass
    return decode(data)


def read_html(text: str, encoding: str) -> Document:
    """Return the page's tables, named 表格1, 表格2 …, and its paragraphs; cells that span others are filled.

    Raises Unreadable when there is nothing to read in it.
    """
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True)  # type: ignore[no-untyped-call]
        root = html.document_fromstring(text.encode(), parser=parser)  # type: ignore[no-untyped-call]
    except (LxmlError, ValueError) as error:
        raise Unreadable("corrupt", "网页文件已损坏或没有内容，请重新导出，最好另存为 xlsx 后报送。") from error
    strip_tags(root, Comment, ProcessingInstruction)
    paragraphs, tables = _walk(root)
    grids: list[Grid] = []
    begin = 0
    for (position, table), end in zip(tables, [*(place for place, _ in tables[1:]), len(paragraphs)], strict=False):
        rows, merged = _cells(table)
        name = f"表格{len(grids) + 1}"
        grids.append(Grid(name, rows, merged, before=paragraphs[begin:position], after=paragraphs[position:end]))
        begin = position
    if not paragraphs and not any(grid.rows for grid in grids):
        raise Unreadable("empty", "网页文件中没有文字和表格，请检查是否报错了文件。")
    return Document("html", encoding, grids=grids, paragraphs=paragraphs)


def _walk(root: HtmlElement) -> tuple[list[str], list[tuple[int, HtmlElement]]]:
    """Return the paragraphs, and the tables that hold no other table with the number of paragraphs before each."""
    paragraphs: list[str] = []
    tables: list[tuple[int, HtmlElement]] = []
    text: list[str] = []

    def close_paragraph() -> None:
        if words := " ".join("".join(text).split()):
            paragraphs.append(words)
        text.clear()

    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if element.tag in _BLOCKS:
            close_paragraph()
        if event == "end":
            text.append(element.tail or "")
        elif element.tag in _SKIPPED:
            walker.skip_subtree()
        elif element.tag == "table" and element.find(".//table") is None:
            tables.append((len(paragraphs), element))
            walker.skip_subtree()
        else:
            text.append(element.text or "")
    close_paragraph()
    return paragraphs, tables


def _cells(table: HtmlElement) -> tuple[list[list[Cell]], list[Merge]]:
    for line_break in table.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    rows: list[list[Cell]] = []
    merged: list[Merge] = []
    reaches: dict[int, int] = {}
    lines = list(table.iter("tr"))
    for number, line in enumerate(lines):
        cells: list[Cell] = []
        for cell in line.iterchildren("td", "th"):
            while reaches.get(len(cells), -1) >= number:
                cells.append(None)
            left, right = len(cells), len(cells) + _span(cell, "colspan", MAX_COLUMNS) - 1
            bottom = number + _span(cell, "rowspan", len(lines) - number) - 1
            cells += [_words(cell), *[None] * (right - left)]
            reaches.update(dict.fromkeys(range(left, right + 1), bottom))
            if (number, left) != (bottom, right):
                merged.append((number, left, bottom, right))
        cells += [None] * (max((c + 1 for c, end in reaches.items() if end >= number), default=0) - len(cells))
        rows.append(cells)
    return rows, fill_merged(rows, merged)


def _span(cell: HtmlElement, name: str, most: int) -> int:
    digits = re.match(r"\s*0*([1-9]\d{0,5})", cell.get(name, "1"))
    return min(int(digits[1]), most) if digits else 1


def _words(cell: HtmlElement) -> str | None:
    return "\n".join(filter(None, (" ".join(line.split()) for line in "".join(cell.itertext()).split("\n")))) or None
