"""One HTTP request to a robot or webhook, with an end to it: connect, read and all in all.

Never follows a redirect, never reads the environment (proxies), never logs or tells an address.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import httpx

from serving.channels.endpoint import Endpoint, SendError
from serving.channels.plain import plain, shorten
from serving.channels.within import within

# httpx tells every address it calls at INFO, httpcore at DEBUG: the robot's key would stand in the task's log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_LONGEST_ANSWER = 64 * 1024
_LONGEST_REASON = 120
_ADDRESS = re.compile(r"\w+(?:://|：//)\S*")


@dataclass(frozen=True)
class Patience:
    """How long a channel may take, in seconds: to be connected to, between two pieces of an answer, in all.

    `mail` is how long a mail server may take in all: it has more to say, and keeps strangers waiting on purpose.
    """

    connect: float = 5
    read: float = 10
    whole: float = 20
    mail: float = 60


@dataclass(frozen=True)
class Request:
    """What is sent: the whole address with its signature, the body, and headers beside Content-Type."""

    url: str = field(repr=False)
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Answer:
    """What came back: the HTTP status and at most 64 KB of text."""

    status: int
    text: str


def post(endpoint: Endpoint, request: Request, patience: Patience) -> Answer:
    """Send a request and return the answer, whatever its status; raise SendError where there is none."""
    limits = httpx.Timeout(connect=patience.connect, read=patience.read, write=patience.read, pool=patience.connect)
    headers = {"Content-Type": "application/json; charset=utf-8", **endpoint.headers, **request.headers}
    try:
        verify = ssl.create_default_context(cafile=endpoint.ca_file) if endpoint.ca_file else True
        with httpx.Client(
            timeout=limits, trust_env=False, follow_redirects=False, proxy=endpoint.proxy, verify=verify
        ) as client:  # leaving it closes the connection of an exchange that was given up
            return within(patience.whole, lambda: _exchange(client, request, headers, patience.read))
    except (httpx.TimeoutException, TimeoutError) as error:
        raise SendError(f"等待超时（{type(error).__name__}）") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:  # their messages may hold the address
        raise SendError(f"连接失败（{type(error).__name__}）") from None


def _exchange(client: httpx.Client, request: Request, headers: Mapping[str, str], seconds: float) -> Answer:
    """Return the answer, with what came of its body in so many seconds: a status is one without its words too."""
    with client.stream("POST", request.url, content=request.body, headers=headers) as response:
        read, started = bytearray(), time.monotonic()
        for piece in response.iter_bytes():
            read += piece
            if len(read) > _LONGEST_ANSWER or time.monotonic() - started > seconds:
                break
        return Answer(response.status_code, bytes(read[:_LONGEST_ANSWER]).decode("utf-8", "replace"))


# Parts of the vendors' paths that are no keys.
_PATH_WORDS = {"cgi-bin", "webhook", "open-apis"}


def reason(text: str, endpoint: Endpoint) -> str:
    """Return what a channel said of a failure, short and plain, without addresses and our secrets."""
    parts = urlsplit(endpoint.url)
    hidden = {endpoint.secret or "", parts.username or "", parts.password or "", *parts.path.split("/")}
    hidden |= {value for _, value in parse_qsl(parts.query)}
    hidden |= {word for value in endpoint.headers.values() for word in (value, *value.split())}
    hidden -= _PATH_WORDS
    for secret in sorted(hidden, key=len, reverse=True):
        if len(secret) >= 6:  # shorter ones are words like `send`
            text = text.replace(secret, "***")
    return shorten(plain(_ADDRESS.sub("***", text)), _LONGEST_REASON)
