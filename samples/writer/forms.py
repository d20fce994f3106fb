"""Lay a county form out as a sheet, and say where on it each fault stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from writer import document, workbook
from writer.facts import Entry, FormFile, Table, Written
from writer.grid import Content, Merge, Sheet, cell_name


@dataclass(frozen=True)
class PlantedFault:
    """A fault as it stands in a written file. `place` is empty when the whole file is meant."""

    file: str
    place: str
    rule: str


def content(written: Written) -> Content:
    """Return what stands in a cell."""
    return written.content if isinstance(written, Entry) else written


def lay_out(table: Table) -> Sheet:
    """Return the form as a sheet: title, unit and period, headers, townships, 合计, notes and signature."""
    width = len(table.columns)
    heading, merges = _heading(table, width)
    header, header_merges = _header([name for _, name in table.columns], len(heading))
    body = [tuple(content(cell) for cell in row) for row in [*table.rows, *([table.total] if table.total else [])]]
    foot: list[tuple[Content, ...]] = [(line,) for line in table.foot]
    return Sheet(
        name=table.sheet,
        rows=(*heading, *header, *body, *foot),
        merges=(*merges, *header_merges),
        heading=len(heading),
        header_rows=len(header),
        footing=len(foot),
        hidden=table.hidden,
    )


def _heading(table: Table, width: int) -> tuple[list[tuple[Content, ...]], list[Merge]]:
    facts = [fact for fact in (table.unit, table.period, table.reported) if fact]
    title: list[tuple[Content, ...]] = [(table.title,)]
    merges = [Merge(0, 0, 0, width - 1)]
    if table.heading == "lines":
        return title + [(fact,) for fact in facts], merges
    if table.heading == "cells":
        return title + [tuple(fact.split("：", 1)) for fact in facts], merges
    row: list[Content] = [None] * width
    third = width // 3
    for n, fact in enumerate(facts):
        last = width - 1 if n == len(facts) - 1 else (n + 1) * third - 1
        row[n * third] = fact
        if last > n * third:
            merges.append(Merge(1, n * third, 1, last))
    return [*title, tuple(row)], merges


def _header(names: Sequence[str], top: int) -> tuple[list[tuple[Content, ...]], list[Merge]]:
    """Return one header row, or two with merged groups when any name is `group/leaf`."""
    split = [name.split("/", 1) if "/" in name else [name] for name in names]
    if all(len(parts) == 1 for parts in split):
        return [tuple(names)], []
    groups: list[Content] = []
    merges = []
    for n, parts in enumerate(split):
        first = n == 0 or split[n - 1][0] != parts[0]
        groups.append(parts[0] if first else None)
        if len(parts) == 1:
            merges.append(Merge(top, n, top + 1, n))
        elif first:
            last = n
            while last + 1 < len(split) and split[last + 1][0] == parts[0]:
                last += 1
            if last > n:
                merges.append(Merge(top, n, top, last))
    return [tuple(groups), tuple(parts[1] if len(parts) > 1 else None for parts in split)], merges


def write_form(tables: Sequence[Table], kind: str, encoding: str) -> bytes:
    """Return the bytes of a form in one of its formats."""
    sheets = [lay_out(table) for table in tables]
    writers: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: workbook.xlsx(sheets),
        "xls": lambda: workbook.xls(sheets),
        "csv": lambda: document.csv_text(sheets[0], encoding),
        "docx": lambda: document.docx(sheets[0]),
        "html": lambda: document.html(sheets[0]),
    }
    return writers[kind]()


def planted_in(form: FormFile) -> Iterator[PlantedFault]:
    """Yield the faults of one form, copies and resubmission included."""
    for copy in form.copies:
        yield PlantedFault(copy.file, "", "same_content")
    if form.superseded_by:
        yield PlantedFault(form.file, "", "resubmitted")
    for table in form.tables:
        yield from _planted_on(form, table)


def _planted_on(form: FormFile, table: Table) -> Iterator[PlantedFault]:
    sheet = lay_out(table)
    if table.fault:
        yield PlantedFault(form.file, _fault_of_table(table, sheet), table.fault)
    if table.unread:
        yield PlantedFault(form.file, table.sheet, table.unread)
    for c, (holds, _) in enumerate(table.columns):
        if holds == "unmapped":
            yield PlantedFault(form.file, _place(form, table, sheet.heading, c), "unmapped_header")
    for r, row in enumerate([*table.rows, table.total or ()], start=sheet.heading + sheet.header_rows):
        for c, cell in enumerate(row):
            if isinstance(cell, Entry) and cell.fault:
                yield PlantedFault(form.file, _place(form, table, r, c), cell.fault)


def _fault_of_table(table: Table, sheet: Sheet) -> str:
    """Name the cell of the heading that is wrong; nothing when what should be there is missing."""
    wrong = table.unit if table.county is None else table.period
    for r, row in enumerate(sheet.rows[: sheet.heading]):
        for c, text in enumerate(row):
            if wrong and text == wrong:
                return f"{table.sheet}!{cell_name(r, c)}"
    return ""


def _place(form: FormFile, table: Table, row: int, column: int) -> str:
    if form.format == "csv":
        return f"line {row + 1} col {column + 1}"
    return f"{table.sheet}!{cell_name(row, column)}"
