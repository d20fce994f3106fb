"""Killed by kill -9 at any step, the sender loses nothing and doubles nothing but what it could not have known."""

import json
import os
import signal
import subprocess
import sys

import pytest

from serving.ledger import read_entries

from .stubs import BLOCK, ROOT, SLOW_OK, Robot, message_row, release_of

SENDER = """
import json, sys
from datetime import datetime
from pathlib import Path
import catalog
from catalog.alerting import Channel
from serving.channels import Endpoint
from serving.outbox import send_due
release, ledger, url, now = sys.argv[1:]
channels = (Channel(id="robot", kind="wecom", connection="c"),)
alerts = catalog.load().alerts.model_copy(update={"channels": channels})
endpoint = Endpoint("wecom", "c", url=url)
sent = send_due(Path(release), Path(ledger), alerts, lambda channel: endpoint, None, datetime.fromisoformat(now))
print(json.dumps({"sent": sent.sent, "waiting": sent.waiting, "failed": sent.failed}))
"""


@pytest.fixture
def desk(tmp_path):
    release = release_of(tmp_path / "release.duckdb", [message_row(n) for n in range(1, 6)])
    ledger = tmp_path / "outbox" / "ledger.sqlite"

    def start(robot, now="2026-07-01T02:00:00+00:00"):
        command = [sys.executable, "-c", SENDER, release, ledger, robot.url, now]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)

    start.ledger = ledger
    return start


LATER = "2026-07-01T02:11:00+00:00"


def kill(process):
    process.send_signal(signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL


def finish(process):
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return json.loads(out)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_killed_before_the_next_message_is_taken(desk, n):
    """n = 0: between the release that holds the messages and the first of them; else between two sends."""
    with Robot("wecom") as robot:
        robot.script.extend(["ok"] * n + [BLOCK])
        process = desk(robot)
        robot.wait_for(n + 1)
        kill(process)
        assert robot.numbers == list(range(1, n + 1))
        assert sum(entry.state == "sent" for entry in read_entries(desk.ledger).values()) == n
        assert finish(desk(robot)) == {"sent": 4 - n, "waiting": 1, "failed": 0}  # what it died in holds up nobody
        assert finish(desk(robot, LATER)) == {"sent": 1, "waiting": 0, "failed": 0}
        assert robot.numbers == [*range(1, n + 1), *range(n + 2, 6), n + 1]
        assert finish(desk(robot, LATER)) == {"sent": 0, "waiting": 0, "failed": 0}
        assert len(robot.numbers) == 5


def test_killed_between_the_answer_and_the_note_the_copy_has_the_same_number(desk):
    with Robot("wecom", slow_seconds=5) as robot:
        robot.script.extend(["ok", SLOW_OK])
        process = desk(robot)
        robot.wait_for(2)
        kill(process)
        assert finish(desk(robot)) == {"sent": 3, "waiting": 1, "failed": 0}
        assert finish(desk(robot, LATER)) == {"sent": 1, "waiting": 0, "failed": 0}
        assert robot.numbers == [1, 2, 3, 4, 5, 2]


def test_two_processes_at_once(desk):
    with Robot("wecom", slow_seconds=1) as robot:
        robot.script.append(SLOW_OK)
        senders = [desk(robot) for _ in range(2)]
        assert sorted(finish(sender)["sent"] for sender in senders) == [0, 5]
        assert robot.numbers == [1, 2, 3, 4, 5]
