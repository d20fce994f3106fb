"""The list of what was held back, as the clerk who opens it in a spreadsheet finds it."""

import csv

import duckdb
import pytest

import catalog
from serving.quarantine_list import HEADER, write_quarantine_lists


@pytest.fixture
def release(tmp_path):
    path = tmp_path / "daibiao.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema dq; create schema ops")
        connection.execute(
            "create table dq.finding as select * from (values "
            "('a1', '县/表.xlsx', '表!C10', 'critical', 'ExpectB', '第十行', 10), "
            "('a1', '县/表.xlsx', '表!C9', 'critical', 'ExpectA', '=第九行', 9), "
            "('a1', '县/表.xlsx', null, 'warning', 'ExpectC', '请核实', null), "
            "('a1', '县/表.xlsx', '表!C8', 'info', 'ExpectD', '不列出', 8), "
            "('b2', '好.xlsx', '表!C9', 'warning', 'ExpectC', '没有退回的文件', 9)"
            ") as finding (delivery_id, file, cell, severity, rule, message, line), (select 't' as table_id)"
        )
        connection.execute(
            "create table dq.quarantine as select 'a1' as delivery_id, 't' as table_id, 9 as line, "
            '\'{"org_text": "甲镇", "voters_received": "=1+1"}\' as content'
        )
        connection.execute(
            "create table ops.delivery as select *, 'county_table' as dataset "
            "from (values ('a1', '县/表.xlsx', 'partly_loaded', null), "
            "('b2', '好.xlsx', 'loaded', null), ('c3', '坏.pdf', 'rejected', '请另存为 xlsx')"
            ") as delivery (delivery_id, file, status, reason)"
        )
    return path


def _rows(path):
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_a_list_is_written_for_every_delivery_that_lost_something(release, tmp_path):
    written = write_quarantine_lists(release, tmp_path / "quarantine", catalog.load())
    assert [path.name for path in written] == ["表.a1.csv", "坏.c3.csv"]
    assert _rows(written[0]) == [
        list(HEADER),
        ["县/表.xlsx", "表!C9", "已退回", "ExpectA", "'=第九行", "单位：甲镇；接待选民群众人次：=1+1"],
        ["县/表.xlsx", "表!C10", "已退回", "ExpectB", "第十行", ""],
        ["县/表.xlsx", "整张表", "请核实", "ExpectC", "请核实", ""],
    ]
    assert _rows(written[1])[1] == ["坏.pdf", "整个文件", "已退回", "unusable_file", "请另存为 xlsx", ""]


def test_a_list_of_what_is_held_back_no_longer_goes_and_a_clerks_own_file_stays(release, tmp_path):
    folder = tmp_path / "quarantine"
    folder.mkdir()
    for name in ("旧表.0123456789abcdef.csv", "我的笔记.csv"):
        (folder / name).write_text("x", encoding="utf-8")
    write_quarantine_lists(release, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["坏.c3.csv", "我的笔记.csv", "表.a1.csv"]


def test_writing_again_changes_nothing(release, tmp_path):
    first = [path.read_bytes() for path in write_quarantine_lists(release, tmp_path / "q")]
    assert [path.read_bytes() for path in write_quarantine_lists(release, tmp_path / "q")] == first
    assert sorted(path.suffix for path in (tmp_path / "q").iterdir()) == [".csv", ".csv"]
