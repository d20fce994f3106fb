"""Robots, a webhook and a mail server to send to, and releases that hold messages: for every test that tells something.

A robot behaves as its vendor's does: it checks the signature and the length, and answers HTTP 200 with a code. What it
is to do next can be scripted; `requests` are all it was asked, `delivered` what its group has seen.
"""

import base64
import hashlib
import hmac
import json
import re
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
from aiosmtpd.controller import Controller

ROOT = Path(__file__).parents[2]

OK = "ok"
REFUSED = "refused"  # HTTP 200 with errcode 310000 (WeCom, DingTalk), code 19024 (Feishu), HTTP 403 (webhook)
ERROR = "error"  # HTTP 500
NOISE = "noise"  # HTTP 200 with a page
MOVED = "moved"  # HTTP 302
SLOW = "slow"  # nothing, until the sender has given up; not delivered
SLOW_OK = "slow_ok"  # the same, but delivered: the window that no sender can close
BLOCK = "block"  # as SLOW, until `release` is set

_PATHS = {
    "wecom": "/cgi-bin/webhook/send",
    "dingtalk": "/robot/send",
    "feishu": "/open-apis/bot/v2/hook/",
    "webhook": "/hook",
}


@dataclass(frozen=True)
class Asked:
    """One request: what was asked, and what the robot did about it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    did: str

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def title(self):
        """The heading, 【告警 12】…, wherever this kind of robot has it."""
        content = self.json
        if "card" in content:
            return content["card"]["header"]["title"]["content"]
        if "markdown" in content:
            return (content["markdown"].get("content") or content["markdown"]["text"]).splitlines()[0].lstrip("# ")
        return content["title"]

    @property
    def number(self):
        return int(re.match(r"【告警 (\d+)】", self.title)[1])


class Robot:
    """A robot on a port of its own; use it in a `with`. `secret` makes it check signatures; `key` is in its address."""

    def __init__(self, kind, secret=None, key="4f6c2d1e-key-of-the-robot", slow_seconds=1.5):
        self.kind, self.secret, self.key, self.slow_seconds = kind, secret, key, slow_seconds
        self.script: deque[str] = deque()
        self.requests: list[Asked] = []
        self.release = threading.Event()
        self.port = 0
        self._lock = threading.Lock()
        self._server = None

    def __enter__(self):
        self.up()
        return self

    def __exit__(self, *_):
        self.release.set()
        self.down()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self):
        """The whole address, as the vendor shows it."""
        end = {"wecom": f"?key={self.key}", "dingtalk": f"?access_token={self.key}", "feishu": self.key, "webhook": ""}
        return f"{self.base}{_PATHS[self.kind]}{end[self.kind]}"

    @property
    def delivered(self):
        """What the group has seen."""
        return [asked for asked in self.requests if asked.did in {OK, SLOW_OK}]

    @property
    def numbers(self):
        return [asked.number for asked in self.delivered]

    def up(self):
        """Listen (again), on the same port as before."""
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = robot._take(self.path, dict(self.headers), body)
                if answer is None:  # no answer at all
                    self.close_connection = True
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"{robot.base}/elsewhere")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_):  # a sender that was killed does not read its answer
                pass

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self):
        """Refuse connections until `up`."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def wait_for(self, n, seconds=20):
        """Wait until `n` requests have come."""
        end = time.monotonic() + seconds
        while len(self.requests) < n:
            assert time.monotonic() < end, f"{len(self.requests)} of {n} requests came"
            time.sleep(0.01)

    def _take(self, path, headers, body):
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self._lock:
            did = self.script.popleft() if self.script else OK
            complaint = self._complaint(parts.path, query, headers, body) if did in {OK, SLOW_OK} else None
            did = "complaint" if complaint else did
            self.requests.append(Asked(parts.path, query, headers, body, did))
        if did in {SLOW, SLOW_OK}:
            time.sleep(self.slow_seconds)
        if did == BLOCK:
            self.release.wait(30)
        if did in {SLOW, BLOCK}:
            return 0, None
        if complaint or did == REFUSED:
            return (403, b"no") if self.kind == "webhook" else (200, self._code(*(complaint or self._refusal())))
        if did == ERROR:
            return 500, b"<html>Internal Server Error</html>"
        if did == NOISE:
            return 200, b"<html>login</html>"
        if did == MOVED:
            return 302, b""
        return 200, self._code(0, "ok")

    def _refusal(self):
        return (19024, "Key Words Not Found") if self.kind == "feishu" else (310000, "keywords not in content")

    def _code(self, code, words):
        names = ("code", "msg") if self.kind == "feishu" else ("errcode", "errmsg")
        return json.dumps(dict(zip(names, (code, words), strict=True))).encode()

    def _complaint(self, path, query, headers, body):
        """What the vendor finds wrong with a request; its arithmetic is written down here anew."""
        return getattr(self, f"_{self.kind}")(path, query, headers, body)

    def _wecom(self, path, query, headers, body):
        if path != _PATHS["wecom"] or query.get("key") != self.key:
            return 93000, "invalid webhook url"
        if len(json.loads(body)["markdown"]["content"].encode()) > 4096:
            return 40058, "markdown.content exceed max length 4096"
        return None

    def _dingtalk(self, path, query, headers, body):
        if path != _PATHS["dingtalk"] or query.get("access_token") != self.key:
            return 300005, "token is not exist"
        signed = f"{query.get('timestamp')}\n{self.secret}"
        if self.secret and query.get("sign") != _hmac64(self.secret.encode(), signed.encode()):
            return 310000, "sign not match"
        return None

    def _feishu(self, path, query, headers, body):
        if path != _PATHS["feishu"] + self.key:
            return 19001, "param invalid: incoming webhook access token invalid"
        content = json.loads(body)
        signed = f"{content.get('timestamp')}\n{self.secret}"
        if self.secret and content.get("sign") != _hmac64(signed.encode(), b""):
            return 19021, "sign match fail or timestamp is not within one hour from current time"
        return None

    def _webhook(self, path, query, headers, body):
        signed = headers.get("X-Daibiao-Timestamp", "").encode() + b"." + body
        if self.secret:
            digest = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
            if headers.get("X-Daibiao-Signature") != f"sha256={digest}":
                return 403, "no"
        return None


def _hmac64(key, signed):
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class MailServer:
    """An SMTP server that keeps what it takes; `refuse` are mailboxes it does not serve, `later` not now.

    `script` are answers to DATA.
    """

    def __init__(self, refuse=(), later=()):
        self.refuse, self.later = set(refuse), set(later)
        self.script, self.envelopes = deque(), []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()

    @property
    def messages(self):
        """What was taken, parsed."""
        return [message_from_bytes(envelope.original_content, policy=policy.default) for envelope in self.envelopes]

    @property
    def connection(self):
        """The Airflow connection to it, as JSON for AIRFLOW_CONN_…; no TLS on this machine."""
        extra = {"from_email": "gaojing@intranet.example", "disable_ssl": True, "disable_tls": True, "timeout": 5}
        return json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": self.port, "extra": extra})

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuse:
            return "550 no such mailbox"
        if address in self.later:
            return "450 greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        answer = self.script.popleft() if self.script else "250 taken"
        if answer.startswith("250"):
            self.envelopes.append(envelope)
        return answer


NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
CONTENT = {
    "title": "兴义市2026年6月统计表有40处问题",
    "lines": [
        ["单位", "黔西南州兴义市"],
        ["统计期", "2026年6月"],
        ["文件", "兴义市2026年6月统计表.xlsx"],
        ["位置", "活动情况!C7"],
        ["问题", "乡镇合计与县合计不符"],
        ["处理办法", "请核对后重新报送"],
        ["期限", "7月4日前"],
    ],
    "items": ["活动情况!C7：应为数字"],
    "page": "quality/latest.html#bad_file-522301",
}


def message_row(number, channel="robot", at=NOW, not_before=None, kind="opened", **content):
    """A row of `ops.message`, numbered; its key follows from the number."""
    text = json.dumps(CONTENT | content, ensure_ascii=False)
    times = [time.astimezone(UTC).replace(tzinfo=None) for time in (at, not_before or at)]
    return (
        f"incident-{number}|{kind}|{channel}",
        number,
        kind,
        f"incident-{number}",
        "province",
        channel,
        text,
        *times,
    )


def release_of(path, rows):
    """Write a release that holds these messages and nothing else; the table is the migration's."""
    migration = (ROOT / "warehouse/migrations/0010_incidents.sql").read_text()
    table = re.search(r"create table ops\.message \(.*?\n\);", migration, re.DOTALL)[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema ops; {table}")
        if rows:
            connection.executemany("insert into ops.message values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return path


def minutes(n):
    return timedelta(minutes=n)
