"""Make a county's form fit to be given back (反馈): the same cells, without persons.

Numbers of persons are masked, what stands behind or below a label of persons (填表人：…, a column 联系电话) is blanked,
and words formed like no place and no figure are 〔未识别〕, as wherever else the warehouse keeps them. Refuses to
recognise names: a remark (备注) keeps its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from catalog import Catalog, Form
from transforms.form_table import FormTable, TableReader
from transforms.forms import parse_form
from transforms.grids import Cell, Document, Grid, cell_text
from transforms.headers import Vocabulary, plain
from transforms.masking import MASK, scrub
from transforms.numbers import read_cell
from transforms.quoting import UNRECOGNISED, kept_figure

_BLANKS = r"[\s\u3000]{0,4}"
_STAMP = r"(?:[（(][^（）()]{0,8}[）)])?"


def nameless(
    document: Document, form: Form, *, delivery_id: str, name: str, received_at: datetime, catalog: Catalog
) -> Document:
    """Return the document with its grids as they may be given back; rows, columns and merged ranges stay in place.

    Arguments are those of `parse_form`, which the document has to pass; raises what it raises.
    """
    frames, _ = parse_form(document, form, delivery_id=delivery_id, name=name, received_at=received_at, catalog=catalog)
    rows, figures = frames["rows"], frames["figures"]
    unknown = {*rows.loc[rows["org_text"].eq(UNRECOGNISED), "source_ref"]}
    unknown |= {*figures.loc[figures["text"].eq(UNRECOGNISED), "source_ref"]}
    people = People(form)
    tables = TableReader(form, Vocabulary(form, catalog.indicators), catalog.tree)
    grids = [_grid(grid, tables.locate(grid), people, unknown, form) for grid in document.grids]
    return replace(document, grids=tuple(grids))


class People:
    """Knows the labels of persons of one form."""

    def __init__(self, form: Form) -> None:
        """Build the pattern: other labels only end what stands behind a label of persons."""
        self._persons = {_solid(word) for word in form.person_labels}
        others = (*form.unit_labels, *form.period_labels, *form.reported_labels, *form.note_prefixes)
        known = sorted(self._persons | set(map(_solid, others)), key=len, reverse=True)
        spaced = "|".join(_BLANKS.join(map(re.escape, word)) for word in known)
        self._label = re.compile(
            rf"(?P<label>{spaced}){_STAMP}\s*[:：]|(?:^|(?<=[\s|｜；;]))(?P<bare>{spaced}){_STAMP}(?=\s|$)"
        )

    def without(self, text: str) -> str:
        """Return the text without what stands behind a label of persons, up to the next label or line, and scrubbed.

        >>> from catalog import load
        >>> People(load().forms["county_table"]).without("填表人：王某　审核：李 某  填报时间：2026年7月3日")
        '填表人：审核：填报时间：2026年7月3日'
        """
        parts, end = [], 0
        hits = list(self._label.finditer(text))
        for number, hit in enumerate(hits):
            if not self._is_persons(hit):
                continue
            line = text.find("\n", hit.end())
            following = hits[number + 1].start() if number + 1 < len(hits) else len(text)
            parts.append(text[end : hit.end()])
            end = min(following, line) if line >= 0 else following
        return scrub("".join([*parts, text[end:]]))

    def is_label(self, text: str) -> bool:
        """Say whether a text is a label of persons and nothing else."""
        hit = self._label.match(text)
        return hit is not None and self._is_persons(hit) and hit.end() == len(text)

    def has_label(self, text: str) -> bool:
        """Say whether a text holds any label."""
        return self._label.search(text) is not None

    def is_header(self, text: str) -> bool:
        """Say whether a column under this header holds persons."""
        return plain(text) in self._persons

    def _is_persons(self, hit: re.Match[str]) -> bool:
        return _solid(hit["label"] or hit["bare"]) in self._persons


def _solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _grid(grid: Grid, table: FormTable | None, people: People, unknown: set[str], form: Form) -> Grid:
    header = table.header if table else range(0)
    personal = {
        column for row in header for column in range(len(grid.rows[row])) if people.is_header(grid.text(row, column))
    }
    figures = {column.column for column in table.columns.figures} if table else set()
    rows: list[Sequence[Cell]] = []
    below: set[int] = set()
    for number, row in enumerate(grid.rows):
        if number in header or _repeats(grid, number, header):
            rows.append([_shown(cell, people) for cell in row])
            continue
        gone = {*_beside_labels(grid, number, people)} | below
        gone |= personal if number >= header.stop else set()
        if table is None:
            below |= {column for column in range(len(row)) if people.is_label(grid.text(number, column))}
        cells: list[Cell] = []
        for column, cell in enumerate(row):
            text = cell_text(cell)
            if column in gone:
                cells.append(None)
            elif text and (
                grid.ref(number, column) in unknown
                or (
                    column in figures
                    and number >= header.stop
                    and read_cell(cell, form.none_words)[0] == "unreadable"
                    and _may_be_a_name(text, grid, (number, column), people)
                )
            ):
                cells.append(UNRECOGNISED)
            else:
                cells.append(_shown(cell, people))
        rows.append(cells)
    return replace(
        grid,
        rows=rows,
        before=[people.without(text) for text in grid.before],
        after=[people.without(text) for text in grid.after],
    )


def _repeats(grid: Grid, row: int, header: range) -> bool:
    """Say whether a row says what a row of the header says, as on a new page."""
    said = [grid.text(row, column) for column in range(len(grid.rows[row]))]
    return any(
        sum(text == grid.text(head, column) for column, text in enumerate(said) if text) > 1
        and all(text == grid.text(head, column) for column, text in enumerate(said) if text)
        for head in header
    )


def _may_be_a_name(text: str, grid: Grid, place: tuple[int, int], people: People) -> bool:
    """Say whether an unreadable cell among figures holds words that stand for no number."""
    return (
        bool(text) and not people.has_label(text) and not grid.is_filled(*place) and kept_figure(text) == UNRECOGNISED
    )


def _beside_labels(grid: Grid, row: int, people: People) -> Iterator[int]:
    """Yield the columns in a row that stand behind a cell that is but a label of persons, up to the next label."""
    cells = range(len(grid.rows[row]))
    label: int | None = None
    for column in cells:
        text = grid.text(row, column)
        if people.is_label(text):
            label = column
        elif people.has_label(text):
            label = None
        elif label is not None and not (
            grid.is_filled(row, column) and grid.cell(row, column) == grid.cell(row, label)
        ):
            yield column


def _shown(cell: Cell, people: People) -> Cell:
    if isinstance(cell, str):
        return people.without(cell)
    text = cell_text(cell)
    return cell if scrub(text) == text else MASK
