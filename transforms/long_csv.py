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
        begin, end = _start_of_line(self.data, first), _end_of_text(self.data)
        has_quotes = b'"' in self.data
        columns = self._read(begin, end, len(head.rows[header]), has_quotes=has_quotes)
        # Only between quotation marks does a value hold line breaks.
        breaks = _line_breaks(columns) if has_quotes else np.zeros(len(columns[0]), dtype=np.int64)
        if self.data.count(b"\n", begin, end) + 1 != len(breaks) + breaks.sum():
            raise NotPlainError("records and lines do not tally")
        lines = pa.array(first + np.arange(len(breaks)) + np.cumsum(breaks) - breaks)
        blank = _is_blank(columns[key])
        if blank.any():
            blank = np.logical_and.reduce([_is_blank(column) for column in columns])
        again = pc.equal(columns[key], str(head.rows[header][key])).to_numpy() & ~blank
        if not (blank.any() or again.any()):
            return columns, lines, 0
        kept = pa.array(~(blank | again))
        return [column.filter(kept) for column in columns], lines.filter(kept), int(again.sum())

    def _read(self, begin: int, end: int, width: int, *, has_quotes: bool) -> list[pa.ChunkedArray]:
        names = [str(place) for place in range(width)]
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(memoryview(self.data)[begin:end]),
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=has_quotes, ignore_empty_lines=False
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
    if body[:_HEAD].decode(errors="ignore").lstrip()[:1] in ("[", "{", "<"):
        return None
    text, head = _head(body, encoding)
    if head is None or looks_like_html(text):
        return None
    delimiter = delimiter_of(text)
    return LongCsv(head, body, delimiter) if delimiter and delimiter.isascii() else None


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


def _head(body: bytes, encoding: str) -> tuple[str, Document | None]:
    """Return the first lines, cut where no quotation mark is open, as text and read; None where no such cut is near."""
    end = _HEAD
    for _ in range(_CUTS):
        end = body.rfind(b"\n", 0, end) + 1
        if not end:
            break
        text = body[:end].decode()
        with suppress(Unreadable):
            if head := read_csv(text, encoding):
                return text, head
        end -= 1
    return "", None


def _end_of_text(data: bytes) -> int:
    """Return where the text ends, line ends behind it left out."""
    end = len(data)
    while end and data[end - 1] in b"\r\n":
        end -= 1
    return end


def _start_of_line(data: bytes, line: int) -> int:
    """Return where a physical line, counted from 1, begins."""
    begin = 0
    for _ in range(line - 1):
        begin = data.index(b"\n", begin) + 1
    return begin


def _line_breaks(columns: list[pa.ChunkedArray]) -> np.ndarray:
    """Count the line breaks inside each record's values."""
    breaks = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        breaks += pc.count_substring(column, "\n").to_numpy()
    return breaks


def _is_blank(column: pa.ChunkedArray) -> np.ndarray:
    blank: np.ndarray = pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy()
    return blank
