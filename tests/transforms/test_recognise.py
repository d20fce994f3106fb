"""A dataset is known by its content, whatever the file is called."""

from __future__ import annotations

import pytest

from catalog import load
from tests.transforms.files import CASE_HEADER, CASES, csv_bytes, docx_bytes, jsonl_bytes, xlsx_bytes
from transforms.documents import Unreadable, read_document
from transforms.recognise import recognise

CATALOG = load()
FORM = [
    ["活动情况统计表", "", ""],
    ["填报单位：兴义市", "统计期：2026年6月", ""],
    ["乡镇（街道）", "收集（条）", "办结（条）"],
    ["黄草街道", "45", "40"],
]


@pytest.mark.parametrize(
    ("data", "dataset"),
    [
        (csv_bytes([CASE_HEADER, *CASES]), "case"),
        (jsonl_bytes(CASE_HEADER, CASES), "case"),
        (csv_bytes([["记录编号", "站点编码", "县区", "层级", "进站日期", "接待人数"], ["1"] * 6]), "station_visit"),
        (csv_bytes([["站点编码", "站点名称", "类型", "县区", "乡镇"], ["1"] * 5]), "station"),
        (xlsx_bytes({"甲": FORM}), "county_table"),
        (csv_bytes(FORM, "gb18030"), "county_table"),
        (csv_bytes(FORM[2:]), "county_table"),
        (xlsx_bytes({"甲": [[]] * 30 + FORM[2:]}), "county_table"),
        (docx_bytes(["活动情况统计表", "填报单位：兴义市"], FORM[2:]), "county_table"),
        ("2026年6月，兴义市组织代表进站590人次，接待选民群众4395人次。".encode(), "prose"),
        (docx_bytes(["关于活动开展情况的报告", "全市共收集意见建议225条，办结202条。"]), "prose"),
    ],
)
@pytest.mark.parametrize("name", ["a.bin", "群众工单.csv", "进站履职记录.txt"])
def test_datasets_are_known_by_content(data: bytes, dataset: str, name: str) -> None:
    assert recognise(read_document(data, name), name, CATALOG) == dataset


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes([["产品", "单价"], ["笔", "2"]]),
        b'[{"a": 1}]',
        b"hello world",
        xlsx_bytes({"s": [["通讯录"], ["甲", 1]]}),
    ],
)
def test_what_is_foreign_is_told_what_was_looked_for(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        recognise(read_document(data, "群众工单.csv"), "群众工单.csv", CATALOG)
    assert caught.value.code == "foreign"
    assert all(
        word in caught.value.message for word in ("活动情况统计表", "群众工单", "工单编号", "联络站台账", "文字报告")
    )


def test_plain_text_that_is_called_a_workbook_is_told_so() -> None:
    with pytest.raises(Unreadable) as caught:
        recognise(read_document(b"hello world", "a.xlsx"), "a.xlsx", CATALOG)
    assert caught.value.code == "misnamed"
