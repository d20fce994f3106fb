"""`daibiao outbox` tells what went out, what waits and why; the step `send` says when somebody has to look."""

import json
from datetime import timedelta

import pytest

from pipeline.sending import account, ledger_file, send, why_failed, why_skipped
from pipeline.settings import Settings
from serving.ledger import hold
from serving.outbox import Sent

from ..serving.stubs import NOW, MailServer, message_row, minutes, release_of
from .conftest import daibiao

RELEASE = "releases/20260701T020000Z-0a1b2c3d/daibiao.duckdb"


@pytest.fixture
def home(tmp_path):
    release_of(tmp_path / RELEASE, [message_row(n, channel="province_mail") for n in (1, 2, 3)])
    return tmp_path


def test_the_list(home):
    with hold(ledger_file(Settings.read(home=home))) as ledger:
        ledger.enter([(message_row(n, channel="province_mail")[0], n, "province_mail") for n in (1, 2)], NOW)
        first, second = (message_row(n, channel="province_mail")[0] for n in (1, 2))
        ledger.sent(ledger.begin(first, "daibiao_mail", NOW, NOW), first, None, NOW)
        ledger.failed(ledger.begin(second, "daibiao_mail", NOW, NOW), second, "等待超时", NOW, NOW + minutes(4))
    shown = daibiao("outbox", home=home, check=0).stdout
    assert [line.split()[:1] for line in shown.splitlines() if "兴义市" in line] == [["1"], ["2"], ["3"]]
    told = json.loads(daibiao("outbox", "--json", home=home, check=0).stdout)
    assert [(entry["number"], entry["state"], entry["last_error"]) for entry in told] == [
        (1, "已发", None),
        (2, "失败", "等待超时"),
        (3, "待发", None),
    ]
    assert told[1]["next_try_at"] == "2026-07-01T02:04:00+00:00"
    assert "2026-07-01 10:04" in shown  # in Guizhou
    waiting = json.loads(daibiao("outbox", "--json", "--waiting", home=home, check=0).stdout)
    assert [entry["number"] for entry in waiting] == [2, 3]


def test_without_a_release(tmp_path):
    done = daibiao("outbox", home=tmp_path, check=2)
    assert "还没有发布" in done.stderr
    assert send(Settings.read(home=tmp_path), lambda channel: None, None, NOW) is None
    assert why_skipped(None) == "还没有发布，没有可发送的告警。"


def test_the_step_sends_from_the_newest_release_with_the_pages_address(home):
    from serving.channels import Endpoint

    settings = Settings.read(home=home, environment={"DAIBIAO_PAGES_URL": "https://pages.example/"})
    with MailServer() as server:
        import smtplib

        def mail(connection, message, to):
            with smtplib.SMTP("127.0.0.1", server.port) as client:
                return client.send_message(message, to_addrs=to)

        sent = send(settings, lambda c: Endpoint(c.kind, c.connection, sender="a@b.example"), mail, NOW + minutes(1))
        assert (sent.sent, why_skipped(sent), why_failed(sent)) == (3, None, None)
        text = server.messages[0].get_body(("plain",)).get_content()
    assert "https://pages.example/quality/latest.html#bad_file-522301" in text


def told(**more):
    names = {
        "sent": 0,
        "waiting": 0,
        "failed": 0,
        "expired": 0,
        "unconfigured": 0,
        "stranded": 0,
        "refused": 0,
        "lost": 0,
    }
    usual = {"behind": timedelta(0), "problems": (), "configured": ("mail",), "strange_channels": ()}
    return Sent(**(names | usual | more))


@pytest.mark.parametrize("configured", [(), ("mail",)])
def test_somebody_has_to_look_when_a_channel_was_renamed(configured):
    sent = told(stranded=2, strange_channels=("old_mail", "old_robot"), configured=configured)
    assert why_skipped(sent) is None
    assert why_failed(sent).startswith("有 2 条告警的渠道（old_mail、old_robot）已不在 catalog/alerts.yml 中")
    assert "2 条的渠道（old_mail、old_robot）" in account(sent)


def test_somebody_has_to_look_only_when_it_fails_and_has_waited_over_an_hour():
    assert why_failed(told(failed=2, behind=minutes(60))) is None
    assert why_failed(told(waiting=2, behind=minutes(90))) is None
    reason = why_failed(told(failed=2, behind=minutes(90), problems=("mail：HTTP 500",)))
    assert (
        reason == "告警已积压 1.5 小时：发出 0 条，待发 0 条，失败 2 条。mail：HTTP 500。请检查渠道的连接、密钥和网络。"
    )


def test_somebody_hears_of_a_mailbox_that_refuses_for_good():
    reason = why_failed(told(sent=1, refused=1, problems=("mail：邮件服务器拒收 1 个邮箱（550），其余已收下",)))
    assert reason.startswith("有 1 条告警被部分邮箱永久拒收，不会再发给它们：mail：邮件服务器拒收 1 个邮箱（550）")


def test_nothing_left_out_is_silent():
    sent = told(sent=1, waiting=2, unconfigured=3, expired=4, lost=5)
    for words in ("发出 1 条", "待发 2 条", "3 条的渠道没有配置连接", "4 条因过期", "5 条有记录但已不在发布中"):
        assert words in account(sent)
    assert why_skipped(told(unconfigured=3, configured=())) == (
        "告警渠道都没有配置连接，3 条告警在待发箱中等候。配置办法见 docs/alerts.md。"
    )
