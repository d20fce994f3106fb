from __future__ import annotations

from datetime import date

import pytest

from catalog import load
from transforms.form_labels import LabelReader
from transforms.grids import Cell, Document, Grid
from transforms.periods import read_period

READER = LabelReader(load().forms["county_table"])
XINGYI = "兴义市人大常委会"


def _read(*rows: list[Cell], before: tuple[str, ...] = (), after: tuple[str, ...] = ()) -> dict[str, tuple[str, str]]:
    grid = Grid("表", rows, before=before, after=after)
    document = Document("xlsx", grids=(grid,), paragraphs=(*before, *after))
    return {fact: (found.text, found.ref) for fact, found in READER.read(document, grid, range(len(rows))).items()}


@pytest.mark.parametrize(
    "text",
    [
        "填报单位：兴义市人大常委会    统计期：2026年6月    填报时间：2026年7月3日",
        "填报单位:兴义市人大常委会　统计期:2026年6月　填报时间:2026年7月3日",
        "填报单位：兴义市人大常委会统计期：2026年6月填报时间：2026年7月3日",
        "填报单位（盖章）：兴义市人大常委会；统计期：2026年6月；填报时间：2026年7月3日 审核人：测试乙",
        "填 报 单 位：兴义市人大常委会\n统 计 期：2026年6月\n填报时间：2026年7月3日",
        "填报单位 兴义市人大常委会 统计期 2026年6月 填报时间 2026年7月3日",
        "填报单位：兴义市人大常委会（盖章）　统计时间：2026年6月｜填报日期：2026年7月3日",
    ],
)
def test_several_labels_may_stand_in_one_cell_or_paragraph(text: str) -> None:
    facts = {"unit": XINGYI, "period": "2026年6月", "reported": "2026年7月3日"}
    assert _read([text]) == {fact: (value, "表!A1") for fact, value in facts.items()}
    assert _read(["乡镇"], before=("标题", text)) == {fact: (value, "段落2") for fact, value in facts.items()}


def test_a_value_may_stand_in_the_next_cell_and_keeps_its_type() -> None:
    grid = Grid("表", [["填报单位：", None, XINGYI, "统计期", date(2026, 6, 1)], ["填报时间", "统计期间"]])
    found = READER.read(Document("xlsx"), grid, range(2))
    assert (found["unit"].value, found["unit"].ref) == (XINGYI, "表!C1")
    assert (found["period"].value, found["period"].ref) == (date(2026, 6, 1), "表!E1")
    assert "reported" not in found


def test_a_merged_labels_copies_are_not_its_value() -> None:
    grid = Grid("表", [["填报单位：", "填报单位：", XINGYI]], merged=[(0, 0, 0, 1)])
    found = READER.read(Document("xlsx"), grid, range(1))
    assert (found["unit"].text, found["unit"].ref) == (XINGYI, "表!C1")


def test_a_label_with_nothing_behind_it_gives_nothing() -> None:
    assert _read(["填报单位：", None], ["统计期："]) == {}


def test_the_first_place_that_gives_a_value_decides() -> None:
    found = _read(["统计期："], ["统计期：2026年5月"], before=("统计期：2026年6月",))
    assert found == {"period": ("2026年5月", "表!A2")}


def test_signatures_are_read_as_no_fact() -> None:
    assert _read(["填表人：测试甲    审核人：测试乙"]) == {}


@pytest.mark.parametrize("cells", [["2026年", "6月"], ["2026", "年", "6", "月"], ["２０２６年", None, "６", "月"]])
def test_a_date_may_be_spread_over_several_cells(cells: list[Cell]) -> None:
    value, ref = _read(["统计期：", *cells, "填报时间：", "2026年7月3日"])["period"]
    assert (read_period(value), ref) == (read_period("2026年6月"), "表!B1")
