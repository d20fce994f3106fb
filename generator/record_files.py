"""Files of records: in the words, headers and formats of one system or another."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from catalog import Export
from generator.batches import Batch
from generator.plant import RECORD, Planted
from generator.province import County, Ints
from generator.sheets import Cell, Page, letters, xlsx
from generator.values import joined, numbered

SHEET = "导出"
# Larger files come as csv: no system writes a workbook or a json of that size.
_MOST_ROWS = {"xlsx": 3000, "json": 5000, "jsonl": 20_000, "csv-gb18030": 100_000}
_ENDINGS = {"csv": ".csv", "csv-gb18030": ".csv", "xlsx": ".xlsx", "json": ".json", "jsonl": ".jsonl"}
_NUMBERS = ("count", "amount")
_CALLED = ("name", "code", "full", "old")


@dataclass(frozen=True)
class Style:
    """How one system writes: its format, how it calls counties, its words for codes, dates with slashes, headers."""

    format: str
    counties: str
    synonyms: bool
    slashes: bool
    headers: dict[str, str]

    @property
    def ending(self) -> str:
        """The ending of the file's name."""
        return _ENDINGS[self.format]


@dataclass(frozen=True)
class RecordFile:
    """A file as written: each record's line (or place in the list), and the line of a broken record at the end."""

    lines: Ints
    broken: int | None


def draw_style(export: Export, rows: int, formats: tuple[str, ...], rng: np.random.Generator) -> Style:
    """Draw a style; formats that do not carry so many rows are left out."""
    fit = [name for name in formats if rows <= _MOST_ROWS.get(name, rows)] or ["csv"]
    headers = {column.name: column.headers[0] for column in export.columns}
    # One other header at most, so that an export is never taken for another with like columns.
    other = export.columns[int(rng.integers(0, len(export.columns)))]
    headers[other.name] = other.headers[-1]
    return Style(
        format=fit[int(rng.integers(0, len(fit)))],
        counties=_CALLED[int(rng.integers(0, len(_CALLED)))],
        synonyms=bool(rng.random() < 0.3),
        slashes=bool(rng.random() < 0.3),
        headers=headers,
    )


def write_records(path: Path, planted: Planted, export: Export, style: Style, *, breaks: bool) -> RecordFile:
    """Write the file; `breaks` ends a csv or jsonl file with a line that is no record."""
    written = replace(planted, batch=_spelt(planted.batch, export, style))
    texts = {name: written.written(name) for name in planted.batch.columns}
    if style.slashes:
        for name, column in planted.batch.columns.items():
            if column.kind in ("day", "time"):
                texts[name] = pc.replace_substring(texts[name], "-", "/")
    table = pa.table({style.headers[name]: text for name, text in texts.items()})
    lines = _lines(style, texts, len(planted.batch))
    broken = breaks and style.format in ("csv", "csv-gb18030", "jsonl")
    with path.open("wb") as out:
        if style.format == "csv":
            out.write(b"\xef\xbb\xbf")
            _csv(table, out)
        elif style.format == "csv-gb18030":
            held = io.BytesIO()
            _csv(table, held)
            out.write(held.getvalue().decode().encode("gb18030"))
        else:
            out.write(_small(table, export, style))
        if broken:
            out.write(b'{"' if style.format == "jsonl" else b"x" + b",x" * table.num_columns + b"\n")
    if not broken:
        return RecordFile(lines, None)
    return RecordFile(lines, _after(style, lines, texts))


def places(style: Style, batch: Batch, file: RecordFile, column: str, rows: Ints) -> pa.Array:
    """Name the cells of a column, or the whole records, as findings name them."""
    lines = numbered("", file.lines[rows], 1)
    if style.format == "xlsx":
        letter = "A" if column == RECORD else letters(list(batch.columns).index(column))
        return joined(f"{SHEET}!{letter}", lines)
    before = joined("item " if style.format == "json" else "line ", lines)
    if column == RECORD:
        return before
    if style.format.startswith("csv"):
        return joined(before, f" col {list(batch.columns).index(column) + 1}")
    return joined(before, f" {style.headers[column]}")


def _csv(table: pa.Table, out: io.IOBase) -> None:
    arrow_csv.write_csv(table, out, arrow_csv.WriteOptions(quoting_style="needed"))


def _spelt(batch: Batch, export: Export, style: Style) -> Batch:
    """Return the batch in the system's words for counties and codes."""
    columns = dict(batch.columns)
    called = tuple(_called(county, style.counties) for county in batch.lot.province.counties)
    columns["county_code"] = replace(columns["county_code"], words=called)
    if style.synonyms:
        for column in export.columns:
            if column.type == "code":
                mine = columns[column.name]
                words = tuple((*column.values[word], word)[0] for word in mine.words)
                columns[column.name] = replace(mine, words=words)
    return replace(batch, columns=columns)


def _called(county: County, how: str) -> str:
    if how == "code":
        return county.code
    if how == "full":
        return county.prefecture_name + county.name
    return (county.old_name or county.name) if how == "old" else county.name


def _lines(style: Style, texts: dict[str, pa.Array], size: int) -> Ints:
    """Return the line of each record: the sheet's row, the physical line, the place in the list."""
    first = {"json": 1, "jsonl": 1}.get(style.format, 2)
    lines = np.arange(first, first + size)
    if style.format.startswith("csv") and "content" in texts:
        breaks = pc.count_substring(texts["content"], "\n").to_numpy(zero_copy_only=False)
        lines = lines + np.cumsum(breaks) - breaks
    return np.asarray(lines, dtype=np.int64)


def _after(style: Style, lines: Ints, texts: dict[str, pa.Array]) -> int:
    """Return the line behind the last record."""
    inside = 0
    if style.format.startswith("csv") and "content" in texts:
        inside = texts["content"][-1].as_py().count("\n")
    return int(lines[-1]) + 1 + inside


def _small(table: pa.Table, export: Export, style: Style) -> bytes:
    kinds = {style.headers[column.name]: column.type for column in export.columns}
    if style.format == "xlsx":
        return xlsx(Page([table.column_names, *_cells(table, kinds)], name=SHEET))
    records = [dict(zip(table.column_names, row, strict=True)) for row in _cells(table, kinds)]
    if style.format == "json":
        return (json.dumps({"code": 0, "data": {"list": records}}, ensure_ascii=False, indent=1) + "\n").encode()
    return ("\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n").encode()


def _cells(table: pa.Table, kinds: Mapping[str, str]) -> Iterator[list[Cell]]:
    columns = [
        [_number(text) for text in column.to_pylist()] if kinds[name] in _NUMBERS else column.to_pylist()
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    for row in zip(*columns, strict=True):
        yield [None if cell == "" else cell for cell in row]


def _number(text: str) -> Cell:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text
