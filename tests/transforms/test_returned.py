"""A returned workbook read again: our two sheets are no data, and what is filled in on 说明 is an explanation."""

import pandas as pd
import pytest

from catalog.returned import EXPLANATION_COLUMNS, LIST_COLUMNS, ExplanationKey
from transforms.grids import Document, Grid
from transforms.returned import read_explanations, set_aside

from .sheets import CATALOG

HEADER = pd.DataFrame({"county_code": ["522301", "522301"], "period": ["2026-06", "2026-06"]})
TWO = pd.DataFrame({"county_code": ["522301", "522301"], "period": ["2026-05", "2026-06"]})
ASKED = "0123456789abcdef"
DATA = Grid("表", [["乡镇", 1]])


def _key(rule="ExpectPartNotAboveWhole", indicator="opinions_resolved", org="522301001", period="2026-06"):
    return ExplanationKey(rule, indicator, org, period, "表!C5", ASKED).text()


def _sheet(*lines):
    rows = [["说明：请核实事项的答复"], [None], [*EXPLANATION_COLUMNS]]
    return Grid("说明", rows + [[n, "表", "C5", "问题", text, key] for n, (text, key) in enumerate(lines, 1)])


def _read(*lines, header=HEADER):
    frame, notes = read_explanations(
        [_sheet(*lines)], header, form=CATALOG.forms["county_table"], delivery_id="d" * 16, catalog=CATALOG
    )
    return frame.astype(object).where(frame.notna(), None).to_dict("records"), notes


def test_our_sheets_are_set_aside_and_a_countys_own_are_not():
    listing = Grid("问题清单", [["标题"], [*LIST_COLUMNS]])
    own = Grid("说明", [["填表说明"], ["一、口径"]])
    document, sheets = set_aside(Document("xlsx", grids=[listing, DATA, _sheet()]))
    assert (list(document.grids), len(sheets)) == ([DATA], 1)
    document, sheets = set_aside(Document("xlsx", grids=[DATA, own]))
    assert (list(document.grids), sheets) == ([DATA, own], ())
    alone = Document("xlsx", grids=[listing])
    assert set_aside(alone) == (alone, ())


def test_an_explanation_is_tied_to_unit_period_rule_and_indicator_wherever_its_row_stands():
    records, notes = _read(
        (None, _key()), ("  跨月\n办结 ", _key()), ("合计含县直", _key("repeated_report", "", "", ""))
    )
    assert notes == ()
    assert records == [
        {
            "delivery_id": "d" * 16, "org_code": "522301001", "county_code": "522301",
            "indicator_code": "opinions_resolved", "period": "2026-06", "rule": "ExpectPartNotAboveWhole",
            "asked": ASKED,
            "cell": "表!C5", "text": "跨月 办结", "source_ref": "说明!E5",
        },
        {
            "delivery_id": "d" * 16, "org_code": "522301", "county_code": "522301", "indicator_code": None,
            "period": "2026-06", "rule": "repeated_report", "asked": ASKED, "cell": "表!C5",
            "text": "合计含县直", "source_ref": "说明!E6",
        },
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key", "header", "reason"),
    [
        ("情况如实", "", HEADER, "缺少识别码"),
        ("情况如实", "我自己加的一行", HEADER, "缺少识别码"),
        ("情况如实", _key(org="520102016"), HEADER, "不是本表的单位和统计期"),
        ("情况如实", _key(org="520102"), HEADER, "不是本表的单位和统计期"),
        ("情况如实", _key(period="2026-05"), HEADER, "不是本表的单位和统计期"),
        ("情况如实", _key(org="", period=""), TWO, "不是本表的单位和统计期"),
        ("见GD2026060001", _key(), HEADER, "7 位以上的数字"),
        ("编号 12 34 56 78", _key(), HEADER, "7 位以上的数字"),
        ("很" * 301, _key(), HEADER, "超过 300 字"),
        ("暂未开展", _key(), HEADER, "没有写明原因"),
        ("属实。", _key(), HEADER, "没有写明原因"),
        ("经办人：测试甲", _key(), HEADER, "没有写明原因"),
    ],
)
def test_what_cannot_be_taken_is_told(text, key, header, reason):
    records, notes = _read((text, key), header=header)
    assert records == []
    assert len(notes) == 1
    assert reason in notes[0]
    assert "第 4 行" in notes[0]
    assert text not in notes[0]


def test_persons_do_not_come_in():
    (first, second), notes = _read(("已核实过，数无误，联系人：测试甲", _key()), ("已打 199-0000-1234 问过", _key()))
    assert (first["text"], second["text"], notes) == ("已核实过，数无误", "已打 〔已屏蔽〕 问过", ())
