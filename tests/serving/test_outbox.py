"""What is due goes out once, in order, at the robot's pace; what cannot go waits, and holds up nothing else."""

import smtplib
import sqlite3
import threading
from datetime import timedelta

import pytest

import catalog
from catalog.alerting import Channel
from serving.channels import Endpoint, Patience, SendError
from serving.message import read_messages
from serving.outbox import listed, send_due

from .stubs import CONTENT, ERROR, NOW, REFUSED, SLOW, SLOW_OK, MailServer, Robot, message_row, minutes, release_of

QUICK = Patience(connect=1, read=0.4, whole=1)


class Desk:
    """An outbox with robots: `post` writes the release, `send` sends at so many minutes after NOW."""

    def __init__(self, folder, robots, per_minute=20):
        self.folder, self.robots, self.rows = folder, robots, []
        self.release, self.ledger = folder / "release.duckdb", folder / "outbox" / "ledger.sqlite"
        channels = tuple(
            Channel(id=name, kind=robot.kind, connection=f"c_{name}", per_minute=per_minute)
            for name, robot in robots.items()
        )
        self.alerts = catalog.load().alerts.model_copy(update={"channels": channels})

    def post(self, *rows):
        self.rows += rows
        release_of(self.release, self.rows)

    def endpoint_of(self, channel):
        robot = self.robots[channel.id]
        return Endpoint(channel.kind, channel.connection, url=robot.url, secret=robot.secret)

    def send(self, at=0, endpoint_of=None, release=None):
        return send_due(
            release or self.release,
            self.ledger,
            self.alerts,
            endpoint_of or self.endpoint_of,
            None,
            NOW + minutes(at),
            patience=QUICK,
        )

    def states(self):
        return {entry.number: entry.state for entry in listed(self.release, self.ledger)}


@pytest.fixture
def robot():
    with Robot("wecom", slow_seconds=0.8) as robot:
        yield robot


@pytest.fixture
def desk(tmp_path, robot):
    return Desk(tmp_path, {"robot": robot})


def counts(sent):
    return {
        name: n
        for name in ("sent", "waiting", "failed", "unconfigured", "stranded", "expired", "lost")
        if (n := vars(sent)[name])
    }


def test_each_goes_out_once_in_order(desk, robot):
    desk.post(*(message_row(n) for n in (3, 1, 2)))
    sent = desk.send()
    assert counts(sent) == {"sent": 3}
    assert sent.configured == ("robot",)
    assert robot.numbers == [1, 2, 3]
    assert counts(desk.send(1)) == {}
    desk.post(message_row(4))
    assert counts(desk.send(2)) == {"sent": 1}
    assert robot.numbers == [1, 2, 3, 4]
    assert set(desk.states().values()) == {"已发"}


def test_a_release_of_before_there_were_messages(desk, robot, tmp_path):
    import duckdb

    duckdb.connect(str(tmp_path / "old.duckdb")).close()
    assert read_messages(tmp_path / "old.duckdb") == []
    assert counts(desk.send(release=tmp_path / "old.duckdb")) == {}


def test_nothing_goes_before_its_time(desk, robot):
    desk.post(message_row(1, not_before=NOW + minutes(10)), message_row(2))
    sent = desk.send()
    assert counts(sent) == {"sent": 1, "waiting": 1}
    assert sent.behind == timedelta(0)
    assert robot.numbers == [2]
    assert counts(desk.send(9)) == {"waiting": 1}
    assert counts(desk.send(10)) == {"sent": 1}
    assert robot.numbers == [2, 1]


@pytest.mark.parametrize("does", [REFUSED, ERROR, SLOW])
def test_what_fails_is_tried_again_later_and_later(desk, robot, does):
    desk.post(message_row(1))
    robot.script.extend([does] * 7)
    pauses, at = [], 0.0
    for tries in range(1, 8):
        assert counts(desk.send(at)) == {"failed": 1}
        (entry,) = listed(desk.release, desk.ledger)
        pauses.append(round((entry.next_try_at - NOW) / minutes(1) - at))
        assert entry.attempts == tries
        at += pauses[-1] - 0.1
        assert counts(desk.send(at)) == {"waiting": 1}
        at += 0.2
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert counts(desk.send(at)) == {"sent": 1}
    assert robot.numbers == [1]
    assert desk.states() == {1: "已发"}


def test_why_it_failed_is_told_and_kept_without_the_robots_key(desk, robot):
    desk.post(message_row(1))
    robot.script.append(REFUSED)
    sent = desk.send(90)
    assert counts(sent) == {"failed": 1}
    assert sent.behind >= minutes(90)
    assert sent.problems == ("robot：机器人返回 errcode 310000：keywords not in content",)
    (entry,) = listed(desk.release, desk.ledger)
    assert (entry.state, entry.attempts, entry.last_error) == (
        "失败",
        1,
        "机器人返回 errcode 310000：keywords not in content",
    )
    assert minutes(91) <= entry.next_try_at - NOW <= minutes(92)
    robot.down()
    assert counts(desk.send(93)) == {"failed": 1}
    assert robot.key.encode() not in desk.ledger.read_bytes()
    assert robot.url.encode() not in desk.ledger.read_bytes()


def test_a_robot_that_is_down_is_left_alone_after_three_and_nobody_else_waits(tmp_path):
    with Robot("wecom") as down, Robot("dingtalk", secret="s") as well:
        desk = Desk(tmp_path, {"down": down, "well": well})
        desk.post(*(message_row(n, channel="down" if n % 2 else "well") for n in range(1, 21)))
        down.script.extend([ERROR] * 20)
        assert counts(desk.send()) == {"sent": 10, "failed": 3, "waiting": 7}
        assert len(down.requests) == 3
        assert well.numbers == list(range(2, 21, 2))


def test_an_outage_of_an_hour_only_delays(desk, robot):
    desk.post(*(message_row(n) for n in range(1, 31)))
    robot.down()
    for at in range(0, 60, 5):
        assert counts(desk.send(at)).get("sent") is None
    robot.up()
    for at in range(60, 100, 5):
        desk.send(at)
    assert sorted(robot.numbers) == list(range(1, 31))
    assert len(robot.requests) == 30


def test_no_more_than_the_robot_takes_in_a_minute(tmp_path, robot):
    desk = Desk(tmp_path, {"robot": robot}, per_minute=5)
    desk.post(*(message_row(n) for n in range(1, 13)))
    assert counts(desk.send(0)) == {"sent": 5, "waiting": 7}
    assert counts(desk.send(0.5)) == {"waiting": 7}
    assert counts(desk.send(1.1)) == {"sent": 5, "waiting": 2}
    assert counts(desk.send(2.2)) == {"sent": 2}
    assert robot.numbers == list(range(1, 13))


def test_two_channels_on_one_robot_share_its_pace(tmp_path, robot):
    desk = Desk(tmp_path, {"one": robot, "two": robot}, per_minute=4)
    same = tuple(channel.model_copy(update={"connection": "the_same"}) for channel in desk.alerts.channels)
    desk.alerts = desk.alerts.model_copy(update={"channels": same})
    desk.post(*(message_row(n, channel="one" if n % 2 else "two") for n in range(1, 9)))
    assert counts(desk.send()) == {"sent": 4, "waiting": 4}


def test_a_channel_without_a_connection_waits(desk, robot):
    desk.post(message_row(1))
    sent = desk.send(endpoint_of=lambda channel: None)
    assert counts(sent) == {"unconfigured": 1}
    assert sent.configured == ()
    assert counts(desk.send(30 * 24 * 60)) == {"sent": 1}
    assert robot.numbers == [1]


def test_what_a_renamed_channel_leaves_behind_is_told_and_goes_out_when_it_is_back(desk, robot):
    desk.post(message_row(1), message_row(2, channel="renamed"))
    sent = desk.send()
    assert counts(sent) == {"sent": 1, "stranded": 1}
    assert sent.strange_channels == ("renamed",)
    desk.robots["renamed"] = robot
    back = Channel(id="renamed", kind="wecom", connection="c_robot")
    desk.alerts = desk.alerts.model_copy(update={"channels": (*desk.alerts.channels, back)})
    assert counts(desk.send(30 * 24 * 60)) == {"sent": 1}
    assert robot.numbers == [1, 2]


def test_a_connection_that_cannot_be_used_holds_up_nobody(tmp_path):
    with Robot("wecom") as bad, Robot("webhook") as odd, Robot("feishu") as well:
        desk = Desk(tmp_path, {"bad": bad, "odd": odd, "well": well})
        desk.post(*(message_row(n, channel=name) for n, name in enumerate(("bad", "odd", "well"), 1)))

        def endpoint_of(channel):
            if channel.id == "bad":
                raise SendError("连接 c_bad 没有填写机器人的密钥（Password）。")
            if channel.id == "odd":
                raise ZeroDivisionError("https://secret.example/key")
            return desk.endpoint_of(channel)

        sent = desk.send(endpoint_of=endpoint_of)
    assert counts(sent) == {"sent": 1, "failed": 2}
    assert sent.problems == (
        "bad：连接 c_bad 没有填写机器人的密钥（Password）。",
        "odd：渠道 odd 意外出错（ZeroDivisionError）",
    )
    assert b"secret.example" not in desk.ledger.read_bytes()


def test_when_the_ledger_is_lost_old_messages_do_not_flood(desk, robot, caplog):
    old, new = NOW - timedelta(days=15), NOW - timedelta(days=13)
    muted = message_row(3, at=old, not_before=NOW - minutes(1))
    desk.post(message_row(1, at=old), message_row(2, at=new), muted)
    assert counts(desk.send()) == {"sent": 2, "expired": 1}
    assert robot.numbers == [2, 3]
    assert "告警 1 已超过 14 天，不再发送" in caplog.text
    assert desk.states() == {1: "过期", 2: "已发", 3: "已发"}
    assert counts(desk.send(1)) == {}


def test_a_message_that_waits_in_the_ledger_never_expires(desk, robot):
    desk.post(message_row(1))
    desk.send(endpoint_of=lambda channel: None)
    assert counts(desk.send(60 * 24 * 40)) == {"sent": 1}


def test_what_vanished_from_the_release_is_told(desk, robot, caplog):
    desk.post(message_row(1), message_row(2))
    robot.script.extend([ERROR, ERROR])
    desk.send()
    desk.rows = desk.rows[:1]
    desk.post()
    sent = desk.send(5)
    assert counts(sent) == {"sent": 1, "lost": 1}
    assert "1条待发告警不在发布中" in caplog.text


def test_a_message_that_cannot_be_read_says_so(desk, robot):
    row = list(message_row(1))
    row[6] = '{"title": 3}'
    desk.post(tuple(row), message_row(2))
    assert counts(desk.send()) == {"sent": 2}
    assert robot.delivered[0].title == "【告警 1】本条告警的内容无法读取"


def test_the_window_that_nobody_can_close_gives_a_copy_with_the_same_number(desk, robot):
    desk.post(message_row(1))
    robot.script.append(SLOW_OK)
    assert counts(desk.send()) == {"failed": 1}
    assert counts(desk.send(5)) == {"sent": 1}
    assert robot.numbers == [1, 1]
    assert robot.delivered[0].body == robot.delivered[1].body


class _TimeIsUp(BaseException):
    """As Airflow ends a task that has taken too long."""


def test_what_a_sender_dies_in_waits_and_the_next_goes_on_with_the_others(desk, robot, monkeypatch):
    desk.post(message_row(1), message_row(2))

    def die(*_, **__):
        raise _TimeIsUp

    with monkeypatch.context() as patch:
        patch.setattr("serving.outbox.send", die)
        with pytest.raises(_TimeIsUp):
            desk.send()
    assert counts(desk.send(5)) == {"sent": 1, "waiting": 1}
    assert counts(desk.send(11)) == {"sent": 1}
    assert robot.numbers == [2, 1]


def test_a_mailbox_that_is_refused_for_now_gets_it_later_and_nobody_gets_it_twice(desk, tmp_path):
    first, second, third = (f"{name}@intranet.example" for name in ("first", "second", "third"))
    desk.post(message_row(1, channel="mail"))
    channel = Channel(id="mail", kind="email", connection="c_mail", to=(first, second, third))
    alerts = desk.alerts.model_copy(update={"channels": (channel,)})
    with MailServer(refuse={third}, later={second}) as server:

        def mail(connection, message, to):
            with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
                return client.send_message(message, to_addrs=to)

        def send_at(at):
            endpoint = Endpoint("email", "c_mail", sender="a@b.example")
            return send_due(desk.release, desk.ledger, alerts, lambda _: endpoint, mail, NOW + minutes(at))

        sent = send_at(0)
        assert counts(sent) == {"failed": 1}
        assert sent.problems == ("mail：邮件服务器拒收 2 个邮箱（450、550），其余已收下",)
        server.later.clear()
        sent = send_at(5)
        assert (counts(sent), sent.refused) == ({"sent": 1}, 1)
        assert sent.problems == ("mail：邮件服务器拒收 1 个邮箱（550），其余已收下",)
        assert [envelope.rcpt_tos for envelope in server.envelopes] == [[first], [second]]
        assert counts(send_at(60)) == {}
    assert b"intranet.example" not in desk.ledger.read_bytes()


def test_two_senders_at_once_send_each_once(desk, robot):
    desk.post(*(message_row(n) for n in range(1, 16)))
    done = []
    threads = [threading.Thread(target=lambda: done.append(desk.send())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent.sent for sent in done) == [0, 0, 15]
    assert robot.numbers == list(range(1, 16))


def test_the_journal_has_every_attempt(desk, robot):
    desk.post(message_row(1))
    robot.script.append(ERROR)
    desk.send()
    desk.send(2)
    with sqlite3.connect(desk.ledger) as connection:
        tries = connection.execute("select connection, outcome, ended_at > started_at from attempt").fetchall()
    assert tries == [("c_robot", "failed", 1), ("c_robot", "sent", 1)]


def test_the_list_shows_plain_titles(desk):
    desk.post(message_row(1, title="\x1b[31m红\n字"))
    (entry,) = listed(desk.release, desk.ledger)
    assert (entry.title, entry.state, entry.next_try_at) == ("［31m红 字", "待发", NOW)
    assert CONTENT["title"] not in entry.title
