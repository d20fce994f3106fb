"""What no file tells is carried over into a new warehouse, from the first source that can be read."""

import duckdb
import pytest

import catalog
from warehouse.duck import WarehouseBusyError, open_writer
from warehouse.kept import carry_over, kept

FACTS = catalog.load()
ROW = (
    "insert into ops.message values "
    "('k', 1, 'opened', '2026-00001', 'province', 'mail', '{}', '2026-07-06 02:00', '2026-07-06 02:00')"
)


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "old.duckdb"
    with open_writer(path, FACTS) as con:
        con.execute(ROW)
    return path


def messages(path):
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute("select message_key, number from ops.message").fetchall()


def test_what_people_decided_and_were_told_is_kept():
    assert set(kept(FACTS)) == {
        "dq.incident_event",
        "dq.incident_answer",
        "ops.message",
        "ops.month_decision",
        "ops.month_figure",
    }


def test_it_comes_from_the_first_source_that_can_be_read(old, tmp_path):
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database")
    anew = tmp_path / "anew.duckdb"
    assert carry_over(anew, FACTS, (tmp_path / "gone.duckdb", broken, old)) == old
    assert messages(anew) == [("k", 1)]


def test_where_nothing_can_be_read_there_is_nothing_to_keep(tmp_path):
    assert carry_over(tmp_path / "anew.duckdb", FACTS, (tmp_path / "gone.duckdb",)) is None


def test_a_warehouse_of_an_older_program_has_less_to_keep(old, tmp_path):
    with duckdb.connect(str(old)) as con:
        con.execute("drop table dq.incident_answer")
    assert carry_over(tmp_path / "anew.duckdb", FACTS, (old,)) == old
    assert messages(tmp_path / "anew.duckdb") == [("k", 1)]


def test_somebody_who_writes_is_not_overtaken(old, tmp_path):
    with duckdb.connect(str(old)), pytest.raises(WarehouseBusyError):
        carry_over(tmp_path / "anew.duckdb", FACTS, (old,))
