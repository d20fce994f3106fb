"""The quality report is written after publishing, where Airflow's pages look for it."""

import pytest

import catalog
from pipeline.pages import rule_reasons, write_pages
from pipeline.settings import Settings

from .conftest import ask, daibiao


def test_the_command_writes_the_page_of_the_newest_release(walked):
    home, _ = walked
    (release,) = home.glob("releases/*Z-*")
    page = home / "pages" / "quality" / f"{release.name}.html"
    first = daibiao("report", home=home, check=0)
    assert first.stdout.strip() == str(page)
    written = page.read_bytes()
    assert (page.parent / "latest.html").read_bytes() == written
    daibiao("report", home=home, check=0)
    assert page.read_bytes() == written
    told = written.decode()
    assert "黔西市2026年6月活动情况统计表" in told
    broken = ask("select distinct dataset, rule from dq.standing_finding where rule = 'ExpectTownshipOnlyOnce'", home)
    reasons = rule_reasons(catalog.load())
    assert broken
    assert all(reasons[fault["dataset"], fault["rule"]] in told for fault in broken)


def test_without_a_release_it_says_what_to_do(tmp_path):
    with pytest.raises(LookupError, match="请先运行 daibiao run"):
        write_pages(Settings.read(home=tmp_path))
    assert "还没有发布" in daibiao("report", home=tmp_path, check=2).stderr


def test_every_rule_has_its_reason():
    reasons = rule_reasons(catalog.load())
    assert reasons["county_table", "ExpectFigureToBeReadable"] == "指标栏里应填数；没有开展填“无”。"
    assert {dataset for dataset, _ in reasons} >= {"county_table", "prose", "case", "suggestion"}
    assert all(reasons.values())
