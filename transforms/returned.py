"""Read back a workbook that was given back to the county (反馈工作簿): without our marks, with its explanations.

The sheets 问题清单 and 说明 are known by name and header together: a county's own sheet 说明 is none of ours.
Refuses an explanation that cannot be tied to a unit and period of the very workbook, and one that still holds a long
number when those of persons are masked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from catalog import Catalog, Form
from catalog.returned import (
    EXPLANATION_COLUMNS,
    EXPLANATION_SHEET,
    LIST_COLUMNS,
    LIST_SHEET,
    LONGEST_EXPLANATION,
    ExplanationKey,
)
from transforms.grids import Document, Grid
from transforms.nameless import People

EXPLANATION_TYPES = {
    "delivery_id": "str", "org_code": "str", "county_code": "str", "indicator_code": "str", "period": "str",
    "rule": "str", "asked": "str", "cell": "str", "text": "str", "source_ref": "str",
}  # fmt: skip
_SEARCHED_ROWS = 20
_LONG_NUMBER = re.compile(r"\d{7}")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-‐‑–—－·.]+(?=\d)")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_FEWEST_CHARACTERS = 4
# What is left of 经办人：某某 once the name is gone.
_EMPTIED_LABEL = re.compile(r"[，,；;。\s]*[\u4e00-\u9fff]{2,8}[:：]\s*$")
_Where = dict[str, int]


def set_aside(document: Document) -> tuple[Document, tuple[Grid, ...]]:
    """Return the document without the sheets that we added, and the sheets 说明 among them.

    A document of such sheets alone is left as it is.
    """
    explained: list[Grid] = []
    rest: list[Grid] = []
    for grid in document.grids:
        if _columns(grid, EXPLANATION_SHEET, EXPLANATION_COLUMNS):
            explained.append(grid)
        elif not _columns(grid, LIST_SHEET, LIST_COLUMNS):
            rest.append(grid)
    return (replace(document, grids=tuple(rest)), tuple(explained)) if rest else (document, ())


def read_explanations(
    sheets: Sequence[Grid], header: pd.DataFrame, *, form: Form, delivery_id: str, catalog: Catalog
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return what is filled in on the sheets 说明, a row an explanation with EXPLANATION_TYPES, and the notes.

    `header` is the form's frame of that name: an explanation is about a county and a period that stands there.
    """
    reader = _Reader(header, form, catalog)
    found = [row for sheet in sheets for row in reader.rows(sheet)]
    frame = pd.DataFrame(found, columns=list(EXPLANATION_TYPES)).assign(delivery_id=delivery_id)
    return frame.astype(EXPLANATION_TYPES), tuple(reader.notes)


class _Reader:
    def __init__(self, header: pd.DataFrame, form: Form, catalog: Catalog) -> None:
        self._people = People(form)
        self._catalog = catalog
        self._nothing = {*form.none_words}
        told = header[["county_code", "period"]].dropna().drop_duplicates()
        self._told = list(told.itertuples(index=False, name=None))
        self.notes: list[str] = []

    def rows(self, sheet: Grid) -> list[dict[str, str | None]]:
        found = _columns(sheet, EXPLANATION_SHEET, EXPLANATION_COLUMNS)
        if not found:
            return []
        top, where = found
        rows = []
        for row in range(top + 1, len(sheet.rows)):
            if text := sheet.text(row, where["说明"]):
                refused, record = self._row(sheet, row, where, text)
                if refused:
                    self.notes.append(f"“{EXPLANATION_SHEET}”第 {sheet.line(row)} 行的说明未采用：{refused}")
                else:
                    rows.append(record)
        return rows

    def _row(self, sheet: Grid, row: int, where: _Where, text: str) -> tuple[str, dict[str, str | None]]:
        """Return why a line cannot be taken ("" where it can), and what it says."""
        key = ExplanationKey.read(sheet.text(row, where["识别码"]))
        if key is None:
            return "这一行缺少识别码，不知道说明的是哪一处，请在原行填写，不要另起一行", {}
        words = " ".join(self._people.without(text).split())
        if _LONG_NUMBER.search(_BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", words))):
            return "文字中有 7 位以上的数字，疑为电话或证件号码，请删去后重报", {}
        words = _EMPTIED_LABEL.sub("", words).strip()
        if words in self._nothing or len(_CHINESE.findall(words)) < _FEWEST_CHARACTERS:
            return f"没有写明原因（不足 {_FEWEST_CHARACTERS} 个汉字），请写明数为什么无误后重报", {}
        if len(words) > LONGEST_EXPLANATION:
            return f"超过 {LONGEST_EXPLANATION} 字，请写简短些后重报", {}
        about = self._about(key)
        if about is None:
            return "识别码说的不是本表的单位和统计期", {}
        org_code, county, period = about
        return "", {
            "org_code": org_code,
            "county_code": county,
            "indicator_code": key.indicator if key.indicator in self._catalog.indicators else None,
            "period": period,
            "rule": key.rule,
            "asked": key.asked,
            "cell": self._people.without(key.cell)[:80] or None,
            "text": words,
            "source_ref": sheet.ref(row, where["说明"]),
        }

    def _about(self, key: ExplanationKey) -> tuple[str, str, str] | None:
        """Return the unit, its county and the period that a key speaks of, where the workbook's tables have them.

        What the key leaves open is the workbook's own, if it has but one.
        """
        fits = [
            (key.org_code or county, county, period)
            for county, period in self._told
            if key.period in ("", period) and self._is_of(key.org_code, county)
        ]
        return fits[0] if len(set(fits)) == 1 else None

    def _is_of(self, org_code: str, county: str) -> bool:
        tree = self._catalog.tree
        if org_code in ("", county):
            return True
        return tree.resolve(org_code, within=county) is not None if org_code in tree else False


def _columns(grid: Grid, name: str, columns: Sequence[str]) -> tuple[int, _Where] | None:
    """Return the header row of a sheet of ours and its columns by name, None for any other sheet."""
    if grid.name != name:
        return None
    for row in range(min(len(grid.rows), _SEARCHED_ROWS)):
        where = {grid.text(row, column): column for column in range(len(grid.rows[row]))}
        if set(columns) <= set(where):
            return row, where
    return None
