"""Tell which dataset a document belongs to, by what stands in it.

Refuses to go by the file's name, and to choose between two datasets that fit alike.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from catalog import PROSE, Catalog, Export, Form
from transforms.columns import find_header, fit, is_header, match_headers
from transforms.form_table import top_texts
from transforms.grids import Document, Grid, Unreadable
from transforms.headers import Vocabulary, split_unit
from transforms.sentences import cells, is_report, is_running_text, tells_a_count

_LONGEST_TITLE = 40
_FEWEST_LINES = 3
_TOTAL = re.compile(r"合\s*计|总\s*计|小\s*计|全[县市区]")
_DIGIT = re.compile(r"\d")


def recognise(document: Document, name: str, catalog: Catalog) -> str:
    """Return the dataset: an export's name, a form's name, or "prose".

    Exports go first, by the share of their headers that a table has; then forms, by a township column beside figure
    columns; then running text. Where sentences tell figures beside a table, the table is the report's illustration,
    unless a form's title stands over it; a table of one or two lines is one beside any sentence with a figure. `name`
    only decides between two exports that fit alike, when it holds the Chinese name of one of them. Raises Unreadable
    when nothing fits.
    """
    tells = is_report(document.paragraphs)
    if not tells and (export := _export(document, name, catalog)):
        return export
    illustrates = tells or (tells_a_count(document.paragraphs) and _is_small(document))
    for code, form in catalog.forms.items():
        if _is_form(document, form, catalog) and (not illustrates or _is_titled(document, form)):
            return code
    if tells or is_running_text(document.text):
        if not tells and any(_is_flattened(document, form, catalog) for form in catalog.forms.values()):
            raise Unreadable(
                "flattened_table",
                "内容像是统计表，但纯文本中分不清行和列，请把数据填入 Excel 或 WPS 表格，另存为 xlsx 后重新报送。",
            )
        return PROSE
    suffix = PurePath(name).suffix.lower()
    if document.format == "txt" and suffix in (".xlsx", ".xls", ".et", ".docx"):
        raise Unreadable(
            "misnamed",
            f"文件名以 {suffix} 结尾，内容却是纯文本，不是表格，请在 Excel 或 WPS 中打开原文件另存后重新报送。",
        )
    raise Unreadable("foreign", _looked_for(catalog))


def _export(document: Document, name: str, catalog: Catalog) -> str | None:
    fits = {code: value for code, export in catalog.exports.items() if (value := _export_fit(document, export))}
    best = [code for code, value in fits.items() if value == max(fits.values())]
    if len(best) > 1:
        named = [code for code in best if catalog.exports[code].name_zh in name]
        best = named if len(named) == 1 else best
    if len(best) > 1:
        listed = "、".join(catalog.exports[code].name_zh for code in best)
        raise Unreadable("ambiguous", f"表头同时像{listed}，无法分辨，请使用系统导出的完整表头重新导出。")
    return best[0] if best else None


def _export_fit(document: Document, export: Export) -> float:
    if document.records:
        headings = list({key: None for _, record in document.records for key in record or ()})
        found = match_headers(headings, export)
        return fit(found, len(headings), export) if is_header(found, export) else 0.0
    return max((_grid_fit(grid, export) for grid in document.grids), default=0.0)


def _grid_fit(grid: Grid, export: Export) -> float:
    header = find_header(grid, export)
    if header is None:
        return 0.0
    row, found = header
    width = sum(cell is not None for cell in grid.rows[row])
    return fit(found, width, export)


def _is_form(document: Document, form: Form, catalog: Catalog) -> bool:
    vocabulary = Vocabulary(form, catalog.indicators)
    for grid in document.grids:
        labels = list(top_texts(grid))
        names = [name for label in labels if (name := split_unit(label)[0])]
        if any(vocabulary.is_township(label) for label in labels) and any(vocabulary.indicator([n]) for n in names):
            return True
        if any(label.startswith(form.unit_labels) for label in (*labels, *grid.before)) and any(
            word in label for word in form.title_words for label in (*labels, *grid.before)
        ):
            return True
    return False


def _is_small(document: Document) -> bool:
    """Say whether no table of the document has more than a line or two of figures, a total aside."""
    return all(
        sum(any(_DIGIT.search(grid.text(row, column)) for column in range(1, len(grid.rows[row]))) for row in rows)
        < _FEWEST_LINES
        for grid in document.grids
        for rows in [[row for row in range(len(grid.rows)) if not _TOTAL.match(grid.text(row, 0))]]
    )


def _is_titled(document: Document, form: Form) -> bool:
    """Say whether the form's title or its label for the unit stands in a table, or as a line of its own before one."""
    lines = [
        line for grid in document.grids for line in (*top_texts(grid), *grid.before) if len(line) <= _LONGEST_TITLE
    ]
    return any(line.startswith(form.unit_labels) or any(word in line for word in form.title_words) for line in lines)


def _is_flattened(document: Document, form: Form, catalog: Catalog) -> bool:
    """Say whether a line of plain text is the header of the form, its cells parted by blanks or bars."""
    vocabulary = Vocabulary(form, catalog.indicators)
    for labels in map(cells, document.paragraphs):
        names = [name for label in labels if (name := split_unit(label)[0])]
        if (
            len(labels) > 2
            and any(map(vocabulary.is_township, labels))
            and any(vocabulary.indicator([n]) for n in names)
        ):
            return True
    return False


def _looked_for(catalog: Catalog) -> str:
    forms = "、".join(
        f"{form.name_zh}（要有“{form.township_headers[0]}”列和指标列）" for form in catalog.forms.values()
    )
    exports = "、".join(
        f"{export.name_zh}（要有{'、'.join(c.zh for c in export.columns if c.required)}）"
        for export in catalog.exports.values()
    )
    return f"看不出是哪种报表：既不是{forms}，也不是系统导出的{exports}，也不是文字报告，请核对后重新报送。"
