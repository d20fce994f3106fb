"""A report in prose with what is asked about it marked: one page, no script, nothing from outside.

Shows the stretches that something is asked about and a little around them. The text comes veiled: what the warehouse
may not quote is □, in its place, so that places by character still hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import jinja2

from serving.drawing import drawing
from serving.feedback.asked import Asked, Item

_SPAN = re.compile(r"chars (\d+)-(\d+)")
_AROUND = 80


@dataclass(frozen=True)
class _Piece:
    """A stretch of the text: the items that are about it, and whether it must be fixed."""

    text: str
    numbers: tuple[int, ...] = ()
    must_fix: bool = False


def draw_prose(asked: Asked, text: str) -> str:
    """Return the page as HTML; `text` is the report's running text, veiled."""
    spans = [(*span, item) for item in asked.items if (span := _span(item, len(text)))]
    return _template().render(
        asked=asked,
        items=asked.items,
        excerpts=[_pieces(text, begin, end, spans) for begin, end in _excerpts(text, spans)],
        placed={item.number for _, _, item in spans},
        must=sum(item.is_must_fix for item in asked.items),
    )


@cache
def _template() -> jinja2.Template:
    return drawing().get_template("returned_prose.html")


def _span(item: Item, length: int) -> tuple[int, int] | None:
    hit = _SPAN.fullmatch(item.cell or "")
    if hit is None or not int(hit[1]) < int(hit[2]) <= length:
        return None
    return int(hit[1]), int(hit[2])


def _excerpts(text: str, spans: Sequence[tuple[int, int, Item]]) -> list[tuple[int, int]]:
    """Return the stretches to show, in order and apart from each other: whole lines where they are short."""
    shown: list[tuple[int, int]] = []
    for begin, end, _ in sorted(spans, key=lambda span: span[:2]):
        first = max(begin - _AROUND, text.rfind("\n", 0, begin) + 1)
        stop = text.find("\n", end)
        last = min(end + _AROUND, len(text) if stop < 0 else stop)
        if shown and first <= shown[-1][1]:
            shown[-1] = (shown[-1][0], max(last, shown[-1][1]))
        else:
            shown.append((first, last))
    return shown


def _pieces(text: str, begin: int, end: int, spans: Sequence[tuple[int, int, Item]]) -> list[_Piece]:
    inside = [span for span in spans if span[0] < end and begin < span[1]]
    cuts = sorted({begin, end, *(place for span in inside for place in span[:2] if begin <= place <= end)})
    pieces = []
    for first, last in pairwise(cuts):
        items = [item for start, stop, item in inside if start <= first and last <= stop]
        numbers = tuple(item.number for item in items)
        pieces.append(_Piece(text[first:last], numbers, any(item.is_must_fix for item in items)))
    return pieces
