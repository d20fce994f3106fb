"""Each channel sends what its vendor wants, believes only the code of the answer, and lets no words command it."""

import json
import logging
import re
import smtplib
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.channels import Endpoint, Patience, SendError, send, web_address
from serving.channels.layout import Layout
from serving.channels.post import reason
from serving.channels.robots import DINGTALK_LIMIT, FEISHU_LIMIT, WECOM_LIMIT, dingtalk, feishu, wecom
from serving.channels.signing import dingtalk_sign, feishu_sign, webhook_sign
from serving.message import Message

from .stubs import BLOCK, CONTENT, ERROR, MOVED, NOISE, REFUSED, SLOW, Robot

AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
MESSAGE = Message(
    number=12,
    key="incident-12|opened|市州",
    kind="opened",
    incident_id="incident-12",
    route="qianxinan",
    channel="robot",
    title=CONTENT["title"],
    lines=tuple((label, text) for label, text in CONTENT["lines"]),
    items=tuple(CONTENT["items"]),
    page=CONTENT["page"],
    created_at=AT,
    not_before=AT,
)
KINDS = ("wecom", "dingtalk", "feishu", "webhook")
QUICK = Patience(connect=1, read=0.4, whole=2)
PAGES = "https://tongji.example/pages"
MAILBOX = Endpoint("email", "daibiao_mail", sender="gaojing@intranet.example")


def to(robot, **more):
    return Endpoint(robot.kind, "daibiao_robot", url=robot.url, secret=robot.secret, **more)


def tell(robot, message=MESSAGE, **more):
    return send(to(robot), message, at=AT, pages_url=PAGES, patience=QUICK, **more)


# Worked out with `openssl dgst -sha256 -hmac` on a shell, not with this code.
def test_signatures_are_those_of_another_program():
    assert dingtalk_sign("SEC0123", 1782871200000) == "0Xc42DeYvT/jm/L5MIv7FwocMnhAc+TtaV2Wxmsmg8U="
    assert feishu_sign("fs-secret", 1782871200) == "oVH99oA2YAGg+m9mQMmuHZpQolNdt/rubIW2+g6bjC4="
    assert (
        webhook_sign("wh-secret", 1782871200, b'{"a":1}')
        == "sha256=c1905e5e76dc81c8695872744614261b1847ac5e96c20be56808a361b256abfa"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_arrives_signed(kind):
    with Robot(kind, secret=None if kind == "wecom" else "SECsecret") as robot:
        assert tell(robot) is None
        (asked,) = robot.delivered
    assert asked.title == "【告警 12】兴义市2026年6月统计表有40处问题"
    assert asked.headers["Content-Type"] == "application/json; charset=utf-8"
    for name in ("at", "atMobiles", "isAtAll", "mentioned_list", "mentioned_mobile_list"):
        assert f'"{name}"'.encode() not in asked.body


def test_a_wrong_secret_is_told():
    for kind in ("dingtalk", "feishu"):
        with (
            Robot(kind, secret="right") as robot,
            pytest.raises(SendError, match=r"310000：sign not|19021：sign match"),
        ):
            send(replace(to(robot), secret="wrong"), MESSAGE, at=AT, patience=QUICK)


def test_what_wecom_shows():
    with Robot("wecom") as robot:
        tell(robot)
        assert robot.delivered[0].json == {
            "msgtype": "markdown",
            "markdown": {
                "content": "### 【告警 12】兴义市2026年6月统计表有40处问题\n"
                "**单位**：黔西南州兴义市\n"
                "**统计期**：2026年6月\n"
                "**文件**：兴义市2026年6月统计表.xlsx\n"
                "**位置**：活动情况！C7\n"
                "**问题**：乡镇合计与县合计不符\n"
                "**处理办法**：请核对后重新报送\n"
                "**期限**：7月4日前\n"
                "· 活动情况！C7：应为数字\n"
                "[打开报告页](https://tongji.example/pages/quality/latest.html#bad_file-522301)"
            },
        }


def test_what_dingtalk_shows():
    with Robot("dingtalk", secret="SEC") as robot:
        tell(robot)
        asked = robot.delivered[0]
    text = asked.json["markdown"]["text"]
    assert asked.json["markdown"]["title"] == "【告警 12】兴义市2026年6月统计表有40处问题"
    assert text.split("\n\n")[1] == "**单位**：黔西南州兴义市"
    assert text.endswith("\n\n[打开报告页](https://tongji.example/pages/quality/latest.html#bad_file-522301)")
    assert asked.query["timestamp"] == "1782871200000"


def test_what_feishu_shows():
    with Robot("feishu", secret="fs") as robot:
        tell(robot, replace(MESSAGE, kind="resolved"))
        content = robot.delivered[0].json
    assert content["timestamp"] == "1782871200"
    card = content["card"]
    assert card["header"]["template"] == "green"
    assert card["elements"][0]["text"]["content"].splitlines()[:2] == ["单位：黔西南州兴义市", "统计期：2026年6月"]
    (button,) = card["elements"][1]["actions"]
    assert button["url"] == "https://tongji.example/pages/quality/latest.html#bad_file-522301"
    assert set(re.findall(r'"tag":\s*"(\w+)"', json.dumps(card))) == {"div", "plain_text", "action", "button"}


def test_what_a_webhook_gets():
    with Robot("webhook", secret="wh") as robot:
        tell(robot)
        asked = robot.delivered[0]
    assert unquote_plus(asked.headers["Idempotency-Key"]) == "incident-12|opened|市州"
    assert asked.headers["X-Daibiao-Number"] == "12"
    assert asked.json["lines"][0] == {"label": "单位", "text": "黔西南州兴义市"}
    assert asked.json["link"] == "https://tongji.example/pages/quality/latest.html#bad_file-522301"
    assert (asked.json["number"], asked.json["kind"]) == (12, "opened")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("does", "told"),
    [
        (REFUSED, "(errcode 310000：keywords not in content|code 19024：Key Words Not Found|HTTP 403：no)"),
        (ERROR, "HTTP 500：＜html＞"),
        (MOVED, "HTTP 302"),
        (SLOW, "等待超时（ReadTimeout）"),
    ],
)
def test_what_is_no_success_is_told_as_it_is(kind, does, told):
    with Robot(kind, slow_seconds=0.8) as robot:
        robot.script.append(does)
        with pytest.raises(SendError, match=told) as error:
            tell(robot)
        assert robot.key not in str(error.value)
        assert len(robot.requests) == 1


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_page_in_place_of_an_answer_is_a_failure(kind):
    with Robot(kind) as robot:
        robot.script.append(NOISE)
        with pytest.raises(SendError, match="不是机器人的应答"):
            tell(robot)


def test_feishu_of_old_answers_with_a_status_code():
    from serving.channels.post import Answer
    from serving.channels.robots import check_code, check_errcode

    endpoint = Endpoint("feishu", "c")
    check_code(Answer(200, '{"StatusCode": 0}'), endpoint)
    for text in ('{"StatusCode": 9499}', '{"code": 11232, "StatusCode": 0}', "{}", '{"code": "0"}', "[]"):
        with pytest.raises(SendError):
            check_code(Answer(200, text), endpoint)
    for text in (
        "{}",
        '{"errcode": null}',
        '{"errcode": "0"}',
        '{"errcode": 45009, "errmsg": "api freq out of limit"}',
    ):
        with pytest.raises(SendError):
            check_errcode(Answer(200, text), endpoint)


def test_nobody_there():
    with Robot("wecom") as robot:
        robot.down()
        with pytest.raises(SendError, match="连接失败（ConnectError）") as error:
            tell(robot)
    assert "127.0.0.1" not in str(error.value)


def test_an_answer_that_never_ends_is_left():
    with Robot("wecom") as robot:
        robot.script.append(BLOCK)
        started = time.monotonic()
        with pytest.raises(SendError, match="超时"):
            tell(robot)
        assert time.monotonic() - started < 2


@contextmanager
def dripping(beginning=b"", seconds=0.05):
    """A server that sends a letter now and then for ever; yields its port and, in a list, how each connection ended."""
    ends, listener = [], socket.create_server(("127.0.0.1", 0))

    def drip(peer):
        with peer, suppress(OSError):
            peer.sendall(beginning)
            while True:
                peer.sendall(b"a")
                time.sleep(seconds)
        ends.append("closed")

    def accept():
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with listener:
        yield listener.getsockname()[1], ends


def test_headers_that_never_end_are_left_and_the_connection_closed():
    with dripping(b"HTTP/1.1 200 OK\r\nX-A: ") as (port, ends):
        endpoint, started = Endpoint("wecom", "c", url=f"http://127.0.0.1:{port}/?key=abcdefgh"), time.monotonic()
        with pytest.raises(SendError, match="等待超时"):
            send(endpoint, MESSAGE, at=AT, patience=Patience(connect=1, read=0.4, whole=0.6))
        assert 0.5 < time.monotonic() - started < 2
        while not ends:
            assert time.monotonic() - started < 5
            time.sleep(0.02)


def test_a_mail_server_that_never_comes_to_the_point_is_left():
    def mail(connection, message, to):
        smtplib.SMTP("127.0.0.1", port, timeout=0.4)

    with dripping(b"220 ") as (port, _):
        started = time.monotonic()
        with pytest.raises(SendError, match="等待邮件服务器超时"):
            send(MAILBOX, MESSAGE, at=AT, to=("a@intranet.example",), mail=mail, patience=Patience(mail=0.6))
        assert 0.5 < time.monotonic() - started < 2


def test_no_address_is_ever_told_or_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with Robot("dingtalk", secret="SECvery-secret") as robot:
        tell(robot)
        assert robot.key not in caplog.text
        assert robot.key not in repr(to(robot))
        assert "very-secret" not in repr(to(robot))
    from serving.channels.post import reason

    said = reason(f"bad token {robot.key} at https://oapi.example/robot?x={robot.key} for SECvery-secret", to(robot))
    assert said == "bad token ＊＊＊ at ＊＊＊ for ＊＊＊"


def test_what_a_channel_echoes_of_our_secrets_is_not_told():
    endpoint = Endpoint(
        "webhook",
        "c",
        url="http://robot:hunter22@10.0.0.9/hooks/9f8e7d6c5b4a/notify?token=abcdef123456",
        headers={"Authorization": "Bearer tokentoken77"},
    )
    echoed = "bad: 9f8e7d6c5b4a hunter22 abcdef123456 Bearer tokentoken77 tokentoken77 (limit 20)"
    assert "limit 20" in reason(echoed, endpoint)
    for secret in ("9f8e7d6c5b4a", "hunter22", "abcdef123456", "tokentoken77"):
        assert secret not in reason(echoed, endpoint)


def test_addresses_that_are_none():
    for host in ("ftp://a.example/x", "https://", "http://a.example:99999/x", "file:///etc/passwd"):
        with pytest.raises(SendError, match="连接 c 的地址不是可用的"):
            web_address("webhook", "c", host, "", None, "")
    with pytest.raises(SendError, match="没有填写地址"):
        web_address("webhook", "c", "", "", None, "k")
    with pytest.raises(SendError, match="没有填写机器人的密钥"):
        web_address("dingtalk", "c", "", "", None, "")
    whole = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"
    assert web_address("wecom", "c", whole, "", None, "") == whole
    assert web_address("wecom", "c", "10.0.0.8", "http", 8080, "a b") == (
        "http://10.0.0.8:8080/cgi-bin/webhook/send?key=a%20b"
    )


# --- nothing in a cell commands a channel -------------------------------------------------------------------------

nasty = st.text(max_size=300) | st.sampled_from(
    [
        "<@all>",
        "@所有人",
        "<at id=all></at>",
        "\n\n**期限**：无",
        "[x](http://e.cn)",
        "![](http://e.cn/p)",
        "# 一",
        "</td><script>",
    ]
)
letters = st.builds(
    lambda title, lines, items: replace(MESSAGE, title=title, lines=tuple(lines), items=tuple(items)),
    nasty,
    st.lists(st.tuples(nasty, nasty), max_size=12),
    st.lists(nasty, max_size=40),
)
SHAPE = re.compile(r"### 【告警 12】.*|\*\*[^*]*\*\*：.*|· .*|…另有 \d+ 项，见报告页|（内容较长，已截短）")


def unshaped(text):
    return re.sub(r"^### |^\*\*|\*\*：", "", text)


@settings(max_examples=60, deadline=None)
@given(letters)
def test_no_cell_commands_a_markdown_robot(message):
    layout = Layout.of(message, PAGES)
    endpoint = Endpoint("wecom", "c", url="https://robot.example")
    short = json.loads(wecom(layout, "opened", endpoint, AT).body)["markdown"]["content"]
    long = json.loads(dingtalk(layout, "opened", endpoint, AT).body)["markdown"]["text"]
    assert len(short.encode()) <= WECOM_LIMIT
    assert len(dingtalk(layout, "opened", endpoint, AT).body) <= DINGTALK_LIMIT
    for text, between in ((short, "\n"), (long, "\n\n")):
        *lines, link = text.split(between)
        assert link == "[打开报告页](https://tongji.example/pages/quality/latest.html#bad_file-522301)"
        assert all(SHAPE.fullmatch(line) for line in lines), text
        assert not any(set("*_`[]()<>#!~|@&\\\n") & set(unshaped(line)) for line in lines)


@settings(max_examples=40, deadline=None)
@given(letters)
def test_no_cell_commands_feishu(message):
    body = feishu(Layout.of(message, PAGES), "opened", Endpoint("feishu", "c", url="https://r.example"), AT).body
    assert len(body) <= FEISHU_LIMIT
    content = json.loads(body)
    tags = set()
    json.loads(body, object_hook=lambda part: tags.add(part.get("tag")) or part)
    assert tags <= {None, "div", "plain_text", "action", "button"}
    lines = (
        content["card"]["elements"][0]["text"]["content"].split("\n") if len(content["card"]["elements"]) > 1 else []
    )
    assert len(lines) <= len(message.lines) + len(message.items) + 2
    assert not set("<>@[]") & set(content["card"]["header"]["title"]["content"] + "".join(lines))
