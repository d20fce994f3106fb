import duckdb
import pytest

from warehouse.migrate import FOLDER, MigrationRefusedError, migrate, migrations


@pytest.fixture
def memory():
    with duckdb.connect() as con:
        yield con


def write(folder, name, sql):
    (folder / name).write_text(sql, encoding="utf-8")


def test_applies_each_once_in_order(memory, tmp_path):
    write(tmp_path, "0001_one.sql", "create table one (a int);")
    assert migrate(memory, tmp_path) == [1]
    write(tmp_path, "0002_two.sql", "alter table one add column b int;")
    assert migrate(memory, tmp_path) == [2]
    assert migrate(memory, tmp_path) == []
    assert memory.execute("select version, name from ops.migration order by 1").fetchall() == [(1, "one"), (2, "two")]


def test_an_edited_migration_is_refused(memory, tmp_path):
    write(tmp_path, "0001_one.sql", "create table one (a int);")
    migrate(memory, tmp_path)
    write(tmp_path, "0001_one.sql", "create table one (a bigint);")
    with pytest.raises(MigrationRefusedError, match="第 0001 号迁移（one）执行之后被改动"):
        migrate(memory, tmp_path)


def test_a_failing_migration_leaves_no_trace(memory, tmp_path):
    write(tmp_path, "0001_one.sql", "create table one (a int); create table one (a int);")
    with pytest.raises(duckdb.Error):
        migrate(memory, tmp_path)
    assert memory.execute("select count(*) from ops.migration").fetchone() == (0,)
    assert memory.execute("select count(*) from information_schema.tables where table_name = 'one'").fetchone() == (0,)


def test_a_newer_warehouse_is_refused(memory, tmp_path):
    write(tmp_path, "0001_one.sql", "select 1;")
    write(tmp_path, "0002_two.sql", "select 1;")
    migrate(memory, tmp_path)
    (tmp_path / "0002_two.sql").unlink()
    with pytest.raises(MigrationRefusedError, match="请改用较新的程序版本"):
        migrate(memory, tmp_path)


@pytest.mark.parametrize("names", [["1_one.sql"], ["0001_one.sql", "0001_two.sql"], ["0002_two.sql"]])
def test_misnumbered_files_are_refused(tmp_path, names):
    for name in names:
        write(tmp_path, name, "select 1;")
    with pytest.raises(MigrationRefusedError, match="迁移"):
        migrations(tmp_path)


def test_the_projects_own_migrations_are_in_order():
    found = migrations(FOLDER)
    assert [(migration.version, migration.name) for migration in found[:1]] == [(1, "initial")]
