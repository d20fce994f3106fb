"""Nil reports: a form that says 本月无 is one, a blank one is none, and a figure beside the words makes them none."""

import pandas as pd
import pytest

from catalog import load
from transforms.form_nil import NilReader
from transforms.forms import parse_form
from transforms.grids import Document, Grid
from transforms.parse import parse
from transforms.periods import read_period
from transforms.reshape import observations, reports

from .files import docx_bytes, xlsx_bytes
from .sheets import CATALOG, LABELS, RECEIVED, SIGNED, TITLE, header, read

READER = NilReader(load().forms["county_table"])
JUNE = read_period("2026年6月")
HEADER = ["序号", "乡镇（街道）", "收集（条）", "办结（条）", "联络站数"]


def figures(frames):
    told = frames["figures"][["org_code", "indicator_code", "state", "value", "source_ref"]]
    return [tuple(row) for row in told.itertuples(index=False)]


@pytest.mark.parametrize(
    "text",
    [
        "本月无", "本月无活动", "本月 无", "（本月无）", "零报告", "本月零报告", "6月无活动", "2026年6月无活动。", "6月份无",
        "我县本月无活动", "本月未开展活动", "本月未开展", "备注：本月无", "说明:本期无", "注：零报送",
    ],
)  # fmt: skip
def test_words_that_say_that_there_was_nothing(text):
    assert READER.is_nil(text, JUNE) is True


@pytest.mark.parametrize(
    "text",
    [
        "", "无", "—", "未开展", "5月无活动", "2026年5月无", "本月无新增", "本月无活动的乡镇有3个", "无活动经费", "零", "本月",
        "除兴义市外本月无活动", "本月无活动，联系人测试甲", "无数据", "第二季度无活动", "本季度无活动", "2026年第二季度无活动",
        "2026年度无活动", "兴义市",
    ],
)  # fmt: skip
def test_words_that_say_less_or_more_or_something_else(text):
    assert READER.is_nil(text, JUNE) is False


def test_the_words_of_another_quarter_or_year_do_not_count():
    assert READER.is_nil("本季度无活动", read_period("2026年第二季度"))
    assert not READER.is_nil("2026年第一季度无活动", read_period("2026年第二季度"))
    assert READER.is_nil("2026年度无活动", read_period("2026年"))


@pytest.mark.parametrize(
    ("rows", "ref"),
    [
        ([["本月无活动"]], "活动情况!A4"),
        ([[None, "本月无"]], "活动情况!B4"),
        ([[1, "本月无", "无", "无"]], "活动情况!B4"),
        ([[1, "无", "无", None]], "活动情况!B4"),
        ([[None, None, "零报告"]], "活动情况!C4"),
        ([["备注：本月零报告"]], "活动情况!A4"),
        ([[1, "黄草街道"], [2, "兴泰街道"], ["合计"], ["说明：本月无活动"]], "活动情况!A7"),
        ([[None], ["6月无活动"], SIGNED], "活动情况!A5"),
    ],
)
def test_a_form_that_says_so_instead_of_rows_is_a_report_of_none(rows, ref):
    """What happens is none; how many stations there are, nobody was told."""
    frames, notes = read(TITLE, LABELS, HEADER, *rows)
    told = [("522301", "opinions_collected", "none", 0.0, ref), ("522301", "opinions_resolved", "none", 0.0, ref)]
    assert figures(frames) == told
    assert [(header(frames)[name]) for name in ("county_code", "period", "rows_in", "total_only")] == [
        *("522301", "2026-06", 1, True)
    ]
    assert frames["rows"][["org_code", "is_total"]].to_numpy().tolist() == [["522301", True]]
    assert len(frames["totals"]) == 0
    assert [note for note in notes if "按零报告处理" in note and ref in note]


def test_words_merged_over_the_whole_table_are_read_once():
    frames, _ = read(TITLE, LABELS, HEADER, ["2026年6月无活动", None, None, None, None], merged=[(3, 0, 4, 4)])
    assert {row[-1] for row in figures(frames)} == {"活动情况!A4"}


def test_the_words_may_stand_above_the_table():
    frames, _ = read(TITLE, ["本月零报告"], LABELS, HEADER)
    assert {row[-1] for row in figures(frames)} == {"活动情况!A2"}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[1, "黄草街道"], [2, "兴泰街道"]],
        [[1, "黄草街道", 3, 1], ["说明：本月无"]],
        [[1, "黄草街道", 0, 0], ["说明：本月无"]],
        [[1, "黄草街道", "见附件", None], ["本月无活动"]],
        [["合计", None, 3, 1], ["本月无活动"]],
        [["5月无活动"]],
        [["本月无活动的原因见附件"]],
    ],
)
def test_blanks_figures_and_unreadable_cells_are_no_nil_report(rows):
    frames, notes = read(TITLE, LABELS, HEADER, *rows)
    assert not frames["figures"]["state"].eq("none").any()
    assert not [note for note in notes if "零报告" in note]


def test_words_over_columns_that_count_nothing_that_happens_say_nothing():
    frames, _ = read(TITLE, LABELS, ["序号", "乡镇（街道）", "联络站数"], ["本月无"])
    assert (len(frames["rows"]), header(frames)["rows_in"]) == (0, 0)


def test_the_words_may_stand_in_a_paragraph_of_the_document():
    data = docx_bytes([*TITLE, "填报单位：兴义市  统计期：2026年6月", "本月无活动"], [HEADER, [""] * 5])
    parsed = parse(data, "报表.docx", "0123456789abcdef", RECEIVED, CATALOG, b"key")
    assert parsed.rows_in == 1
    assert {row[2:4] for row in figures(parsed.frames)} == {("none", 0.0)}


def test_two_nil_reports_of_other_months_are_no_duplicates():
    def fingerprint(month):
        labels = ["填报单位：兴义市", f"统计期：2026年{month}月"]
        data = xlsx_bytes({"表": [TITLE, labels, HEADER, ["本月无活动"]]})
        return parse(data, "报表.xlsx", "0123456789abcdef", RECEIVED, CATALOG, b"key").fingerprint

    assert fingerprint(5) != fingerprint(6)
    assert fingerprint(6) == fingerprint(6)


@pytest.mark.parametrize(
    ("rows", "is_nil"),
    [
        ([["本月无"]], True),
        ([[1, "黄草街道", "无", "未开展", "—"], [2, "兴泰街道", "无", "无", "无"]], True),
        ([["合计", None, "无", "无", "无"]], True),
        ([[1, "黄草街道", "无", "无", 3]], False),
        ([[1, "黄草街道", "无", "无", None]], False),
        ([[1, "黄草街道", 0, 0, 0]], False),
        ([[1, "黄草街道", None, None, None]], False),
    ],
)
def test_a_report_is_nil_when_every_cell_says_none(rows, is_nil):
    frames, _ = read(TITLE, LABELS, HEADER, *rows)
    told = reports(frames, set())
    assert told["is_nil"].tolist() == [is_nil]
    assert told["rows_in"].tolist() == [len(rows)]


def test_a_sheet_with_figures_beside_a_nil_one_makes_the_report_no_nil_one():
    grids = [
        Grid("进站", [TITLE, LABELS, HEADER, ["本月无"]]),
        Grid("建议", [TITLE, LABELS, ["序号", "乡镇（街道）", "代表建议"], [1, "黄草街道", 2]]),
    ]
    frames, _ = parse_form(
        Document("xlsx", grids=grids), CATALOG.forms["county_table"], delivery_id="d", name="表.xlsx",
        received_at=RECEIVED, catalog=CATALOG,
    )  # fmt: skip
    told = reports(frames, set())
    assert told[["rows_in", "is_nil"]].to_numpy().tolist() == [[2, False]]
    assert pd.Series(observations(frames, set(), CATALOG)["state"]).value_counts().to_dict() == {"none": 2, "figure": 1}
