"""Read text files: decode by a fixed rule, then csv, json, jsonl or paragraphs.

Refuses to guess an encoding: a byte-order mark, strict UTF-8, strict GB18030, in that order, or nothing. Messages
never quote the text.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from itertools import chain, islice
from typing import Any

from transforms.grids import Cell, Document, Grid, Unreadable
from transforms.sentences import divides_sentences

DELIMITERS = (",", "\t", ";", "，")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
# Half of a character beyond the first 65536; json can spell it, no file can hold it.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE = re.compile(r"\r\n|\r|\n")
# Stands behind the last line: an unclosed quotation mark swallows it, and so is noticed.
_END = "\ue000end"
_SAMPLE = 200


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: utf-8-sig, utf-16, utf-8 or gb18030.

    Raises Unreadable when no encoding fits or the text holds NUL or other control characters.
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        text = _strict(data, encoding)
        if text is None:
            continue
        if "\x00" in text:
            raise Unreadable("nul", "文件中混有空字符（NUL），可能传输时损坏，请重新导出后报送。")
        if _CONTROL.search(text):
            break
        return text, encoding
    raise Unreadable(
        "undecodable", "文件不是可读的文本（编码既不是 UTF-8 也不是 GB18030），请另存为 UTF-8 编码后报送。"
    )


def _strict(data: bytes, encoding: str) -> str | None:
    # The codec's own error quotes the whole file in its repr, so it is not passed on.
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def read_json(text: str, encoding: str) -> Document | None:
    """Return the records of a json or jsonl text; None when it is neither.

    A json file holds a list of objects, or an object with one such list in it, however deep. Raises Unreadable for
    broken json and for json without records.
    """
    body = text.strip()
    if body[:1] not in ("[", "{"):
        return None
    lines = [(number, line) for number, line in enumerate(_LINE.split(text), 1) if line.strip()]
    whole = _loads(body)
    if whole is not _BROKEN:
        listed = whole if isinstance(whole, list) else _list_in(whole)
        if whole and listed is None and len(lines) == 1:
            return Document("jsonl", encoding, records=[(lines[0][0], _record(whole))])
        if not whole or listed == []:
            raise Unreadable("no_records", "JSON 中没有记录，请核对导出的条件后重新导出。")
        if listed is None:
            raise Unreadable("json_shape", _SHAPE)
        return Document("json", encoding, records=[(n, _record(item)) for n, item in enumerate(listed, 1)])
    records = [(number, _record(_loads(line.strip()))) for number, line in lines]
    good = sum(record is not None for _, record in records)
    if good and good * 2 >= len(records):
        return Document("jsonl", encoding, records=records)
    if re.match(r'\[\s*(?:[\[{"]|\d+\s*,)|\{\s*"', body):
        raise Unreadable("broken_json", "JSON 格式有误（括号或引号没有成对，或没有传完整），请重新导出后报送。")
    return None


_BROKEN = object()
_SHAPE = "JSON 中应是一个记录列表（或只含一个列表的对象），请按记录列表重新导出后报送。"


def _loads(text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    # The decoder's own error carries the whole text, so it is not passed on. RecursionError: absurdly nested brackets.
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _BROKEN


def _list_in(wrapper: dict[str, Any]) -> list[Any] | None:
    """Return the one list of objects in a wrapper such as {code, data: {list: […]}}: the least deep one.

    Returns an empty list where there are only empty ones, None where there is none. Raises Unreadable where several
    lie equally deep.
    """
    level: list[Any] = [wrapper]
    empty: list[Any] | None = None
    while level:
        values = [value for item in level for value in item.values()]
        lists = [value for value in values if isinstance(value, list)]
        filled = [value for value in lists if any(isinstance(item, dict) for item in value)]
        if len(filled) > 1:
            raise Unreadable("json_shape", _SHAPE)
        if filled:
            return filled[0]
        empty = [] if [] in lists else empty
        level = [value for value in values if isinstance(value, dict)]
    return empty


def _record(item: Any) -> dict[str, Cell] | None:  # noqa: ANN401
    if not isinstance(item, dict):
        return None
    return {_mended(key): _scalar(value) for key, value in item.items()}


def _scalar(value: Any) -> Cell:  # noqa: ANN401
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
    return _mended(text) if isinstance(text, str) else text


def _mended(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text)


def read_csv(text: str, encoding: str) -> Document | None:
    """Return a delimited text as one grid; None when no delimiter makes columns of it, but clauses of sentences.

    The delimiter is the one of DELIMITERS that splits most of the first records into two or more columns, the earlier
    one in a tie. Raises Unreadable for a quotation mark that is never closed.
    """
    delimiter = delimiter_of(text)
    if delimiter is None:
        return None
    rows: list[list[Cell]] = []
    lines: list[int] = []
    try:
        for line, row in _rows(text, delimiter):
            rows.append([cell or None for cell in row])
            lines.append(line)
    except csv.Error as error:
        raise Unreadable(
            "csv_quotes", f"第 {lines[-1] + 1 if lines else 1} 行起引号没有成对，请检查后重新导出。"
        ) from error
    if not rows or rows.pop()[:1] != [_END]:
        raise Unreadable("csv_quotes", f"第 {lines[-1]} 行起引号没有成对，后面的内容无法分列，请检查后重新导出。")
    lines.pop()
    return Document("csv", encoding, grids=[Grid("", rows, lines=lines)])


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the physical line it begins on; the last one is the end mark."""
    ending = "" if text.endswith(("\n", "\r")) else "\n"
    reader = csv.reader(chain(_lines(text, ending), [_END]), delimiter=delimiter)
    begin = 1
    for row in reader:
        yield begin, row
        begin = reader.line_num + 1


def _lines(text: str, ending: str) -> Iterator[str]:
    last = ""
    for line in StringIO(text, newline=""):
        if last:
            yield last
        last = line
    yield last + ending


def delimiter_of(text: str) -> str | None:
    """Return the one of DELIMITERS that makes columns of a text; None when none does."""
    best: tuple[int, str] | None = None
    for delimiter in DELIMITERS:
        sample = _sample(text, delimiter)
        widths = Counter(len(row) for row in sample if len(row) > 1)
        columns, share = max(widths.items(), key=lambda item: item[1], default=(0, 0))
        # A sentence is no table: full-width commas must divide every line alike.
        needed = len(sample) if delimiter == "，" else len(sample) / 2
        if columns < 2 or share < max(needed, 1) or (best is not None and share <= best[0]):
            continue
        if not divides_sentences(text, delimiter):
            best = share, delimiter
    return best[1] if best else None


def _sample(text: str, delimiter: str) -> list[list[str]]:
    sample: list[list[str]] = []
    # An unclosed quotation mark ends the sample here, and is reported when the whole text is read.
    with suppress(csv.Error):
        for _, row in islice(_rows(text, delimiter), _SAMPLE):
            if any(row) and row != [_END]:
                sample.append(row)
    single_sentence = len(sample) == 1 and any("。" in cell for cell in sample[0])
    return [] if single_sentence else sample


def read_paragraphs(text: str, encoding: str, form: str) -> Document:
    """Return the text as it is, and its lines that are not blank, stripped, as paragraphs."""
    paragraphs = [line.strip() for line in _LINE.split(text) if line.strip()]
    return Document(form, encoding, paragraphs=paragraphs, text=text)
