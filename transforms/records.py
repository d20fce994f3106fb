"""Read a station export (系统导出) into typed records.

Refuses to keep personal data: personal columns are dropped or hashed here, before anything is stored or judged; free
text is masked, and a record whose columns have slipped loses it. Where an export has personal columns, free text is
cut too, no unreadable text is kept at all, and a record that may have slipped is taken for one that has.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd

from catalog import Catalog, Column, Export
from transforms.columns import find_header, header_key, is_header, match_headers
from transforms.grids import Document, Grid, Unreadable, cell_text, column_letters
from transforms.masking import keyed_hash, points_at_a_person, scrub
from transforms.typed import State, Value, plain, read_value, spellings_of

# The most that is kept of a free text or an identifier where personal data may have slipped in.
LONGEST_TEXT = 40
# So many values of one record that do not fit their columns mean that the columns have slipped.
SLIPPED = 2
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_DTYPES = {
    "date": "datetime64[us]",
    "datetime": "datetime64[us]",
    "count": "Int64",
    "amount": "float64",
    "flag": "boolean",
}


@dataclass(frozen=True)
class _Table:
    """One table of a document: its records' texts by column name, their lines, and where the columns stand.

    Nothing of a `broken` record can be trusted; a `short` one lacks cells, and not necessarily the last.
    """

    sheet: str
    lines: Sequence[int]
    texts: Mapping[str, Sequence[str]] = field(repr=False)
    broken: Sequence[bool] = field(repr=False)
    short: Sequence[bool] = field(repr=False)
    column_refs: Mapping[str, str]
    row_ref: str
    notes: Sequence[str] = ()


def parse_export(
    document: Document,
    export: Export,
    *,
    delivery_id: str,
    received_at: datetime,
    catalog: Catalog,
    mask_key: bytes,
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return the frames `header` (a row a table) and `records` (a row a record), and notes in Chinese.

    `records` holds every stored column of the export, `<name>_state` (ok, blank, unreadable, unknown) for each that is
    typed or required, `steps_done` (how many of `version_by` are filled), and `record_hash` over the stored values that
    do not depend on the key. A value whose state is not ok is missing. Raises Unreadable when no table has the
    export's header.
    """
    tables, notes = ([_from_objects(document, export)], []) if document.records else _from_grids(document, export)
    headers: list[dict[str, object]] = []
    records: list[pd.DataFrame] = []
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
        frame = _typed(table, export, catalog, mask_key)
        frame.insert(0, "delivery_id", delivery_id)
        frame.insert(1, "table_id", table_id)
        records.append(frame)
        notes += table.notes
    return {"header": pd.DataFrame(headers), "records": pd.concat(records, ignore_index=True)}, tuple(notes)


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


def _column_texts(grid: Grid, rows: Iterable[int | None], place: int) -> list[str]:
    """Return a column's texts in these rows; "" for a row that is None and beyond the end of a short one."""
    cells = [None if row is None else grid.cell(row, place) for row in rows]
    return [cell.strip() if isinstance(cell, str) else cell_text(cell) for cell in cells]


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
    texts = {name: [cell_text(body.get(headings[place])) for body in bodies] for name, place in stored.items()}
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


def _typed(table: _Table, export: Export, catalog: Catalog, mask_key: bytes) -> pd.DataFrame:
    size = len(table.lines)
    broken = np.array(table.broken, dtype=bool)
    columns: dict[str, pd.Series] = {}
    states: dict[str, np.ndarray] = {}
    for column in export.stored_columns:
        texts = table.texts.get(column.name) or [""] * size
        within = columns.get(export.place) if column.type == "township" else None
        values, found = _resolve(texts, column, export, catalog, mask_key, within)
        found[broken] = "unreadable"
        columns[column.name] = pd.Series(values, dtype=_DTYPES.get(column.type, "object"))
        states[column.name] = found
    _forget_slipped(columns, states, export, np.array(table.short, dtype=bool))
    frame = pd.DataFrame(
        {
            "line": np.array(table.lines, dtype="int64"),
            "source_ref": [table.row_ref.format(line=n) for n in table.lines],
        }
    )
    frame = pd.concat([frame, pd.DataFrame(columns)], axis=1)
    stated = {f"{c.name}_state": states[c.name] for c in export.stored_columns if c.required or c.type != "text"}
    frame = pd.concat([frame, pd.DataFrame(stated, dtype="object")], axis=1)
    frame["steps_done"] = frame[list(export.version_by)].notna().sum(axis=1).astype("Int64")
    frame["record_hash"] = _hashes(frame, states, export)
    return frame


def _resolve(
    texts: Sequence[str],
    column: Column,
    export: Export,
    catalog: Catalog,
    mask_key: bytes,
    within: pd.Series | None,
) -> tuple[list[Value], np.ndarray]:
    """Return the values of a column and their states; each distinct text is read once."""
    read = _reader(column, export, catalog, mask_key)
    keys: Sequence[tuple[str, object]] | Sequence[str] = texts
    known: dict[object, tuple[Value, State]]
    if within is None:
        known = {text: read(text, None) for text in dict.fromkeys(texts)}
    else:
        keys = list(zip(texts, within.tolist(), strict=True))
        known = {key: read(*key) for key in dict.fromkeys(keys)}
    values = [known[key][0] for key in keys]
    states = np.array([known[key][1] for key in keys], dtype=object)
    return values, states


def _reader(
    column: Column, export: Export, catalog: Catalog, mask_key: bytes
) -> Callable[[str, object], tuple[Value, State]]:
    read = _filled_reader(column, export, catalog, mask_key)
    return lambda text, county: read(text, county) if text else (None, "blank")


def _filled_reader(
    column: Column, export: Export, catalog: Catalog, mask_key: bytes
) -> Callable[[str, object], tuple[Value, State]]:
    """Return what reads a text that is not blank; its second argument is the county that a township lies in."""
    spellings = spellings_of(column)

    def place(text: str, county: object) -> tuple[Value, State]:
        if column.type == "township" and not isinstance(county, str):
            return None, "unknown"
        within = county if isinstance(county, str) else None
        org = catalog.tree.resolve(text, level="county" if column.type == "county" else "township", within=within)
        return (org.code, "ok") if org else (None, "unknown")

    if column.personal:
        return lambda text, _: (keyed_hash(text, mask_key), "ok")
    if column.type in ("county", "township"):
        return place
    if column.type in ("count", "amount"):
        return lambda text, _: _number(text, column)
    if column.type != "text":
        return lambda text, _: read_value(text, column, spellings)
    if column.name == export.key or column.references:
        return lambda text, _: _identifier(text, personal=export.has_personal_data)
    if export.has_personal_data:
        return lambda text, _: (scrub(text)[:LONGEST_TEXT], "ok")
    return lambda text, _: (scrub(text), "ok")


def _number(text: str, column: Column) -> tuple[Value, State]:
    """Return a count or amount; a number that points at a person is none, however it is written."""
    value, state = read_value(text, column, {})
    digits = f"{value:.0f}" if isinstance(value, (int, float)) else ""
    return (None, "unreadable") if scrub(text) != text or scrub(digits) != digits else (value, state)


def _identifier(text: str, *, personal: bool) -> tuple[Value, State]:
    """Return an identifier in plain form; where data are personal, a name or a person's number is none.

    One Chinese character may be a prefix (黔GD1); two may be a name.
    """
    value = plain(text)
    is_code = any(c.isdigit() for c in value) and len(_HAN.findall(value)) < 2 and len(value) <= LONGEST_TEXT
    return (value, "ok") if not personal or (is_code and not points_at_a_person(value)) else (None, "unreadable")


def _forget_slipped(
    columns: dict[str, pd.Series], states: Mapping[str, np.ndarray], export: Export, short: np.ndarray
) -> None:
    """Drop the free text of records in which several values do not fit their columns: it may be somebody's name.

    Where an export has personal columns, that of `short` records goes too; where it has none, two optional values that
    do not fit are taken for slips of the pen.
    """
    misfit = {name: np.isin(found.astype(str), ("unreadable", "unknown")) for name, found in states.items()}
    slipped = np.sum(list(misfit.values()), axis=0) >= SLIPPED
    if export.has_personal_data:
        slipped |= short
    else:
        slipped &= np.any([misfit[column.name] for column in export.columns if column.required], axis=0)
    for column in export.stored_columns:
        if column.type == "text" and not column.personal and column.name != export.key and not column.references:
            columns[column.name] = columns[column.name].mask(slipped, None)
            if column.required:
                states[column.name][slipped] = "unreadable"


def _hashes(frame: pd.DataFrame, states: Mapping[str, np.ndarray], export: Export) -> list[str]:
    """Return, by record, the hash of its stored values; blank and unreadable differ.

    Keyed hashes count: another deputy is another content. So the hash depends on the installation's key, as they do.
    """
    parts: list[list[str]] = []
    for column in export.stored_columns:
        shown = frame[column.name].astype("string").fillna("").tolist()
        parts.append([text or state for text, state in zip(shown, states[column.name], strict=True)])
    return [hashlib.sha256("\x1f".join(row).encode()).hexdigest() for row in zip(*parts, strict=True)]
