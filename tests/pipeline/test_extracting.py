"""`daibiao extract`: a report's figures as JSON lines, why others are none, and the page to check them by."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.transforms.files import CASE_HEADER, CASES, csv_bytes, docx_bytes, xlsx_bytes

from .conftest import LANDING, ROOT, daibiao

REPORT = LANDING / "凯里市" / "凯里市6月活动开展情况报告.txt"
TEXT = "习水县人大常委会工作报告\n\n2026年6月，习水县人大收集意见建议1900余条，办结率98.5%。“12345”热线已开通。\n"
KEYS = [
    "org_name", "org_code", "indicator_code", "value", "value_low", "value_high", "qualifier", "unit", "period",
    "period_phrase", "phrase", "start", "end", "period_start", "period_end", "basis", "is_inclusive", "is_breakdown",
    "value_low_open", "value_high_open", "indicator_name",
]  # fmt: skip


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode("gb18030"))
    return path


def test_a_figure_is_an_object_on_a_line_with_its_place_in_the_files_own_text(report, tmp_path):
    done = daibiao("extract", report, home=tmp_path / "nowhere", check=0)
    opinions, rate = lines(done)
    assert list(opinions) == KEYS
    assert opinions["org_name"] == "习水县"
    assert opinions["org_code"] == "520330"
    assert opinions["indicator_code"] == "opinions_collected"
    assert opinions["indicator_name"] == "收集意见建议条数"
    assert (opinions["qualifier"], opinions["unit"], opinions["period"]) == ("at_least", "条", "2026-06")
    assert (opinions["value_low_open"], opinions["value_high_open"]) == (False, True)
    assert '"value": 1900, "value_low": 1900, "value_high": 2000,' in done.stdout
    assert (rate["value"], rate["unit"]) == (98.5, "%")
    text = TEXT.replace("\n", "\r\n")
    assert text[opinions["start"] : opinions["end"]] == opinions["phrase"]
    assert "收集意见建议1900余条" in opinions["phrase"]
    assert done.stderr == ""
    assert not (tmp_path / "nowhere").exists()


def test_why_tells_the_numbers_that_are_none_after_the_figures(report, tmp_path):
    found = lines(daibiao("extract", report, "--why", home=tmp_path, check=0))
    dropped = [item for item in found if "dropped" in item]
    assert found[-len(dropped) :] == dropped
    assert len(found) - len(dropped) == 2
    hotline = next(item for item in dropped if item["text"] == "12345")
    assert list(hotline) == ["dropped", "reason_zh", "text", "start", "end"]
    assert TEXT.replace("\n", "\r\n")[hotline["start"] : hotline["end"]] == "12345"
    assert any("一" <= character <= "鿿" for character in hotline["reason_zh"])


def test_the_page_is_written_and_said_where(report, tmp_path):
    page = tmp_path / "page.html"
    done = daibiao("extract", report, "--html", page, home=tmp_path, check=0)
    assert len(lines(done)) == 2
    assert str(page) in done.stderr
    assert "1900余条" in page.read_text(encoding="utf-8")
    assert "[1900, 2000)" in page.read_text(encoding="utf-8")


def test_the_report_itself_is_never_written_over(report, tmp_path):
    before = report.read_bytes()
    done = daibiao("extract", report, "--html", report, home=tmp_path, check=2)
    assert "另起一个名字" in done.stderr
    assert done.stdout == ""
    assert report.read_bytes() == before


def test_relative_times_count_from_the_day_of_publication_that_is_given(tmp_path):
    report = tmp_path / "report.txt"
    report.write_text("习水县人大常委会\n去年，习水县人大收集意见建议1900条。", encoding="utf-8")
    (figure,) = lines(daibiao("extract", report, "--published", "2026-03-01", home=tmp_path, check=0))
    assert (figure["period"], figure["period_start"], figure["period_end"]) == ("2025", "2025-01-01", "2025-12-31")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("表.xlsx", None, "活动情况统计表，不是文字报告"),
        ("单.csv", csv_bytes([CASE_HEADER, *CASES]), "群众工单，不是文字报告"),
        ("册.xlsx", xlsx_bytes({"s": [["通讯录"], ["甲", 1]]}), "也不是文字报告"),
        ("扫描件.pdf", b"%PDF-1.7 x", "文件是 PDF"),
        ("空.txt", b"", "文件是空的"),
    ],
)
def test_what_is_no_prose_is_refused_with_a_sentence(tmp_path, name, data, said):
    file = tmp_path / name
    if data is None:
        data = (LANDING / "兴义市" / "兴义市2026年6月活动情况统计表.xlsx").read_bytes()
    file.write_bytes(data)
    done = daibiao("extract", file, home=tmp_path, check=2)
    assert f"{file}：" in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_file_or_folder_that_is_not_there_is_named(tmp_path, report):
    assert "找不到" in daibiao("extract", tmp_path / "x.txt", home=tmp_path, check=2).stderr
    assert str(tmp_path) in daibiao("extract", tmp_path, home=tmp_path, check=2).stderr
    done = daibiao("extract", report, "--html", tmp_path / "no" / "x.html", home=tmp_path, check=2)
    assert "找不到" in done.stderr


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "a.docx",
            docx_bytes(["习水县人大常委会工作报告"], [["事项", "情况"], ["一", "联络站12个"]], TEXT.split("\n")),
        ),
        ("a.html", f"<html><body><nav>首页12件</nav><h1>习水县报告</h1><p>{TEXT}</p></body></html>".encode()),
        ("a.md", ("# 习水县报告\n\n" + TEXT).encode()),
        ("a.txt", "习水县人大收集意见建议1900余条".encode()),
    ],
)
def test_every_format_is_read(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    found = lines(daibiao("extract", tmp_path / name, home=tmp_path, check=0))
    assert ("习水县", "opinions_collected", 1900) in [(f["org_name"], f["indicator_code"], f["value"]) for f in found]


def test_nothing_heavy_is_imported_for_it(tmp_path):
    script = (
        "import sys; sys.argv = ['daibiao', 'extract', sys.argv[1], '--why', '--html', sys.argv[2]]\n"
        "from pipeline.cli import app\n"
        "try:\n    app()\nexcept SystemExit as end:\n    assert not end.code\n"
        "assert not {'airflow', 'great_expectations', 'duckdb'} & set(sys.modules)\n"
    )
    command = [sys.executable, "-c", script, str(REPORT), str(tmp_path / "page.html")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 5


REPORTS = ROOT.parent / "shared" / "reports"


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the reports are not beside this checkout")
@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_spans_of_the_reports_index_the_files_themselves(path: Path, tmp_path):
    text = path.read_bytes().decode("utf-8")
    found = lines(daibiao("extract", path, "--why", "--html", tmp_path / "page.html", home=tmp_path, check=0))
    assert [item for item in found if "phrase" in item]
    for item in found:
        quoted, said = text[item["start"] : item["end"]], item.get("phrase", item.get("text"))
        assert re.findall(r"[一-鿿0-9]", quoted) == re.findall(r"[一-鿿0-9]", said)  # blanks and marks are mended
