from __future__ import annotations

from datetime import date

import pytest

from tests.transforms.sheets import HEADER, LABELS, TITLE, header, lines, read, read_grids
from transforms.grids import Grid


def test_labels_may_stand_in_paragraphs_above_the_table() -> None:
    frames, _ = read(["乡镇", "收集"], ["黄草街道", 45], before=[*TITLE, "    ".join(filter(None, LABELS))])
    found = header(frames)
    assert (found["county_code"], found["county_ref"], found["period"]) == ("522301", "段落2", "2026-06")
    assert found["reported_on"] == date(2026, 7, 3)


def test_labels_may_stand_below_the_table() -> None:
    frames, _ = read(LABELS[:3], ["乡镇", "收集"], ["黄草街道", 45], ["填表人：测试甲", "填报时间：2026年7月3日"])
    assert header(frames)["reported_on"] == date(2026, 7, 3)


@pytest.mark.parametrize(
    ("title", "name", "refs", "words"),
    [
        ("兴义市2026年6月活动情况统计表", "报表.xlsx", ("活动情况!A1", "活动情况!A1"), "标题"),
        ("活动情况统计表", "兴义市2026年6月.xlsx", ("文件名", "文件名"), "文件名"),
    ],
)
def test_title_and_file_name_stand_in_for_missing_labels(
    title: str, name: str, refs: tuple[str, str], words: str
) -> None:
    frames, notes = read([title], ["填报单位：", None, "统计期："], HEADER, [1, "黄草街道", 45, 40], name=name)
    found = header(frames)
    assert (found["county_code"], found["period"]) == ("522301", "2026-06")
    assert (found["county_ref"], found["period_ref"]) == refs
    assert len(notes) == 2
    assert all(words in note for note in notes)


def test_what_a_label_says_is_never_replaced_by_a_name() -> None:
    frames, _ = read(
        ["兴义市2026年6月统计表"], ["填报单位：云溪开发区", "统计期：6月"], HEADER, [1, "黄草街道", 1, 1],
        name="兴义市2026年6月.xlsx",
    )  # fmt: skip
    found = header(frames)
    assert (found["county_text"], found["county_code"]) == ("云溪开发区", None)
    assert (found["period_text"], found["period"], found["period_ref"]) == ("6月", None, "活动情况!B2")
    assert (found["claimed_county_code"], found["claimed_period"]) == ("522301", "2026-06")
    assert lines(frames) == [(4, "黄草街道", None)]


def test_a_form_without_any_place_or_period_says_nothing_about_them() -> None:
    found = header(read(HEADER, [1, "黄草街道", 45, 40])[0])
    assert [found[key] for key in ("county_text", "county_ref", "period_text", "period_ref", "reported_on")] == [
        None
    ] * 5


@pytest.mark.parametrize(
    "rows",
    [
        [["填报单位：兴义市", "填报时间：2026年7月"]],
        [["填报单位：兴义市", "填报时间：", "2026年7月"]],
        [["填报单位：兴义市 填报时间：2026年7月"]],
        [["填报单位：兴义市"], ["6月活动情况统计表"]],
    ],
)
def test_the_month_of_sending_is_not_the_period(rows: list[list[str]]) -> None:
    found = header(read(*rows, HEADER, [1, "黄草街道", 45, 40], name="兴义市2026年7月报送.xlsx")[0])
    assert (found["period"], found["claimed_period"]) == (None, None)


def test_a_month_that_a_title_contradicts_is_not_taken_from_the_file_name() -> None:
    found = header(read(["兴义市6月活动情况统计表"], HEADER, [1, "黄草街道", 45, 40], name="2026年7月.xlsx")[0])
    assert (found["period"], found["period_ref"]) == (None, "文件名")


def test_a_folder_claims_nothing() -> None:
    found = header(read(LABELS, HEADER, [1, "黄草街道", 45, 40], name="播州区2026年7月收件/报表.xlsx")[0])
    assert (found["claimed_period"], found["claimed_county_code"]) == (None, None)


def test_labels_in_a_table_of_their_own_are_the_last_resort() -> None:
    labels = Grid("表格1", [["填报单位：兴义市", "统计期：2026年6月"], ["填报时间：", "2026年7月3日"]])
    table = Grid("表格2", [HEADER, [1, "黄草街道", 45, 40]])
    found = header(read_grids(labels, table)[0])
    assert (found["county_code"], found["county_ref"], found["period"]) == ("522301", "表格1!A1", "2026-06")
    assert found["reported_on"] == date(2026, 7, 3)
    assert header(read_grids(labels, table, name="兴仁市2026年5月.xlsx")[0])["county_code"] == "522302"
    assert header(read_grids(table, labels)[0])["county_code"] is None
