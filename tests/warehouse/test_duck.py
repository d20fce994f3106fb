import subprocess
import sys

import duckdb
import pytest

from warehouse.duck import WarehouseBusyError, WarehouseUnreadableError, open_reader, open_writer

HOLD = """
import sys, duckdb
con = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_new_warehouse_has_its_tables_and_reference_rows(con):
    tables = {
        name
        for (name,) in con.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
    }
    assert {
        "core.case",
        "core.station",
        "core.station_visit",
        "core.observation",
        "ops.delivery",
        "dq.finding",
    } <= tables
    assert con.execute("select count(*) from ref.org where level = 'county' and valid_to is null").fetchone() == (88,)


def test_extensions_never_load_by_themselves(con):
    settings = con.execute("select value from duckdb_settings() where name like 'auto%known_extensions'").fetchall()
    assert settings == [("false",), ("false",)]


def test_a_failing_block_leaves_no_trace_and_the_lock_is_free(warehouse_file, catalog):
    def fail():
        with open_writer(warehouse_file, catalog) as con:
            con.begin()
            con.execute("insert into ref.parameter values ('half', 1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with open_writer(warehouse_file, catalog) as con:
        assert con.execute("select count(*) from ref.parameter where name = 'half'").fetchone() == (0,)


def test_everything_is_in_the_file_when_the_writer_has_closed(warehouse_file, catalog):
    with open_writer(warehouse_file, catalog):
        pass
    assert not warehouse_file.with_name(warehouse_file.name + ".wal").exists()


def test_a_locked_warehouse_names_who_holds_it(warehouse_file, catalog):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, warehouse_file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WarehouseBusyError, match=f"进程 {holder.pid}"), open_writer(warehouse_file, catalog):
            pass
        holder.stdin.close()


def test_a_damaged_file_says_what_to_do(warehouse_file, catalog):
    warehouse_file.write_bytes(b"not a database, but long enough to look at" * 500)
    with pytest.raises(WarehouseUnreadableError, match="daibiao rebuild"), open_writer(warehouse_file, catalog):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "insert into ref.parameter values ('x', 1)",
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/leak.csv'",
        "attach '/tmp/other.duckdb'",
        "set enable_external_access = true",
        "install httpfs",
        "select * from secret",
    ],
)
def test_a_reader_can_only_read(warehouse_file, catalog, statement):
    with open_writer(warehouse_file, catalog):
        pass
    secret = {"a": [1]}  # what DuckDB would find by looking at Python's variables
    with open_reader(warehouse_file) as con, pytest.raises(duckdb.Error):
        con.execute(statement)
    assert secret


def test_a_reader_of_nothing(tmp_path):
    with pytest.raises(FileNotFoundError, match="没有数据文件"), open_reader(tmp_path / "none.duckdb"):
        pass


COMMITTED_THEN_KILLED = """
import os, signal, sys, duckdb
con = duckdb.connect(sys.argv[1])
con.execute("set checkpoint_threshold = '1TB'")
con.execute("insert into ref.parameter values ('committed', 1)")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_committed_before_a_kill_is_read_and_kept(warehouse_file, catalog):
    with open_writer(warehouse_file, catalog):
        pass
    subprocess.run([sys.executable, "-c", COMMITTED_THEN_KILLED, warehouse_file], check=False)
    assert warehouse_file.with_name(warehouse_file.name + ".wal").exists()
    with open_reader(warehouse_file) as con:
        assert con.execute("select count(*) from ref.parameter where name = 'committed'").fetchone() == (1,)
