"""Find what a form says about itself beside its table: 填报单位, 统计期, 填报时间, in cells and in paragraphs.

Refuses to look into the table's own rows, and reads no other label: who filled in or checked a form is personal and
is only recognised so that it can be passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from catalog import Form
from transforms.grids import Cell, Document, Grid, cell_text

Fact = Literal["unit", "period", "reported"]

_BLANKS = r"[\s\u3000]"
# 填报单位（盖章）：…
_STAMP = r"(?:[（(][^（）()]{0,8}[）)])?"
_LONGEST_CELL = 500
_TOP_ROWS = 20
_DATE_PART = re.compile(r"第?[0-9０-９〇零一二三四五六七八九十]{0,4}(?:年度?|月份?|日|季度|[-—至到])?")


@dataclass(frozen=True)
class Labelled:
    """A label's value: the cell as it stands where it has a cell of its own, else the text behind the label."""

    value: Cell
    ref: str

    @property
    def text(self) -> str:
        """The value as text."""
        return cell_text(self.value)


class LabelReader:
    """Finds the labels of one form."""

    def __init__(self, form: Form) -> None:
        """Build the pattern of the form's labels; other labels only end the value before them."""
        labels: list[tuple[Fact, tuple[str, ...]]] = [
            ("unit", form.unit_labels),
            ("period", form.period_labels),
            ("reported", form.reported_labels),
        ]
        self._facts = {_solid(word): fact for fact, words in labels for word in words}
        known = sorted({*self._facts, *map(_solid, form.note_prefixes)}, key=len, reverse=True)
        spaced = "|".join(rf"{_BLANKS}{{0,4}}".join(map(re.escape, word)) for word in known)
        self._label = re.compile(
            rf"(?P<label>{spaced}){_STAMP}{_BLANKS}?[:：]|(?:^|(?<=[\s|｜；;]))(?P<bare>{spaced}){_STAMP}(?={_BLANKS}|$)"
        )

    def has_label(self, text: str) -> bool:
        """Say whether a text holds any label of the form."""
        return self._label.search(text[:_LONGEST_CELL]) is not None

    def before_labels(self, text: str) -> str:
        """Return what stands before the first label in a text; all of it when there is none."""
        hit = self._label.search(text[:_LONGEST_CELL])
        return text[: hit.start()].strip() if hit else text

    def in_grid(self, grid: Grid) -> Mapping[Fact, Labelled]:
        """Return the facts found in the top rows of a grid that holds no form's table."""
        found: dict[Fact, Labelled] = {}
        for row in range(min(len(grid.rows), _TOP_ROWS)):
            for fact, labelled in self._in_row(grid, row):
                found.setdefault(fact, labelled)
        return found

    def read(self, document: Document, grid: Grid, rows: Iterable[int]) -> Mapping[Fact, Labelled]:
        """Return the facts found in those rows of the grid, then around it, then anywhere in the text.

        The first place that gives a fact a value decides; a label with nothing behind it gives none.
        """
        found: dict[Fact, Labelled] = {}
        for row in rows:
            for fact, labelled in self._in_row(grid, row):
                found.setdefault(fact, labelled)
        numbers = {text: number for number, text in reversed(list(enumerate(document.paragraphs, 1)))}
        for text in (*grid.before, *grid.after, *document.paragraphs):
            for fact, value in self._in_text(text):
                if value:
                    found.setdefault(fact, Labelled(value, f"段落{numbers.get(text, '')}"))
        return found

    def _in_row(self, grid: Grid, row: int) -> Iterable[tuple[Fact, Labelled]]:
        for column in range(len(grid.rows[row])):
            if grid.is_filled(row, column):
                continue
            facts = self._in_text(grid.text(row, column))
            for position, (fact, value) in enumerate(facts):
                if value:
                    yield fact, Labelled(value, grid.ref(row, column))
                elif position == len(facts) - 1 and (beside := self._beside(grid, row, column)) is not None:
                    yield fact, Labelled(_dated(grid, row, beside), grid.ref(row, beside))

    def _beside(self, grid: Grid, row: int, column: int) -> int | None:
        """Return the next filled cell to the right of a label, unless it is a label itself."""
        for right in range(column + 1, len(grid.rows[row])):
            if grid.is_filled(row, right) and grid.cell(row, right) == grid.cell(row, column):
                continue
            if text := grid.text(row, right):
                return None if self.has_label(text) else right
        return None

    def _in_text(self, text: str) -> Sequence[tuple[Fact, str]]:
        """Return the facts of a text, in order; a value ends at the next label or at a run of blanks."""
        if len(text) > _LONGEST_CELL:
            return []
        hits = list(self._label.finditer(text))
        facts = []
        for number, hit in enumerate(hits, 1):
            end = hits[number].start() if number < len(hits) else len(text)
            if fact := self._facts.get(_solid(hit["label"] or hit["bare"])):
                value = text[hit.end() : end].strip(" \t\r\n\u3000|｜；;，,")
                value = re.split(r"\s{2,}|\u3000|[|｜；;\n]", value, maxsplit=1)[0]
                facts.append((fact, re.sub(r"[（(][^（）()]*章[）)]$", "", value).strip()))
        return facts


def _dated(grid: Grid, row: int, column: int) -> Cell:
    """Return a cell, joined with the cells behind it where a date is spread over several: 2026年 | 6月."""
    parts = []
    for right in range(column, len(grid.rows[row])):
        if not _DATE_PART.fullmatch(text := _solid(grid.text(row, right))):
            break
        parts.append(text)
    return "".join(parts) if len(list(filter(None, parts))) > 1 else grid.cell(row, column)


def _solid(text: str) -> str:
    return re.sub(r"\s+", "", text)
