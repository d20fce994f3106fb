"""Messages (告警) as they stand in a release: what is to be told, on which channel, and from when on.

Refuses nobody's words and trusts none: title, lines and items are plain text, and a channel makes them harmless.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.query import query

_IS_THERE = "select count(*) from duckdb_tables() where schema_name = 'ops' and table_name = 'message'"
_MESSAGES = """
select number, message_key, kind, incident_id, route, channel, content, created_at, not_before
from ops.message
where not list_contains($settled, message_key)
order by number
"""
_NEEDED = {"title", "lines", "items", "page"}


@dataclass(frozen=True)
class Message:
    """One message to one channel.

    `number` (告警编号) is the same in every copy; a message that is in no outbox has none. `lines` are (label, text) in
    order, `items` a list that a channel may cut. `page` is a path below the pages' address. Times are aware, UTC.
    """

    number: int | None
    key: str
    kind: str
    incident_id: str | None
    route: str
    channel: str
    title: str
    lines: tuple[tuple[str, str], ...]
    items: tuple[str, ...]
    page: str | None
    created_at: datetime
    not_before: datetime

    @property
    def due_at(self) -> datetime:
        """When it could go out first: a muted or quiet time is no delay."""
        return max(self.created_at, self.not_before)


def read_messages(release: Path, settled: Collection[str] = ()) -> list[Message]:
    """Return the messages of a release in order of their number, without those whose keys are `settled`.

    A release of before there were messages has none. One whose content cannot be read comes as a message that says
    so: whoever is on its channel hears that something was to be told.
    """
    if query(release, _IS_THERE).rows == ((0,),):
        return []
    return [_message(*row) for row in query(release, _MESSAGES, {"settled": sorted(settled)}).rows]


def _message(
    number: int,
    key: str,
    kind: str,
    incident_id: str | None,
    route: str,
    channel: str,
    content: str,
    created_at: datetime,
    not_before: datetime,
) -> Message:
    title, lines, items, page = _content(content)
    return Message(
        number=number,
        key=key,
        kind=kind,
        incident_id=incident_id,
        route=route,
        channel=channel,
        title=title,
        lines=lines,
        items=items,
        page=page,
        created_at=created_at.replace(tzinfo=UTC),
        not_before=not_before.replace(tzinfo=UTC),
    )


def _content(text: str) -> tuple[str, tuple[tuple[str, str], ...], tuple[str, ...], str | None]:
    r"""Read `content`.

    >>> _content('{"title": "t", "lines": [["单位", "兴义市"]], "items": ["a"], "page": null}')
    ('t', (('单位', '兴义市'),), ('a',), None)
    >>> _content('{"title": 1}')[0]
    '本条告警的内容无法读取'
    """
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or set(content) != _NEEDED:
            raise ValueError("other names than title, lines, items, page")
        title, page = content["title"], content["page"]
        lines = tuple((label, words) for label, words in content["lines"])
        items = tuple(content["items"])
        if any(
            not isinstance(words, str) for words in (title, page or "", *items, *(w for line in lines for w in line))
        ):
            raise ValueError("something that is no text")
    except (ValueError, TypeError):
        return "本条告警的内容无法读取", (("处理办法", "请数据工程师按告警编号查看 ops.message。"),), (), None
    return title, lines, items, page
