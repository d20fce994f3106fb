"""Tell running text from tables, lists and labels, by the look of its lines.

Refuses to understand: what a sentence says is for `transforms.prose`. Every pass is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

_LINE = re.compile(r"\r\n|\r|\n")
_CHINESE = re.compile("[一-鿿]")
# Ends of clauses; a half-width comma or colon inside a number or a time is none.
_MARKS = re.compile(r"[。；，！？：;!?]|,(?!\d{3})|:(?!\d)")
# A number in the midst of words (进站590人次), which no table has in its cells; dates have none either.
_COUNT = re.compile(r"[一-鿿]\d[\d.,，]{0,15}[余多万亿]{0,2}[一-鿿](?<![年月日号时届])")
_ENDED = re.compile(r"[。；！？][”’\"'）)]?$")
_CELLS = re.compile(r"[\s|｜]+")
_NOTE = re.compile(r"[（(【]?(?:备?注|说明|填[表报]|制表|审核)")
_SHORTEST_CLAUSE = 9
_CHINESE_IN_CLAUSE = 6
_REPORT_CHARACTERS, _REPORT_COUNTS = 100, 3
_SAMPLE = 200


def is_running_text(text: str) -> bool:
    """Say whether there is at least one clause of a sentence in the text, table rows left aside."""
    return next(_clauses(_LINE.split(text)), None) is not None


def is_report(lines: Iterable[str]) -> bool:
    """Say whether these lines are a report in prose: some sentences, with some counts in them."""
    clauses = list(_clauses(lines))
    counts = sum(len(_COUNT.findall(clause)) for clause in clauses)
    return sum(map(len, clauses)) >= _REPORT_CHARACTERS and counts >= _REPORT_COUNTS


def tells_a_count(lines: Iterable[str]) -> bool:
    """Say whether a sentence among these lines tells a count; a table's note (注：…) is none."""
    return any(_COUNT.search(clause) for clause in _clauses(line for line in lines if not _NOTE.match(line.strip())))


def cells(line: str) -> list[str]:
    """Return what blanks and bars part in a line of plain text."""
    return [cell for cell in _CELLS.split(line) if cell]


def divides_sentences(text: str, delimiter: str) -> bool:
    """Say whether the delimiter stands between clauses of sentences in this text, and not between cells.

    Clauses are words, cells to a good part numbers, codes, and blank. Where all lines are divided alike, as a table's
    are, most pieces must hold a count or end a sentence.
    """
    lines = [line for line in _LINE.split(text) if line.strip()][:_SAMPLE]
    if is_report(line for line in lines if delimiter not in line):
        return True
    rows = [[piece.strip() for piece in line.strip().removesuffix(delimiter).split(delimiter)] for line in lines]
    pieces = [piece for row in rows for piece in row]
    words = sum(len(_CHINESE.findall(piece)) >= 4 for piece in pieces)
    bare = sum(not _CHINESE.search(piece) for piece in pieces)
    told = sum(bool(_COUNT.search(piece) or _ENDED.search(piece)) for piece in pieces)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, times = max(widths.items(), key=lambda item: item[1], default=(0, 0))
    is_regular = width > 2 and times > 2 and times * 2 >= len(rows)
    needed = len(pieces) / 2 if is_regular else 1
    return words >= 0.6 * len(pieces) and bare < 0.2 * len(pieces) and told >= needed


def _clauses(lines: Iterable[str]) -> Iterator[str]:
    """Yield the clauses of the lines joined, as scanned lines cut sentences anywhere."""
    solid = "".join("".join(line.split()) for line in lines if not _is_row(line))
    for clause in _MARKS.split(solid)[:-1]:
        if len(clause) >= _SHORTEST_CLAUSE and len(_CHINESE.findall(clause)) >= _CHINESE_IN_CLAUSE:
            yield clause


def _is_row(line: str) -> bool:
    """Say whether a line of plain text is the row of a table: tabs, bars, or numbers between blanks."""
    if "\t" in line.strip() or line.count("|") > 1:
        return True
    found = cells(line)
    bare = sum(not _CHINESE.search(cell) for cell in found)
    return len(found) > 2 and bare * 2 >= len(found) and not _MARKS.search(line)
