"""Every format is read by its content; everything else is refused with a sentence, and nothing is lost in silence."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.transforms.files import csv_bytes, docx_bytes, edited, xls_bytes, xlsx_bytes, zip_bytes
from transforms.documents import Unreadable, read_document

ROWS = [["乡镇", "收集"], ["黄草街道", 45], ["兴泰街道", 38]]
MOMENT = datetime.fromisoformat("2026-06-01T09:30:00")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(data: bytes, name: str = "a.xlsx") -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_document(data, name)
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("　\n".encode(), "empty"),
        (b"%PDF-1.7 x", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"MZ\x90\x00", "executable"),
        (b"\x7fELF", "executable"),
        (b"Rar!\x1a\x07", "archive"),
        (b"{\\rtf1}", "rtf"),
        (b"PK\x03\x04 broken", "corrupt"),
        (OLE + b"broken", "corrupt"),
        (zip_bytes({"a.txt": b"x"}), "archive"),
        (zip_bytes({"xl/workbook.bin": b"x"}), "other_workbook"),
        (b"a,b\n1\x00,2\n3,4", "nul"),
        (b"\x81\x20\xff\xff\xff", "undecodable"),
        (b"\x01\x02\x03\x04", "undecodable"),
        (b"<?xml version='1.0'?><Workbook/>", "xml"),
        (b'a,b\n"1,2\n3,4\n', "csv_quotes"),
        (b'[{"a": 1}, {"b":', "broken_json"),
        (b'{"a": [{"c": 1}], "b": {"d": []}, "e": [{"c": 1}]}', "json_shape"),
        (b'{"a": 1,\n"b": 2}', "json_shape"),
        (b"[]", "no_records"),
        (b"{}", "no_records"),
        (b'{"code": 0, "data": {"total": 0, "list": []}}', "no_records"),
        (b"<html><body></body></html>", "empty"),
        (xlsx_bytes({"s": []}), "empty"),
        (docx_bytes([]), "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_own_code_and_a_chinese_sentence(data: bytes, code: str) -> None:
    error = refusal(data)
    assert error.code == code
    assert re.fullmatch(r"[^\n]*[一-鿿][^\n]*。", error.message)
    assert "a.xlsx" not in error.message


def test_only_hidden_sheets_are_refused_and_a_hidden_one_is_noted() -> None:
    assert refusal(xlsx_bytes({"甲": ROWS, "乙": [["x"]]}, hidden=["甲"])[:-40]).code == "corrupt"
    document = read_document(xlsx_bytes({"旧": ROWS, "新": [["x"]]}, hidden=["旧"]), "a")
    assert [grid.name for grid in document.grids] == ["新"]
    assert document.notes == ("隐藏工作表“旧”未读取",)


def test_bombs_are_refused_before_they_unfold() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as member:
        for _ in range(520):
            member.write(bytes(1024 * 1024))
    assert refusal(bomb.getvalue()).code == "too_large"
    far = edited(xlsx_bytes({"s": ROWS}), "xl/worksheets/sheet1.xml", 'r="B3"', 'r="XFD1048576"')
    assert refusal(far).code == "too_large"


def test_an_xls_cell_that_lies_where_no_xls_cell_can_be_is_refused() -> None:
    good = xls_bytes([["a", "b"]])
    cell = b"\xfd\x00\x0a\x00\x00\x00\x01\x00"  # a LABELSST record of row 0, column 1
    assert good.count(cell) == 1
    assert refusal(good.replace(cell, cell[:-2] + b"\xff\xff")).code == "corrupt"


def test_a_password_is_named_as_the_cause() -> None:
    locked = bytearray(zip_bytes({"xl/workbook.xml": b"<x/>"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    assert refusal(bytes(locked)).code == "encrypted"


@pytest.mark.parametrize(
    ("stream", "code"),
    [("EncryptedPackage", "encrypted"), ("WordDocument", "doc"), ("PowerPoint Document", "foreign_office")],
)
def test_office_files_of_the_old_kind_are_known_by_their_streams(stream: str, code: str) -> None:
    """Rename the one stream of an .xls in its directory entry: 64 bytes of name, then the name's length."""
    old = "Workbook".encode("utf-16-le").ljust(64, b"\0") + b"\x12\x00"
    new = stream.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(stream) + 2, 0])
    data = xls_bytes(ROWS)
    assert data.count(old) == 1
    assert refusal(data.replace(old, new)).code == code


@pytest.mark.parametrize(
    ("data", "name", "form"),
    [
        (xlsx_bytes({"表": ROWS}), "a.csv", "xlsx"),
        (xls_bytes(ROWS), "a.doc", "xls"),
        (xlsx_bytes({"表": ROWS}), "a.et", "et"),
        (xls_bytes(ROWS), "A.ET", "et"),
    ],
)
def test_workbooks_are_known_by_content_and_only_et_by_name(data: bytes, name: str, form: str) -> None:
    document = read_document(data, name)
    assert document.format == form
    grid = document.grids[0]
    assert [[grid.text(r, c) for c in range(2)] for r in range(3)] == [
        ["乡镇", "收集"],
        ["黄草街道", "45"],
        ["兴泰街道", "38"],
    ]
    assert grid.ref(1, 1) == "表!B2"


def test_merged_cells_hold_their_value_everywhere_and_say_so() -> None:
    grid = read_document(xlsx_bytes({"s": [["头", None, "尾"], [None, None, 3]]}, merged="A1:B2"), "a").grids[0]
    assert [list(row) for row in grid.rows] == [["头", "头", "尾"], ["头", "头", 3]]
    assert [grid.is_filled(r, c) for r in (0, 1) for c in (0, 1, 2)] == [False, True, False, True, True, False]


def test_a_formula_that_fails_or_has_no_result_is_not_blank() -> None:
    data = xlsx_bytes({"s": [[1, 2, 3]]})
    data = edited(
        data, "xl/worksheets/sheet1.xml", '<c r="A1" t="n"><v>1</v></c>', '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    )
    data = edited(data, "xl/worksheets/sheet1.xml", '<c r="B1" t="n"><v>2</v></c>', '<c r="B1"><f>C1+1</f><v></v></c>')
    assert list(read_document(data, "a").grids[0].rows[0]) == ["#DIV/0!", "#未计算", 3]


def test_dates_numbers_and_flags_keep_their_type() -> None:
    grid = read_document(xlsx_bytes({"s": [[MOMENT, 1.5, True, " x "]]}), "a").grids[0]
    assert list(grid.rows[0]) == [MOMENT, 1.5, True, " x "]
    assert [grid.text(0, n) for n in range(5)] == ["2026-06-01 09:30:00", "1.5", "TRUE", "x", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_csv_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    document = read_document(csv_bytes(ROWS, encoding, delimiter), "a.txt")
    assert (document.format, document.encoding) == ("csv", encoding)
    assert [list(row) for row in document.grids[0].rows] == [["乡镇", "收集"], ["黄草街道", "45"], ["兴泰街道", "38"]]


def test_csv_cells_are_named_by_the_line_of_the_file_even_after_a_quoted_newline() -> None:
    grid = read_document(b'a,b\r\n"1\r\n2",x\r\n\r\n3,4', "a.csv").grids[0]
    assert [grid.line(row) for row in range(4)] == [1, 2, 4, 5]
    assert grid.ref(3, 1) == "line 5 col 2"


def test_sentences_with_commas_are_paragraphs() -> None:
    text = "兴义市报告\n\n2026年6月，代表进站590人次，接待4395人次。\n办结202条，化解29件，办成14件。"
    document = read_document(text.encode("gb18030"), "a.csv")
    assert (document.format, document.encoding, len(document.paragraphs)) == ("txt", "gb18030", 3)


def test_json_lists_objects_and_lines() -> None:
    assert read_document(b'[{"a": 1}, {"a": 2}]', "a").records == [(1, {"a": 1}), (2, {"a": 2})]
    assert read_document(b'{"total": 1, "rows": [{"a": {"b": 1}}]}', "a").records == [(1, {"a": '{"b": 1}'})]
    document = read_document(b'{"a": 1}\n\n{"a": \n{"a": 3}\n', "a.json")
    assert (document.format, document.records) == ("jsonl", [(1, {"a": 1}), (3, None), (4, {"a": 3})])
    assert read_document(b'{"a": 1}\n', "a").records == [(1, {"a": 1})]


def test_html_saved_as_xls_with_spans_and_declared_charset() -> None:
    page = (
        "<html><head><meta charset=gb2312><style>td{}</style></head><body><p>标题<p>填报单位：兴义市<table>"
        "<tr><th rowspan=2>乡镇</th><th colspan=2>意见</th></tr><tr><th>收<br>集</th><th>办结</th></tr>"
        "<tr><td>黄草&nbsp;街道</td><td>45</td><td>40</td></tr></table><p>注：无</body></html>"
    )
    document = read_document(page.encode("gbk"), "a.xls")
    grid = document.grids[0]
    assert (document.format, document.encoding) == ("html", "gb18030")
    assert [list(row) for row in grid.rows] == [
        ["乡镇", "意见", "意见"], ["乡镇", "收\n集", "办结"], ["黄草 街道", "45", "40"],
    ]  # fmt: skip
    assert (list(grid.before), list(grid.after), grid.ref(2, 1)) == (
        ["标题", "填报单位：兴义市"],
        ["注：无"],
        "表格1!B3",
    )


def test_inner_tables_of_a_layout_table_are_the_tables() -> None:
    page = "<table><tr><td>标题<table><tr><td>a</td><td>b</td></tr></table>尾</td></tr></table>"
    document = read_document(page.encode(), "a.html")
    assert [list(row) for grid in document.grids for row in grid.rows] == [["a", "b"]]
    assert list(document.paragraphs) == ["标题", "尾"]


def test_docx_paragraphs_stand_around_their_table() -> None:
    document = read_document(
        docx_bytes(["标题", "填报单位：兴义市"], [["乡镇", "收集"], ["黄草街道", "45"]], ["注"]), "a"
    )
    grid = document.grids[0]
    assert (list(grid.before), list(grid.after), grid.ref(1, 1)) == (["标题", "填报单位：兴义市"], ["注"], "表格1!B2")


def test_tracked_changes_are_read_as_accepted_and_noted() -> None:
    data = docx_bytes(["原文"])
    run = "<w:r><w:t>原文</w:t></w:r>"
    new = (
        '<w:ins w:id="1" w:author="a"><w:r><w:t>新文</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>旧文</w:delText></w:r></w:del>'
    )
    document = read_document(edited(data, "word/document.xml", run, run + new), "a")
    assert list(document.paragraphs) == ["原文新文"]
    assert document.notes


def test_tracked_cells_are_refused() -> None:
    data = edited(
        docx_bytes([], [["a", "b"]]), "word/document.xml", "<w:tcPr>", '<w:tcPr><w:cellDel w:id="1" w:author="a"/>'
    )
    assert refusal(data).code == "tracked_changes"


def test_content_controls_and_text_boxes_are_read() -> None:
    run = "<w:r><w:t>原文</w:t></w:r>"
    control = f"<w:sdt><w:sdtContent>{run}</w:sdtContent></w:sdt>"
    box = (
        "<w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent>"
        "<w:p><w:r><w:t>框中</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    document = read_document(edited(docx_bytes(["原文"]), "word/document.xml", run, control + box), "a")
    assert list(document.paragraphs) == ["原文", "框中"]


def test_a_document_type_definition_is_refused() -> None:
    data = zip_bytes({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})
    assert refusal(data).code == "unsafe_xml"


def test_contents_stay_out_of_reprs() -> None:
    data = csv_bytes([["姓名", "电话"], ["欧阳甲", "19900001234"]])
    assert "欧阳甲" not in repr(read_document(data, "a.csv"))


GOOD = [
    xlsx_bytes({"甲": ROWS, "乙": ROWS}, merged="A1:B1"),
    xls_bytes(ROWS),
    docx_bytes(["标题"], [["a", "b"], ["1", "2"]]),
    csv_bytes(ROWS, "gb18030"),
    b'[{"a": [1, {"b": null}]}]',
    b'{"a": 1}\n{"a": 2}\n',
    "<html><table><tr><td colspan=2 rowspan=9>甲</td></tr></table>文</html>".encode(),
]


def read_or_refuse(data: bytes) -> None:
    """Fail on any other exception than Unreadable."""
    try:
        message = read_document(data, "x.xlsx").format + "。"
    except Unreadable as error:
        message = error.message
    assert message.endswith("。")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@example(b"[" * 100_000)
@example(b'{"a":' * 5_000)
@example(b'[{"a": 1' + b"0" * 5_000 + b"}]")
@example(b"<table>" * 3_000)
@example(b"\xff\xfe\x00")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(GOOD), st.floats(0, 1), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8))
def test_damaged_files_are_read_or_refused(data: bytes, cut: float, flips: list[tuple[float, int]]) -> None:
    damaged = bytearray(data)
    for place, value in flips:
        damaged[int(place * (len(damaged) - 1))] = value
    read_or_refuse(bytes(damaged[: int(cut * len(damaged))]) if not flips else bytes(damaged))
