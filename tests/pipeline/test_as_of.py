"""A June form comes in July and is corrected in August: what the command line answers as of the days between."""

import json
import os
import shutil
from datetime import datetime

import pytest

from .conftest import LANDING, ask, daibiao

FORM = LANDING / "南明区" / "贵阳市南明区2026年6月活动情况统计表.csv"
CORRECTED = {"2026年7月2日": "2026年8月4日", "新华路街道,68,": "新华路街道,78,", "合计,331,": "合计,341,"}
CASES = {"群众工单_202606.jsonl": "2026-07-01T01:00Z", "群众工单_补报20260710.json": "2026-08-05T01:00Z"}
VISITS = "select value from mart.county_month where org_code = '520102' and indicator_code = 'station_visits'"


def put(path, moment):
    seconds = datetime.fromisoformat(moment).timestamp()
    os.utime(path, (seconds, seconds))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("as-of-home")
    landing = home / "landing"
    landing.mkdir()
    text = FORM.read_text(encoding="utf-8-sig")
    (landing / "六月.csv").write_text(text, encoding="utf-8")
    put(landing / "六月.csv", "2026-07-02T01:00Z")
    for old, new in CORRECTED.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (landing / "六月更正.csv").write_text(text, encoding="utf-8")
    put(landing / "六月更正.csv", "2026-08-04T16:00Z")  # midnight in Guizhou: the fifth of August
    for name, moment in CASES.items():
        shutil.copyfile(LANDING / "联络站系统" / name, landing / name)
        put(landing / name, moment)
    assert daibiao("run", home=home).returncode in (0, 1)
    return home


def ask_then(sql, day, home):
    return json.loads(daibiao("query", sql, "--as-of", day, "--json", home=home, check=0).stdout)


def test_a_figure_is_what_was_known_on_the_day(home):
    assert ask(VISITS, home) == [{"value": 341}]
    for day, value in (("2026-08-04", 331), ("2026-08-05", 341)):
        assert ask_then(VISITS, day, home) == [{"value": value}], day
    assert ask_then(VISITS, "2026-06-30", home) == []


def test_records_corrected_later_are_as_they_were(home):
    """Cases of June that the export of August tells otherwise: then they stand, before they are what the first told."""
    corrected = ask("select record_key, content ->> 'closed_at' as closed_at from core.superseded_record", home)
    assert corrected
    codes = ", ".join(f"'{row['record_key']}'" for row in corrected)
    sql = (
        f'select case_code as record_key, closed_at::varchar as closed_at from core."case" where case_code in ({codes})'
    )
    by_code = sorted(corrected, key=lambda row: row["record_key"])
    assert ask_then(f"{sql} order by 1", "2026-08-04", home) == by_code
    assert ask_then(f"{sql} order by 1", "2026-08-05", home) == ask(f"{sql} order by 1", home) != by_code
    known = "select distinct strftime(known_at, '%m-%d') as day from core.superseded_record"
    assert ask(known, home) == [{"day": "07-01"}]


def test_three_times_are_three_columns(home):
    sql = (
        "select value, reported_on::varchar as reported_on, known_at::varchar as known_at, "
        "known_until::varchar as known_until, file, superseded_by_file, reason from mart.figure_history "
        "where indicator_code = 'station_visits' and period = '2026-06' and value in (68, 78) order by known_at"
    )
    first = {"value": 68, "reported_on": "2026-07-02", "known_at": "2026-07-02 01:00:00", "file": "六月.csv"}
    fallen = {"known_until": "2026-08-04 16:00:00", "superseded_by_file": "六月更正.csv", "reason": "被更新的报送取代"}
    standing = dict.fromkeys(("known_until", "superseded_by_file", "reason"))
    second = {"value": 78, "reported_on": "2026-08-04", "known_at": "2026-08-04 16:00:00", "file": "六月更正.csv"}
    assert ask(sql, home) == [first | fallen, second | standing]
    assert ask_then(sql, "2026-08-04", home) == [first | standing]


def test_explain_and_status_know_the_day(home):
    key = ("mart.county_month", "520102", "station_visits", "2026-06")
    then = daibiao("explain", *key, "--as-of", "2026-08-04", home=home, check=0).stdout
    assert "68 ← 六月.csv" in then.replace(".0", "")
    assert "更正" not in then
    assert "78 ← 六月更正.csv" in daibiao("explain", *key, home=home, check=0).stdout.replace(".0", "")
    assert "已报 1 / 88" in daibiao("status", "2026-06", "--as-of", "2026-08-04", home=home, check=0).stdout
    assert "已报 0 / 88" in daibiao("status", "2026-06", "--as-of", "2026-06-30", home=home, check=0).stdout
    said = daibiao("status", "--as-of", "2026-06-30", home=home, check=2).stderr
    assert "截至 2026-06-30，还没有收到任何县的报表" in said


@pytest.mark.parametrize("day", ["2026-7-31", "2026-02-30", "昨天", "20260731", "9999-12-31"])
def test_a_day_that_is_none_gets_a_sentence(home, day):
    done = daibiao("status", "--as-of", day, home=home, check=2)
    assert f"“{day}” 不是日期" in done.stderr
