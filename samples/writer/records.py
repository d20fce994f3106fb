"""Lay the records of an export out as a file, with invented personal values, and say where each fault stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date

from writer import document, workbook
from writer.facts import ExportFile, Facts, FaultyRecord, Value, day
from writer.forms import PlantedFault
from writer.grid import Content, Sheet, cell_name

# Personal columns that are filled in here: no fact names anybody.
_PERSONAL = {
    "case": {
        "citizen_name": "群众姓名",
        "citizen_phone": "联系电话",
        "citizen_id": "身份证号",
        "content": "诉求内容",
    },
    "station_visit": {"deputy_name": "代表姓名"},
    "suggestion": {"deputy_name": "代表姓名"},
    "performance": {"deputy_name": "代表姓名"},
}
_FAMILIES = ("甄", "贾", "欧阳", "买买提·")
_NUMERALS = "零壹贰叁肆伍陆柒捌玖"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(county: str, serial: int) -> str:
    """Invent an identity number: nobody was registered on 1900-02-20. Its check digit is right.

    >>> identity_number("522301", 1)
    '522301190002200011'
    """
    front = f"{county}19000220{serial:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(front, _WEIGHTS, strict=True)) % 11
    return front + "10X98765432"[rest]


def fields(export: ExportFile, facts: Facts) -> list[tuple[str, list[Value], str | None]]:
    """Return every record as (fault's rule or "", values with the personal ones added, column of the fault)."""
    out = []
    for entry in export.records:
        faulty = entry if isinstance(entry, FaultyRecord) else None
        values = list(entry.record if isinstance(entry, FaultyRecord) else entry)
        values += _personal(export, values, facts) if export.personal else []
        values += list(export.unmapped.values())
        out.append((faulty.fault if faulty else "", values, faulty.at if faulty else None))
    return out


def headers(export: ExportFile) -> dict[str, str]:
    """Return column name → header in the order written: the facts' columns, the personal ones, the unmapped ones."""
    personal = _PERSONAL.get(export.export, {}) if export.personal else {}
    return export.headers | personal | {name: name for name in export.unmapped}


def _personal(export: ExportFile, values: list[Value], facts: Facts) -> list[Value]:
    named = dict(zip(export.headers, values, strict=False))
    serial = _serial(named[export.key])
    if export.export == "case":
        return _citizen(named, serial, facts)
    # One deputy, one name: where a system numbers the deputies, the name goes by that number.
    deputy = _serial(named["deputy_code"]) if named.get("deputy_code") else serial
    return [f"代表乙{deputy % 40 + 1:02d}" for _ in _PERSONAL.get(export.export, {})]


def _serial(number: Value) -> int:
    return int("".join(filter(str.isdigit, str(number)))[-3:])


def _citizen(case: dict[str, Value], serial: int, facts: Facts) -> list[Value]:
    numeral = _NUMERALS[serial // 10 % 10] + _NUMERALS[serial % 10]
    county = facts.county(case["county_code"]) or "520000"
    matter = f"反映{case['category']}方面的事，第{serial}件，望早日办理。"
    if serial % 17 == 0:
        matter += "\n另请回电话说明。"
    return [
        f"{_FAMILIES[serial % 4]}示{numeral}",
        f"1990000{1000 + serial * 7:04d}",
        identity_number(county, serial),
        matter,
    ]


def write_export(export: ExportFile, kind: str, encoding: str, facts: Facts) -> bytes:
    """Return the bytes of an export in one of its formats."""
    names = headers(export)
    rows = [values for _, values, _ in fields(export, facts)]
    sheet = Sheet(export.sheet, (tuple(names.values()), *(tuple(_cells(export, values)) for values in rows)))
    writers: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: workbook.xlsx([sheet]),
        "csv": lambda: document.csv_text(sheet, encoding),
        "json": lambda: _json(list(names.values()), rows).encode(encoding),
        "jsonl": lambda: _jsonl(list(names.values()), rows, export.broken).encode(encoding),
    }
    return writers[kind]()


def _cells(export: ExportFile, values: list[Value]) -> Iterator[Content]:
    for name, value in zip(headers(export), values, strict=True):
        is_date = name.endswith(("_on", "_at")) and isinstance(value, str) and _is_date(value)
        if is_date and export.dates == "cells":
            yield day(str(value))
        elif is_date and export.dates == "slashes":
            yield _slashes(str(value))
        else:
            yield value


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _slashes(text: str) -> str:
    """Write a date as Excel shows it in China: 2026/5/6 9:05."""
    shown = day(text)
    written = f"{shown.year}/{shown.month}/{shown.day}"
    if len(text) > 10:
        written += f" {int(text[11:13])}:{text[14:16]}"
    return written


def _json(names: list[str], rows: list[list[Value]]) -> str:
    listed = [dict(zip(names, values, strict=True)) for values in rows]
    return json.dumps(listed, ensure_ascii=False, indent=1) + "\n"


def _jsonl(names: list[str], rows: list[list[Value]], broken: str | None) -> str:
    lines = [json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) for values in rows]
    return "\n".join([*lines, *([broken] if broken else [])]) + "\n"


def planted_in(export: ExportFile, facts: Facts) -> Iterator[PlantedFault]:
    """Yield the faults of one export, copies included."""
    for copy in export.copies:
        yield PlantedFault(copy.file, "", "same_content")
    names = headers(export)
    columns = list(names)
    for header in export.unmapped:
        yield PlantedFault(export.file, _place(export, 0, 1, columns.index(header), header), "unmapped_header")
    line = 2
    written = fields(export, facts)
    for n, (rule, values, at) in enumerate(written, 1):
        if rule and at:
            yield PlantedFault(export.file, _place(export, n, line, columns.index(at), names[at]), rule)
        # a line break inside quotes makes the next record begin a physical line later
        line += 1 + sum(str(value).count("\n") for value in values)
    if export.broken:
        yield PlantedFault(export.file, f"line {len(written) + 1}", "broken_line")


def _place(export: ExportFile, record: int, line: int, column: int, header: str) -> str:
    """Name a field; `record` counts from 1 (0: the header), `line` is the physical line of a csv."""
    if export.format == "xlsx":
        return f"{export.sheet}!{cell_name(record, column)}"
    if export.format == "csv":
        return f"line {line} col {column + 1}"
    where = "item" if export.format == "json" else "line"
    return f"{where} {max(record, 1)} {header}"
