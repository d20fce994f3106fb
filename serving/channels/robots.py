"""The robots of chat groups (群机器人): WeCom 企业微信, DingTalk 钉钉, Feishu 飞书.

Never mentions anybody: the fields for it are left out, and the words cannot do it. An answer with HTTP 200 is a success
only if its code says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote_plus

from serving.channels.endpoint import Endpoint, SendError
from serving.channels.layout import Layout, fit
from serving.channels.post import Answer, Request, reason
from serving.channels.signing import dingtalk_sign, feishu_sign

WECOM_LIMIT = 4096  # bytes of markdown.content
DINGTALK_LIMIT = 20_000  # bytes of the body
FEISHU_LIMIT = 20 * 1024  # bytes of the body
_OPEN = "打开报告页"
_COLOURS = {"resolved": "green", "reminder": "blue", "digest": "blue"}
Body = dict[str, object]


def wecom(layout: Layout, kind: str, endpoint: Endpoint, at: datetime) -> Request:
    """Return the request for a WeCom robot: markdown of at most 4096 bytes, unsigned (the key is in the address)."""
    del kind, at

    def text(shown: Layout) -> str:
        return "\n".join(_markdown(shown))

    shown = fit(layout, lambda part: len(text(part).encode()), WECOM_LIMIT)
    return Request(endpoint.url, _json({"msgtype": "markdown", "markdown": {"content": text(shown)}}))


def dingtalk(layout: Layout, kind: str, endpoint: Endpoint, at: datetime) -> Request:
    """Return the request for a DingTalk robot: markdown with a title for the list of chats, signed in the address."""
    del kind

    def body(shown: Layout) -> bytes:
        # One line break is none in DingTalk's markdown.
        return _json({"msgtype": "markdown", "markdown": {"title": shown.title, "text": "\n\n".join(_markdown(shown))}})

    url = endpoint.url
    if endpoint.secret:
        milliseconds = int(at.timestamp() * 1000)
        sign = quote_plus(dingtalk_sign(endpoint.secret, milliseconds))
        url += f"{'&' if '?' in url else '?'}timestamp={milliseconds}&sign={sign}"
    return Request(url, body(_fitting(layout, body, DINGTALK_LIMIT)))


def feishu(layout: Layout, kind: str, endpoint: Endpoint, at: datetime) -> Request:
    """Return the request for a Feishu robot: a card of plain text with one button, signed in the body."""
    signed: Body = {}
    if endpoint.secret:
        seconds = int(at.timestamp())
        signed = {"timestamp": str(seconds), "sign": feishu_sign(endpoint.secret, seconds)}

    def body(shown: Layout) -> bytes:
        return _json({**signed, "msg_type": "interactive", "card": _card(shown, _COLOURS.get(kind, "red"))})

    return Request(endpoint.url, body(_fitting(layout, body, FEISHU_LIMIT)))


def check_errcode(answer: Answer, endpoint: Endpoint) -> None:
    """Raise SendError unless WeCom's or DingTalk's answer has `errcode` 0."""
    content = _answered(answer, endpoint)
    if content.get("errcode") != 0:
        raise SendError(f"机器人返回 errcode {_code(content.get('errcode'))}：{_said(content, 'errmsg', endpoint)}")


def check_code(answer: Answer, endpoint: Endpoint) -> None:
    """Raise SendError unless Feishu's answer has `code` 0 (or `StatusCode` 0, as old ones had)."""
    content = _answered(answer, endpoint)
    code = content.get("code", content.get("StatusCode"))
    if code != 0:
        raise SendError(f"机器人返回 code {_code(code)}：{_said(content, 'msg', endpoint)}")


def _fitting(layout: Layout, body: Callable[[Layout], bytes], limit: int) -> Layout:
    return fit(layout, lambda part: len(body(part)), limit)


def _markdown(shown: Layout) -> list[str]:
    """Return the lines of the markdown that both WeCom and DingTalk know: a heading, bold, a link."""
    lines = [f"### {shown.title}"]
    lines += [f"**{label}**：{text}" for label, text in shown.lines]
    lines += [f"· {item}" for item in shown.items]
    lines += shown.notes
    if shown.link:
        lines.append(f"[{_OPEN}]({shown.link})")
    elif shown.page:
        lines.append(f"报告页：{shown.page}")
    return lines


def _card(shown: Layout, colour: str) -> Body:
    """Return Feishu's card; all words are of the tag `plain_text`, which knows no markdown and no mentions."""
    lines = [f"{label}：{text}" for label, text in shown.lines]
    lines += [f"· {item}" for item in shown.items]
    lines += shown.notes
    if shown.page:
        lines.append(f"报告页：{shown.page}")
    elements: list[Body] = [{"tag": "div", "text": _plain_text("\n".join(lines))}] if lines else []
    if shown.link:
        button = {"tag": "button", "text": _plain_text(_OPEN), "type": "primary", "url": shown.link}
        elements.append({"tag": "action", "actions": [button]})
    header = {"template": colour, "title": _plain_text(shown.title)}
    return {"config": {"wide_screen_mode": True}, "header": header, "elements": elements}


def _plain_text(words: str) -> Body:
    return {"tag": "plain_text", "content": words}


def _json(body: Body) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _answered(answer: Answer, endpoint: Endpoint) -> dict[str, object]:
    if answer.status != 200:
        raise SendError(f"HTTP {answer.status}：{reason(answer.text, endpoint)}")
    try:
        content = json.loads(answer.text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise SendError("HTTP 200，但返回的不是机器人的应答")
    return content


def _code(code: object) -> str:
    return str(code) if isinstance(code, int) else "缺失"


def _said(content: dict[str, object], name: str, endpoint: Endpoint) -> str:
    return reason(str(content.get(name, "")), endpoint) or "没有说明"
