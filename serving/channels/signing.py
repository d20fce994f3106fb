"""Signatures as each receiver wants them: HMAC-SHA256 over three different things."""

from __future__ import annotations

import base64
import hashlib
import hmac


def dingtalk_sign(secret: str, milliseconds: int) -> str:
    """Return DingTalk's signature (加签), base64, not yet encoded for an address; the secret is the key."""
    return _base64(secret.encode(), f"{milliseconds}\n{secret}".encode())


def feishu_sign(secret: str, seconds: int) -> str:
    """Return Feishu's signature (签名校验), base64: time and secret together are the key, and nothing is signed."""
    return _base64(f"{seconds}\n{secret}".encode(), b"")


def webhook_sign(secret: str, seconds: int, body: bytes) -> str:
    """Return a webhook's signature, `sha256=` and hexadecimal digits, over the time, a dot and the body."""
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def _base64(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
