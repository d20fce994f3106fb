"""The ledger keeps what it was told over processes and refuses what it does not know."""

import sqlite3
import stat
from datetime import UTC, datetime, timedelta

import pytest

from serving.ledger import LedgerError, hold, read_entries

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "outbox" / "ledger.sqlite"


def test_what_it_notes_stands_in_the_next_process(path):
    with hold(path) as ledger:
        ledger.enter([("a", 1, "mail"), ("b", 2, "robot"), ("c", 3, "robot")], NOW)
        ledger.expire([("old", 4, "mail")], NOW)
        ledger.sent(ledger.begin("a", "daibiao_mail", NOW, LATER), "a", None, LATER)
        ledger.failed(ledger.begin("b", "daibiao_robot", NOW, LATER), "b", "HTTP 500", NOW, LATER)
        ledger.begin("c", "daibiao_robot", NOW, LATER)  # and killed
    with hold(path) as ledger:
        assert ledger.settled() == {"a", "old"}
        entries = ledger.entries()
    assert {key: (entry.state, entry.attempts, entry.last_error) for key, entry in entries.items()} == {
        "a": ("sent", 1, None),
        "b": ("waiting", 1, "HTTP 500"),
        "c": ("waiting", 1, None),
        "old": ("expired", 0, None),
    }
    assert entries["a"].settled_at == LATER
    assert entries["b"].next_try_at == LATER
    assert entries["a"].next_try_at is None
    assert entries["c"].next_try_at == LATER
    assert read_entries(path) == entries


def test_it_counts_what_a_connection_was_given(path):
    with hold(path) as ledger:
        ledger.enter([("a", 1, "one"), ("b", 2, "two")], NOW)
        for minute, (key, connection) in enumerate([("a", "robot"), ("b", "robot"), ("a", "mail")]):
            ledger.begin(key, connection, NOW + timedelta(minutes=minute), LATER)
    with hold(path) as ledger:
        assert ledger.tried_since("robot", NOW - timedelta(seconds=1)) == 2
        assert ledger.tried_since("robot", NOW) == 1
        assert ledger.tried_since("mail", NOW) == 1


def test_no_other_process_reads_it_and_none_is_no_ledger(path):
    assert read_entries(path) == {}
    with hold(path):
        assert read_entries(path) == {}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_commit_is_on_the_disk(path):
    with hold(path) as ledger:
        assert ledger._connection.execute("pragma synchronous").fetchone() == (3,)  # EXTRA
        assert ledger._connection.execute("pragma journal_mode").fetchone() == ("delete",)


def test_a_ledger_of_a_newer_program_is_refused(path):
    with hold(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("pragma user_version = 9")
    with pytest.raises(LedgerError, match="更新版本"), hold(path):
        pass


def test_an_undeclared_state_is_refused(path):
    with hold(path) as ledger:
        ledger.enter([("a", 1, "mail")], NOW)
        with pytest.raises(sqlite3.IntegrityError):
            ledger._connection.execute("update message set state = 'lost'")
        with pytest.raises(sqlite3.IntegrityError):
            ledger.enter([("a", 1, "mail")], NOW)
        with pytest.raises(sqlite3.IntegrityError):
            ledger.begin("nobody", "robot", NOW, LATER)
