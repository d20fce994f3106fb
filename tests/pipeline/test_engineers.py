"""What the engineers are told, and how often: once an hour a kind, none lost, whoever sends and whatever fails."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engineers import QUIET, SendError, Trouble, mailboxes, tell
from pipeline.settings import Settings

NOON = datetime(2026, 7, 5, 4, 0, tzinfo=UTC)
SECRET = "张三 13800138000"


def trouble(error=None, **changes):
    return replace(
        Trouble(
            event="task_failed",
            dag_id="county_reports",
            dag_name="县级报告入库",
            run_id="scheduled__2026-07-05",
            log_url="http://airflow.example:8080/dags/county_reports/runs/r%2B1/tasks/load?try_number=3",
            task_id="load",
            task_name="入库",
            tries="第 3 次（最多 3 次）",
            error=error,
        ),
        **changes,
    )


def raised(kind=ValueError):
    try:
        raise kind(SECRET)
    except kind as error:
        return error


@pytest.fixture
def home(tmp_path):
    return Settings.read(home=tmp_path)


class Channel:
    """Keeps what it is given; `fails` makes it refuse."""

    def __init__(self):
        self.told, self.fails = [], False

    def __call__(self, what, untold):
        if self.fails:
            raise ConnectionError("no")
        self.told.append((what.kind, untold))


def test_a_trouble_says_what_where_and_what_to_do_and_not_what_the_error_says():
    told = trouble(raised())
    lines = dict(told.lines(untold=4))
    assert told.title == "工程告警：县级报告入库·入库 任务失败"
    assert lines["流程"] == "县级报告入库（county_reports）"
    assert lines["任务"] == "入库（load）"
    assert lines["异常"].startswith("ValueError，test_engineers.py 第 ")
    assert "还有 4 次" in lines["另有"]
    assert "清除（Clear）" in lines["处理办法"]
    assert SECRET not in f"{told.title}{lines}"
    assert told.base_and_page == (
        "http://airflow.example:8080",
        "dags/county_reports/runs/r%2B1/tasks/load?try_number=3",
    )


def test_a_process_that_was_killed_left_no_error():
    assert "内存不足" in dict(trouble().lines(0))["异常"]


def test_another_task_or_kind_of_error_is_another_trouble(home):
    channel = Channel()
    for one in (trouble(raised()), trouble(raised(KeyError)), trouble(raised(), task_id="parse"), trouble(raised())):
        tell(home, one, channel, NOON)
    assert channel.told == [("ValueError", 0), ("KeyError", 0), ("ValueError", 0)]


def test_after_an_hour_the_next_is_told_at_once_with_those_that_were_not(home):
    channel = Channel()
    told = [
        tell(home, trouble(raised()), channel, NOON + timedelta(minutes=minute)) for minute in (0, 1, 59, 60, 61, 180)
    ]
    assert told == [True, False, False, True, False, True]
    assert channel.told == [("ValueError", 0), ("ValueError", 2), ("ValueError", 1)]


def test_a_channel_that_fails_is_left_in_peace_for_two_minutes_and_then_hears_of_all(home):
    channel = Channel()
    channel.fails = True
    with pytest.raises(ConnectionError):
        tell(home, trouble(raised()), channel, NOON)
    assert not tell(home, trouble(raised()), channel, NOON + timedelta(minutes=1))
    channel.fails = False
    assert tell(home, trouble(raised()), channel, NOON + timedelta(minutes=2))
    assert channel.told == [("ValueError", 2)]


def test_whoever_is_killed_while_sending_silences_nobody_for_long(home):
    def killed(*_):
        raise SystemExit

    with pytest.raises(SystemExit):
        tell(home, trouble(raised()), killed, NOON)
    channel = Channel()
    assert tell(home, trouble(raised()), channel, NOON + timedelta(minutes=2))


def test_of_many_that_fail_at_once_one_is_told(home):
    channel = Channel()
    with ThreadPoolExecutor(8) as tasks:
        told = list(tasks.map(lambda _: tell(home, trouble(raised()), channel, NOON), range(16)))
    assert told.count(True) == len(channel.told) == 1
    assert tell(home, trouble(raised()), channel, NOON + QUIET)
    assert channel.told[-1] == ("ValueError", 15)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), min_size=1, max_size=15).map(sorted))
def test_none_is_lost_and_no_two_are_told_within_an_hour(failures):
    channel, told_at, refused = Channel(), [], 0
    with tempfile.TemporaryDirectory() as folder:
        home = Settings.read(home=Path(folder))
        for minute, channel.fails in failures:
            before = len(channel.told)
            try:
                tell(home, trouble(raised()), channel, NOON + timedelta(minutes=minute))
            except ConnectionError:
                refused += 1
            told_at += [minute] * (len(channel.told) - before)
        channel.fails = False
        assert tell(home, trouble(raised()), channel, NOON + timedelta(days=1))
    assert all(later - earlier >= 60 for earlier, later in pairwise(told_at))
    assert sum(1 + untold for _, untold in channel.told) == len(failures) + 1
    assert refused + len(told_at) <= len(failures)


def test_the_engineers_mailboxes_are_a_list_or_one():
    assert mailboxes("a@b.example") == ("a@b.example",)
    assert mailboxes(["a@b.example", "c@d.example"]) == ("a@b.example", "c@d.example")


@pytest.mark.parametrize("written", [(), [], "", "nobody", ["a@b.example", "c"], 7, None, {"a@b.example": 1}])
def test_what_is_no_mailbox_is_told(written):
    with pytest.raises(SendError, match="收件人（to）不是邮箱地址"):
        mailboxes(written)
