"""`daibiao replay RULE`: exactly the verdicts that today's rule turns, and not a byte of the warehouse changed."""

import hashlib
import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

import catalog
from expectations.suites import county_table, row_rules, station_visit
from pipeline import replaying, steps
from pipeline.cli import app
from pipeline.run import run
from pipeline.settings import Settings

FORM = """{county}“高质量发展，代表在行动”活动情况统计表,,
填报单位：{county}人大常委会,,
统计期：2026年6月,,
填报时间：2026年7月2日,,
序号,街道（乡镇）,代表进站（人次）
1,{one},{first}
2,{other},{second}
"""
NANMING = ("南明区", "新华路街道", "西湖路街道")
YUNYAN = ("云岩区", "大营路街道", "黔灵东路街道")
VISITS = """履职记录编号,站点编码,站点名称,所属县区,代表层级,进站日期,进站方式,接待群众人数,收集意见条数
JZ1,Z1,新华路站,南明区,县级,2026/6/3,接待选民,3000,3
JZ2,Z1,新华路站,南明区,县级,2026/6/4,接待选民,24,5
"""
NOON = datetime(2026, 7, 5, 4, 0, tzinfo=UTC)
TOO_MUCH = 123_456


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Two counties' forms, one of them with a figure that cannot be, walked once."""
    monkeypatch.setenv("DAIBIAO_SETTLE_SECONDS", "0")
    landing = tmp_path / "landing"
    landing.mkdir()
    for (county, one, other), first in ((NANMING, 68), (YUNYAN, TOO_MUCH)):
        path = landing / f"{county}统计表.csv"
        path.write_text(FORM.format(county=county, one=one, other=other, first=first, second=61), encoding="utf-8")
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    run(Settings.read(home=tmp_path), NOON)
    return tmp_path


def limit_to(monkeypatch, most):
    """Give the program a catalog in which a township's station visits cannot be more than `most`."""
    facts = catalog.load()
    form = facts.forms["county_table"]
    figures = tuple(
        f.model_copy(update={"plausible_max": most}) if f.indicator == "station_visits" else f for f in form.figures
    )
    changed = replace(facts, forms={"county_table": form.model_copy(update={"figures": figures})})
    monkeypatch.setattr(catalog, "load", lambda: changed)


def replayed(home, rule, *options, code):
    done = CliRunner().invoke(app, ["replay", rule, "--home", str(home), *options])
    assert done.exit_code == code, done.output
    return done


def told(home, rule, code):
    return json.loads(replayed(home, rule, "--json", code=code).stdout)


def bytes_of(home):
    """Return a hash of every file under home but what Python itself may leave."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def test_the_same_rule_turns_nothing(home):
    before = bytes_of(home)
    found = told(home, "ExpectPlausibleSize", code=0)
    assert (found["deliveries"], found["flips"], found["first"], found["unread"]) == (2, 0, [], [])
    assert bytes_of(home) == before


def test_a_tighter_limit_tells_the_county_that_would_fail_and_the_row_that_would_be_held(home, monkeypatch):
    before = bytes_of(home)
    limit_to(monkeypatch, 65)
    found = told(home, "ExpectPlausibleSize", code=1)
    (flip,) = found["first"]
    assert (flip["turn"], flip["file"], flip["suite"], flip["severity"]) == (
        "fails_now",
        "南明区统计表.csv",
        "county_table.figures",
        "critical",
    )
    assert (flip["before"]["failed"], flip["now"]["failed"], flip["now"]["checked"]) == (0, 1, 2)
    assert flip["before"]["version"] != flip["now"]["version"]
    assert flip["places"] == ["line 6 col 3"]
    assert found["by_turn"] == {"fails_now": 1, "passes_now": 0, "changed": 0}
    assert (found["rows_quarantined"], found["rows_released"]) == (1, 0)
    assert bytes_of(home) == before
    assert not any((home / "work").iterdir())


def test_a_wider_limit_tells_what_would_pass_and_be_let_go(home, monkeypatch):
    limit_to(monkeypatch, 200_000)
    printed = replayed(home, "ExpectPlausibleSize", code=1).stdout
    assert "原先不通过，现在通过　云岩区统计表.csv　county_table.figures　critical　1/2（1." in printed
    assert "：line 6 col 3\n" in printed
    assert "影响：将隔离 0 行，将放行 1 行。\n仓库和发布都没有改动。" in printed
    assert str(TOO_MUCH) not in printed


def test_a_row_that_another_rule_holds_back_is_not_let_go(home, monkeypatch):
    (home / "landing" / "白云区统计表.csv").write_text(
        FORM.format(county="白云区", one="没有的街道", other="大山洞街道", first=TOO_MUCH, second=1), encoding="utf-8"
    )
    run(Settings.read(home=home), NOON)
    limit_to(monkeypatch, 200_000)
    found = told(home, "ExpectPlausibleSize", code=1)
    assert {flip["file"] for flip in found["first"]} == {"云岩区统计表.csv", "白云区统计表.csv"}
    assert found["rows_released"] == 1


def test_more_faults_in_a_file_that_failed_before_are_told_as_such(home, monkeypatch):
    limit_to(monkeypatch, 60)
    found = told(home, "ExpectPlausibleSize", code=1)
    turns = {flip["file"]: (flip["turn"], flip["before"]["failed"], flip["now"]["failed"]) for flip in found["first"]}
    assert turns == {"南明区统计表.csv": ("fails_now", 0, 2), "云岩区统计表.csv": ("changed", 1, 2)}
    assert found["rows_quarantined"] == 3
    printed = replayed(home, "ExpectPlausibleSize", "--limit", "1", code=1).stdout
    assert "…… 另有 1 项" in printed


def test_a_milder_rule_passes_as_what_it_was_and_fails_as_what_it_is(home, monkeypatch):
    milder = tuple(
        replace(rule, severity="warning") if rule.name == "ExpectPlausibleSize" else rule
        for rule in county_table._FIGURES
    )
    monkeypatch.setattr(county_table, "_FIGURES", milder)
    found = told(home, "ExpectPlausibleSize", code=1)
    turns = {(flip["file"], flip["severity"]): flip["turn"] for flip in found["first"]}
    assert turns == {
        ("云岩区统计表.csv", "critical"): "passes_now",
        ("云岩区统计表.csv", "warning"): "fails_now",
    }
    assert (found["rows_quarantined"], found["rows_released"]) == (0, 1)


def test_a_rule_that_is_no_more_passes_everywhere(home, monkeypatch):
    left = tuple(rule for rule in county_table._FIGURES if rule.name != "ExpectFigureNotNegative")
    monkeypatch.setattr(county_table, "_FIGURES", left)
    assert told(home, "ExpectFigureNotNegative", code=0)["flips"] == 0


def test_records_are_judged_anew_where_they_lie(home, monkeypatch):
    (home / "landing" / "进站履职记录_202606.csv").write_text(VISITS, encoding="utf-8")
    run(Settings.read(home=home), NOON)
    assert told(home, "ExpectPlausiblePeopleReceived", code=0)["deliveries"] == 1
    plausible = row_rules.plausible(
        "ExpectPlausiblePeopleReceived", "people_received", "接待人数", 10, "人", of="一次进站"
    )
    rules = tuple(plausible if rule.name == plausible.name else rule for rule in station_visit._RULES)
    monkeypatch.setattr(station_visit, "_RULES", rules)
    (flip,) = told(home, "ExpectPlausiblePeopleReceived", code=1)["first"]
    assert (flip["turn"], flip["before"]["failed"], flip["now"]["failed"]) == ("changed", 1, 2)


def test_each_batch_is_told(home, monkeypatch):
    monkeypatch.setattr(replaying, "_FILES_AT_ONCE", 1)
    limit_to(monkeypatch, 60)
    files = {flip["file"] for flip in told(home, "ExpectPlausibleSize", code=1)["first"]}
    assert files == {"云岩区统计表.csv", "南明区统计表.csv"}


def test_a_file_that_is_not_read_any_more_is_told_and_nothing_is_left(home, monkeypatch):
    def refuse(*_, **__):
        raise steps.Unreadable("odd", "今天的程序不收这种文件。")

    monkeypatch.setattr(steps, "parse_file", refuse)
    found = told(home, "ExpectPlausibleSize", code=1)
    assert found["flips"] == 0
    assert {item["reason"] for item in found["unread"]} == {"今天的程序不收这种文件。"}
    assert not any((home / "work").iterdir())


def test_an_unknown_rule_is_a_mistake_that_is_told_with_names_that_are_near(home):
    done = replayed(home, "ExpectPlausibleSise", code=2)
    assert "没有名为 ExpectPlausibleSise 的规则。是不是 ExpectPlausibleSize" in done.stderr


def test_without_a_release_there_is_nothing_to_hold_it_against(tmp_path):
    done = replayed(tmp_path / "nothing", "ExpectPlausibleSize", code=2)
    assert "还没有发布" in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_a_file_with_very_many_places_is_compared_at_once():
    n, key = 20_000, ("d", "s", "critical")
    places = [replaying._Place("t", line, f"A{line}", "c") for line in range(n)]
    then = replaying._Said({key: replaying.Count(n, n, "1")}, {key: places})
    now = replaying._Said({key: replaying.Count(n, n - 1, "2")}, {key: places[1:]})
    started = time.monotonic()
    (flip,) = replaying._flips({"d": replaying._Delivery("d", "f", "x", 1)}, then, now)
    assert time.monotonic() - started < 5
    assert flip.turn == "changed"
