"""The sender's ledger (发送台账): what went out, what was tried, and when to try again. One small SQLite file.

Refuses to hold contents, addresses or secrets. Whatever it has noted is on the disk before the next step is taken.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from serving.private_file import private_folder

FILE = "ledger.sqlite"
_VERSION = 1
_SCHEMA = """
create table message (
    message_key text primary key,
    number integer not null,
    channel text not null,
    state text not null check (state in ('waiting', 'sent', 'expired')),
    attempts integer not null default 0,
    last_error text,
    first_seen_at text not null,
    next_try_at text,
    settled_at text
) strict;
create index message_by_state on message (state);
create table attempt (
    attempt_id integer primary key,
    message_key text not null references message (message_key),
    connection text not null,
    started_at text not null,
    ended_at text,
    outcome text check (outcome in ('sent', 'failed')),
    note text
) strict;
create table served (
    message_key text not null references message (message_key),
    mailbox text not null,
    primary key (message_key, mailbox)
) strict;
create index attempt_by_connection on attempt (connection, started_at);
"""


class LedgerError(RuntimeError):
    """The ledger was written by a newer program, or is none."""


@dataclass(frozen=True)
class Entry:
    """What the ledger knows of one message. Times are aware, UTC; `next_try_at` None: at once."""

    key: str
    number: int
    channel: str
    state: str
    attempts: int
    last_error: str | None
    first_seen_at: datetime
    next_try_at: datetime | None
    settled_at: datetime | None


class Ledger:
    """An open ledger, held by one process at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def entries(self) -> dict[str, Entry]:
        """Return every message that was ever seen, by its key."""
        return _entries(self._connection)

    def settled(self) -> set[str]:
        """Return the keys of what is never to go out any more: sent or expired."""
        return {key for (key,) in self._connection.execute("select message_key from message where state <> 'waiting'")}

    def enter(self, messages: Iterable[tuple[str, int, str]], now: datetime) -> None:
        """Note messages (key, number, channel) that were not seen before as waiting."""
        self._all(
            "insert into message (message_key, number, channel, state, first_seen_at) values (?, ?, ?, 'waiting', ?)",
            [(*message, _text(now)) for message in messages],
        )

    def expire(self, messages: Iterable[tuple[str, int, str]], now: datetime) -> None:
        """Note messages as too old to be told."""
        self._all(
            "insert into message (message_key, number, channel, state, first_seen_at, settled_at) "
            "values (?, ?, ?, 'expired', ?, ?)",
            [(*message, _text(now), _text(now)) for message in messages],
        )

    def begin(self, key: str, connection: str, now: datetime, next_try_at: datetime) -> int:
        """Note that a message is being handed over, and return the attempt's number.

        `next_try_at` holds for an attempt of which nothing more is ever noted, because whoever made it died in it.
        """
        with self._connection:
            self._connection.execute(
                "update message set attempts = attempts + 1, next_try_at = ? where message_key = ?",
                (_text(next_try_at), key),
            )
            made = self._connection.execute(
                "insert into attempt (message_key, connection, started_at) values (?, ?, ?)",
                (key, connection, _text(now)),
            )
        return int(made.lastrowid or 0)

    def sent(self, attempt: int, key: str, note: str | None, now: datetime) -> None:
        """Note that the channel has taken it: it never goes out again."""
        with self._connection:
            self._end(attempt, "sent", note, now)
            self._connection.execute(
                "update message set state = 'sent', last_error = ?, next_try_at = null, settled_at = ? "
                "where message_key = ?",
                (note, _text(now), key),
            )

    def failed(
        self,
        attempt: int,
        key: str,
        error: str,
        now: datetime,
        next_try_at: datetime,
        served: Iterable[str] = (),
    ) -> None:
        """Note why it did not go out, and when to try again; `served` are the mailboxes that have it all the same."""
        with self._connection:
            self._connection.executemany(
                "insert or ignore into served values (?, ?)", [(key, _mark(key, mailbox)) for mailbox in served]
            )
            self._end(attempt, "failed", error, now)
            self._connection.execute(
                "update message set last_error = ?, next_try_at = ? where message_key = ?",
                (error, _text(next_try_at), key),
            )

    def unserved(self, key: str, mailboxes: Iterable[str]) -> tuple[str, ...]:
        """Return those of the mailboxes that do not have the message yet."""
        found = self._connection.execute("select mailbox from served where message_key = ?", (key,))
        served = {mark for (mark,) in found}
        return tuple(mailbox for mailbox in mailboxes if _mark(key, mailbox) not in served)

    def tried_since(self, connection: str, since: datetime) -> int:
        """Count what was handed to a connection after that time, by whatever process, whatever came of it."""
        counted = self._connection.execute(
            "select count(*) from attempt where connection = ? and started_at > ?", (connection, _text(since))
        )
        return int(counted.fetchone()[0])

    def _end(self, attempt: int, outcome: str, note: str | None, now: datetime) -> None:
        self._connection.execute(
            "update attempt set ended_at = ?, outcome = ?, note = ? where attempt_id = ?",
            (_text(now), outcome, note, attempt),
        )

    def _all(self, sql: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            with self._connection:
                self._connection.executemany(sql, rows)


@contextmanager
def hold(path: Path) -> Iterator[Ledger]:
    """Open the ledger, made when missing, and keep every other process out until the end; wait for one that has it.

    A process that is killed lets go by that. Raises LedgerError for one that a newer program wrote.
    """
    private_folder(path.parent)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        connection = sqlite3.connect(path)
        try:
            # EXTRA also syncs the folder after a commit: what was noted as sent is so after a power cut too.
            connection.execute("pragma synchronous = extra")
            connection.execute("pragma foreign_keys = on")
            _bring_up(connection, path)
            yield Ledger(connection)
        finally:
            connection.close()


def read_entries(path: Path) -> dict[str, Entry]:
    """Return what the ledger knows, without waiting for whoever sends; nothing where there is none yet."""
    if not path.exists():
        return {}
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True
    )  # rw: to undo what a killed sender left
    try:
        return _entries(connection) if _version(connection) else {}
    finally:
        connection.close()


def _entries(connection: sqlite3.Connection) -> dict[str, Entry]:
    rows = connection.execute(
        "select message_key, number, channel, state, attempts, last_error, first_seen_at, next_try_at, settled_at "
        "from message order by number"
    )
    return {
        key: Entry(key, number, channel, state, attempts, error, datetime.fromisoformat(seen), _time(due), _time(end))
        for key, number, channel, state, attempts, error, seen, due, end in rows
    }


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version > _VERSION:
        raise LedgerError(f"{path} 是更新版本的程序写的：请更新本程序。(Written by a newer program.)")
    if version == 0:
        connection.executescript(f"begin; {_SCHEMA} pragma user_version = {_VERSION}; commit;")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def _mark(key: str, mailbox: str) -> str:
    """Return what stands for a mailbox, which itself is never written down."""
    return hashlib.sha256(f"{key}|{mailbox}".encode()).hexdigest()[:32]


def _text(time: datetime) -> str:
    """Write a time so that text sorts as time does."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
