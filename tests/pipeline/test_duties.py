"""A month of reports on the whole road: a nil report is one, a rejected file is none, and the rates say so."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import openpyxl
import pytest

from pipeline.run import rebuild, run
from pipeline.settings import Settings
from warehouse.query import query
from warehouse.release import newest

NOW = datetime(2026, 7, 20, 4, 0, tzinfo=UTC)
HEADER = ["序号", "乡镇（街道）", "收集（条）", "办结（条）", "联络站数"]
STATES = """
select org_code, state, reported_on, is_nil, is_resubmitted from dq.duty
where period = '2026-06' and org_code in ('522301', '522302', '522323', '520304') order by org_code
"""


def workbook(path, county, *rows, sent="2026年7月3日", period="2026年6月", came=NOW):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "统计表"
    for row in ([f"填报单位：{county}人大常委会"], [f"统计期：{period}"], [f"填报时间：{sent}"], HEADER, *rows):
        sheet.append(row)
    book.save(path)
    os.utime(path, (came.timestamp(), came.timestamp()))


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    home = tmp_path_factory.mktemp("duties")
    landing = home / "landing"
    landing.mkdir()
    workbook(landing / "兴义市6月.xlsx", "兴义市", ["本月无活动"])
    workbook(landing / "兴仁市6月.xlsx", "兴仁市", [1, "不存在的镇", 3, 3, 3])
    workbook(landing / "普安县6月.xlsx", "普安县", [1, "盘水街道", 9, 3, 2], sent="2026年7月9日")
    workbook(landing / "普安县6月更正.xlsx", "普安县", [1, "盘水街道", 8, 3, None], sent="2026年7月12日")
    settings = Settings.read(home=home, environment={"DAIBIAO_SETTLE_SECONDS": "0"})
    return settings, run(settings, NOW)


def ask(settings, sql):
    return [tuple(row) for row in query(newest(settings.releases).path, sql).rows]


def test_a_nil_report_is_taken_without_a_complaint(reported):
    settings, account = reported
    (told,) = [file for file in account.files if file["file"] == "兴义市6月.xlsx"]
    assert (told["status"], told["findings"]) == ("loaded", [])
    assert told["rows"] == {"in": 1, "loaded": 1, "quarantined": 0, "rejected": 0}
    assert told["reason"] == "“统计表”写明“本月无活动”（统计表!A5），按零报告处理"
    sql = "select is_nil, is_complete from core.report where org_code = '522301'"
    assert ask(settings, sql) == [(True, True)]


def test_none_is_no_blank_and_no_missing_county(reported):
    """意见建议 are none, 0 with a place in the file; how many stations there are, the report does not say."""
    settings, _ = reported
    sql = "select indicator_code, value::int from mart.county_month where org_code = '522301' order by all"
    assert ask(settings, sql) == [("opinions_collected", 0), ("opinions_resolved", 0)]
    sql = "select distinct state, source_ref from core.observation where county_code = '522301'"
    assert ask(settings, sql) == [("none", "统计表!A5")]


def test_every_duty_says_how_it_stands(reported):
    settings, _ = reported
    assert ask(settings, STATES) == [
        ("520304", "missing", None, False, False),
        ("522301", "on_time", date(2026, 7, 3), True, False),
        ("522302", "missing", None, False, False),
        ("522323", "late", date(2026, 7, 9), False, True),
    ]


def test_the_rates_count_what_was_due(reported):
    settings, _ = reported
    counts = "n_expected, n_reported, n_on_time, n_late, n_missing, n_nil, n_resubmitted"
    sql = f"select period, {counts} from mart.reporting_rate where org_code = '522300' order by period"
    assert ask(settings, sql) == [("2026-05", 8, 0, 0, 0, 8, 0, 0), ("2026-06", 8, 2, 1, 1, 6, 1, 1)]


def test_completeness_comes_from_the_cells(reported):
    settings, _ = reported
    sql = """
    select org_code, n_townships_reported, n_cells_expected / n_townships_expected, n_cells_filled, completeness_rate
    from mart.report_completeness order by org_code
    """
    (xingyi, puan) = ask(settings, sql)
    assert (xingyi[0], xingyi[2], xingyi[4]) == ("522301", 2, 100)
    assert puan[:4] == ("522323", 1, 3, 2)


def test_a_rebuild_ends_as_the_run_did(reported):
    settings, _ = reported
    before = ask(settings, STATES)
    rebuild(settings, NOW)
    assert ask(settings, STATES) == before
