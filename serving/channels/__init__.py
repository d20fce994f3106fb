"""Channels (渠道): one message, dressed as its channel wants it, handed over once; the answer is believed by its code.

Refuses to try again: that is the outbox's part, which knows what went before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from serving.channels import robots
from serving.channels.endpoint import Endpoint, PartlySentError, SendError, web_address
from serving.channels.layout import Layout
from serving.channels.mail import Mail, compose, hand_over
from serving.channels.post import Patience, post
from serving.channels.webhook import check_status, webhook
from serving.message import Message

__all__ = ["Endpoint", "Mail", "PartlySentError", "Patience", "SendError", "send", "web_address"]

_ROBOTS = {
    "wecom": (robots.wecom, robots.check_errcode),
    "dingtalk": (robots.dingtalk, robots.check_errcode),
    "feishu": (robots.feishu, robots.check_code),
}
_USUAL = Patience()


def send(
    endpoint: Endpoint,
    message: Message,
    *,
    at: datetime,
    pages_url: str = "",
    to: Sequence[str] = (),
    mail: Mail | None = None,
    patience: Patience = _USUAL,
) -> str | None:
    """Hand a message to a channel, once; return a note where part of it was refused.

    `at` is the time now, for signatures. `to` and `mail` are for e-mail only. Raises SendError when the channel did not
    take it, or did not say within its time that it has; PartlySentError when some mailboxes have it and others are to
    be asked again. The note is of mailboxes that refuse for good.
    """
    layout = Layout.of(message, pages_url)
    if endpoint.kind == "email":
        if mail is None:
            raise SendError(f"没有发送邮件的途径（连接 {endpoint.connection}）。")
        return hand_over(mail, compose(layout, message, endpoint, to, at), endpoint, to, patience)
    if endpoint.kind == "webhook":
        check_status(post(endpoint, webhook(layout, message, endpoint, at), patience), endpoint)
        return None
    dress, check = _ROBOTS[endpoint.kind]
    check(post(endpoint, dress(layout, message.kind, endpoint, at), patience), endpoint)
    return None
