"""Read a county form (县级报表) into frames: header, township lines, figures, totals.

Refuses to judge: an unknown township, a period that cannot be, a total that does not add up are handed on as they
stand, each with its cell. Refuses to add columns up: where two columns report one indicator and differ, both are
handed on. Names of people who filled in or checked the form are never stored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from catalog import Catalog, Form, Indicator, Org, Period
from transforms.form_labels import Fact, Labelled, LabelReader
from transforms.form_nil import NilSaid
from transforms.form_table import FormTable, TableReader, top_texts
from transforms.grids import Document, Grid, Unreadable, column_letters
from transforms.headers import FigureColumn, Vocabulary, plain
from transforms.masking import scrub
from transforms.numbers import Count, State, read_cell, unit_family
from transforms.periods import contradicts, find_period, read_date, read_period
from transforms.places import find_county, read_county, read_township
from transforms.quoting import kept, kept_figure, kept_period, kept_place, kept_unit

_KEY = {"delivery_id": "str", "table_id": "str"}
_DTYPES: dict[str, dict[str, str]] = {
    "header": {
        **_KEY, "form": "str", "sheet": "str", "received_at": "object", "county_text": "str", "county_code": "str",
        "county_ref": "str", "period_text": "str", "period": "str", "grain": "str", "period_start": "object",
        "period_end": "object", "basis": "str", "period_ref": "str", "claimed_period": "str",
        "claimed_county_code": "str", "reported_on": "object", "rows_in": "int64", "total_only": "bool",
    },
    "rows": {
        **_KEY, "line": "int64", "source_ref": "str", "org_text": "str", "org_code": "str", "is_total": "bool",
    },
    "figures": {
        **_KEY, "line": "int64", "source_ref": "str", "org_code": "str", "indicator_code": "str", "text": "str",
        "state": "str", "value": "float64", "value_low": "float64", "value_high": "float64", "qualifier": "str",
        "is_rate": "bool",
    },
    "totals": {
        **_KEY, "source_ref": "str", "indicator_code": "str", "stated": "float64", "stated_low": "float64",
        "stated_high": "float64", "parts": "float64", "parts_low": "float64", "parts_high": "float64",
        "parts_unreadable": "int64",
    },
}  # fmt: skip
# 县（市、区）, 县区名称: the header of a prefecture's table.
_COUNTY_HEADER = re.compile(r"各?(?=.*县)[县市区特州()、,/]{2,12}(?:名称)?")
# Kinds of indicators that count what happens in a period, of which there may have been nothing.
_EVENTS = ("flow", "distinct")
_Record = dict[str, object]


@dataclass(frozen=True)
class _Figure:
    """What one cell under an indicator's column says, and where it stands."""

    indicator: Indicator
    ref: str
    text: str
    state: State
    count: Count | None

    def says(self) -> tuple[State, Count | None]:
        """Return what two columns of one indicator must agree in."""
        return self.state, self.count


@dataclass(frozen=True)
class _Sheet:
    """A table with what stands about it: its county and period, each with the words and the place they came from."""

    table: FormTable
    county: Org | None
    county_from: Labelled | None
    period: Period | None
    period_from: Labelled | None
    reported: Labelled | None


def parse_form(
    document: Document, form: Form, *, delivery_id: str, name: str, received_at: datetime, catalog: Catalog
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return the frames header, rows, figures and totals of every table of the form in a document, and the notes.

    `name` is the delivery's file name: it gives what the file claims to be, and the county or the period where the
    document names none. Tables are numbered from 1 in the order in which they stand; the document's own notes are not
    repeated. Raises Unreadable when no table has the form's header, or when one sheet holds two different headers.
    """
    reader = _FormReader(form, catalog, name)
    sheets = reader.sheets(document)
    records: dict[str, list[_Record]] = {frame: [] for frame in _DTYPES}
    for number, sheet in enumerate(sheets, 1):
        key: _Record = {"delivery_id": delivery_id, "table_id": f"{delivery_id}#{number}"}
        found = {"header": [{"received_at": received_at, **reader.header(sheet)}], **reader.body(sheet)}
        for frame, rows in found.items():
            records[frame] += [{**key, **row} for row in rows]
    frames = {
        frame: pd.DataFrame(records[frame], columns=list(dtypes)).astype(dtypes) for frame, dtypes in _DTYPES.items()
    }
    return frames, tuple(reader.notes)


class _FormReader:
    """Reads the tables of one delivery, and notes what it passes over or assumes."""

    def __init__(self, form: Form, catalog: Catalog, name: str) -> None:
        self._form = form
        self._catalog = catalog
        # The folder is whoever collected the files: it claims nothing.
        self._name = re.split(r"[/\\]", name)[-1]
        self._labels = LabelReader(form)
        self._tables = TableReader(form, Vocabulary(form, catalog.indicators), catalog.tree)
        self.notes: list[str] = []

    def sheets(self, document: Document) -> list[_Sheet]:
        """Return every table that has the form's header and holds something; a lone one may be empty."""
        located = [(grid, self._tables.locate(grid)) for grid in document.grids]
        if not any(table for _, table in located):
            raise self._no_table(document)
        sheets = []
        others: list[Grid] = []
        for grid, table in located:
            if table:
                sheets.append(self._sheet(document, table, others))
            else:
                others.append(grid)
                self.notes.append(f"{grid.title}没有统计表的表头，未读取")
        filled = [sheet for sheet in sheets if sheet.table.lines or _total_only(sheet.table)]
        if filled:
            self.notes += [f"{sheet.table.grid.title}只有表头，未读取" for sheet in sheets if sheet not in filled]
        sheets = filled or sheets[:1]
        for sheet in sheets:
            self.notes += sheet.table.notes
            self._note_columns(sheet.table)
        return sheets

    def _no_table(self, document: Document) -> Unreadable:
        if any(_COUNTY_HEADER.fullmatch(plain(text)) for grid in document.grids for text in top_texts(grid)):
            return Unreadable(
                "counties_in_rows",
                "表中一行是一个县（市、区）：只收县（市、区、特区）的表，一行一个乡镇（街道），请由各县（市、区）分别报送。",
            )
        return Unreadable(
            "no_table",
            f"没有找到{self._form.name_zh}的表头：要有一栏“{self._form.township_headers[0]}”，并且至少有一栏是统计指标"
            "（如“接待群众（人次）”）。请按规定的表样填写后重新报送。",
        )

    def _sheet(self, document: Document, table: FormTable, others: Sequence[Grid]) -> _Sheet:
        """Read a table; `others` are the grids before it without a form's header, in which labels may stand."""
        labelled = self._labels.read(document, table.grid, [*table.above(), *table.below()])
        elsewhere: dict[Fact, Labelled] = {}
        for grid in reversed(others):
            elsewhere = {**self._labels.in_grid(grid), **elsewhere}
        county, county_from = self._county(table, labelled, elsewhere)
        period, period_from = self._period(table, labelled, elsewhere)
        around = [*table.grid.before, *document.paragraphs]
        table = self._tables.read(table, county, period, around if len(document.grids) == 1 else table.grid.before)
        if table.nil and not self._events(table):
            table = replace(table, nil=None)  # it says nothing of what its columns count
        reported = labelled.get("reported") or elsewhere.get("reported")
        return _Sheet(table, county, county_from, period, period_from, reported)

    def _county(
        self, table: FormTable, labelled: Mapping[Fact, Labelled], elsewhere: Mapping[Fact, Labelled]
    ) -> tuple[Org | None, Labelled | None]:
        """Return the county: by its label, where there is none by the title or a name, else by a label elsewhere."""
        tree = self._catalog.tree
        if unit := labelled.get("unit"):
            return read_county(unit.text, tree), unit
        for place, title in self._titles(table, labelled):
            if county := find_county(title.text, tree):
                self.notes.append(f"{table.grid.title}没有写填报单位，按{place}认定为{county.name}")
                return county, title
        if unit := elsewhere.get("unit"):
            return read_county(unit.text, tree), unit
        return None, None

    def _period(
        self, table: FormTable, labelled: Mapping[Fact, Labelled], elsewhere: Mapping[Fact, Labelled]
    ) -> tuple[Period | None, Labelled | None]:
        """Return the period, found as the county is; a title that names another month makes it doubtful."""
        if written := labelled.get("period"):
            return read_period(written.value), written
        passed: list[Labelled] = []
        for place, title in self._titles(table, labelled):
            if period := find_period(title.text):
                if any(contradicts(other.text, period) for other in passed):
                    return None, title
                self.notes.append(f"{table.grid.title}没有写统计期，按{place}认定为 {period.label}")
                return period, title
            passed.append(title)
        if written := elsewhere.get("period"):
            return read_period(written.value), written
        return None, None

    def _titles(self, table: FormTable, labelled: Mapping[Fact, Labelled]) -> Iterator[tuple[str, Labelled]]:
        """Yield what may name the county or the period: never 填报时间, which is not what is reported."""
        grid = table.grid
        values = {found.ref for found in labelled.values()}
        for row in table.above():
            for column in range(len(grid.rows[row])):
                title = self._labels.before_labels(grid.text(row, column))
                if title and not grid.is_filled(row, column) and grid.ref(row, column) not in values:
                    yield "标题", Labelled(title, grid.ref(row, column))
        for text in grid.before:
            if title := self._labels.before_labels(text):
                yield "标题", Labelled(title, "表格上方")
        yield "工作表名", Labelled(grid.name, "工作表名")
        yield "文件名", Labelled(self._name, "文件名")

    def _note_columns(self, table: FormTable) -> None:
        name = table.grid.title
        for column, header in table.columns.unknown:
            self.notes.append(
                f"{name}第 {column_letters(column)} 栏“{kept(header)}”不在指标目录中（或单位不符），未读取"
            )
        for indicator, columns in _by_indicator(table).items():
            if len(columns) > 1:
                places = "、".join(column_letters(column.column) for column in columns)
                self.notes.append(
                    f"{name}有 {len(columns)} 栏（{places}）都是“{self._catalog.indicators[indicator].name_zh}”："
                    "同一行数字相同的只取一个，不同的无法判断"
                )

    def header(self, sheet: _Sheet) -> _Record:
        """Return the header frame's record of a table, without its key."""
        period, table = sheet.period, sheet.table
        claimed_period, claimed_county = find_period(self._name), find_county(self._name, self._catalog.tree)
        return {
            "form": self._form.form,
            "sheet": table.grid.name,
            "county_text": sheet.county_from and kept_unit(sheet.county_from.text, self._catalog),
            "county_code": sheet.county and sheet.county.code,
            "county_ref": sheet.county_from and sheet.county_from.ref,
            "period_text": sheet.period_from and kept_period(sheet.period_from.text, self._catalog),
            "period": period and period.label,
            "grain": period and period.grain,
            "period_start": period and period.start,
            "period_end": period and period.end,
            "basis": period and period.basis,
            "period_ref": sheet.period_from and sheet.period_from.ref,
            "claimed_period": claimed_period and claimed_period.label,
            "claimed_county_code": claimed_county and claimed_county.code,
            "reported_on": sheet.reported and read_date(sheet.reported.value),
            "rows_in": len(table.lines) or int(_total_only(table)),
            "total_only": _total_only(table),
        }

    def body(self, sheet: _Sheet) -> dict[str, list[_Record]]:
        """Return the records of the frames rows, figures and totals of a table, without their keys."""
        table = sheet.table
        if table.nil:
            return self._nil_body(sheet, table.nil)
        rows: list[_Record] = []
        figures: list[_Record] = []
        parts: dict[str, list[_Figure]] = {code: [] for code in _by_indicator(table)}
        for row in [table.total] if _total_only(table) and table.total is not None else table.lines:
            place, org = self._org(sheet, row)
            rows.append({**place, **org, "is_total": _total_only(table)})
            for indicator, columns in _by_indicator(table).items():
                read = self._figures(table, row, columns)
                parts[indicator].append(read[0] if len(read) == 1 else replace(read[0], state="unreadable", count=None))
                figures += [_figure_record(figure, table.grid.line(row), org["org_code"]) for figure in read]
        totals = [] if table.total is None or _total_only(table) else self._totals(table, table.total, parts)
        return {"rows": rows, "figures": figures, "totals": totals}

    def _nil_body(self, sheet: _Sheet, nil: NilSaid) -> dict[str, list[_Record]]:
        """Return one line, of the county, with none (无) for each column that counts what happens.

        How many stations or deputies there are, 本月无 does not say: stocks and ratios stay untold.
        """
        said, org = kept(nil.text), sheet.county and sheet.county.code
        figures = [
            _figure_record(_Figure(indicator, nil.ref, said, "none", Count(0, 0, 0)), nil.line, org)
            for indicator in self._events(sheet.table)
        ]
        row: _Record = {"line": nil.line, "source_ref": nil.ref, "org_text": said, "org_code": org, "is_total": True}
        return {"rows": [row], "figures": figures, "totals": []}

    def _events(self, table: FormTable) -> list[Indicator]:
        indicators = (self._catalog.indicators[code] for code in _by_indicator(table))
        return [indicator for indicator in indicators if indicator.kind in _EVENTS]

    def _org(self, sheet: _Sheet, row: int) -> tuple[_Record, _Record]:
        grid, township = sheet.table.grid, sheet.table.columns.township
        text = grid.text(row, township)
        org = sheet.county if _total_only(sheet.table) else read_township(text, sheet.county, self._catalog.tree)
        if not text:  # a 合计 may stand under 序号
            text = next((text for column in range(township) if (text := grid.text(row, column))), "")
        place: _Record = {"line": grid.line(row), "source_ref": grid.ref(row, township)}
        said = kept(text) if org or _total_only(sheet.table) else kept_place(text)
        return place, {"org_text": said, "org_code": org and org.code}

    def _figures(self, table: FormTable, row: int, columns: Sequence[FigureColumn]) -> list[_Figure]:
        """Return what the columns of one indicator say in a row: one figure where they agree, else each of them."""
        read = [self._figure(table, row, column) for column in columns]
        return read[:1] if len({figure.says() for figure in read}) == 1 else read

    def _figure(self, table: FormTable, row: int, column: FigureColumn) -> _Figure:
        indicator, grid = self._catalog.indicators[column.indicator], table.grid
        text = grid.text(row, column.column)
        state, count = read_cell(grid.cell(row, column.column), self._form.none_words, column.unit)
        if state == "figure" and count is not None:
            foreign_unit = count.unit and unit_family(count.unit) != unit_family(indicator.unit)
            personal = scrub(text) != text  # a phone number strayed into a figure's column: not even its value is kept
            if foreign_unit or personal or _is_shared(table, row, column):
                state, count = "unreadable", None
            elif indicator.kind == "ratio":
                count = _as_percent(count, text)
        said = kept_figure(text) if state == "unreadable" else kept(text)
        return _Figure(indicator, grid.ref(row, column.column), said, state, count)

    def _totals(self, table: FormTable, row: int, parts: Mapping[str, Sequence[_Figure]]) -> list[_Record]:
        """Return what 合计 states beside the sums of the lines; ratios do not add up, a blank 合计 states nothing."""
        records: list[_Record] = []
        for indicator, columns in _by_indicator(table).items():
            stated, *others = self._figures(table, row, columns)
            if stated.indicator.kind == "ratio" or stated.state == "blank":
                continue
            if others or stated.count is None:
                self.notes.append(f"{table.grid.title}合计行的 {stated.ref} 无法识别，未核对")
                continue
            counts = [figure.count for figure in parts[indicator] if figure.count is not None]
            records.append(
                {
                    "source_ref": stated.ref,
                    "indicator_code": indicator,
                    "stated": stated.count.value,
                    "stated_low": stated.count.low,
                    "stated_high": stated.count.high,
                    "parts": math.fsum(count.value for count in counts),
                    "parts_low": math.fsum(count.low for count in counts),
                    "parts_high": math.fsum(count.high for count in counts),
                    "parts_unreadable": sum(figure.state == "unreadable" for figure in parts[indicator]),
                }
            )
        return records


def _total_only(table: FormTable) -> bool:
    """Say whether a table speaks of the county as a whole only: by its 合计, or by saying that there was nothing."""
    return not table.lines and (table.total is not None or table.nil is not None)


def _by_indicator(table: FormTable) -> dict[str, list[FigureColumn]]:
    columns: dict[str, list[FigureColumn]] = {}
    for column in table.columns.figures:
        columns.setdefault(column.indicator, []).append(column)
    return columns


def _is_shared(table: FormTable, row: int, column: FigureColumn) -> bool:
    """Say whether a cell is merged with other rows or other figures: whose the number is, nobody can tell."""
    figures = [figure.column for figure in table.columns.figures]
    for top, left, bottom, right in table.grid.merged:
        if top <= row <= bottom and left <= column.column <= right:
            return top < bottom or sum(left <= figure <= right for figure in figures) > 1
    return False


def _as_percent(count: Count, text: str) -> Count:
    """Return a ratio in percent: a bare number not above 1 is a share, since spreadsheets hand on 98.5% as 0.985."""
    if "%" in text or "％" in text or not 0 <= count.value <= 1:
        return count
    # round: 0.985 * 100 is 98.50000000000001 otherwise
    return replace(
        count, value=round(count.value * 100, 6), low=round(count.low * 100, 6), high=round(count.high * 100, 6)
    )


def _figure_record(figure: _Figure, line: int, org_code: object) -> _Record:
    count = figure.count
    return {
        "line": line,
        "source_ref": figure.ref,
        "org_code": org_code,
        "indicator_code": figure.indicator.code,
        "text": figure.text,
        "state": figure.state,
        "value": count and count.value,
        "value_low": count and count.low,
        "value_high": count and count.high,
        "qualifier": count and count.qualifier,
        "is_rate": figure.indicator.kind == "ratio",
    }
