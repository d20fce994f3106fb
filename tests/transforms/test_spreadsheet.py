"""Formulas that were never calculated are not blank, whoever wrote the workbook; sheets are known by masked names."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import xlwt

from tests.transforms.files import xls_bytes, xlsx_bytes, zip_bytes
from transforms.documents import read_document


def prefixed(data: bytes) -> bytes:
    """Write every tag of the sheet with a prefix, as some programs do."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", members[sheet]).replace(b"xmlns=", b"xmlns:x=")
    return zip_bytes(members)


def test_a_formula_without_result_is_found_under_prefixed_tags() -> None:
    data = xlsx_bytes({"s": [["=1+1", 2]]})
    assert list(read_document(data, "a").grids[0].rows[0]) == ["#未计算", 2]
    assert list(read_document(prefixed(data), "a").grids[0].rows[0]) == ["#未计算", 2]


def test_a_formula_that_excel_never_calculated_is_found_in_an_xls() -> None:
    data = xls_bytes([[xlwt.Formula("1+1"), 2]])
    assert list(read_document(data, "a").grids[0].rows[0]) == ["#未计算", 2]


def test_a_sheet_is_known_by_a_name_without_numbers_of_persons_and_apart_from_others() -> None:
    names = ["测试甲19900001234", "测试甲19900005678", "测试甲〔已屏蔽〕（2）", "2026年6月"]
    grids = read_document(xlsx_bytes({name: [["甲"]] for name in names}), "a").grids
    assert [grid.name for grid in grids] == [
        "测试甲〔已屏蔽〕", "测试甲〔已屏蔽〕（3）", "测试甲〔已屏蔽〕（2）", "2026年6月",
    ]  # fmt: skip
    assert [grid.ref(0, 0) for grid in grids[:2]] == ["测试甲〔已屏蔽〕!A1", "测试甲〔已屏蔽〕（3）!A1"]
