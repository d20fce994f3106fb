"""Finish a workbook that openpyxl saved: results beside formulas, no author, no date, the same bytes each time."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from xml.sax.saxutils import escape

from openpyxl.utils.datetime import to_excel

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
# As openpyxl writes a formula: without a result.
_FORMULA = re.compile(r'<c r="(?P<cell>[A-Z]+\d+)"(?P<rest>[^>]*)><f>(?P<formula>[^<]*)</f><v\s*(?:/>|></v>)</c>')
_UNCALCULATED = "#未计算"


def finished(data: bytes, results: Sequence[Mapping[str, object]]) -> bytes:
    """Return the workbook with `results` (by sheet in order, then by cell) beside its formulas.

    A program that reads the file without calculating it, as ours does, then finds what the county saw.
    """
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as saved, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in saved.namelist():
            content = saved.read(name)
            if name == "docProps/core.xml":
                content = _PROPERTIES
            elif hit := _SHEET.fullmatch(name):
                content = _with_results(content, results[int(hit[1]) - 1])
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return stream.getvalue()


def _with_results(xml: bytes, results: Mapping[str, object]) -> bytes:
    if not results:
        return xml

    def one(hit: re.Match[str]) -> str:
        kind, text = _result(results.get(hit["cell"]))
        rest = re.sub(r'\st="[^"]*"', "", hit["rest"])
        value = f"<v>{escape(text)}</v>" if text else ""
        return f'<c r="{hit["cell"]}"{rest}{kind}><f>{hit["formula"]}</f>{value}</c>'

    return _FORMULA.sub(one, xml.decode()).encode()


def _result(value: object) -> tuple[str, str]:
    """Return the type attribute and the text of a formula's result."""
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, int | float):
        return "", repr(value)
    if isinstance(value, date | datetime):
        return "", repr(to_excel(value))  # type: ignore[no-untyped-call]
    if isinstance(value, str) and value != _UNCALCULATED:
        return (' t="e"' if value.startswith("#") else ' t="str"'), value
    return "", ""
