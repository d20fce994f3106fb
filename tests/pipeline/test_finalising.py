"""A month on the whole road: evidence, approval, a late county, and what analysts then see."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline import Settings, finalising, steps
from pipeline.finalising import MonthError, month_to_decide
from pipeline.run import run
from warehouse.query import query
from warehouse.release import newest

from .conftest import LANDING, daibiao

JULY = datetime(2026, 7, 12, 1, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)


def walk(settings, name, now):
    target = settings.landing / name
    target.parent.mkdir(parents=True)
    shutil.copy(LANDING / name, target)
    run(settings, now)


def state(settings):
    sql = "select state, revision, n_changed from mart.month_state where period = '2026-06'"
    return query(newest(settings.releases).path, sql).rows


def test_a_county_that_comes_after_the_month_was_final(tmp_path):
    settings = replace(Settings.read(home=tmp_path), settle_seconds=0)
    walk(settings, "兴义市/兴义市2026年6月活动情况统计表.xlsx", JULY)
    shown = finalising.gather(settings, "2026-06", JULY)
    assert shown.release_id in shown.body
    assert finalising.Evidence(**shown.as_json()) == shown
    assert finalising.approve(settings, shown, " 省办公室 ", "张某 13812345678", JULY).revision == 1
    steps.roll_up(settings)
    steps.publish(settings, JULY)
    assert state(settings) == (("已定稿", 1, 0),)
    assert query(newest(settings.releases).path, "select actor, note from ops.month_decision").rows == (
        ("省办公室", "张某 〔已屏蔽〕"),
    )

    walk(settings, "汇川区/汇川区2026年6月统计表.xls", AUGUST)
    ((said, revision, n_changed),) = state(settings)
    assert (said, revision) == ("已修订待确认", 2)
    changed = finalising.revisions(settings, "2026-06")
    assert len(changed) == n_changed
    visits = [row for row in changed if row["indicator_code"] == "station_visits"]
    assert [(row["org_name"], row["value_before"]) for row in visits] == [
        ("贵州省", 564),
        ("遵义市", None),
        ("汇川区", None),
    ]
    assert visits[0]["change"] == visits[1]["value_after"] == visits[2]["value_after"]
    assert "目前状态：**已修订待确认**，第 2 版" in finalising.gather(settings, "2026-06", AUGUST).body

    with pytest.raises(MonthError, match="在提请之后又有变动"):
        finalising.approve(settings, shown, "省办公室", None, AUGUST)
    now_shown = finalising.gather(settings, "2026-06", AUGUST)
    assert finalising.approve(settings, now_shown, "省办公室", None, AUGUST).revision == 2
    with pytest.raises(MonthError, match="没有写明由谁决定"):
        finalising.reject(settings, now_shown, "  ", None, AUGUST)


def test_which_month_is_meant():
    assert month_to_decide("2026-05", "2026-06") == "2026-05"
    assert month_to_decide(None, "2026-06") == "2026-06"
    for asked, reason in (("2026年6月", "不是月份"), ("", "没有说明要定稿的月份")):
        with pytest.raises(MonthError, match=reason):
            month_to_decide(asked, None)


def test_without_a_release_there_is_nothing_to_look_at(tmp_path):
    settings = Settings.read(home=tmp_path)
    with pytest.raises(LookupError, match="还没有发布"):
        finalising.gather(settings, "2026-06", JULY)
    with pytest.raises(LookupError, match="还没有发布"):
        finalising.revisions(settings, "2026-06")


def test_the_command_line(walked, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(walked[0], home)
    assert "月度定稿依据" in daibiao("month", "evidence", "2026-06", home=home, check=0).stdout
    who = ("--who", "省办公室")
    assert "2026-06 已退回。发布：2" in daibiao("month", "reject", "2026-06", *who, home=home, check=0).stdout
    assert "2026-06 已定稿，第 1 版。发布：2" in daibiao("month", "approve", "2026-06", *who, home=home, check=0).stdout
    again = daibiao("month", "approve", "2026-06", *who, home=home, check=0).stdout
    assert "此前已有同样的决定" in again
    assert "内容未变" in again
    assert "没有定稿后的修订" in daibiao("month", "revisions", "2026-06", home=home, check=0).stdout
    assert daibiao("month", "revisions", "2026-06", "--json", home=home, check=0).stdout.strip() == "[]"
    for period, reason in (("2026-04", "没有任何单位报送"), ("2099-01", "不能定稿"), ("6月", "不是月份")):
        assert reason in daibiao("month", "approve", period, *who, home=home, check=2).stderr
