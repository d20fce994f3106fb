"""Read a station export (系统导出) into typed records.

Refuses to keep personal data: personal columns are dropped or hashed here, before anything is stored or judged; free
text is masked, and a record whose columns have slipped loses it. Where an export has personal columns, free text is
cut too, no unreadable text is kept at all, and a record that may have slipped is taken for one that has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from catalog import Catalog, Export
from transforms.columns import find_header, header_key, is_header, match_headers
from transforms.grids import Document, Grid, Unreadable, cell_text, column_letters
from transforms.long_csv import LongCsv
from transforms.masking import scrub
from transforms.record_values import (
    LONGEST_TEXT,
    UNREADABLE,
    Values,
    is_identifier,
    read_column,
    state_column,
)

# So many values of one record that do not fit their columns mean that the columns have slipped.
SLIPPED = 2
# 128 bits of sha256 tell records of one number apart beyond doubt, and are stored a million times.
_DIGEST = 16
_DTYPES = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


@dataclass(frozen=True)
class _Table:
    """One table of a document: its records' texts by column name, their lines, and where the columns stand.

    Nothing of a `broken` record can be trusted; a `short` one lacks cells, and not necessarily the last.
    """

    sheet: str
    lines: Sequence[int] | pa.Array
    texts: Mapping[str, pa.Array | pa.ChunkedArray] = field(repr=False)
    broken: Sequence[bool] | np.ndarray = field(repr=False)
    short: Sequence[bool] | np.ndarray = field(repr=False)
    column_refs: Mapping[str, str]
    row_ref: str
    notes: Sequence[str] = ()


def parse_export(
    document: Document | LongCsv,
    export: Export,
    *,
    delivery_id: str,
    received_at: datetime,
    catalog: Catalog,
    mask_key: bytes,
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return the frames `header` (a row a table) and `records` (a row a record), and notes in Chinese.

    `records` holds every stored column of the export, `<name>_state` (ok, blank, unreadable, unknown) for each that is
    typed or required, `steps_done` (how many of `version_by` are filled), and `record_hash` over the stored values,
    keyed hashes among them. A value whose state is not ok is missing. Raises Unreadable when no table has the export's
    header.
    """
    notes: list[str] = []
    if isinstance(document, LongCsv):
        tables = [_from_long_csv(document, export)]
    elif document.records:
        tables = [_from_objects(document, export)]
    else:
        tables, notes = _from_grids(document, export)
    headers: list[dict[str, object]] = []
    records: list[pa.Table] = []
    for number, table in enumerate(tables, 1):
        table_id = f"{delivery_id}#{number}"
        headers.append(
            {
                "delivery_id": delivery_id,
                "table_id": table_id,
                "sheet": table.sheet,
                "received_at": received_at,
                "rows_in": len(table.lines),
                "column_refs": json.dumps(table.column_refs, ensure_ascii=False),
            }
        )
        typed = _typed(table, export, catalog, mask_key)
        for place, (name, word) in enumerate((("delivery_id", delivery_id), ("table_id", table_id))):
            typed = typed.add_column(place, name, pa.repeat(pa.scalar(word), len(typed)))
        records.append(typed)
        notes += table.notes
    frame = pa.concat_tables(records).to_pandas(types_mapper=_DTYPES.get)
    return {"header": pd.DataFrame(headers), "records": frame}, tuple(notes)


def _from_grids(document: Document, export: Export) -> tuple[list[_Table], list[str]]:
    tables: list[_Table] = []
    notes: list[str] = []
    for grid in document.grids:
        if found := find_header(grid, export):
            tables.append(_from_grid(grid, *found, export))
        else:
            notes.append(f"{_called(grid)}没有{export.name_zh}的表头，未读取")
    if not tables:
        raise Unreadable("foreign", f"没有找到{export.name_zh}的表头，请核对表头后重新导出。")
    return tables, notes


def _from_grid(grid: Grid, header: int, places: dict[str, int], export: Export) -> _Table:
    headings = [header_key(cell_text(cell)) for cell in grid.rows[header]]
    key_place = places.get(export.key, 0)
    numbers: list[int] = []
    repeated = 0
    for number, row in enumerate(grid.rows[header + 1 :], header + 1):
        if not any(cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in row):
            continue
        if key_place < len(row) and row[key_place] == grid.rows[header][key_place] is not None:
            repeated += 1
            continue
        numbers.append(number)
    widths = np.array([len(grid.rows[number]) for number in numbers], dtype=int)
    # Only where delimiters make the columns does a missing or needless one make the cells behind it slip.
    broken, short = (widths > len(headings)) & bool(grid.lines), (widths < len(headings)) & bool(grid.lines)
    whole = [None if slipped else number for number, slipped in zip(numbers, broken, strict=True)]
    stored = {column.name for column in export.stored_columns}
    texts = {name: _column_texts(grid, whole, place) for name, place in places.items() if name in stored}
    taken = set(places.values())
    notes = _unmapped((grid.text(header, n) for n, key in enumerate(headings) if key and n not in taken), export)
    notes += [f"有 {repeated} 行重复表头，未作为记录读取"] if repeated else []
    notes += _ragged(grid, numbers, headings, export)
    notes += [] if numbers else [f"{_called(grid)}只有表头，没有记录"]
    stem = "" if grid.lines else grid.name.replace("{", "{{").replace("}", "}}") + "!"
    refs = {
        name: f"line {{line}} col {place + 1}" if grid.lines else f"{stem}{column_letters(place)}{{line}}"
        for name, place in places.items()
    }
    row_ref = "line {line}" if grid.lines else f"{stem}A{{line}}"
    lines = [grid.line(n) for n in numbers]
    return _Table(grid.name, lines, texts, broken.tolist(), short.tolist(), refs, row_ref, notes)


def _called(grid: Grid) -> str:
    return f"工作表“{scrub(grid.name)}”" if grid.name else "文件"


def _ragged(grid: Grid, numbers: Sequence[int], headings: Sequence[str], export: Export) -> list[str]:
    """Say how many records have more cells than the header, or fewer, and what that did to them."""
    width = len(headings)
    if not grid.lines:  # a sheet is as wide as its widest row
        named = max(place for place, heading in enumerate(headings, 1) if heading)
        longer = sum(any(cell_text(cell) for cell in grid.rows[number][named:]) for number in numbers)
        return [f"有 {longer} 行的列数多于表头，多出的内容未读取"] if longer else []
    longer = sum(len(grid.rows[number]) > width for number in numbers)
    shorter = sum(len(grid.rows[number]) < width for number in numbers)
    notes = [f"有 {longer} 行的列数多于表头，按不可读的记录处理"] if longer else []
    dropped = "，其中的文字未保留" if export.has_personal_data else ""
    return [*notes, f"有 {shorter} 行的列数少于表头，缺的列按空白处理{dropped}"] if shorter else notes


def _column_texts(grid: Grid, rows: Iterable[int | None], place: int) -> pa.Array:
    """Return a column's texts in these rows; "" for a row that is None and beyond the end of a short one."""
    cells = [None if row is None else grid.cell(row, place) for row in rows]
    return pa.array([cell if isinstance(cell, str) else cell_text(cell) for cell in cells], pa.string())


def _from_long_csv(document: LongCsv, export: Export) -> _Table:
    """Lay out a long csv file, whose first lines hold the header."""
    head = document.head.grids[0]
    found = find_header(head, export)
    if found is None:
        raise Unreadable("foreign", f"没有找到{export.name_zh}的表头，请核对表头后重新导出。")
    header, places = found
    names = [cell_text(cell) for cell in head.rows[header]]
    columns, lines, repeated = document.below(header, places.get(export.key, 0))
    stored = {column.name for column in export.stored_columns}
    taken = set(places.values())
    notes = _unmapped((name for n, name in enumerate(names) if header_key(name) and n not in taken), export)
    notes += [f"有 {repeated} 行重复表头，未作为记录读取"] if repeated else []
    notes += [] if len(lines) else [f"{_called(head)}只有表头，没有记录"]
    whole = np.zeros(len(lines), dtype=bool)
    return _Table(
        sheet=head.name,
        lines=lines,
        texts={name: columns[place] for name, place in places.items() if name in stored},
        broken=whole,
        short=whole,
        column_refs={name: f"line {{line}} col {place + 1}" for name, place in places.items()},
        row_ref="line {line}",
        notes=notes,
    )


def _from_objects(document: Document, export: Export) -> _Table:
    names: dict[str, None] = {}
    for _, record in document.records:
        names.update(dict.fromkeys(record or ()))
    headings = list(names)
    places = match_headers(headings, export)
    if not is_header(places, export):
        raise Unreadable("foreign", f"没有找到{export.name_zh}的字段名，请核对字段名后重新导出。")
    counted = "line" if document.format == "jsonl" else "item"
    bodies = [record or {} for _, record in document.records]
    stored = {column.name: places[column.name] for column in export.stored_columns if column.name in places}
    texts = {
        name: pa.array([cell_text(body.get(headings[place])) for body in bodies], pa.string())
        for name, place in stored.items()
    }
    broken = [record is None for _, record in document.records]
    taken = set(places.values())
    notes = _unmapped((heading for n, heading in enumerate(headings) if n not in taken), export)
    notes += [f"有 {sum(broken)} 行不是完整的 JSON 对象，按不可读的记录处理"] if any(broken) else []
    braced = {name: headings[place].replace("{", "{{").replace("}", "}}") for name, place in places.items()}
    refs = {name: f"{counted} {{line}} {heading}" for name, heading in braced.items()}
    numbers = [number for number, _ in document.records]
    return _Table("", numbers, texts, broken, [False] * len(numbers), refs, f"{counted} {{line}}", notes)


def _unmapped(headings: Iterable[str], export: Export) -> list[str]:
    # A heading that the catalog does not know could be anybody's data where columns are personal: it is only counted.
    listed = [heading for heading in headings if heading]
    if not listed:
        return []
    if export.has_personal_data:
        return [f"有 {len(listed)} 列的表头不在目录中，未读取"]
    return [f"未读取的列：{'、'.join(scrub(heading)[:LONGEST_TEXT] for heading in listed)}"]


def _typed(table: _Table, export: Export, catalog: Catalog, mask_key: bytes) -> pa.Table:
    size = len(table.lines)
    broken = np.array(table.broken, dtype=bool)
    columns: dict[str, Values] = {}
    for column in export.stored_columns:
        texts = table.texts.get(column.name)
        if texts is None:
            texts = pa.repeat(pa.scalar(""), size)
        within = columns[export.place].values if column.type == "township" else None
        read = read_column(texts, column, export, catalog, mask_key, within)
        read.states[broken] = UNREADABLE
        columns[column.name] = read
    columns = _without_slipped(columns, export, np.array(table.short, dtype=bool))
    lines = pa.array(table.lines, pa.int64())
    placed = {"line": lines, "source_ref": _source_refs(table.row_ref, lines)}
    stored = {name: column.values for name, column in columns.items()}
    states = {
        f"{column.name}_state": state_column(columns[column.name].states)
        for column in export.stored_columns
        if column.required or column.type != "text"
    }
    steps = np.zeros(size, dtype=np.int64)
    for name in export.version_by:
        steps += pc.is_valid(columns[name].values).to_numpy(zero_copy_only=False)
    told = {"steps_done": pa.array(steps), "record_hash": _hashes(columns, size)}
    return pa.table({**placed, **stored, **states, **told})


def _source_refs(template: str, lines: pa.Array) -> pa.Array:
    before, _, after = template.partition("{line}")
    before, after = (half.replace("{{", "{").replace("}}", "}") for half in (before, after))
    return pc.binary_join_element_wise(before, lines.cast(pa.string()), after, "")


def _without_slipped(columns: dict[str, Values], export: Export, short: np.ndarray) -> dict[str, Values]:
    """Drop the free text of records in which several values do not fit their columns: it may be somebody's name.

    Where an export has personal columns, that of `short` records goes too; where it has none, two optional values that
    do not fit are taken for slips of the pen.
    """
    misfit = {name: column.states >= UNREADABLE for name, column in columns.items()}
    for column in export.stored_columns:
        if column.type == "township":  # of a county that is not known: no second sign of anything
            misfit[column.name] &= ~misfit[export.place]
    slipped = np.sum(list(misfit.values()), axis=0) >= SLIPPED
    if export.has_personal_data:
        slipped |= short
    else:
        slipped &= np.any([misfit[column.name] for column in export.columns if column.required], axis=0)
    if not slipped.any():
        return columns
    kept = dict(columns)
    for column in export.stored_columns:
        if column.type == "text" and not column.personal and not is_identifier(column, export):
            kept[column.name] = columns[column.name].masked(slipped)
            if column.required:
                kept[column.name].states[slipped] = UNREADABLE
    return kept


def _hashes(columns: Mapping[str, Values], size: int) -> pa.Array:
    """Return, by record, the hash of its stored values; blank and unreadable differ.

    Keyed hashes count: another deputy is another content. So the hash depends on the installation's key, as they do.
    """
    if not size:
        return pa.array([], pa.string())
    parts = [
        pc.coalesce(_as_text(column.values), state_column(column.states).cast(pa.string()))
        for column in columns.values()
    ]
    joined = pc.binary_join_element_wise(*parts, "\x1f").cast(pa.large_binary())
    _, offsets, data = joined.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[joined.offset : joined.offset + size + 1].tolist()
    content = memoryview(data)
    sha256 = hashlib.sha256
    digests = b"".join([sha256(content[begin:end]).digest()[:_DIGEST] for begin, end in pairwise(ends)]).hex().encode()
    width = len(digests) // size
    starts = pa.array(np.arange(0, len(digests) + 1, width, dtype=np.int64)).buffers()[1]
    hashes = pa.Array.from_buffers(pa.large_string(), size, [None, starts, pa.py_buffer(digests)])
    return hashes.cast(pa.string())


def _as_text(values: pa.Array) -> pa.Array:
    if not pa.types.is_timestamp(values.type):
        return values.cast(pa.string())
    texts = values.cast(pa.timestamp("s")).cast(pa.string())
    return pc.replace_substring(texts, " 00:00:00", "")
