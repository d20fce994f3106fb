"""Read a long csv file a column at a time, without making a cell of each value.

Refuses, by reading nothing, every file that is not as plain as systems write them (each record as wide as the header,
no blank line, line ends of one kind): `transforms.text` reads those cell by cell, and what it reads is the measure.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from transforms.grids import Document, Unreadable
from transforms.hypertext import looks_like_html
from transforms.text import delimiter_of, read_csv

# From so many bytes on; a county's form is never as long.
LONG = 1 << 18
_HEAD = 1 << 16
_BLOCK = 1 << 22
# A value over several lines may lie across the end of the head: so many lines are given up before the file is.
_CUTS = 20
# What no text of a system holds: control characters, and U+FFFE and U+FFFF in UTF-8.
_CONTROL = np.zeros(256, dtype=bool)
_CONTROL[[*range(9), 11, *range(14, 32), 127]] = True
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_UTF8_MARK = b"\xef\xbb\xbf"


class NotPlainError(ValueError):
    """The file is not plain enough to be read a column at a time."""


@dataclass(frozen=True)
class LongCsv:
    """A long csv file in UTF-8 (without a mark), of which only the first lines, `head`, are read yet."""

    head: Document
    data: bytes = field(repr=False)
    delimiter: str

    def below(self, header: int, key: int) -> tuple[list[pa.ChunkedArray], pa.Array, int]:
        """Return the columns below row `header` of the head, the line each record begins on, and headers left out.

        Blank records are left out, and so are those that repeat the header in column `key`. Raises NotPlainError when
        the records are not all as wide as the header or the lines cannot be told.
        """
        head = self.head.grids[0]
        if header + 1 >= len(head.rows) or head.lines is None:
            raise NotPlainError("no record in the head")
        first = head.lines[header + 1]
        begin, end = _start_of_line(self.data, first), len(self.data.rstrip(b"\r\n"))
        columns = self._read(begin, end, len(head.rows[header]))
        lines = _lines(self.data, begin, end, first, columns)
        blank = _is_blank(columns[key])
        if blank.any():
            blank = np.logical_and.reduce([_is_blank(column) for column in columns])
        again = pc.equal(columns[key], str(head.rows[header][key])).to_numpy() & ~blank
        if not (blank.any() or again.any()):
            return columns, lines, 0
        kept = pa.array(~(blank | again))
        return [column.filter(kept) for column in columns], lines.filter(kept), int(again.sum())

    def _read(self, begin: int, end: int, width: int) -> list[pa.ChunkedArray]:
        names = [str(place) for place in range(width)]
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(memoryview(self.data)[begin:end]),
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=b'"' in self.data, ignore_empty_lines=False
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid as error:
            raise NotPlainError("records are not all as wide as the header") from error
        return list(table.columns)


def open_long_csv(data: bytes) -> LongCsv | None:
    """Return a long csv file with its first lines read; None for whatever is not long, not csv or not plain."""
    if len(data) < LONG or data.count(b"\r") != data.count(b"\r\n") or _has_control(data):
        return None
    found = _as_utf8(data)
    if found is None:
        return None
    body, encoding = found
    head = _head(body)
    if head is None or head.lstrip()[:1] in ("[", "{", "<") or looks_like_html(head):
        return None
    delimiter = delimiter_of(head)
    if delimiter is None or not delimiter.isascii():
        return None
    first = read_csv(head, encoding)
    return LongCsv(first, body, delimiter) if first else None


def _has_control(data: bytes) -> bool:
    if any(code in data for code in _NO_CHARACTERS):
        return True
    values = np.frombuffer(data, dtype=np.uint8)
    return any(_CONTROL[values[begin : begin + _BLOCK]].any() for begin in range(0, len(values), _BLOCK))


def _as_utf8(data: bytes) -> tuple[bytes, str] | None:
    """Return the file in UTF-8 without a mark, and its encoding by the rule of `transforms.text.decode`."""
    if _decodes(data, "utf-8"):
        marked = data.startswith(_UTF8_MARK)
        return data.removeprefix(_UTF8_MARK), "utf-8-sig" if marked else "utf-8"
    if data.startswith((_UTF8_MARK, b"\xff\xfe", b"\xfe\xff")) or not _decodes(data, "gb18030"):
        return None
    return b"".join(part.encode() for part in _parts(data, "gb18030")), "gb18030"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        for _ in _parts(data, encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _parts(data: bytes, encoding: str) -> Iterator[str]:
    """Decode a file piece by piece: as one text it would take up twice its size."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    for begin in range(0, len(data), _BLOCK):
        yield decoder.decode(view[begin : begin + _BLOCK], final=begin + _BLOCK >= len(data))


def _head(body: bytes) -> str | None:
    """Return the first lines, cut where no quotation mark is open; None where no such cut is near."""
    end = body.rfind(b"\n", 0, _HEAD) + 1
    for _ in range(_CUTS):
        if not end:
            return None
        text = body[:end].decode()
        with suppress(Unreadable):
            if read_csv(text, "utf-8"):
                return text
        end = body.rfind(b"\n", 0, end - 1) + 1
    return None


def _start_of_line(data: bytes, line: int) -> int:
    """Return where a physical line, counted from 1, begins."""
    begin = 0
    for _ in range(line - 1):
        begin = data.index(b"\n", begin) + 1
    return begin


def _lines(data: bytes, begin: int, end: int, first: int, columns: list[pa.ChunkedArray]) -> pa.Array:
    """Return the physical line that each record begins on; `first` is that of the first record."""
    size = len(columns[0])
    breaks = np.zeros(size, dtype=np.int64)
    if b'"' in data:
        for column in columns:
            breaks += pc.count_substring(column, "\n").to_numpy()
    if data.count(b"\n", begin, end) + 1 != size + breaks.sum():
        raise NotPlainError("records and lines do not tally")
    return pa.array(first + np.arange(size) + np.cumsum(breaks) - breaks)


def _is_blank(column: pa.ChunkedArray) -> np.ndarray:
    blank: np.ndarray = pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy()
    return blank
