"""Read HTML, also when a system saved it as .xls, into tables, paragraphs, and a running text of both.

Refuses nothing that lxml can repair: browsers do the same. Scripts and styles are not content. A table
that holds other tables is layout: its inner tables are the tables, its other text is paragraphs. The running text is
what the page says of itself: navigation, what is hidden, and lines that only link elsewhere are left out of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy

from lxml import html
from lxml.etree import Comment, LxmlError, ProcessingInstruction, iterwalk, strip_tags
from lxml.html import HtmlElement

from transforms.grids import Cell, Document, Grid, Merge, Unreadable, fill_merged, seen, table_lines
from transforms.text import decode

MAX_COLUMNS = 1000
_SKIPPED = {"script", "style", "head", "template", "noscript"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "td", "th", "table", "caption", "br", "body"}
_MORE_BLOCKS = {
    "article", "section", "main", "header", "footer", "ul", "ol", "dl", "dt", "dd", "pre", "blockquote", "figure",
    "figcaption", "address", "hr", "fieldset", "legend", "details", "summary", "center", "form",
}  # fmt: skip
_FURNITURE = {"nav", "aside", "footer", "select", "button", "textarea", "datalist", "iframe", "object", "svg", "canvas"}
_FURNITURE |= {"audio", "video", "dialog", "menu"}
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog"}
_TITLES = {"h1", "h2"}
_HIDDEN = re.compile(r"(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)", re.IGNORECASE)
# A footnote's mark: 590<sup>[1]</sup>人次 is no 5901; m<sup>2</sup> is one.
_MARK = re.compile(r"\s*[\[［(（【]?\d{1,3}[\]］)）】]?\s*")
_OPENING = re.compile(
    r"<(?:!doctype html|(?:html|head|body|meta|style|table|div|p|h[1-6]|article|section|main|center|font|span)[\s>])",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    """Say whether a text begins as an HTML page does, or is a fragment of one."""
    head = text[:4096].lstrip("\ufeff \t\r\n")
    return bool(_OPENING.match(head)) or (head.startswith(("<?xml", "<!--")) and "<html" in head.lower())


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
    running = "\n".join(_RunningText(_without_furniture(deepcopy(root))).lines)
    paragraphs, tables = _walk(root)
    grids: list[Grid] = []
    begin = 0
    for (position, table), end in zip(tables, [*(place for place, _ in tables[1:]), len(paragraphs)], strict=False):
        rows, merged = _cells(table, _words)
        name = f"表格{len(grids) + 1}"
        grids.append(Grid(name, rows, merged, before=paragraphs[begin:position], after=paragraphs[position:end]))
        begin = position
    if not paragraphs and not any(grid.rows for grid in grids):
        raise Unreadable("empty", "网页文件中没有文字和表格，请检查是否报错了文件。")
    return Document("html", encoding, grids=grids, paragraphs=paragraphs, text=running or "\n".join(paragraphs))


def _without_furniture(root: HtmlElement) -> HtmlElement:
    for element in list(root.iter()):
        if element.getparent() is None or element.tag in ("html", "body"):
            continue
        if element.tag in _SKIPPED or _is_furniture(element) or (element.tag == "sup" and _is_note_mark(element)):
            element.drop_tree()
        elif element.tag == "pre":
            for inner in element.iter():
                inner.text = _keeping_lines(inner.text)
                if inner is not element:
                    inner.tail = _keeping_lines(inner.tail)
    return root


def _is_furniture(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
        return True
    if element.get("role", "").lower() in _ROLES or element.tag in _FURNITURE:
        return True
    # The head of an article, or a head with the title in it, belongs to the text.
    return (
        element.tag == "header"
        and element.find(".//h1") is None
        and next(element.iterancestors("article", "main"), None) is None
    )


def _is_note_mark(element: HtmlElement) -> bool:
    previous = element.getprevious()
    before = (previous.tail if previous is not None else element.getparent().text) or ""
    is_power = before[-1:].isascii() and before[-1:].isalpha()
    return not is_power and bool(_MARK.fullmatch("".join(element.itertext())))


def _keeping_lines(text: str | None) -> str | None:
    return text and text.replace("\n", "\u2028")


class _RunningText:
    """Collects the lines of running text below an element: blocks and table rows in order.

    `with_links` keeps the lines of which most is a link; otherwise they are navigation, unless they end a sentence or
    are the title.
    """

    def __init__(self, root: HtmlElement, with_links: bool = False) -> None:
        self.lines: list[str] = []
        self._with_links = with_links
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0
        self._titles = 0
        walker = iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if element.tag in _BLOCKS or element.tag in _MORE_BLOCKS:
                self._close_line()
            if event == "end":
                self._leave(element)
                self._add(element.tail if element is not root else None)
            elif element.tag == "table" and element.find(".//table") is None:
                self.lines += table_lines(*_cells(element, _paragraphs_in))
                walker.skip_subtree()
            else:
                self._enter(element)
                self._add(element.text)
        self._close_line()

    def _enter(self, element: HtmlElement) -> None:
        self._links += element.tag == "a" and element.get("href") is not None
        self._titles += element.tag in _TITLES

    def _leave(self, element: HtmlElement) -> None:
        self._links -= element.tag == "a" and element.get("href") is not None
        self._titles -= element.tag in _TITLES

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            self._linked += len("".join(text.split())) if self._links else 0

    def _close_line(self) -> None:
        for line in "".join(self._parts).split("\u2028"):
            words = seen(" ".join(line.split()))
            leads_away = self._linked * 2 >= len(words) and not any(mark in words for mark in "。；！？")
            if words and (self._with_links or self._titles or not leads_away):
                self.lines.append(words)
        self._parts.clear()
        self._linked = 0


def _paragraphs_in(cell: HtmlElement) -> str | None:
    if not len(cell):
        return " ".join((cell.text or "").split()) or None
    return "\n".join(_RunningText(cell, with_links=True).lines) or None


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


def _cells(table: HtmlElement, words: Callable[[HtmlElement], str | None]) -> tuple[list[list[Cell]], list[Merge]]:
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
            cells += [words(cell), *[None] * (right - left)]
            reaches.update(dict.fromkeys(range(left, right + 1), bottom))
            if (number, left) != (bottom, right):
                merged.append((number, left, bottom, right))
        cells += [None] * (max((c + 1 for c, end in reaches.items() if end >= number), default=0) - len(cells))
        rows.append(cells)
    return rows, fill_merged(rows, merged)


def _span(cell: HtmlElement, name: str, most: int) -> int:
    if (written := cell.get(name)) is None:
        return 1
    digits = re.match(r"\s*0*([1-9]\d{0,5})", written)
    return min(int(digits[1]), most) if digits else 1


def _words(cell: HtmlElement) -> str | None:
    text = "".join(cell.itertext()) if len(cell) else cell.text or ""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n")))) or None
