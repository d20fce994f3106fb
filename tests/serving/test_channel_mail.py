"""E-mail as a channel: what arrives, and what a cell cannot do to it."""

import hashlib
import re
import smtplib
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings

from serving.channels import SendError, send
from serving.channels.layout import Layout
from serving.channels.mail import compose

from .stubs import CONTENT, MailServer
from .test_channels import AT, MAILBOX, MESSAGE, PAGES, letters


def by_smtp(server):
    def mail(connection, message, to):
        assert connection == "daibiao_mail"
        with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
            return client.send_message(message, to_addrs=to)

    return mail


def test_an_e_mail_is_complete_in_both_its_parts():
    with MailServer() as server:
        told = send(
            MAILBOX,
            MESSAGE,
            at=AT,
            pages_url=PAGES,
            to=("a@intranet.example", "b@intranet.example"),
            mail=by_smtp(server),
        )
        (letter,) = server.messages
    assert told is None
    assert letter["Subject"] == "【告警 12】兴义市2026年6月统计表有40处问题"
    assert letter["To"] == "a@intranet.example, b@intranet.example"
    assert letter["Message-ID"] == f"<{hashlib.sha256(MESSAGE.key.encode()).hexdigest()[:32]}@intranet.example>"
    assert letter["Date"].datetime == AT
    text = letter.get_body(("plain",)).get_content()
    page = letter.get_body(("html",)).get_content()
    for part in (text, page):
        for _, words in CONTENT["lines"]:
            assert words.replace("!", "！") in part
        assert "https://tongji.example/pages/quality/latest.html#bad_file-522301" in part
    assert not re.search(r"<(script|img|link|iframe|style|form)|src=|@import|url\(", page)
    assert re.findall(r'href="([^"]*)"', page) == ["https://tongji.example/pages/quality/latest.html#bad_file-522301"]


def test_a_second_copy_of_an_e_mail_has_the_same_id_and_number():
    with MailServer() as server:
        for at in (AT, datetime(2026, 7, 2, tzinfo=UTC)):
            send(MAILBOX, MESSAGE, at=at, to=("a@intranet.example",), mail=by_smtp(server))
        one, two = server.messages
    assert one["Message-ID"] == two["Message-ID"]
    assert one["X-Daibiao-Number"] == two["X-Daibiao-Number"] == "12"


def test_a_cell_runs_nothing_in_an_e_mail():
    evil = replace(
        MESSAGE,
        title="题目\r\nBcc: x@evil.example",
        lines=(("单位", "<script>alert(1)</script><img src=x onerror=y>\"'"),),
        items=('"><a href="http://evil.example">点</a>',),
    )
    with MailServer() as server:
        send(MAILBOX, evil, at=AT, pages_url=PAGES, to=("a@intranet.example",), mail=by_smtp(server))
        (letter,) = server.messages
        (envelope,) = server.envelopes
    assert letter["Bcc"] is None
    assert envelope.rcpt_tos == ["a@intranet.example"]
    page = letter.get_body(("html",)).get_content()
    assert not re.search(r"<(script|img)|evil\.example", page)
    assert len(re.findall("<a ", page)) == 1


@settings(max_examples=40, deadline=None)
@given(letters)
def test_no_cell_adds_a_tag_or_a_header_to_an_e_mail(message):
    letter = compose(Layout.of(message, PAGES), message, MAILBOX, ("a@intranet.example",), AT)
    usual = compose(Layout.of(MESSAGE, PAGES), MESSAGE, MAILBOX, ("a@intranet.example",), AT)
    assert letter.keys() == usual.keys()
    read = message_from_bytes(letter.as_bytes(), policy=policy.default)
    assert read["To"] == "a@intranet.example"
    page = read.get_body(("html",)).get_content()
    assert set(re.findall(r"<(\w+)", page)) <= {*re.findall(r"<(\w+)", usual.get_body(("html",)).get_content()), "p"}
    assert re.findall(r'href="([^"]*)"', page) == [f"{PAGES}/{CONTENT['page']}"]


def test_mail_that_is_refused():
    to_both = ("a@intranet.example", "b@intranet.example")
    with MailServer(refuse={"b@intranet.example"}) as server:
        note = send(MAILBOX, MESSAGE, at=AT, to=to_both, mail=by_smtp(server))
        assert note == "邮件服务器拒收 1 个邮箱（550），其余已收下"
        with pytest.raises(SendError, match="拒收全部收件人（550）"):
            send(MAILBOX, MESSAGE, at=AT, to=to_both[1:], mail=by_smtp(server))
        server.script.append("451 try again later")
        with pytest.raises(SendError, match="邮件服务器返回 451"):
            send(MAILBOX, MESSAGE, at=AT, to=to_both[:1], mail=by_smtp(server))
    with pytest.raises(SendError, match="无法连接邮件服务器"):
        send(MAILBOX, MESSAGE, at=AT, to=to_both, mail=by_smtp(server))
    with pytest.raises(SendError, match="没有填写发件人"):
        send(replace(MAILBOX, sender=""), MESSAGE, at=AT, to=to_both, mail=by_smtp(server))
    with pytest.raises(SendError, match="没有发送邮件的途径"):
        send(MAILBOX, MESSAGE, at=AT, to=to_both)
