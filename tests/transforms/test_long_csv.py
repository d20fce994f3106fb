"""A long csv file read a column at a time is the file read cell by cell, or it is not read that way at all."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import load
from transforms import record_values
from transforms.documents import Unreadable, read_document
from transforms.long_csv import LONG, LongCsv, NotPlainError, open_long_csv
from transforms.parse import identify, parse
from transforms.records import parse_export

CATALOG = load()
HEADER = ["记录编号", "站点编码", "所属县区", "代表姓名", "代表层级", "进站日期", "进站方式", "接待人数", "收集意见数"]
RECEIVED = datetime(2026, 7, 1, tzinfo=UTC)
# What systems and people write, plain and otherwise; each column has its own readers.
CODES = ["JZ1", "JZ2", " JZ3 ", "", "13900001234", "jz-4", "甲乙1", "ＪＺ5", "522301190001150016"]
DAYS = ["2026-06-01", "2026-06-01 09:30:00", "2026/6/1", "20260601", "2026-02-30", "", "昨天", "0001-01-01", "46174.5"]
WORDS = ["轮流坐班", "", "联系电话19900007000", "a" * 50, "走,访", '说"好"', "两\n行", "第①②③④⑤⑥⑦件", "集中接待 "]
COUNTS = ["3", "", "１２", "1,200", "12.5", "-1", "约30", "1234567", "19900007000", "0"]
COUNTIES = ["兴义市", "522301", "播州区", "遵义县", "无此县", ""]
LEVELS = ["县", "县级", "乡", "国", ""]
ROW = st.tuples(
    st.sampled_from(CODES),
    st.sampled_from(CODES),
    st.sampled_from(COUNTIES),
    st.sampled_from(["甲", "乙 丙", ""]),
    st.sampled_from(LEVELS),
    st.sampled_from(DAYS),
    st.sampled_from(WORDS),
    st.sampled_from(COUNTS),
    st.sampled_from(COUNTS),
)
ROWS = st.lists(st.one_of(ROW, st.just(tuple(HEADER)), st.just(("",) * 9), st.just(())), min_size=1, max_size=12)


@pytest.fixture(autouse=True)
def every_file_is_long(monkeypatch):
    monkeypatch.setattr("transforms.long_csv.LONG", 0)


def written(rows, *, ending="\r\n", title=(), quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO()
    csv.writer(text, lineterminator=ending, quoting=quoting).writerows([*title, HEADER, *rows])
    return text.getvalue()


def frames(document):
    read, notes = parse_export(
        document,
        CATALOG.exports["station_visit"],
        delivery_id="d1",
        received_at=RECEIVED,
        catalog=CATALOG,
        mask_key=b"k",
    )
    return read["header"], read["records"], notes


def assert_same(data):
    document = open_long_csv(data)
    if document is None:
        return False
    try:
        found = frames(document)
    except NotPlainError:
        return False
    expected = frames(read_document(data, "a.csv"))
    pd.testing.assert_frame_equal(found[0], expected[0])
    pd.testing.assert_frame_equal(found[1], expected[1])
    assert found[2] == expected[2]
    assert document.head.encoding == read_document(data, "a.csv").encoding
    return True


@settings(max_examples=150, deadline=None)
@given(
    rows=ROWS,
    ending=st.sampled_from(["\n", "\r\n"]),
    title=st.sampled_from([(), (["进站履职记录"],), (["甲", "乙"],)]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    tail=st.sampled_from(["", "\n\n", "x"]),
)
def test_both_ways_read_the_same(rows, ending, title, encoding, quoting, tail):
    text = written(rows, ending=ending, title=title, quoting=quoting) + tail
    try:
        assert_same(text.encode(encoding))
    except Unreadable:  # by both, then: cell by cell is tried for whatever is not plain
        with pytest.raises(Unreadable):
            frames(read_document(text.encode(encoding), "a.csv"))


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet='ab,"\n\r1 \u3000字', max_size=60))
def test_odd_quotation_marks_are_read_alike_or_left(text):
    data = (written([("JZ1", "S1", "兴义市", "甲", "县", "2026-06-01", "坐班", "1", "1")]) + text).encode()
    try:
        assert_same(data)
    except Unreadable:
        with pytest.raises(Unreadable):
            frames(read_document(data, "a.csv"))


def test_plain_files_are_read_a_column_at_a_time():
    rows = [
        (f"JZ{n}", "S1", "兴义市", "甲", "县", "2026-06-01", "两\n行" if n == 2 else "坐班", n, 1) for n in range(300)
    ]
    assert assert_same(written(rows).encode("gb18030"))
    assert assert_same(written(rows, title=[["进站履职记录", "2026年6月"]]).encode())
    _, records, _ = frames(open_long_csv(written(rows).encode()))
    assert records["line"].tolist()[:5] == [2, 3, 4, 6, 7]


@pytest.mark.parametrize(
    "data",
    [
        b'[{"a": 1}]',
        b"<table><tr><td>a,b</td></tr></table>",
        "今天接待群众3人，收集意见5条，办结2条。\n".encode() * 9,
        written([("JZ1",) * 9]).encode("utf-16"),
        written([("JZ1", "\x07", *[""] * 7)]).encode(),
        written([("JZ1",) * 9], ending="\r").encode(),
    ],
)
def test_what_is_no_plain_csv_is_left_to_the_other_way(data):
    assert open_long_csv(data) is None


def test_a_record_of_another_width_goes_the_other_way_and_is_told(monkeypatch):
    data = written([("JZ1", "S1", "兴义市", "甲", "县", "2026-06-01", "坐班", "1", "1"), ("JZ2", "S1")]).encode()
    with pytest.raises(NotPlainError):
        frames(open_long_csv(data))
    parsed = parse(data, "a.csv", "d1", RECEIVED, CATALOG, b"k")
    assert (parsed.rows_in, parsed.notes) == (2, ("有 1 行的列数少于表头，缺的列按空白处理，其中的文字未保留",))


def test_a_form_is_never_read_by_its_head_alone():
    rows = "填报单位：兴义市,统计期：2026年6月\n乡镇,接待群众（人次）\n" + "黄草街道,12\n" * 3
    document, dataset = identify(rows.encode(), "a.csv", CATALOG)
    assert (dataset, isinstance(document, LongCsv)) == ("county_table", False)


def test_short_files_are_read_cell_by_cell(monkeypatch):
    monkeypatch.setattr("transforms.long_csv.LONG", LONG)
    assert open_long_csv(written([("JZ1",) * 9]).encode()) is None


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=10))
def test_plain_texts_mean_what_the_readers_say(rows):
    """Arrow's way of reading plain texts, held against reading each by itself."""
    document = read_document(written(rows).encode(), "a.csv")
    try:
        found = frames(document)[1]
    except Unreadable:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record_values, "_plain_values", lambda *_: None)
        expected = frames(document)[1]
    pd.testing.assert_frame_equal(found, expected)
