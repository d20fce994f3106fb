"""DAG `alerts`, run by Airflow itself: connections from the environment, robots and a mail server on this machine."""

import json
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

import catalog
from catalog.alerting import Channel

from ..serving.stubs import ERROR, MailServer, Robot, message_row, release_of

RELEASE = "releases/20260701T020000Z-0a1b2c3d/daibiao.duckdb"
NOW = datetime.now(UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DAIBIAO_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def channels(monkeypatch):
    """Declare channels in place of the catalog's, and connections as Airflow reads them from the environment."""
    facts = catalog.load()

    def declare(*given, **connections):
        alerts = facts.alerts.model_copy(update={"channels": given})
        monkeypatch.setattr(catalog, "load", lambda: type("Facts", (), {"alerts": alerts}))
        for name, connection in connections.items():
            monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", connection)

    return declare


def robot_connection(robot, **extra):
    """Only host, port, key and secret: the path is the vendor's."""
    host = {"conn_type": "http", "schema": "http", "host": "127.0.0.1", "port": robot.port, "password": robot.key}
    return json.dumps(host | {"extra": extra})


def run(dag):
    (task,) = dag.test().get_task_instances()
    return str(task.state)


def test_every_kind_of_channel_gets_its_own_through_its_connection(dags, home, channels):
    kinds = ("wecom", "dingtalk", "feishu", "webhook")
    with (
        Robot("wecom") as wecom,
        Robot("dingtalk", secret="SECding") as dingtalk,
        Robot("feishu", secret="fs") as feishu,
        Robot("webhook", secret="wh") as webhook,
        MailServer() as server,
    ):
        robots = dict(zip(kinds, (wecom, dingtalk, feishu, webhook), strict=True))
        channels(
            *(Channel(id=kind, kind=kind, connection=f"c_{kind}") for kind in kinds),
            Channel(id="mail", kind="email", connection="c_mail", to=("a@intranet.example",)),
            c_wecom=json.dumps({"conn_type": "http", "host": wecom.url}),  # a whole address
            c_dingtalk=robot_connection(dingtalk, secret="SECding"),
            c_feishu=robot_connection(feishu, secret="fs"),
            c_webhook=json.dumps(
                {
                    "conn_type": "http",
                    "host": webhook.url,
                    "password": "wh",
                    "extra": {"headers": {"X-From": "daibiao"}},
                }
            ),
            c_mail=server.connection,
        )
        release_of(home / RELEASE, [message_row(n, channel, at=NOW) for n, channel in enumerate((*kinds, "mail"), 1)])
        assert run(dags["alerts"]) == "success"
        assert {kind: robot.numbers for kind, robot in robots.items()} == {k: [n] for n, k in enumerate(kinds, 1)}
        assert webhook.delivered[0].headers["X-From"] == "daibiao"
        (letter,) = server.messages
        assert letter["Subject"].startswith("【告警 5】")
        assert letter["From"] == "gaojing@intranet.example"
        assert letter.get_body(("plain",)) is not None
        assert run(dags["alerts"]) == "success"
        assert sum(len(robot.requests) for robot in robots.values()) == 4
        assert len(server.messages) == 1


def test_without_any_connection_it_is_skipped_and_nothing_is_lost(dags, home, channels, capfd):
    assert run(dags["alerts"]) == "skipped"  # no release yet
    release_of(home / RELEASE, [message_row(1, at=NOW - timedelta(days=3))])
    with Robot("wecom") as robot:
        channels(Channel(id="robot", kind="wecom", connection="c_later"))
        assert run(dags["alerts"]) == "skipped"
        channels(Channel(id="robot", kind="wecom", connection="c_later"), c_later=robot_connection(robot))
        assert run(dags["alerts"]) == "success"
        assert robot.numbers == [1]


def test_it_fails_when_something_has_waited_over_an_hour_and_at_once_no_more(dags, home, channels, capfd):
    with Robot("wecom") as robot:
        channels(Channel(id="robot", kind="wecom", connection="c_robot"), c_robot=robot_connection(robot))
        release_of(home / RELEASE, [message_row(1, at=NOW)])
        robot.script.append(ERROR)
        assert run(dags["alerts"]) == "success"
        rows = [message_row(1, at=NOW), message_row(2, at=NOW - timedelta(hours=2))]
        release_of(home / RELEASE, rows)
        robot.script.append(ERROR)
        assert run(dags["alerts"]) == "failed"
        assert len(robot.requests) == 2  # not tried again on end
        told = "".join(capfd.readouterr())
        assert robot.key not in told


def test_a_mail_server_that_fails_is_asked_once(dags, home, channels):
    with MailServer() as server:
        channels(
            Channel(id="mail", kind="email", connection="c_mail", to=("a@intranet.example",)), c_mail=server.connection
        )
        release_of(home / RELEASE, [message_row(1, "mail", at=NOW)])
        server.script.extend(["451 later", "250 taken", "250 taken"])
        assert run(dags["alerts"]) == "success"
        assert list(server.script) == ["250 taken", "250 taken"]
        assert server.messages == []


def test_a_mail_server_that_hangs_up_is_called_once(dags, home, channels):
    """Airflow's hook would call six times on end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        extra = {"from_email": "a@intranet.example", "disable_ssl": True, "disable_tls": True, "timeout": 2}
        host = {"conn_type": "smtp", "host": "127.0.0.1", "port": server.getsockname()[1], "extra": extra}
        calls = []

        def hang_up():
            with suppress(OSError):
                while True:
                    calls.append(server.accept()[0])
                    calls[-1].close()

        listening = threading.Thread(target=hang_up, daemon=True)
        listening.start()
        channels(
            Channel(id="mail", kind="email", connection="c_mail", to=("a@intranet.example",)), c_mail=json.dumps(host)
        )
        release_of(home / RELEASE, [message_row(1, "mail", at=NOW)])
        assert run(dags["alerts"]) == "success"
        assert len(calls) == 1


def test_a_mail_server_that_is_not_there_is_told(dags, home, channels, capfd):
    with MailServer() as server:
        connection = server.connection
    channels(Channel(id="mail", kind="email", connection="c_mail", to=("a@intranet.example",)), c_mail=connection)
    release_of(home / RELEASE, [message_row(1, "mail", at=NOW - timedelta(hours=3))])
    assert run(dags["alerts"]) == "failed"
    assert "无法连接邮件服务器" in "".join(capfd.readouterr())
