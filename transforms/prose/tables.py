"""Read the tables that stand in a report: a number in a cell is counted by the words of its row and its column.

A table is a run of lines whose cells a tab or a bar parts, as `Document.text` and Markdown lay them out. Refuses a
number for which neither cell, row nor column names a unit, and the numbers of a column of 序号.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.lexicon import Units
from transforms.prose.layout import Line

_NUMBER = re.compile(r"[约近超逾]?[0-9][0-9,.]*(?:余|多)?[百千万亿]{0,2}(?:余|多)?")
_RULE = re.compile(r"[-—:：=\s]*")
_IN_BRACKETS = re.compile(r"（(?:单位[：:])?([^（）]{1,6})）")
_NUMBERING = re.compile(r"^(?:序号|编号|年度?|年份|月份|日期)$")
_MOST_COLUMNS = 60


@dataclass(frozen=True)
class Cell:
    """A number's cell: what its row and column say, and the unit that one of them names."""

    labels: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class _Row:
    cells: tuple[tuple[int, str], ...]


def is_row(words: str) -> bool:
    """Say whether a line is a row of a table."""
    return "\t" in words.strip("\t") or (words.startswith("|") and words.count("|") > 1)


def read_tables(text: str, lines: Sequence[Line], units: Units) -> Mapping[int, Cell]:
    """Return the cells that hold a number, with or without its unit, by where it begins; others have no unit."""
    known = set(units.all)
    number = re.compile(rf"{_NUMBER.pattern}(?P<unit>{'|'.join(map(re.escape, units.all))})?")
    found: dict[int, Cell] = {}
    for rows in _tables(text, lines):
        header: tuple[tuple[int, str], ...] = ()
        for row in rows:
            numbers = {
                column: match for column, (_, words) in enumerate(row.cells) if (match := number.fullmatch(words))
            }
            if not numbers:
                header = row.cells
                continue
            label = next((words for column, (_, words) in enumerate(row.cells) if column not in numbers), "")
            # Cells that span others stand once: where a row is shorter than its header nobody knows what is below what.
            is_aligned = len(row.cells) == len(header)
            for column, match in numbers.items():
                above = header[column][1] if is_aligned else ""
                start, _ = row.cells[column]
                unit = match["unit"] or _unit((above, label), known)
                if unit and not _NUMBERING.match(above):
                    found[start] = Cell((label, above), unit)
    return found


def _tables(text: str, lines: Sequence[Line]) -> Iterator[list[_Row]]:
    """Yield the rows of each table; rules (|---|---|) are left out."""
    rows: list[_Row] = []
    for line in lines:
        words = text[line.start : line.end]
        if not is_row(words):
            if rows:
                yield rows
            rows = []
        else:
            cells = list(_cells(words, line.start))[:_MOST_COLUMNS]
            if not all(_RULE.fullmatch(cell) for _, cell in cells):
                rows.append(_Row(tuple(cells)))
    if rows:
        yield rows


def _cells(words: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield each cell, empty ones too, and where its words begin."""
    mark = "\t"
    if words.startswith("|"):
        mark, inner = "|", words.strip().removesuffix("|")[1:]
        start, words = start + 1, inner
    for cell in words.split(mark):
        yield start + len(cell) - len(cell.lstrip()), cell.strip()
        start += len(cell) + 1


def _unit(labels: tuple[str, ...], known: set[str]) -> str | None:
    """Return the unit that a label names in brackets: 接待群众（人次）."""
    named = [unit for label in labels for unit in _IN_BRACKETS.findall(label) if unit in known]
    return named[0] if len(set(named)) == 1 else None
