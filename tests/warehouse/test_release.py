import hashlib
import pickle
import shutil
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import pytest

from warehouse.duck import WarehouseBusyError, open_plain, open_reader, open_writer
from warehouse.load import load
from warehouse.release import ReleaseUnsoundError, manifest, newest, publish, read_manifest

NOW = datetime.fromisoformat("2026-11-22T04:02:11+00:00")


@pytest.fixture
def releases(tmp_path):
    return tmp_path / "releases"


@pytest.fixture
def write(warehouse_file, catalog):
    def run(sql):
        with open_writer(warehouse_file, catalog) as con:
            con.execute(sql)

    run("create table mart.county_month as select '522301' as org_code, 590 as value")
    return run


def test_a_release_is_whole_read_only_and_described(warehouse_file, releases, catalog, write):
    release = publish(warehouse_file, releases, catalog, NOW)
    content = read_manifest(release)
    assert release.is_new
    assert release.release_id == f"20261122T040211Z-{content['content_hash'][:8]}"
    assert sorted(path.name for path in releases.iterdir()) == [release.release_id]
    assert sorted(path.name for path in release.path.parent.iterdir()) == ["daibiao.duckdb", "manifest.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in release.path.parent.iterdir()} == {0o444}
    assert content["tables"]["mart.county_month"]["rows"] == 1
    assert content["tools"]["duckdb"] == duckdb.__version__
    with open_reader(release.path) as con:
        assert con.execute('select "单位编码", "数值" from zh."县级月度"').fetchall() == [("522301", 590)]
        assert con.execute("select comment from duckdb_tables() where table_name = 'delivery'").fetchone() == (
            "来件台账 · deliveries",
        )


def test_nothing_is_published_twice(warehouse_file, releases, catalog, write):
    first = publish(warehouse_file, releases, catalog, NOW)
    again = publish(warehouse_file, releases, catalog, NOW + timedelta(hours=1))
    assert again == replace(first, is_new=False) == newest(releases)
    assert len(list(releases.iterdir())) == 1


def test_readers_keep_the_release_they_have(warehouse_file, releases, catalog, write):
    old = publish(warehouse_file, releases, catalog, NOW, keep=1)
    with open_reader(old.path) as reader:
        write("update mart.county_month set value = 591")
        new = publish(warehouse_file, releases, catalog, NOW + timedelta(hours=1), keep=1)
        assert not old.path.exists()
        assert reader.execute("select value from mart.county_month").fetchone() == (590,)
        with open_reader(new.path) as other:
            assert other.execute("select value from mart.county_month").fetchone() == (591,)


def test_the_newest_few_are_kept_and_sort_by_name_even_if_the_clock_stands_still(
    warehouse_file, releases, catalog, write
):
    made = []
    for value in range(4):
        write(f"update mart.county_month set value = {value}")
        made.append(publish(warehouse_file, releases, catalog, NOW, keep=3))
    assert sorted(path.name for path in releases.iterdir()) == [release.release_id for release in made[1:]]
    assert newest(releases).release_id == made[-1].release_id


def test_no_release_yet(tmp_path):
    assert newest(tmp_path / "releases") is None


def test_a_warehouse_in_use_is_not_published(warehouse_file, releases, catalog, write, monkeypatch):
    real = shutil.copyfile

    def meddle(source, target):
        with open_plain(source) as con:
            con.execute("update mart.county_month set value = 1")
        real(source, target)

    monkeypatch.setattr("warehouse.release.shutil.copyfile", meddle)
    with pytest.raises(WarehouseBusyError, match="发布时被写入"):
        publish(warehouse_file, releases, catalog, NOW)
    assert newest(releases) is None


def test_lost_rows_are_noticed(warehouse_file, releases, catalog, desk, write):
    with open_writer(warehouse_file, catalog) as con:
        load(con, catalog, desk.form("june", {"522301001": {"station_visits": 1}}), NOW)
        con.execute("delete from core.observation")
    with pytest.raises(ReleaseUnsoundError, match=r"与台账不符：june\.xlsx"):
        publish(warehouse_file, releases, catalog, NOW)
    assert newest(releases) is None


KILLED = """
import os, pickle, signal, sys
from datetime import datetime
from pathlib import Path
import warehouse.release as release

release.{step} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
catalog = pickle.loads(Path(sys.argv[3]).read_bytes())
release.publish(Path(sys.argv[1]), Path(sys.argv[2]), catalog, datetime.fromisoformat("2026-11-22T04:02:11+00:00"))
"""


@pytest.mark.parametrize("step", ["describe", "manifest", "_stamp"])
def test_a_killed_build_leaves_no_release_and_is_cleared(tmp_path, warehouse_file, releases, catalog, write, step):
    handed_over = tmp_path / "catalog.pickle"
    handed_over.write_bytes(pickle.dumps(catalog))
    script = KILLED.replace("{step}", step)
    run = subprocess.run([sys.executable, "-c", script, warehouse_file, releases, handed_over], check=False)
    assert run.returncode == -signal.SIGKILL
    assert newest(releases) is None
    assert len(list(releases.iterdir())) == 1
    release = publish(warehouse_file, releases, catalog, NOW)
    assert [path.name for path in releases.iterdir()] == [release.release_id]


class TestContentHash:
    def hash_of(self, catalog, *statements, table="mart.t"):
        with duckdb.connect() as con:
            con.execute("create schema mart; create schema ops")
            for statement in statements:
                con.execute(statement)
            return manifest(con, catalog)["tables"][table]["content_hash"]

    def test_order_of_rows_does_not_matter_but_their_number_does(self, catalog):
        rows = "create table mart.t as select * from (values (1, 'a'), (2, 'b'), (2, 'b')) t(n, x)"
        back = "create table mart.t as select * from (values (2, 'b'), (2, 'b'), (1, 'a')) t(n, x)"
        once = "create table mart.t as select * from (values (1, 'a'), (2, 'b')) t(n, x)"
        assert self.hash_of(catalog, rows) == self.hash_of(catalog, back)
        assert self.hash_of(catalog, rows) != self.hash_of(catalog, once)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("'ab' as x, 'c' as y", "'a' as x, 'bc' as y"), ("null::varchar as x", "'' as x"), ("'1:a' as x", "'a' as x")],
    )
    def test_rows_that_look_alike_differ(self, catalog, one, other):
        made = [self.hash_of(catalog, f"create table mart.t as select {columns}") for columns in (one, other)]
        assert made[0] != made[1]

    def test_volatile_columns_do_not_count(self, catalog):
        made = {
            self.hash_of(
                catalog, f"create table ops.migration as select 1 as version, {moment} as applied_at",
                table="ops.migration",
            )
            for moment in (1, 2)
        }  # fmt: skip
        assert len(made) == 1

    def test_a_known_value(self, catalog):
        """Worked out by hand: so a hash of today can be compared with one made by a later DuckDB."""
        digest = hashlib.md5(b"1:7", usedforsecurity=False).digest()
        first, second = (int.from_bytes(half, "little") for half in (digest[:8], digest[8:]))
        expected = hashlib.sha256(f"{first}:{second}".encode()).hexdigest()
        assert self.hash_of(catalog, "create table mart.t as select 7 as n") == expected


def test_a_damaged_release_is_published_anew(tmp_path, catalog):
    warehouse, releases = tmp_path / "w.duckdb", tmp_path / "releases"
    at = NOW
    first = publish(warehouse, releases, catalog, at)
    assert not publish(warehouse, releases, catalog, at).is_new
    first.path.chmod(0o600)
    first.path.write_bytes(first.path.read_bytes()[:-4096])
    second = publish(warehouse, releases, catalog, at)
    assert second.is_new
    assert newest(releases).path == second.path
    (second.path.parent / "manifest.json").chmod(0o600)
    (second.path.parent / "manifest.json").write_text("")
    assert publish(warehouse, releases, catalog, at).is_new


def test_two_that_publish_at_once_both_end_well(tmp_path, catalog):
    warehouse, releases = tmp_path / "w.duckdb", tmp_path / "releases"
    at = NOW
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: publish(warehouse, releases, catalog, at), range(4)))
    assert sum(published.is_new for published in found) == 1
    assert len({published.release_id for published in found}) == 1
