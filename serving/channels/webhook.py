"""The generic webhook: the message as JSON, with a key by which the receiver can tell a second copy from a new one.

Headers: `Idempotency-Key` (the message's key), `X-Daibiao-Number`; with a secret also `X-Daibiao-Timestamp` (seconds)
and `X-Daibiao-Signature`, `sha256=` HMAC-SHA256 of timestamp, dot and body.
"""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import quote

from serving.channels.endpoint import Endpoint, SendError
from serving.channels.layout import Layout, fit
from serving.channels.post import Answer, Request, reason
from serving.channels.signing import webhook_sign
from serving.message import Message

LIMIT = 256 * 1024


def webhook(layout: Layout, message: Message, endpoint: Endpoint, at: datetime) -> Request:
    """Return the request for a webhook; words are as plain here as anywhere, whatever the receiver does with them."""

    def body(shown: Layout) -> bytes:
        return _body(shown, message)

    content = body(fit(layout, lambda part: len(body(part)), LIMIT))
    headers = {"Idempotency-Key": quote(message.key, safe="|:/#,;=@+ ")}
    if message.number is not None:
        headers["X-Daibiao-Number"] = str(message.number)
    if endpoint.secret:
        seconds = int(at.timestamp())
        headers["X-Daibiao-Timestamp"] = str(seconds)
        headers["X-Daibiao-Signature"] = webhook_sign(endpoint.secret, seconds, content)
    return Request(endpoint.url, content, headers)


def check_status(answer: Answer, endpoint: Endpoint) -> None:
    """Raise SendError unless the status is one of 200 to 299."""
    if not 200 <= answer.status < 300:
        raise SendError(f"HTTP {answer.status}：{reason(answer.text, endpoint) or '没有说明'}")


def _body(shown: Layout, message: Message) -> bytes:
    content = {
        "number": message.number,
        "key": message.key,
        "kind": message.kind,
        "incident_id": message.incident_id,
        "route": message.route,
        "created_at": message.created_at.isoformat(),
        "title": shown.title,
        "lines": [{"label": label, "text": text} for label, text in shown.lines],
        "items": list(shown.items),
        "notes": list(shown.notes),
        "link": shown.link,
        "page": shown.page,
    }
    return json.dumps(content, ensure_ascii=False).encode()
