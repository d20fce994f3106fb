"""No personal value of the samples gets past the parser: not into a file, a table, a message or what is printed."""

import csv
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
import yaml
from openpyxl import Workbook

from pipeline.feedback import write_feedback
from pipeline.run import run
from pipeline.settings import Settings
from warehouse import release

from .conftest import LANDING, ROOT

PERSONAL = {
    "群众姓名",
    "姓名",
    "反映人",
    "诉求人",
    "联系电话",
    "电话",
    "手机号",
    "身份证号",
    "诉求内容",
    "代表姓名",
    "履职代表",
}
PERSONAL |= {"反映内容", "内容", "问题描述", "身份证号码", "手机号码"}


def _personal_values():
    """Read the sample exports with outside readers: what stands under a personal header; and the names in prose."""
    values = set()
    for path in sorted((LANDING / "联络站系统").iterdir()):
        records = []
        if path.suffix == ".csv":
            data = path.read_bytes()
            text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "gb18030")
            records = list(csv.DictReader(text.splitlines()))
        elif path.suffix == ".jsonl":
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            records = [json.loads(line) for line in lines if line.strip().endswith("}")]
        elif path.suffix == ".json":
            content = json.loads(path.read_text(encoding="utf-8-sig"))
            records = content if isinstance(content, list) else next(v for v in content.values() if isinstance(v, list))
        values |= {str(r[key]) for r in records if isinstance(r, dict) for key in PERSONAL & set(r) if r[key]}
    prose = yaml.safe_load((ROOT / "samples" / "facts" / "prose.yml").read_text(encoding="utf-8"))["prose"]
    names = {name for report in prose for name in report.get("names", ())}
    assert names
    assert all(any(name in report["text"] for report in prose) for name in names)
    return {value for value in values | names if len(value) > 1}


@pytest.fixture(scope="module")
def personal():
    """One pattern for all values: to look for each of them in every file took most of this file's time."""
    values = _personal_values()
    assert len(values) > 100
    assert any(re.fullmatch(r"199\d{8}", value) for value in values)
    pattern = re.compile("|".join(map(re.escape, sorted(values))).encode())
    assert all(pattern.search(f"x{value}".encode()) for value in values)
    return pattern


def _hits(text, personal):
    return set(personal.findall(text.encode()))


def test_no_file_outside_the_archive_holds_a_personal_value(walked, personal):
    home, _ = walked
    files = [path for path in home.rglob("*") if path.is_file() and "archive" not in path.relative_to(home).parts]
    assert any(path.name == "warehouse.duckdb" for path in files)
    for path in files:
        assert not set(personal.findall(path.read_bytes())), path


def test_no_cell_of_the_warehouse_holds_a_personal_value(walked, personal):
    home, _ = walked
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        assert ("core", "case") in tables
        for schema, table in tables:
            rows = connection.execute(f'select * from {schema}."{table}"').fetchall()
            assert not _hits("\n".join(map(str, rows)), personal), f"{schema}.{table}"


def test_nothing_that_is_printed_holds_a_personal_value(walked, rebuilt, personal):
    _, account = walked
    assert not _hits(json.dumps(account, ensure_ascii=False), personal)
    _, printed = rebuilt
    assert printed.stdout
    assert not _hits(printed.stdout + printed.stderr, personal)


def test_the_archive_is_closed_to_others(walked):
    home, _ = walked
    for path in Path(home / "archive").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_number_in_a_sheets_name_gets_nowhere(tmp_path):
    phone = "19900001234"
    landing = tmp_path / "landing"
    (landing / "南明区").mkdir(parents=True)
    book = Workbook()
    book.active.title = f"测试甲{phone}"
    for row in (
        ["南明区“高质量发展，代表在行动”活动情况统计表"],
        ["填报单位：南明区人大常委会", None, "统计期：2026年6月", "填报时间：2026年7月2日"],
        ["序号", "街道（乡镇）", "收集意见建议（条）", "办结意见建议（条）"],
        [1, "新华路街道", 68, 70],
        [2, "西湖路街道", 61, 50],
        [None, "合计", 129, 121],
    ):
        book.active.append(row)
    book.save(landing / "南明区" / "统计表.xlsx")
    settings = Settings.read(tmp_path / "home", landing, {"DAIBIAO_SETTLE_SECONDS": "0"})
    settings.home.mkdir()
    run(settings, datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
    (returned,) = write_feedback(settings)
    with zipfile.ZipFile(returned) as package:
        assert not [name for name in package.namelist() if phone.encode() in package.read(name)]
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        assert ("测试甲〔已屏蔽〕!D4",) in connection.execute("select cell from dq.finding").fetchall()
    _no_table_holds(settings.warehouse, phone)
    _no_table_holds(release.newest(settings.releases).path, phone)
    files = [path for path in settings.home.rglob("*") if path.is_file() and settings.archive not in path.parents]
    assert {".html", ".duckdb", ".xlsx"} <= {path.suffix for path in files}
    assert not [path for path in files if phone.encode() in path.read_bytes()]


def _no_table_holds(path, text):
    with duckdb.connect(str(path), read_only=True) as connection:
        for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall():
            rows = connection.execute(f'select * from {schema}."{table}"').fetchall()
            assert text not in "\n".join(map(str, rows)), f"{schema}.{table}"
