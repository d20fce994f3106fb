from __future__ import annotations

import pytest

from catalog import load
from transforms.headers import Vocabulary, join_header_rows, split_unit, table_units
from transforms.periods import read_period

CATALOG = load()
VOCABULARY = Vocabulary(CATALOG.forms["county_table"], CATALOG.indicators)


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("接待群众（人次）", "接待群众", "人次"),
        (" 接待\n群众 (万人次) ", "接待群众", "万人次"),
        ("收集（单位：条）", "收集", "条"),
        ("参加（人/次）", "参加", "人次"),
        ("专项资金（亿元）", "专项资金", "亿元"),
        ("乡镇（街道）", "乡镇(街道)", ""),
        ("联络室（家、点）", "联络室(家、点)", ""),
        ("（人次）", "", "人次"),
        ("人次", "", "人次"),
        ("Ａ类件", "A类件", ""),
        ("接待群众*", "接待群众", ""),
    ],
)
def test_a_headers_unit_is_taken_from_its_brackets(header: str, name: str, unit: str) -> None:
    assert split_unit(header) == (name, unit)


@pytest.mark.parametrize(
    ("rows", "paths"),
    [
        ([["乡镇", "收集"]], [("乡镇",), ("收集",)]),
        (
            [["序号", "乡镇", "代表进站", "", "意见建议", "", "备注"], ["", "", "代表", "接待", "收集", "办结", ""]],
            [
                ("序号",),
                ("乡镇",),
                ("代表进站", "代表"),
                ("代表进站", "接待"),
                ("意见建议", "收集"),
                ("意见建议", "办结"),
                ("备注",),
            ],
        ),
        (  # merged cells filled by the reader
            [["乡镇", "意见建议", "意见建议", "备注"], ["乡镇", "收集", "办结", "备注"]],
            [("乡镇",), ("意见建议", "收集"), ("意见建议", "办结"), ("备注",)],
        ),
        (  # a vertically merged column ends a group, its blanks are its own
            [["乡镇", "化解矛盾纠纷", "", "备注"], ["", "", "", ""]],
            [("乡镇",), ("化解矛盾纠纷",), (), ("备注",)],
        ),
        (  # three rows: a group of the second row does not run on under the next group of the first
            [["乡镇", "联络站", "", "闭环", ""], ["", "代表进站", "", "", ""], ["", "代表", "接待", "收集", "办结"]],
            [
                ("乡镇",),
                ("联络站", "代表进站", "代表"),
                ("联络站", "代表进站", "接待"),
                ("闭环", "收集"),
                ("闭环", "办结"),
            ],
        ),
        ([["乡镇", "意见建议"], ["", "收集", "办结"]], [("乡镇",), ("意见建议", "收集"), ("意见建议", "办结")]),
        ([], []),
    ],
)
def test_header_rows_are_joined_group_before_leaf(rows: list[list[str]], paths: list[tuple[str, ...]]) -> None:
    assert join_header_rows(rows) == paths


@pytest.mark.parametrize(
    ("path", "indicator"),
    [
        (("接待群众（人次）",), "voters_received"),
        (("代表进站", "进站代表（人次）"), "station_visits"),
        (("代表进站", "接待"), "voters_received"),
        (("意见建议", "办结"), "opinions_resolved"),
        (("代表建议", "办结"), "bills_closed"),
        (("闭环", "意见建议（条）", "收集"), "opinions_collected"),
        (("意见 建议", "收集"), "opinions_collected"),
        (("本月收集意见建议数",), "opinions_collected"),
        (("收集意见建议", "本月数"), "opinions_collected"),
        (("接待群众", "合计"), "voters_received"),
        (("化解矛盾纠纷", "（件）"), "disputes_mediated"),
        (("Ａ类件（件）",), "bills_class_a"),
        (("接待群众（万人次）",), "voters_received"),
        (("专项资金（亿元）",), "funds_wan"),
        (("一、代表进站", "1.进站代表（人次）"), "station_visits"),
        (("接待群众①（人次）",), "voters_received"),
        (("接待群众：人次",), "voters_received"),
        (("接待\u200b群众",), "voters_received"),
        (("意见建议", "其中：办结"), "opinions_resolved"),
        (("代表建议办理", "办结率"), None),
        (("代表建议办理", "办结"), "bills_closed"),
        (("收集意见建议", "办结"), "opinions_resolved"),
        (("代表建议", "办结率（%）"), "bills_closed_rate"),
        (("意见建议", "满意率"), "satisfaction_rate"),
        (("联络站", "接待群众"), "voters_received"),
        # not guessed
        (("办结率",), None),
        (("意见建议", "办结率"), None),
        (("收集意见建议", "代表建议"), None),
        (("意见建议", "A类"), None),
        (("代表建议督办", "办结"), None),
        (("矛盾纠纷", "办结"), None),
        (("宣传稿件（篇）",), None),
        (("未办结",), None),
        (("化解矛盾纠纷", "办结"), None),
        (("累计", "收集意见"), None),
        (("收集意见建议", "累计数"), None),
        (("上年同期", "收集"), None),
        (("代表",), None),
        (("惠及群众（户）",), None),
        (("专项资金（件）",), None),
        (("接待群众（%）",), None),
    ],
)
def test_a_column_is_matched_or_left_unknown(path: tuple[str, ...], indicator: str | None) -> None:
    columns = VOCABULARY.columns([("乡镇（街道）",), ("旁听庭审（场）",), path])
    assert columns is not None
    assert columns.township == 0
    assert [figure.indicator for figure in columns.figures] == ["court_hearings", *([indicator] if indicator else [])]
    assert columns.unknown == (() if indicator else ((2, "/".join(path)),))


@pytest.mark.parametrize(
    ("period", "read"),
    [
        ("2026年6月", [0, 1]),
        ("2026年1-6月累计", [2, 3]),
        ("2026年第二季度", [4]),
        ("2025年6月", [1]),
        (None, [0, 1, 2, 3, 4]),
    ],
)
def test_a_column_of_other_months_than_the_reports_is_not_read(period: str | None, read: list[int]) -> None:
    headers = ["2026年6月", "6月", "1—6月", "1-6月累计", "4-6月"]
    paths = [("乡镇",), ("旁听庭审",), *(("进站代表", header) for header in headers)]
    columns = VOCABULARY.columns(paths, period and read_period(period))
    assert columns is not None
    assert [figure.column - 2 for figure in columns.figures[1:]] == read


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("单位：万人次", ["万人次"]),
        ("（单位：万元）", ["万元"]),
        ("统计期：2026年6月 计量单位：人次、万元", ["人次", "万元"]),
        ("填报单位：户籍科", []),
        ("填报单位：分宜", []),
        ("单位名称", []),
    ],
)
def test_the_unit_of_a_whole_table_is_found_above_it(text: str, units: list[str]) -> None:
    assert table_units(text) == units


def test_serial_numbers_remarks_and_blank_headers_are_no_columns() -> None:
    columns = VOCABULARY.columns([("序号",), ("乡镇",), ("收集（条）",), (), ("备注",), ("联系电话",)])
    assert columns is not None
    assert columns.unknown == ()
    assert [(figure.column, figure.unit) for figure in columns.figures] == [(2, "条")]


def test_the_more_telling_township_header_wins() -> None:
    columns = VOCABULARY.columns([("单位",), ("乡镇名称",), ("收集",)])
    assert columns is not None
    assert columns.township == 1


def test_a_table_needs_townships_and_an_indicator() -> None:
    assert VOCABULARY.columns([("乡镇",), ("菜名",)]) is None
    assert VOCABULARY.columns([("姓名",), ("收集",)]) is None


def test_every_synonym_of_the_catalog_finds_its_own_indicator() -> None:
    for figure in CATALOG.forms["county_table"].figures:
        for header in figure.headers:
            columns = VOCABULARY.columns([("乡镇",), tuple(header.split("/"))])
            assert columns is not None, header
            assert [column.indicator for column in columns.figures] == [figure.indicator], header


def test_a_leaf_that_says_deed_and_object_is_read_below_a_group_that_is_drawn_too_wide() -> None:
    assert VOCABULARY.indicator(["意见建议", "化解矛盾纠纷"]) == "disputes_mediated"
    assert VOCABULARY.indicator(["意见建议", "代表建议"]) is None


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        ("代表建议（件） 办结（件） 收集意见（条）", "bills_submitted bills_closed opinions_collected"),
        ("收集意见（条） 其中：办结（条）", "opinions_collected opinions_resolved"),
        (
            "代表建议（件） 其中：办结（件） 收集意见（条） 其中：办结（条）",
            "bills_submitted bills_closed opinions_collected opinions_resolved",
        ),
        ("收集 办结 办结率", "opinions_collected opinions_resolved"),
        ("化解矛盾纠纷（件） 办结（条）", "disputes_mediated opinions_resolved"),
        ("化解矛盾纠纷（件） 办结（件）", "disputes_mediated"),
        ("接待群众 办结", "voters_received opinions_resolved"),
    ],
)
def test_a_leaf_without_a_group_belongs_to_the_column_on_its_left(headers: str, read: str) -> None:
    columns = VOCABULARY.columns([("乡镇（街道）",), *((header,) for header in headers.split())])
    assert columns is not None
    assert [figure.indicator for figure in columns.figures] == read.split()
