"""Incidents on the command line: what offices say of them, and what survives a kill, a rebuild and a look back."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from .conftest import LANDING, ask, daibiao

FORM = LANDING / "黔西市" / "黔西市2026年6月活动情况统计表.xlsx"
ASKED = LANDING / "南明区" / "贵阳市南明区2026年6月活动情况统计表.csv"
MENU = LANDING / "其他" / "机关食堂菜单.xlsx"
OF = "select incident_id, state, note from dq.incident where file like '%{}%'"

# Dies when the incidents and their messages are committed, before they are published.
KILLED = """
import os, signal
import pipeline.steps as steps
from pipeline.cli import app
steps.publish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
app()
"""


@pytest.fixture
def home(tmp_path):
    for path in (FORM, ASKED, MENU):
        (tmp_path / "landing").mkdir(exist_ok=True)
        shutil.copy(path, tmp_path / "landing" / path.name)
    daibiao("run", home=tmp_path, check=1)
    return tmp_path


def one(name, home):
    (found,) = ask(OF.format(name), home)
    return found


def number(name, home):
    return one(name, home)["incident_id"]


def test_what_an_office_says_is_written_down_and_travels(home):
    asked = number("南明区", home)
    done = daibiao(
        "incident", "explain", asked, "--who", "南明区人大办", "--note", "合计含机关代表", home=home, check=0
    )
    assert "已解决" in done.stdout
    assert one("南明区", home)["note"] == "说明已采用"
    assert ask("select origin, text, who from mart.explanation", home) == [
        {"origin": "incident", "text": "合计含机关代表", "who": "南明区人大办"}
    ]
    daibiao("run", home=home)
    assert one("南明区", home)["state"] == "resolved"
    daibiao("incident", "return", asked, "--who", "贵阳市人大办", "--note", "请附名单", home=home, check=0)
    assert one("南明区", home) == {"incident_id": asked, "state": "returned", "note": "请附名单"}
    assert ask("from mart.explanation", home) == []
    told = json.loads(daibiao("incident", "show", asked, "--json", home=home, check=0).stdout)
    assert [event["kind"] for event in told["history"]] == ["opened", "explained", "resolved", "returned"]


def test_what_must_be_fixed_cannot_be_explained_away_and_persons_cannot_act(home):
    must = number("黔西市", home)
    refused = daibiao("incident", "explain", must, "--who", "黔西市人大办", "--note", "无误", home=home, check=2)
    assert "必须改正" in refused.stderr
    person = daibiao("incident", "acknowledge", must, "--who", "测试甲", home=home, check=2)
    assert "不写个人姓名" in person.stderr
    assert (
        "没有问题单" in daibiao("incident", "acknowledge", "2026-99999", "--who", "省人大办", home=home, check=2).stderr
    )
    masked = daibiao(
        "incident", "acknowledge", must, "--who", "黔西市人大办", "--note", "电话19900000000", home=home, check=0
    )
    assert masked.returncode == 0
    assert "19900000000" not in json.dumps(ask("from dq.incident_event", home), default=str)


def test_a_file_that_is_no_report_is_closed_by_hand_and_stays_closed(home):
    menu = number("食堂", home)
    daibiao("incident", "resolve", menu, "--who", "省人大办", "--note", "不是报表", home=home, check=0)
    daibiao("run", home=home)
    assert one("食堂", home) == {"incident_id": menu, "state": "resolved", "note": "不是报表"}


def test_a_rebuild_keeps_incidents_and_messages_even_when_the_warehouse_is_lost(home):
    asked = number("南明区", home)
    daibiao("incident", "explain", asked, "--who", "南明区人大办", "--note", "合计含机关代表", home=home, check=0)
    tables = ("dq.incident_event", "dq.incident_answer", "ops.message")
    before = {table: ask(f"from {table} order by all", home) for table in tables}
    assert all(before.values())
    (home / "warehouse.duckdb").unlink()
    daibiao("rebuild", home=home)
    assert {table: ask(f"from {table} order by all", home) for table in tables} == before
    assert one("南明区", home)["state"] == "resolved"


def test_killed_between_commit_and_publication_every_message_goes_out_once(tmp_path):
    (tmp_path / "landing").mkdir()
    shutil.copy(FORM, tmp_path / "landing")
    environment = os.environ | {"DAIBIAO_SETTLE_SECONDS": "0"}
    command = [sys.executable, "-c", KILLED, "run", "--home", str(tmp_path)]
    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "releases").exists()
    daibiao("run", home=tmp_path)
    opened = ask("select incident_id, count(*) as n from ops.message where kind = 'opened' group by all", tmp_path)
    events = ask("select incident_id from dq.incident_event where kind = 'opened'", tmp_path)
    assert {row["n"] for row in opened} == {1}
    assert sorted(row["incident_id"] for row in opened) == sorted(row["incident_id"] for row in events)


def test_an_earlier_day_knows_nothing_of_what_happened_later(home):
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    rows = daibiao("query", "from dq.incident", "--as-of", day, "--json", home=home, check=0)
    assert json.loads(rows.stdout) == []
    assert ask("from dq.incident", home)
