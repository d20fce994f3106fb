"""E-mail (电子邮件): plain text and HTML side by side, each complete in itself; nothing is fetched from outside.

Does not send: whoever knows the mail server hands in a `Mail`, and this says what to send and what its failures mean.
"""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import jinja2

from serving.channels.endpoint import Endpoint, PartlySentError, SendError
from serving.channels.layout import Layout, fit
from serving.channels.post import Patience
from serving.channels.within import within
from serving.message import Message

# As smtplib says it: the mailboxes that were refused, with code and words of the server.
Refused = Mapping[str, tuple[int, bytes]]
# Sends one message through the connection of that name, to these mailboxes, once; returns those that were refused while
# others were served. Raises SendError, smtplib.SMTPException or OSError where nobody was.
Mail = Callable[[str, EmailMessage, Sequence[str]], Refused]

_FOR_GOOD = 500  # codes from here on mean: do not ask again
LIMIT = 512 * 1024  # bytes of either part
_TEMPLATES = Path(__file__).parents[1] / "templates"


def compose(layout: Layout, message: Message, endpoint: Endpoint, to: Sequence[str], at: datetime) -> EmailMessage:
    """Return the e-mail; a second copy has the same Message-ID, so that a mailbox may know it again."""
    if not endpoint.sender:
        raise SendError(f"连接 {endpoint.connection} 没有填写发件人（from_email）。")
    shown = fit(layout, lambda part: len(_html(part, message).encode()), LIMIT)
    try:
        sender = Address(addr_spec=endpoint.sender)
    except (ValueError, IndexError):
        raise SendError(f"连接 {endpoint.connection} 的发件人（from_email）不是邮箱地址。") from None
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Subject"] = shown.title
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # nobody's “out of office” comes back
    if message.number is not None:
        mail["X-Daibiao-Number"] = str(message.number)
    mail.set_content(_text(shown), cte="base64")
    mail.add_alternative(_html(shown, message), subtype="html", cte="base64")
    return mail


def hand_over(
    mail: Mail, message: EmailMessage, endpoint: Endpoint, to: Sequence[str], patience: Patience
) -> str | None:
    """Send an e-mail and return a note where some of the mailboxes refuse it for good (5xx).

    Raises PartlySentError where some took it and another refuses it for now, SendError where none took it.
    """
    try:
        refused = within(patience.mail, lambda: mail(endpoint.connection, message, to))
    except smtplib.SMTPRecipientsRefused as error:
        raise SendError(f"邮件服务器拒收全部收件人（{_codes(error.recipients)}）") from None
    except TimeoutError as error:
        raise SendError(f"等待邮件服务器超时（{type(error).__name__}）") from None
    except smtplib.SMTPResponseException as error:
        raise SendError(f"邮件服务器返回 {error.smtp_code}（{type(error).__name__}）") from None
    except (smtplib.SMTPException, OSError) as error:
        raise SendError(f"无法连接邮件服务器（{type(error).__name__}）") from None
    if not refused:
        return None
    told = f"邮件服务器拒收 {len(refused)} 个邮箱（{_codes(refused)}），其余已收下"
    if any(code < _FOR_GOOD for code, _ in refused.values()):
        raise PartlySentError(told, tuple(mailbox for mailbox in to if mailbox not in refused))
    return told


def _codes(refused: Refused) -> str:
    return "、".join(map(str, sorted({code for code, _ in refused.values()})))


def _text(shown: Layout) -> str:
    lines = [shown.title, "", *(f"{label}：{text}" for label, text in shown.lines)]
    if shown.items:
        lines += ["", *(f"· {item}" for item in shown.items)]
    lines += shown.notes
    if where := shown.link or shown.page:
        lines += ["", f"报告页：{where}"]
    return "\n".join([*lines, ""])


def _html(shown: Layout, message: Message) -> str:
    return _template().render(shown=shown, number=message.number, kind=message.kind)


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(_TEMPLATES)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(
        "alert_mail.html"
    )
