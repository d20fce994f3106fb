"""The files are what they pretend to be, as readers outside the project see them; and the same for the same seed."""

import re
import zipfile

import docx
import pytest
from openpyxl import load_workbook
from stdnum.cn import ric

from generator import Options

from .conftest import answers, make, records, table


def _contents(province):
    return {str(p.relative_to(province)): p.read_bytes() for p in sorted(province.rglob("*")) if p.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    first, again = make(tmp_path / "a", faults=0.1), make(tmp_path / "b", faults=0.1)
    other = make(tmp_path / "c", faults=0.1, seed=6)
    assert _contents(first) == _contents(again)
    assert _contents(first) != _contents(other)


def test_all_twelve_exports_are_there_with_their_required_columns(faulty, facts):
    for export in facts.exports.values():
        paths = sorted((faulty / "landing" / "联络站系统").glob(f"{export.name_zh}*"))
        assert paths, export.export
        for path in (path for path in paths if "缺列" not in path.name):
            header = table(path)[0][0]
            for column in export.columns:
                assert not column.required or set(header) & set(column.headers), (path.name, column.name)


def test_every_format_is_there(tmp_path):
    province = make(tmp_path / "g", counties=6, records=4000, seed=1)
    systems = {path.suffix for path in (province / "landing" / "联络站系统").iterdir()}
    assert systems == {".csv", ".xlsx", ".json", ".jsonl"}
    forms = {path.suffix for path in (province / "landing").glob("*/*统计表*")}
    assert {".xlsx", ".csv", ".docx", ".xls"} <= forms


def test_citizens_are_nobody(faulty):
    cases = records(faulty, "群众工单")
    named = [{key: value for key, value in case.items() if value} for case in cases if len(case) > 5]
    numbers = [value for case in named for value in case.values() if re.fullmatch(r"\d{17}[\dX]", value)]
    assert len(numbers) > 100
    for number in numbers:
        assert number[6:14] == "19000220"
        assert ric.calc_check_digit(number) == number[-1]
    phones = [value for case in named for value in case.values() if re.fullmatch(r"1\d{10}", value)]
    assert len(phones) > 100
    assert {phone[:7] for phone in phones} == {"1990000"}


def test_forms_open_in_other_programs(faulty):
    landing = faulty / "landing"
    strays = {
        row["file"] for row in answers(faulty, "deliveries") if row["status"] == "rejected" and not row["dataset"]
    }
    for path in landing.rglob("*"):
        if not path.is_file() or str(path.relative_to(landing)) in strays:
            continue
        if path.suffix == ".xlsx":
            assert load_workbook(path).worksheets[0].max_row > 1
        elif path.suffix == ".docx":
            assert len(docx.Document(str(path)).tables) == 1
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(landing / "其他" / "传输中断的统计表.xlsx")


def test_no_file_has_more_rows_than_allowed_unless_one_county_has(tmp_path):
    province = make(tmp_path / "g", counties=6, records=6000, rows_per_file=300, faults=0.0, record_formats=("csv",))
    paths = sorted((province / "landing" / "联络站系统").glob("进站履职记录_202606_*.csv"))
    assert len(paths) > 3
    for path in paths:
        header, *rows = table(path)[0]
        counties = {row[header.index("所属县区")] for row in rows} if "所属县区" in header else {1, 2}
        assert len(rows) <= 300 or len(counties) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"counties": 0},
        {"counties": 89},
        {"months": 0},
        {"records": 100},
        {"faults": 1.5},
        {"until": "2026-13"},
        {"record_formats": ("pdf",)},
        {"form_formats": ()},
        {"rows_per_file": 0},
    ],
)
def test_what_cannot_be_made_is_refused(wrong):
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        Options(**{"counties": 3, "months": 2, "records": 900, **wrong})


def test_a_folder_in_use_is_left_alone(tmp_path):
    make(tmp_path / "g")
    with pytest.raises(FileExistsError):
        make(tmp_path / "g")
