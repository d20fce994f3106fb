"""Where a channel is reached: an address with its secrets, handed in by whoever keeps them; never read from here.

Refuses an address that is none, and never shows one: it holds the robot's key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urlsplit

from catalog.alerting import ChannelKind

_ROBOTS: Mapping[str, tuple[str, str]] = {
    "wecom": ("https://qyapi.weixin.qq.com", "/cgi-bin/webhook/send?key={token}"),
    "dingtalk": ("https://oapi.dingtalk.com", "/robot/send?access_token={token}"),
    "feishu": ("https://open.feishu.cn", "/open-apis/bot/v2/hook/{token}"),
}


class SendError(Exception):
    """A message did not go out; the sentence says why, in Chinese, and holds no address and no secret."""


class PartlySentError(SendError):
    """Some mailboxes took it and some are to be asked again; `served` are those that took it, never told."""

    def __init__(self, sentence: str, served: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.served = served


@dataclass(frozen=True)
class Endpoint:
    """How one channel is reached.

    `url` (http or https, with the robot's key) and `secret` (for signatures; None: unsigned) are for robots and
    webhooks, `sender` for e-mail. `connection` is the name under which all this is kept. `proxy` and `ca_file` are for
    an intranet with a way out, or with an authority, of its own.
    """

    kind: ChannelKind
    connection: str
    url: str = field(default="", repr=False)
    secret: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    sender: str = ""
    proxy: str | None = field(default=None, repr=False)
    ca_file: str | None = None


def web_address(kind: ChannelKind, connection: str, host: str, scheme: str, port: int | None, token: str) -> str:
    """Return the address of a robot or webhook from the parts that a connection has.

    `host` may be empty (the vendor's own address), a host, or a whole address; an address with a path or a query of
    its own is taken as it is, else the robot's path with `token` follows. Raises SendError where something is missing.

    >>> web_address("wecom", "c", "", "", None, "abc")
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc'
    >>> web_address("feishu", "c", "stub.example", "http", 8080, "abc")
    'http://stub.example:8080/open-apis/bot/v2/hook/abc'
    >>> web_address("webhook", "c", "https://oa.example/hook?x=1", "", None, "")
    'https://oa.example/hook?x=1'
    """
    vendor, path = _ROBOTS.get(kind, ("", ""))
    address = host.strip() or vendor
    if not address:
        raise SendError(f"连接 {connection} 没有填写地址（Host）。")
    if "://" not in address:
        address = f"{scheme or 'https'}://{address}"
    parts = _split(address, connection)
    if port and parts.port is None:
        address = parts._replace(netloc=f"{parts.netloc}:{port}").geturl()
    if parts.query or parts.path.strip("/") or not path:
        return address
    if not token:
        raise SendError(f"连接 {connection} 没有填写机器人的密钥（Password）。")
    return address.rstrip("/") + path.format(token=quote(token, safe=""))


def _split(address: str, connection: str) -> SplitResult:
    refused = SendError(f"连接 {connection} 的地址不是可用的 http 或 https 地址。")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise refused
    return parts
