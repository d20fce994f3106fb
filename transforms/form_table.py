"""Find a county form's table on a sheet, and say what each of its rows is.

Refuses to add anything up and to decide what a cell means. Every row that is not blank is a township line, the total,
a subtotal, a repeated header, or is named in a note as passed over; signature lines are passed over without a word,
because they name people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from catalog import Form, Org, OrgTree, Period
from transforms.form_nil import NilReader, NilSaid
from transforms.grids import Grid, Unreadable
from transforms.headers import Columns, Vocabulary, join_header_rows, plain, table_units
from transforms.numbers import read_cell
from transforms.places import is_county, looks_like_place, looks_like_township, read_township

RowKind = Literal["blank", "header", "note", "total", "subtotal", "line", "passed_over"]

_HEADER_ROWS = 3
SEARCHED_ROWS = 60
# How rows begin in which people sign: 经办人 | … | 分管领导 | …
_SIGNED = "填.人|填表|审核|制表人|经[办手]人?|副?主任|主管|分管|领导|负责人|签[字名章]|盖章|复核|校对|统计员|联络员"
_COLUMN_NUMBER_LABELS = {"", "甲", "乙", "栏次", "列次", "行次"}


@dataclass(frozen=True)
class FormTable:
    """A form's table: its header rows, its columns, its township lines and its total, as row numbers of the grid.

    `nil` are the words of a nil report (零报告), which has neither lines nor a total.
    """

    grid: Grid
    header: range
    columns: Columns
    lines: tuple[int, ...] = ()
    total: int | None = None
    nil: NilSaid | None = None
    notes: tuple[str, ...] = ()

    def above(self) -> range:
        """Return the rows above the header."""
        return range(self.header.start)

    def below(self) -> range:
        """Return the rows below the header."""
        return range(self.header.stop, len(self.grid.rows))


def top_texts(grid: Grid) -> Iterator[str]:
    """Yield what stands in the rows in which a header is looked for."""
    for row in range(min(len(grid.rows), SEARCHED_ROWS)):
        for column in range(len(grid.rows[row])):
            if text := grid.text(row, column):
                yield text


class TableReader:
    """Reads the tables of one form."""

    def __init__(self, form: Form, vocabulary: Vocabulary, tree: OrgTree) -> None:
        """Keep the form's words."""
        self._form = form
        self._vocabulary = vocabulary
        self._tree = tree
        self._nil = NilReader(form)
        self._totals = tuple(plain(word) for word in form.total_labels)
        prefixes = sorted((*form.note_prefixes, *form.unit_labels, *form.period_labels, *form.reported_labels), key=len)
        words = "|".join(map(re.escape, reversed(prefixes)))
        # 注：…, 注1.…, 填表人 …: a short word needs a mark behind it, 备注 and 审核 begin other words too.
        self._note = re.compile(rf"(?:{words})(?:\(.{{0,8}}\))?(?:[0-9一二三四五]{{0,2}}[:.、,]|$)|{_SIGNED}")

    def locate(self, grid: Grid) -> FormTable | None:
        """Return the first table of the grid whose header names townships and at least one indicator, else None."""
        for row in range(min(len(grid.rows), SEARCHED_ROWS)):
            townships = [
                column for column in range(len(grid.rows[row])) if self._vocabulary.is_township(grid.text(row, column))
            ]
            for township in townships:
                header = self._header_rows(grid, row, township)
                if columns := self._columns(grid, header, None):
                    return FormTable(grid, header, columns)
        return None

    def _columns(self, grid: Grid, header: range, period: Period | None) -> Columns | None:
        labels = [[grid.text(r, c) for c in range(len(grid.rows[r]))] for r in header]
        above = [grid.text(r, c) for r in range(header.start) for c in range(len(grid.rows[r]))]
        units = next((units for text in (*reversed(above), *reversed(grid.before)) if (units := table_units(text))), [])
        return self._vocabulary.columns(join_header_rows(labels), period, units)

    def _header_rows(self, grid: Grid, row: int, township: int) -> range:
        """Return the header's rows: a row of groups may stand above the townships' header, leaves below it."""
        top, stop = row, row + 1
        while stop < min(len(grid.rows), row + _HEADER_ROWS) and self._is_header_part(grid, stop, township):
            stop += 1
        if top and stop - top < _HEADER_ROWS and self._is_header_part(grid, top - 1, township, below=False):
            top -= 1
        return range(top, stop)

    def _is_header_part(self, grid: Grid, row: int, township: int, *, below: bool = True) -> bool:
        name = grid.text(row, township)
        texts = [text for column in range(len(grid.rows[row])) if (text := grid.text(row, column))]
        if (name and not (below and self._vocabulary.is_township(name))) or not texts:
            return False
        if any(read_cell(text, self._form.none_words)[0] != "unreadable" for text in texts):
            return False
        if any((":" in plain(text) and self._is_note(text)) or self._nil.is_nil(text, None) for text in texts):
            return False
        if below:
            return not any(self._is_total(grid.text(row, column)) for column in range(township + 1))
        # 单位：万人次 is said of the whole table, not of the column that it stands over.
        return not any(table_units(text) or word in text for text in texts for word in self._form.title_words)

    def read(
        self, table: FormTable, county: Org | None, period: Period | None = None, beside: Sequence[str] = ()
    ) -> FormTable:
        """Return the table with its lines, its total and the notes on rows that are neither.

        A table all of whose lines are blank is a nil report where it, or a paragraph `beside` it, says so in words.

        Raises Unreadable when every column counts other months than the report's period.
        """
        columns = self._columns(table.grid, table.header, period)
        if columns is None:
            raise Unreadable(
                "other_period",
                f"{table.grid.title}各栏的表头写的都不是统计期的月份，无法判断报的是哪一期的数，请核对统计期和表头后重新报送。",
            )
        table = replace(table, columns=columns)
        kinds = list(self._kinds(table, county))
        lines = [row for row, kind in kinds if kind == "line"]
        totals = [row for row, kind in kinds if kind == "total"]
        subtotals = [row for row, kind in kinds if kind == "subtotal"]
        if not totals and len(subtotals) == 1 and subtotals[0] > max(lines, default=-1):
            totals, subtotals = subtotals, []  # a single 小计 below all lines is their 合计
        if not totals and county:
            # The county's own name over all its townships is their sum; 县本级 is not.
            own = [row for row in lines if is_county(self._name(table, row), county, self._tree)]
            if len(own) == 1:
                totals, lines = own, [row for row in lines if row not in own]
        if nil := self._nil_said(table, [*lines, *totals, *subtotals], period, beside):
            note = f"{table.grid.title}写明“{nil.text}”（{nil.ref}），按零报告处理"
            return replace(table, nil=nil, notes=(*table.notes, note))
        passed = [row for row, kind in kinds if kind == "passed_over"]
        notes = [
            *self._said(table, passed, "既没有可识别的乡镇（街道）名称，也没有数，未读取"),
            *self._said(table, subtotals, "是小计或其中项，未计入"),
            *self._said(table, totals[:-1], "也是合计，以最后一行合计为准"),
        ]
        return replace(table, lines=tuple(lines), total=totals[-1] if totals else None, notes=(*table.notes, *notes))

    def _nil_said(
        self, table: FormTable, told: Sequence[int], period: Period | None, beside: Sequence[str]
    ) -> NilSaid | None:
        """Return the words of a nil report, unless one of the rows `told` holds anything else in a figure's column."""
        grid, township = table.grid, table.columns.township
        for row in told:
            states = {self._state(table, row, column.column) for column in table.columns.figures}
            if states != {"blank"} and not self._nil.is_nil_row(grid, row, township, period):
                return None
        rows = [*table.below(), *table.above()]
        return self._nil.find(grid, rows, table.header.start, township, beside, period)

    @staticmethod
    def _said(table: FormTable, rows: Sequence[int], what: str) -> list[str]:
        if not rows:
            return []
        return [f"{table.grid.name or '文件'}：第 {'、'.join(str(table.grid.line(row)) for row in rows)} 行{what}"]

    def _kinds(self, table: FormTable, county: Org | None) -> Iterator[tuple[int, RowKind]]:
        begun = ended = False
        for row in table.below():
            kind = self._kind(table, row, county, ended=ended)
            begun = begun or kind == "line"
            # 合计 may stand above the lines: then nothing has ended yet.
            ended = ended or (begun and kind in ("note", "total"))
            yield row, kind

    def _kind(self, table: FormTable, row: int, county: Org | None, *, ended: bool) -> RowKind:
        """Say what a row is. `ended`: lines and a total or a note stood above, so what comes is rather a signature."""
        grid, township = table.grid, table.columns.township
        texts = [(c, text) for c in range(len(grid.rows[row])) if (text := grid.text(row, c))]
        if not texts:
            return "blank"
        if self._repeats_header(table, row, texts):
            return "header"
        if self._is_note(texts[0][1]):
            return "note"
        name = self._name(table, row)
        figures = [column.column for column in table.columns.figures]
        labels = [plain(text) for c, text in texts if c not in figures and (c <= township or c < min(figures))]
        if any(map(self._is_total, labels)):
            return "subtotal" if any("小计" in label for label in labels) else "total"
        if any(label.startswith("其中") for label in labels):
            return "subtotal"
        if row == table.header.stop and self._numbers_columns(table, row):
            return "header"
        if read_township(name, county, self._tree) is not None or looks_like_township(name):
            return "line"
        if any(":" in label for label in labels):
            return "note"  # no township has a colon in its name: 经办人：…
        states = {self._state(table, row, column) for column in figures}
        if states & {"figure", "none"}:
            return "line"
        # Words and nothing else are rather people's names than figures.
        told = looks_like_place(name) or any(character.isdecimal() for _, text in texts for character in text)
        return "line" if "unreadable" in states and told and not ended else "passed_over"

    def _state(self, table: FormTable, row: int, column: int) -> str:
        if table.grid.is_filled(row, column) and table.grid.cell(row, column) == table.grid.cell(row, 0):
            return "blank"  # a note that is merged over the whole row
        return read_cell(table.grid.cell(row, column), self._form.none_words)[0]

    @staticmethod
    def _name(table: FormTable, row: int) -> str:
        return table.grid.text(row, table.columns.township)

    def _is_note(self, text: str) -> bool:
        return self._note.match(plain(text)) is not None

    def _is_total(self, text: str) -> bool:
        name = re.sub(r"\(.*\)", "", plain(text)).strip(":")
        return name.endswith(self._totals)

    def _repeats_header(self, table: FormTable, row: int, texts: Sequence[tuple[int, str]]) -> bool:
        """Say whether a row repeats header rows, as on a new page; raise Unreadable when it begins another table."""
        grid = table.grid
        repeats = all(
            any(plain(grid.text(head, column)) == plain(text) for head in table.header) for column, text in texts
        )
        if not repeats and self._vocabulary.is_township(self._name(table, row)):
            raise Unreadable(
                "two_headers",
                f"{grid.title}第 {grid.line(row)} 行又出现了一个不同的表头，无法判断各栏是什么，"
                "请把两张表分放到两个工作表后重新报送。",
            )
        return repeats

    def _numbers_columns(self, table: FormTable, row: int) -> bool:
        """Say whether the row below the header only numbers the columns (甲 1 2 3 …)."""
        grid = table.grid
        name = self._name(table, row)
        numbers = [grid.text(row, column.column) for column in table.columns.figures]
        if not (name in _COLUMN_NUMBER_LABELS or name.isdecimal()) or not all(text.isdecimal() for text in numbers):
            return False
        values = list(map(int, numbers))
        return (
            len(values) > 1
            and values[0] <= _HEADER_ROWS + 1
            and values == list(range(values[0], values[0] + len(values)))
        )
