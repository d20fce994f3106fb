from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import load
from transforms.form_table import FormTable, TableReader
from transforms.grids import Cell, Grid, Unreadable
from transforms.headers import Vocabulary
from transforms.periods import read_period

CATALOG = load()
FORM = CATALOG.forms["county_table"]
READER = TableReader(FORM, Vocabulary(FORM, CATALOG.indicators), CATALOG.tree)
XINGYI = CATALOG.tree["522301"]
HEADER: list[Cell] = ["乡镇", "收集", "办结"]


def read(*rows: list[Cell]) -> FormTable:
    table = READER.locate(Grid("表", rows))
    assert table is not None
    return READER.read(table, XINGYI)


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([HEADER, ["黄草街道", 1, 1]], range(1)),
        ([["标题统计表"], [None], HEADER, ["黄草街道", 1, 1]], range(2, 3)),
        ([["乡镇", "意见建议", None], [None, "收集", "办结"], ["黄草街道", 1, 1]], range(2)),
        ([["乡镇", "闭环", None], [None, "意见建议", None], [None, "收集", "办结"], ["黄草街道", 1, 1]], range(3)),
        ([["标题统计表"], [None, "意见建议", None], HEADER, ["黄草街道", 1, 1]], range(1, 3)),
        ([["填报单位：兴义市"], HEADER, ["黄草街道", 1, 1]], range(1, 2)),
        ([HEADER, ["合计", "见附件", "见附件"]], range(1)),
        ([HEADER, [None, "无", "—"]], range(1)),
    ],
)
def test_the_header_is_found_with_its_groups_and_leaves(rows: list[list[Cell]], header: range) -> None:
    assert read(*rows).header == header


def test_no_header_is_found_in_prose_or_in_a_foreign_table() -> None:
    assert READER.locate(Grid("表", [["乡镇", "菜名"], ["黄草街道", "豆花"]])) is None
    assert READER.locate(Grid("表", [])) is None


def test_lines_and_total_are_row_numbers_of_the_grid() -> None:
    table = read(HEADER, ["黄草街道", 1, 1], [None], ["兴泰街道", None, None], ["合计", 1, 1], ["注：无"])
    assert (table.lines, table.total, table.notes) == ((1, 3), 4, ())


def test_of_two_totals_the_last_counts_and_the_other_is_named() -> None:
    table = read(HEADER, ["合计", 1, 1], ["黄草街道", 1, 1], ["合计", 1, 1])
    assert (table.lines, table.total) == ((2,), 3)
    assert table.notes == ("表：第 2 行也是合计，以最后一行合计为准",)


def test_a_total_above_the_lines_ends_nothing() -> None:
    table = read(HEADER, ["合计", 1, 1], ["真武", "见附件", "第3页"], ["黄草街道", 1, 1])
    assert (table.lines, table.total) == ((2, 3), 1)


def test_what_is_named_like_a_township_is_always_a_line() -> None:
    table = read(HEADER, ["黄草街道", 1, 1], ["合计", 1, 1], ["真武山镇", "见附件", None], ["错字乡", None, None])
    assert table.lines == (1, 3, 4)


@pytest.mark.parametrize(
    "row",
    [
        ["经办人", "甲乙丙", "分管领导"],
        ["主任签字", "甲乙丙", "丁戊己"],
        ["甲乙丙", "丁戊己", "庚辛"],
        [None, "甲乙丙", None],
    ],
)
def test_rows_of_names_are_no_lines(row: list[Cell]) -> None:
    assert read(HEADER, ["黄草街道", 1, 1], row).lines == (1,)


@pytest.mark.parametrize("above", [["单位：万人次"], [None, "计量单位：万人次"], [None, None, "（单位：万人次）"]])
def test_a_unit_above_the_table_holds_for_columns_without_their_own(above: list[Cell]) -> None:
    table = read(above, ["乡镇", "接待群众", "收集（条）", "办结", "投入资金"], ["黄草街道", 1, 1, 1, 1])
    assert [column.unit for column in table.columns.figures] == ["万人次", "条", "万人次", ""]


def test_two_units_above_the_table_that_fit_alike_are_refused() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(["单位：万人次、件"], HEADER, ["黄草街道", 1, 1])
    assert refusal.value.code == "table_units"


def test_a_header_of_other_months_only_is_refused() -> None:
    table = READER.locate(Grid("表", [["乡镇", "1-6月"], [None, "收集"], ["黄草街道", 1]]))
    assert table is not None
    with pytest.raises(Unreadable) as refusal:
        READER.read(table, XINGYI, read_period("2026年6月"))
    assert refusal.value.code == "other_period"


def test_a_header_repeated_over_two_rows_is_no_line() -> None:
    top: list[Cell] = ["乡镇", "意见建议", None]
    leaves: list[Cell] = [None, "收集", "办结"]
    assert read(top, leaves, ["黄草街道", 1, 1], top, leaves, ["兴泰街道", 2, 2]).lines == (2, 5)


def test_a_colon_hides_no_known_township() -> None:
    header: list[Cell] = ["办结", "序号", "乡镇", "收集"]
    table = read(header, ["见：附件", "1：", "黄草街道", 1], [None, None, "经办人：测试甲", "测试乙"])
    assert table.lines == (1,)


def test_counts_that_happen_to_follow_one_another_are_a_line() -> None:
    assert read(HEADER, ["黄草街道", 1, 2]).lines == (1,)
    assert read(HEADER, ["1", 2, 3], ["黄草街道", 1, 2]).lines == (2,)


_CELLS = st.one_of(
    st.none(),
    st.integers(-5, 99),
    st.floats(),
    st.dates(),
    st.sampled_from(
        ["乡镇", "收集", "办结", "意见建议", "合计", "小计", "黄草街道", "兴义市", "无", "注：", "填表人：", "1"]
    ),
)


@given(st.lists(st.lists(_CELLS, max_size=5), max_size=8))
def test_any_sheet_is_a_table_no_table_or_refused_and_no_row_is_two_things(rows: list[list[Cell]]) -> None:
    table = READER.locate(Grid("表", rows))
    if table is None:
        return
    try:
        table = READER.read(table, XINGYI)
    except Unreadable:
        return
    assert set(table.lines) <= set(table.below())
    assert table.total not in table.lines
