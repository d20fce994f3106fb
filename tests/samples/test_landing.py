"""The landed files are what they pretend to be, as readers outside the project see them."""

import csv
import io
import json
import zipfile
from pathlib import Path

import docx
import olefile
import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum
from stdnum.cn import ric

LANDING = Path(__file__).parents[2] / "samples" / "landing"
SYSTEM = LANDING / "联络站系统"


def _sheet(name: str, sheet: str) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO((LANDING / name).read_bytes()))
    return book.get_sheet_by_name(sheet).to_python()


def test_formulas_carry_their_results() -> None:
    name = "播州区/遵义市播州区2026年6月活动情况统计表（修改稿）.xlsx"
    rows = _sheet(name, "统计表")
    assert rows[4][3] == 120.0
    assert rows[8][1:] == ["合计", 5.0, 347.0, 2625.0, 132.0, 119.0, 17.0, 10.0]
    with zipfile.ZipFile(LANDING / name) as package:
        assert "<f>98+22</f><v>120</v>" in package.read("xl/worksheets/sheet2.xml").decode()


def test_the_old_sheet_is_hidden() -> None:
    book = CalamineWorkbook.from_path(str(LANDING / "播州区/遵义市播州区2026年6月活动情况统计表（修改稿）.xlsx"))
    assert [(sheet.name, sheet.visible == SheetVisibleEnum.Visible) for sheet in book.sheets_metadata] == [
        ("旧表", False),
        ("统计表", True),
    ]


@pytest.mark.parametrize(
    ("name", "magic"),
    [
        ("湄潭县/湄潭县2026年第二季度活动情况统计表.et", b"PK\x03\x04"),
        ("盘州市/盘州市5月报表.et", b"\xd0\xcf\x11\xe0"),
        ("兴义市/兴义市2026年5月份统计表.xls", b"\xd0\xcf\x11\xe0"),
        ("盘州市/盘州市2026年6月活动情况统计表.xls", b"<html"),
        ("其他/活动照片.xlsx", b"\x89PNG"),
        ("其他/活动情况统计表扫描件.pdf", b"%PDF"),
        ("其他/空文件.csv", b"\xef\xbb\xbf\r\n\r\n"),
    ],
)
def test_the_ending_says_one_thing_and_the_bytes_another(name: str, magic: bytes) -> None:
    data = (LANDING / name).read_bytes()
    assert data[: len(magic)] == magic


def test_the_word_table_holds_the_same_cells_as_the_book() -> None:
    table = docx.Document(str(LANDING / "兴义市/兴义市2026年6月活动情况统计表.docx")).tables[0]
    word = [[cell.text for cell in row.cells] for row in table.rows][2:]
    book = _sheet("兴义市/兴义市2026年6月活动情况统计表.xlsx", "活动情况")[4:11]
    assert word == [[str(int(cell)) if isinstance(cell, float) else cell for cell in row] for row in book]
    assert len(word) == 7


def test_the_copy_is_the_same_bytes() -> None:
    first = LANDING / "兴义市/兴义市2026年6月活动情况统计表.xlsx"
    assert first.read_bytes() == (LANDING / "兴义市/统计表（最终版）.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("name", "streams"),
    [
        ("南明区加密统计表.xlsx", [["EncryptedPackage"], ["EncryptionInfo"]]),
        ("活动情况汇报.doc", [["1Table"], ["WordDocument"]]),
    ],
)
def test_the_containers_open_and_hold_their_streams(name: str, streams: list[list[str]]) -> None:
    with olefile.OleFileIO(str(LANDING / "其他" / name), raise_defects=olefile.DEFECT_INCORRECT) as container:
        assert container.listdir() == streams
        assert len(container.openstream(streams[0]).read()) >= 4096


def test_the_broken_book_cannot_be_opened() -> None:
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(LANDING / "其他/播州区统计表（传输中断）.xlsx")


def test_encodings_of_the_csv_files() -> None:
    old = (LANDING / "播州区/遵义县2026年5月活动情况统计表.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        old.decode("utf-8")
    assert "遵义县人大常委会" in old.decode("gb18030")
    marked = (LANDING / "南明区/贵阳市南明区2026年6月活动情况统计表.csv").read_bytes()
    assert marked.startswith(b"\xef\xbb\xbf")
    assert not (LANDING / "南明区/贵阳市南明区2026年5月活动情况统计表.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_cases_in_csv_and_jsonl_are_the_same_records() -> None:
    text = (SYSTEM / "群众工单_202605.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    lines = [json.loads(line) for line in (SYSTEM / "cases_202605.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows == [{key: value or "" for key, value in line.items()} for line in lines]
    assert len(rows) == 38
    assert any("\n" in row["诉求内容"] for row in rows)


def test_a_deputy_has_one_name_in_both_files() -> None:
    names: dict[str, set[str]] = {}
    text = (SYSTEM / "代表履职积分_202605.csv").read_bytes().decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text)):
        names.setdefault(row["代表证号"], set()).add(row["代表姓名"])
    for line in (SYSTEM / "代表履职积分_202606.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["代表编号"]:
            names.setdefault(record["代表编号"], set()).add(record["代表姓名"])
    assert len(names) > 8
    assert {len(of_one) for of_one in names.values()} == {1}
    assert all(name.startswith("代表乙") for of_one in names.values() for name in of_one)


def test_one_line_of_the_jsonl_is_broken() -> None:
    lines = (SYSTEM / "群众工单_202606.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["工单号"][:8] for line in lines[:-1]] == ["GD202606"] * 46
    with pytest.raises(json.JSONDecodeError):
        json.loads(lines[-1])


def test_personal_values_are_well_formed_and_nobodys() -> None:
    with (SYSTEM / "群众工单_202605.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        number = row["身份证号"]
        assert ric.calc_check_digit(number) == number[-1]
        assert number[6:14] == "19000220"
        assert row["联系电话"].startswith("1990000")
        assert len(row["联系电话"]) == 11
    assert len({row["身份证号"] for row in rows}) == 38
