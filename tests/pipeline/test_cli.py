"""The command line: its help, its exit codes, its sentences, and every command that the README shows."""

import json
import re
import shlex

import pytest

from .conftest import LANDING, ROOT, ask, daibiao

COMMANDS = ("demo", "run", "rebuild", "query", "status", "explain", "extract", "generate", "compare", "month")
SHARED = ROOT.parent / "shared" / "domain" / "samples"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_full_sentences(command, tmp_path):
    text = daibiao(command, "--help", home=tmp_path, check=0).stdout
    sentence = next(line.strip() for line in text.splitlines() if line.strip() and "Usage" not in line)
    assert sentence[0].isupper()
    assert len(sentence.split()) > 5


def test_these_are_the_commands(tmp_path):
    text = daibiao("--help", home=tmp_path, check=0).stdout
    assert set(re.findall(r"^│ (\w+) ", text, flags=re.MULTILINE)) == set(COMMANDS)


def _readme_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^\.venv/bin/daibiao (.+)$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("command", _readme_commands())
def test_a_command_of_the_readme_works(walked, command):
    home, _ = walked
    for folder in ("demo", "g", "h"):
        command = command.replace(f"data/{folder}", str(home) if folder == "demo" else f"{home}-{folder}")
    assert daibiao(*shlex.split(command), home=home, check=0).stdout


def test_the_readme_shows_commands():
    assert len(_readme_commands()) >= 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "selec 1"), "SQL"),
        (("query", "select 1; select 2"), "一次只能执行一条语句"),
        (("query", "create table mart.x as select 1"), "只读"),
        (("query", "from read_csv('/etc/passwd')"), ""),
        (("status", "2026-13"), "2026-06、2026-Q2 或 2026"),
        (("explain", "core.case", "522301", "voters_received", "2026-06"), "mart.province_month"),
        (("explain", "mart.county_month", "522301", "no_such", "2026-06"), "没有"),
        (("explain", "mart.county_month", "2026-06"), "单位代码"),
    ],
)
def test_a_mistake_gets_a_sentence_and_exit_code_2(walked, arguments, said):
    done = daibiao(*arguments, home=walked[0], check=2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_home_without_a_release_says_what_to_do(tmp_path):
    done = daibiao("query", "select 1", home=tmp_path / "nowhere", check=2)
    assert "daibiao run" in done.stderr


def test_query_prints_json_and_csv(walked):
    home, _ = walked
    sql = "select org_code, period, value from mart.county_month where indicator_code = 'station_visits'"
    rows = json.loads(daibiao("query", sql, "--json", home=home, check=0).stdout)
    lines = daibiao("query", sql, "--csv", home=home, check=0).stdout.splitlines()
    assert {"org_code": "522301", "period": "2026-06", "value": 564} in rows
    assert lines[0] == "org_code,period,value"
    assert "522301,2026-06,564" in lines


def test_status_tells_the_late_and_the_missing(walked):
    rows = json.loads(daibiao("status", "2026-06", "--json", home=walked[0], check=0).stdout)
    states = {row["county"]: row["state"] for row in rows}
    assert len(rows) == 88
    assert states["兴义市"].startswith(("按时", "迟报"))
    assert states["黔西市"].endswith("（有缺）")
    assert states["云岩区"] == "未报"


def test_explain_ends_in_files_and_cells(walked):
    done = daibiao("explain", "mart.province_month", "voters_received", "2026-06", "--json", home=walked[0], check=0)
    province = json.loads(done.stdout)
    assert sum(p["value"] for p in province["below"]) == province["value"]
    counties = {c["org_code"]: c for p in province["below"] for c in p["below"]}
    cells = counties["520304"]["cells"]
    assert {cell["file"].rpartition("/")[2] for cell in cells if cell["is_current"]} == {
        "遵义市播州区2026年6月活动情况统计表（修改稿）.xlsx"
    }
    assert {cell["superseded_by"].rpartition("/")[2] for cell in cells if not cell["is_current"]} == {
        "遵义市播州区2026年6月活动情况统计表（修改稿）.xlsx"
    }
    assert sum(cell["value"] for cell in cells if cell["is_current"]) == counties["520304"]["value"]
    assert all(re.fullmatch(r".+![A-Z]+\d+", cell["cell"]) for cell in cells)


def test_a_quarter_is_explained_by_its_months(walked):
    done = daibiao(
        "explain", "mart.county_quarter", "522301", "voters_received", "2026-Q2", "--json", home=walked[0], check=0
    )
    quarter = json.loads(done.stdout)
    assert [month["period"] for month in quarter["below"]] == ["2026-05", "2026-06"]
    assert sum(month["value"] for month in quarter["below"]) == quarter["value"]


def test_a_rate_of_records_is_explained_by_the_records_of_its_parts(walked):
    key = ("522301", "satisfaction_rate", "2026-06")
    rate = json.loads(daibiao("explain", "mart.county_month", *key, "--json", home=walked[0], check=0).stdout)
    assert [part["indicator_code"] for part in rate["parts"]] == ["satisfied", "rated"]
    counted = [sum(count for _, count in part["records"]) for part in rate["parts"]]
    assert counted == [rate["numerator"], rate["denominator"]]


def test_every_table_and_column_of_a_release_is_described(walked):
    home, _ = walked
    tables = ask("select schema_name, table_name, comment from duckdb_tables() where not internal", home)
    columns = ask("select table_name, column_name, comment from duckdb_columns() where not internal", home)
    assert [row for row in tables if not row["comment"]] == []
    assert [
        row for row in columns if not row["comment"] and not re.search(r"[\u4e00-\u9fff]", row["column_name"])
    ] == []


def test_chinese_views_answer_chinese_questions(walked):
    rows = ask("select view_name from duckdb_views() where schema_name = 'zh'", walked[0])
    assert len(rows) > 20
    for row in rows:
        ask(f'select * from zh."{row["view_name"]}" limit 1', walked[0])


def test_a_missing_landing_folder_of_ones_own_is_made(tmp_path):
    done = daibiao("run", "--json", home=tmp_path, check=0)
    assert json.loads(done.stdout)["files"] == []
    assert (tmp_path / "landing").is_dir()


def test_a_landing_folder_that_was_named_is_not_made(tmp_path, monkeypatch):
    done = daibiao("run", "--landing", tmp_path / "typo", home=tmp_path / "home", check=2)
    assert f"没有收件目录 {tmp_path / 'typo'}" in done.stderr
    monkeypatch.setenv("DAIBIAO_LANDING", str(tmp_path / "typo"))
    daibiao("run", home=tmp_path / "home", check=2)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("DAIBIAO_KEEP_RELEASES", "many")
    done = daibiao("run", "--landing", LANDING, home=tmp_path, check=2)
    assert "DAIBIAO_KEEP_RELEASES" in done.stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason="the control files are not beside this checkout")
def test_the_control_files_count_once(tmp_path):
    done = daibiao("run", "--landing", SHARED, "--json", home=tmp_path, check=0)
    account = json.loads(done.stdout)
    assert len(account["files"]) == 7
    for file in account["files"]:
        rows = file["rows"]
        assert rows["in"] == rows["loaded"] + rows["quarantined"] + rows["rejected"]
    found = ask(
        "select indicator_code, value from mart.county_month where org_code = '522301' and period = '2026-06'", tmp_path
    )
    figures = {row["indicator_code"]: row["value"] for row in found}
    wanted = {"station_visits": 590, "voters_received": 4395, "opinions_collected": 225, "opinions_resolved": 202}
    wanted |= {"disputes_mediated": 29, "problems_solved": 14}
    assert {code: figures[code] for code in wanted} == wanted
    assert ask('select count(*) as n from core."case"', tmp_path) == [{"n": 12}]


def test_status_of_an_empty_warehouse_says_that_it_is_empty(tmp_path):
    daibiao("run", home=tmp_path, check=0)
    assert "还没有收到任何县的报表" in daibiao("status", home=tmp_path, check=2).stderr
    assert "已报 0 / 88" in daibiao("status", "2026-06", home=tmp_path, check=0).stdout
