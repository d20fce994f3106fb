"""What of a message is shown, before a channel dresses it; and what goes first where there is no room for all of it.

Never cut away: number, title, what to do, by when, the link. Where something is left out, the message says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import quote

from serving.channels.plain import plain, shorten
from serving.message import Message

KEPT = ("处理办法", "期限", "处理期限")
CUT = "（内容较长，已截短）"
_TITLE, _LABEL, _ITEM = 200, 20, 300
_ROOM = (800, 400, 200, 100, 50, 25)  # characters a text may have, tried in turn
_KEPT_ROOM, _KEPT_TITLE = 120, 60
_LONGEST_PAGE = 600  # in the letters of an address; a longer one is none of ours


@dataclass(frozen=True)
class Layout:
    """Plain texts only. `link` is a whole address, `page` a path where nobody has said at which address pages stand."""

    title: str
    lines: tuple[tuple[str, str], ...]
    items: tuple[str, ...]
    n_more: int
    is_cut: bool
    link: str | None
    page: str | None

    @classmethod
    def of(cls, message: Message, pages_url: str) -> Self:
        """Return the whole message, made plain."""
        number = "系统" if message.number is None else f"告警 {message.number}"
        page = quote((message.page or "").lstrip("/"), safe="/#._-=&?%~")
        page = page if len(page) <= _LONGEST_PAGE else ""
        return cls(
            title=f"【{number}】{shorten(plain(message.title), _TITLE)}",
            lines=tuple((shorten(plain(label), _LABEL), plain(text)) for label, text in message.lines),
            items=tuple(shorten(plain(item), _ITEM) for item in message.items),
            n_more=0,
            is_cut=False,
            link=f"{pages_url.rstrip('/')}/{page}" if page and pages_url else None,
            page=f"pages/{page}" if page and not pages_url else None,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said of that which is not shown."""
        where = "见报告页" if self.link or self.page else "未列出"
        more = (f"…另有 {self.n_more} 项，{where}",) if self.n_more else ()
        return (*more, *((CUT,) if self.is_cut else ()))


def fit(whole: Layout, size: Callable[[Layout], int], limit: int) -> Layout:
    """Return as much of a message as has a size (in bytes, as its channel counts) within the limit.

    Items go first, from the end; then texts are shortened; then lines go that are not among `KEPT`.
    """
    if size(whole) <= limit:
        return whole
    if size(_with_items(whole, 0)) <= limit:
        return _with_items(whole, _most(len(whole.items), lambda n: size(_with_items(whole, n)) <= limit))
    bare = replace(_with_items(whole, 0), is_cut=True)
    for room in _ROOM:
        shorter = _shortened(bare, room)
        if size(shorter) <= limit:
            return shorter
    kept = _only_kept(_shortened(bare, _ROOM[-1]))
    others = [line for line in _shortened(bare, _ROOM[-1]).lines if line not in kept.lines]
    n = _most(len(others), lambda n: size(_beside(kept, others[:n])) <= limit)
    return _beside(kept, others[:n])


def _most(n: int, fits: Callable[[int], bool]) -> int:
    """Return the greatest number up to `n` that fits; 0 is taken to."""
    low, high = 0, n
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _with_items(layout: Layout, n: int) -> Layout:
    return replace(layout, items=layout.items[:n], n_more=layout.n_more + len(layout.items) - n)


def _shortened(layout: Layout, room: int) -> Layout:
    lines = tuple(
        (label, shorten(text, max(room, _KEPT_ROOM) if label in KEPT else room)) for label, text in layout.lines
    )
    return replace(layout, title=shorten(layout.title, max(room, _KEPT_TITLE)), lines=lines)


def _only_kept(layout: Layout) -> Layout:
    """Leave the first line of each kept label: of a label that comes again nobody knows which one matters."""
    first = {label: text for label, text in reversed(layout.lines) if label in KEPT}
    lines = tuple(line for line in dict.fromkeys(layout.lines) if first.get(line[0]) == line[1])
    return replace(layout, lines=lines)


def _beside(kept: Layout, others: list[tuple[str, str]]) -> Layout:
    return replace(kept, lines=(*others, *kept.lines))
