from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from tests.transforms.sheets import (
    CATALOG,
    HEADER,
    LABELS,
    RECEIVED,
    SIGNED,
    TITLE,
    Row,
    header,
    lines,
    read,
    read_grids,
    sums,
    values,
)
from transforms.documents import read_document
from transforms.forms import parse_form
from transforms.grids import Cell, Grid, Unreadable

SAMPLES = Path(__file__).parents[3] / "shared" / "domain" / "samples"


def test_a_plain_form_is_read_cell_by_cell() -> None:
    frames, notes = read(
        TITLE, LABELS, HEADER, [1, "黄草街道", 45, "40"], [2, "郑屯镇", "２２条", "无"], ["", "合计", 67, 40], SIGNED
    )
    assert notes == ()
    assert header(frames) == {
        "delivery_id": "0123456789abcdef", "table_id": "0123456789abcdef#1", "form": "county_table",
        "sheet": "活动情况", "received_at": RECEIVED, "county_text": "兴义市人大常委会", "county_code": "522301",
        "county_ref": "活动情况!A2", "period_text": "2026年6月", "period": "2026-06", "grain": "month",
        "period_start": date(2026, 6, 1), "period_end": date(2026, 6, 30), "basis": "period",
        "period_ref": "活动情况!C2", "claimed_period": None, "claimed_county_code": None,
        "reported_on": date(2026, 7, 3), "rows_in": 2, "total_only": False,
    }  # fmt: skip
    assert lines(frames) == [
        (4, "黄草街道", "522301001"),
        (5, "郑屯镇", CATALOG.tree.resolve("郑屯镇", within="522301").code),
    ]
    assert list(frames["rows"]["source_ref"]) == ["活动情况!B4", "活动情况!B5"]
    figures = frames["figures"]
    assert list(figures["source_ref"]) == ["活动情况!C4", "活动情况!D4", "活动情况!C5", "活动情况!D5"]
    assert list(figures["text"]) == ["45", "40", "２２条", "无"]
    assert list(figures["state"]) == ["figure", "figure", "figure", "none"]
    assert list(figures["value"]) == [45, 40, 22, 0]
    totals = frames["totals"].set_index("indicator_code")
    assert totals.loc["opinions_collected", ["stated", "parts", "parts_unreadable", "source_ref"]].tolist() == [
        67, 67, 0, "活动情况!C6",
    ]  # fmt: skip


def test_blank_zero_none_and_unreadable_stay_apart() -> None:
    frames, _ = read(LABELS, HEADER, [1, "黄草街道", None, 0], [2, "兴泰街道", "未开展", "见附件"])
    assert list(frames["figures"]["state"]) == ["blank", "figure", "none", "unreadable"]
    found = frames["figures"][["value", "value_low", "value_high"]].to_numpy().tolist()
    assert found[1:3] == [[0, 0, 0], [0, 0, 0]]
    assert all(math.isnan(value) for row in (found[0], found[3]) for value in row)


def test_qualified_totals_carry_their_intervals() -> None:
    frames, _ = read(
        LABELS, HEADER, [1, "黄草街道", "1200余", 5], [2, "兴泰街道", "2.2万", "？"], ["", "合计", "2.3万", 5]
    )
    totals = frames["totals"].set_index("indicator_code")
    collected = totals.loc[
        "opinions_collected", ["stated", "stated_low", "stated_high", "parts", "parts_low", "parts_high"]
    ]
    assert collected.tolist() == [23000, 22500, 23500, 23200, 22700, 23800]
    assert totals.loc["opinions_resolved", ["parts", "parts_unreadable"]].tolist() == [5, 1]


TWO_ROWS = (
    ["序号", "乡镇（街道）", "代表进站", "", "代表建议", "", "备注"],
    ["", "", "进站代表（人次）", "接待群众（万人次）", "提出建议（件）", "办结（件）", ""],
)


def test_a_merged_header_is_read_with_and_without_its_merges() -> None:
    line = [1, "黄草街道", 120, 0.2, 9, 8, "张三经手"]
    merges = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 2, 6)]
    with_merges, _ = read(LABELS, *TWO_ROWS, line, merged=merges)
    without, _ = read(LABELS, *TWO_ROWS, line)
    assert values(without) == {
        (4, "station_visits"): 120, (4, "voters_received"): 2000, (4, "bills_submitted"): 9, (4, "bills_closed"): 8,
    }  # fmt: skip
    assert values(with_merges) == values(without)


def test_groups_may_stand_above_the_townships_header() -> None:
    frames, _ = read(
        TITLE, LABELS, [None, None, "代表建议", None], ["序号", "乡镇", "提出建议", "办结"], [1, "黄草街道", 9, 8]
    )
    assert values(frames) == {(5, "bills_submitted"): 9, (5, "bills_closed"): 8}


@pytest.mark.parametrize("serial", [["序号"], []])
def test_columns_may_move_and_serial_numbers_may_be_missing(serial: list[str]) -> None:
    line: list[Cell] = [1] if serial else []
    frames, notes = read(
        LABELS, ["办结", *serial, "乡镇", "宣传稿件（篇）", "收集意见"], [40, *line, "黄草街道", 7, 45]
    )
    assert sums(frames) == {"opinions_resolved": 40, "opinions_collected": 45}
    assert len(notes) == 1
    assert "宣传稿件（篇）" in notes[0]


def test_blank_rows_numbered_columns_repeated_headers_and_notes_are_no_lines() -> None:
    frames, notes = read(
        TITLE, LABELS, HEADER, ["甲", "乙", 1, 2], [], [1, "黄草街道", 45, 40], [None, " "], HEADER,
        [2, "兴 泰 街 道", 38, 35], ["", "合  计", 83, 75], ["注：1.本表为当月数；"], ["2.由县级人大汇总。"], SIGNED,
        ["", "审核人：测试乙", "测试丙"], ["", "兴义市人大常委会（盖章）", "", "2026年7月3日"],
    )  # fmt: skip
    assert [line for line, *_ in lines(frames)] == [6, 9]
    assert sums(frames) == {"opinions_collected": 83, "opinions_resolved": 75}
    assert notes == ("活动情况：第 12、15 行既没有可识别的乡镇（街道）名称，也没有数，未读取",)


@pytest.mark.parametrize("first", [True, False])
def test_the_total_is_a_check_wherever_it_stands(first: bool) -> None:
    total, line = ["合计", "", 45, 41], [1, "黄草街道", 45, 40]
    frames, _ = read(LABELS, HEADER, *([total, line] if first else [line, total]))
    assert len(frames["rows"]) == 1
    assert sums(frames) == {"opinions_collected": 45, "opinions_resolved": 40}
    totals = frames["totals"].set_index("indicator_code")
    assert totals["stated"].to_dict() == {"opinions_collected": 45, "opinions_resolved": 41}
    assert totals["parts"].to_dict() == {"opinions_collected": 45, "opinions_resolved": 40}


@pytest.mark.parametrize("label", ["合计", "全市合计", "兴义市"])
def test_a_lone_total_is_the_countys_figure(label: str) -> None:
    frames, _ = read(LABELS, HEADER, ["", label, 225, 202], SIGNED)
    assert header(frames)["total_only"] is True
    assert header(frames)["rows_in"] == 1
    assert lines(frames) == [(3, label, "522301")]
    assert list(frames["rows"]["is_total"]) == [True]
    assert values(frames) == {(3, "opinions_collected"): 225, (3, "opinions_resolved"): 202}
    assert frames["totals"].empty


def test_subtotals_are_passed_over_and_a_lone_one_at_the_end_is_the_total() -> None:
    street, town = ["", "黄草街道", 45, 40], ["", "郑屯镇", 22, 19]
    frames, notes = read(
        LABELS, HEADER, street, ["", "街道小计", 45, 40], town, ["", "乡镇小计", 22, 19], ["", "总计", 67, 59]
    )
    assert sums(frames) == {"opinions_collected": 67, "opinions_resolved": 59}
    assert list(frames["totals"]["stated"]) == [67, 59]
    assert notes == ("活动情况：第 4、6 行是小计或其中项，未计入",)
    frames, notes = read(LABELS, HEADER, street, town, ["", "小计", 67, 59])
    assert (list(frames["totals"]["stated"]), notes) == ([67, 59], ())


def test_what_a_line_contains_is_not_added_to_it() -> None:
    frames, _ = read(LABELS, HEADER, ["", "黄草街道", 45, 40], ["", "其中：老城社区", 20, 19], ["", "合计", 45, 40])
    assert list(frames["totals"]["parts"]) == [45, 40]


def test_the_countys_own_offices_are_a_line_and_its_bare_name_is_a_total() -> None:
    street = [1, "黄草街道", 45, 40]
    frames, _ = read(LABELS, HEADER, street, [2, "市本级", 5, 4], ["", "合计", 50, 44])
    assert [code for *_, code in lines(frames)] == ["522301001", "522301"]
    frames, _ = read(LABELS, HEADER, street, ["", "兴义市", 45, 40])
    assert [code for *_, code in lines(frames)] == ["522301001"]
    assert list(frames["totals"]["stated"]) == [45, 40]


def test_an_unknown_township_is_handed_on_for_judgement() -> None:
    frames, _ = read(LABELS, HEADER, [1, "黄草街", 45, 40], [2, "真武山街道", "见附件", None], [3, None, 7, 6])
    assert lines(frames) == [(3, "黄草街", None), (4, "真武山街道", None), (5, "3", None)]


def test_a_known_township_without_figures_is_a_line_of_blanks() -> None:
    frames, notes = read(LABELS, HEADER, [1, "黄草街道", 45, 40], [2, "郑屯镇"], ["", "合计", 45, 40], [3, "兴泰街道"])
    assert [text for _, text, _ in lines(frames)] == ["黄草街道", "郑屯镇", "兴泰街道"]
    assert list(frames["figures"]["state"])[2:] == ["blank"] * 4
    assert notes == ()


def test_two_columns_of_one_indicator_are_never_added() -> None:
    frames, notes = read(
        LABELS, ["乡镇", "收集意见", "收集意见建议", "办结"], ["黄草街道", 45, "45", 40], ["兴泰街道", 38, 83, 35],
        ["合计", 83, 83, 75],
    )  # fmt: skip
    figures = frames["figures"]
    collected = figures[figures["indicator_code"] == "opinions_collected"]
    assert list(zip(collected["source_ref"], collected["value"], strict=True)) == [
        ("活动情况!B3", 45), ("活动情况!B4", 38), ("活动情况!C4", 83),
    ]  # fmt: skip
    totals = frames["totals"].set_index("indicator_code")
    assert totals.loc["opinions_collected", ["parts", "parts_unreadable"]].tolist() == [45, 1]
    assert len(notes) == 1
    assert "B、C" in notes[0]


def test_a_figure_merged_over_two_lines_is_nobodys() -> None:
    frames, _ = read(LABELS, HEADER, [1, "黄草街道", 45, 40], [2, "兴泰街道", None, 35], merged=[(2, 2, 3, 2)])
    figures = frames["figures"].set_index("source_ref")
    assert list(figures.loc[["活动情况!C3", "活动情况!C4"], "state"]) == ["unreadable", "unreadable"]
    assert list(figures.loc[["活动情况!D3", "活动情况!D4"], "value"]) == [40, 35]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("化解率（%）", "98.5%", 98.5),
        ("化解率（%）", 98.5, 98.5),
        ("化解率", 0.985, 98.5),
        ("化解率", 1.0, 100),
        ("化解率", "0.9%", 0.9),
        ("化解率", 0, 0),
        ("专项资金（万元）", 12.5, 12.5),
        ("专项资金（亿元）", 1.2, 12000),
        ("专项资金（元）", 5000, 0.5),
        ("专项资金（万元）", "1.2亿元", 12000),
        ("接待群众（万人次）", 2.2, 22000),
        ("接待群众（万人次）", "800人次", 800),
        ("接待群众", "12%", math.nan),
        ("接待群众", "3万元", math.nan),
        ("专项资金", "12件", math.nan),
        ("化解率", "12件", math.nan),
    ],
)
def test_units_scale_a_figure_or_refuse_it(column: str, cell: Cell, value: float) -> None:
    frames, _ = read(LABELS, ["乡镇", column], ["黄草街道", cell])
    figure = frames["figures"].iloc[0]
    assert figure["value"] == pytest.approx(value, nan_ok=True)
    assert figure["state"] == ("unreadable" if math.isnan(value) else "figure")
    assert figure["is_rate"] == column.startswith("化解率")


def test_every_sheet_with_a_form_is_a_table_of_its_own() -> None:
    grids = [
        Grid("说明", [["填表说明"]]),
        Grid("5月", [["填报单位：兴义市", "统计期：2026年5月"], HEADER, [1, "黄草街道", 45, 40]]),
        Grid("6月", [["填报单位：兴义市", "统计期：2026年6月"], HEADER, [1, "黄草街道", 46, 41]]),
        Grid("空表", [HEADER]),
    ]
    frames, notes = read_grids(*grids)
    assert frames["header"][["table_id", "sheet", "period"]].to_numpy().tolist() == [
        ["0123456789abcdef#1", "5月", "2026-05"], ["0123456789abcdef#2", "6月", "2026-06"],
    ]  # fmt: skip
    assert sums(frames) == {"opinions_collected": 91, "opinions_resolved": 81}
    assert notes == ("“说明”没有统计表的表头，未读取", "“空表”只有表头，未读取")


def test_a_lone_empty_form_is_a_table_without_lines() -> None:
    frames, _ = read(LABELS, HEADER, SIGNED)
    assert header(frames)["rows_in"] == 0
    assert all(frames[name].empty for name in ("rows", "figures", "totals"))


def test_csv_places_are_lines_and_columns() -> None:
    rows = [LABELS, HEADER, [1, "黄草街道", "45", "40"]]
    frames, _ = read_grids(Grid("csv", rows, lines=(1, 3, 4)), name="报表.csv")
    assert list(frames["figures"]["source_ref"]) == ["line 4 col 3", "line 4 col 4"]
    assert lines(frames) == [(4, "黄草街道", "522301001")]


def test_a_prefectures_table_is_told_what_is_taken() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(["填报单位：黔西南州人大"], ["县（市、区）", "收集"], ["兴义市", 45])
    assert refusal.value.code == "counties_in_rows"


def test_names_that_slipped_into_places_and_figures_are_not_quoted() -> None:
    frames, _ = read(LABELS, HEADER, [1, "测试辛", 45, "测试壬"], [2, "真武山街道", "若干", "3～5"])
    assert list(frames["rows"]["org_text"]) == ["〔未识别〕", "真武山街道"]
    assert list(frames["figures"]["text"]) == ["45", "〔未识别〕", "若干", "3～5"]


def test_zero_width_characters_hide_nothing() -> None:
    frames, _ = read(LABELS, ["乡镇\ufeff", "收集\u200b"], ["黄草\u200b街道", "\ufeff4\u200b5"])
    assert (lines(frames), values(frames)) == ([(3, "黄草街道", "522301001")], {(3, "opinions_collected"): 45})


@pytest.mark.parametrize("rows", [[["菜名", "价格"], ["豆花", 5]], [["乡镇", "价格"]], []])
def test_a_document_without_the_forms_header_is_refused(rows: list[Row]) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_grids(Grid("菜单", rows))
    assert refusal.value.code == "no_table"
    assert "乡镇（街道）" in refusal.value.message


def test_a_second_different_header_on_a_sheet_is_refused() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(
            LABELS,
            HEADER,
            [1, "黄草街道", 45, 40],
            ["序号", "乡镇（街道）", "进站代表", "接待群众"],
            [1, "黄草街道", 1, 2],
        )
    assert refusal.value.code == "two_headers"


def test_personal_data_reaches_no_frame_and_no_note() -> None:
    frames, notes = read(
        LABELS, ["乡镇", "收集", "联系人13985912345"], ["黄草街道", "李四19900007000", "王五"],
        ["兴泰街道", "13985912345"], ["分管领导：测试己", "经办人：测试庚"], ["合计", 45], SIGNED,
        ["", "测试丙", "测试丁"], ["审核人", "测试戊"],
    )  # fmt: skip
    stored = "".join(frame.to_csv() for frame in frames.values()) + "".join(notes)
    for personal in (
        "19900007000",
        "13985912345",
        "王五",
        "测试甲",
        "测试乙",
        "测试丙",
        "测试丁",
        "测试戊",
        "测试己",
        "测试庚",
    ):
        assert personal not in stored
    assert list(frames["figures"]["state"]) == ["unreadable", "unreadable"]
    assert frames["figures"]["value"].isna().all()


@pytest.mark.parametrize("name", ["control_form.xlsx", "control_form.xls", "control_form.docx"])
def test_the_sample_form_is_read_from_every_format(name: str) -> None:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the domain's sample files are not beside this repository")
    frames, notes = parse_form(
        read_document(path.read_bytes(), name),
        CATALOG.forms["county_table"],
        delivery_id="d",
        name=name,
        received_at=RECEIVED,
        catalog=CATALOG,
    )
    assert notes == ()
    assert sums(frames) == {
        "station_visits": 590, "voters_received": 4395, "opinions_collected": 225, "opinions_resolved": 202,
        "disputes_mediated": 29, "problems_solved": 14,
    }  # fmt: skip
    assert frames["totals"].set_index("indicator_code")["stated"].to_dict() == sums(frames)
    assert [text for _, text, _ in lines(frames)] == [
        "黄草街道",
        "兴泰街道",
        "桔山街道",
        "丰都街道",
        "坪东街道",
        "郑屯镇",
    ]
    found = header(frames)
    assert (found["county_code"], found["period"], found["reported_on"]) == ("522301", "2026-06", date(2026, 7, 3))
    assert "测试" not in "".join(frame.to_csv() for frame in frames.values())
    cells = [ref.rpartition("!")[2] for ref in frames["figures"]["source_ref"]]
    first = 5 if not name.endswith("docx") else 3
    assert cells == [f"{column}{row}" for row in range(first, first + 6) for column in "CDEFGH"]
