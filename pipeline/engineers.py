"""What the data engineers (数据工程师) are told: a DAG that failed or is late. Never a finding, never to supervisors.

Says the kind and the place of an error and nothing of its message, which may quote a delivered file. The same trouble
is told once an hour: intake runs every minute, and sixty messages an hour are read by nobody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field, TypeAdapter, ValidationError

from catalog.alerting import MailAddress
from pipeline.problems import place
from pipeline.settings import Settings
from serving.channels import Endpoint, Mail, SendError, send
from serving.message import Message
from serving.private_file import private_folder

__all__ = ["CONNECTION", "SendError", "Trouble", "hand_over", "mailboxes", "tell"]

CONNECTION = "daibiao_engineers"
FILE = "engineers.sqlite"
QUIET = timedelta(hours=1)
# How long others keep still while one sends; and how long a channel that did not take a message is left in peace.
_UNDER_WAY = timedelta(minutes=2)
_SECONDS_FOR_THE_LEDGER = 10

Event = Literal["task_failed", "timed_out", "deadlocked", "late"]
_TOLD: dict[Event, tuple[str, str]] = {
    "task_failed": (
        "任务失败",
        "点本条的链接看日志，修好后在 Airflow 中清除（Clear）这个任务，即会重跑；在此之前旧发布照常可查。",
    ),
    "timed_out": (
        "运行超时，已被终止",
        "点本条的链接看卡在哪个任务：是不是在等仓库写入（池 warehouse_writer），或文件特别大。"
        "清除（Clear）这次运行即会重跑。",
    ),
    "deadlocked": (
        "没有可以运行的任务，已判失败",
        "点本条的链接打开这次运行，看哪个任务的上游没有完成；处理后清除（Clear）这次运行即会重跑。",
    ),
    "late": (
        "到期限还没有完成",
        "看是否在等仓库写入（池 warehouse_writer）、调度器是否在运行、是不是一次来了很多文件；仍在运行的不必处理。",
    ),
}
_MAILBOXES = TypeAdapter(Annotated[tuple[MailAddress, ...], Field(min_length=1)])
_NO_ERROR = "没有异常信息（进程可能被终止，如内存不足）"

_MAKE = """
create table if not exists trouble (
    dag_id text not null,
    task_id text not null,
    kind text not null,
    silent_until text not null,
    untold integer not null,
    primary key (dag_id, task_id, kind)
)
"""
_LOOK = "select silent_until, untold from trouble where dag_id = ? and task_id = ? and kind = ?"
_NOTE = """
insert into trouble values (?, ?, ?, ?, ?)
on conflict (dag_id, task_id, kind) do update set silent_until = excluded.silent_until, untold = excluded.untold
"""
_COUNT = "update trouble set untold = untold + 1 where dag_id = ? and task_id = ? and kind = ?"
_TOLD_NOW = """
update trouble set silent_until = ?, untold = max(untold - ?, 0)
where dag_id = ? and task_id = ? and kind = ?
"""


@dataclass(frozen=True)
class Trouble:
    """Something that went wrong with a DAG: which, where, in which run, and where its log is (a whole address)."""

    event: Event
    dag_id: str
    dag_name: str
    run_id: str
    log_url: str
    task_id: str = ""
    task_name: str = ""
    tries: str = ""
    error: BaseException | None = None
    due_at: str = ""

    @property
    def kind(self) -> str:
        """What is told once an hour: the type of the error, or the event."""
        return type(self.error).__name__ if self.error is not None else self.event

    @property
    def title(self) -> str:
        """One line: the DAG, the task, what happened."""
        where = f"{self.dag_name}·{self.task_name}" if self.task_name else self.dag_name
        return f"工程告警：{where} {_TOLD[self.event][0]}"

    def lines(self, untold: int) -> Iterator[tuple[str, str]]:
        """Yield label and text of each line; `untold` is how many like it were not told before."""
        yield "流程", f"{self.dag_name}（{self.dag_id}）"
        if self.task_id:
            yield "任务", f"{self.task_name}（{self.task_id}）"
        yield "运行", self.run_id
        if self.tries:
            yield "尝试", self.tries
        if self.error is not None:
            yield "异常", f"{type(self.error).__name__}，{place(self.error)}（内容见日志）"
        elif self.event == "task_failed":
            yield "异常", _NO_ERROR
        if untold:
            yield "另有", f"此前同样的情况还有 {untold} 次，没有逐次告知"
        if self.due_at:
            yield "期限", self.due_at
        yield "处理办法", _TOLD[self.event][1]

    @property
    def base_and_page(self) -> tuple[str, str]:
        """The log's address in two: that of Airflow's pages, and what follows."""
        whole = urlsplit(self.log_url)
        return urlunsplit((whole.scheme, whole.netloc, "", "", "")), urlunsplit(("", "", *whole[2:])).lstrip("/")


def tell(settings: Settings, trouble: Trouble, sender: Callable[[Trouble, int], None], now: datetime) -> bool:
    """Send a trouble, unless one of its kind was told within the hour; return whether it was sent.

    `sender` is given how many of its kind were not told since. What it raises is handed on: then the trouble counts as
    not told, and the next one of its kind, two minutes later or more, is sent.
    """
    key = (trouble.dag_id, trouble.task_id, trouble.kind)
    with _ledger(settings.outbox / FILE) as ledger:
        untold = _claim(ledger, key, now)
        if untold is None:
            return False
        try:
            sender(trouble, untold)
        except BaseException:
            with ledger:
                ledger.execute(_COUNT, key)
            raise
        with ledger:
            ledger.execute(_TOLD_NOW, (_written(now + QUIET), untold, *key))
    return True


def hand_over(
    trouble: Trouble, untold: int, endpoint: Endpoint, to: Sequence[str], mail: Mail | None, now: datetime
) -> None:
    """Send a trouble to the engineers' channel; `to` and `mail` are for e-mail. Raises SendError if it is not taken."""
    airflow, page = trouble.base_and_page
    message = Message(
        number=None,
        key=f"engineers|{trouble.dag_id}|{trouble.run_id}|{trouble.task_id}|{trouble.kind}",
        kind=trouble.event,
        incident_id=None,
        route="engineers",
        channel=endpoint.connection,
        title=trouble.title,
        lines=tuple(trouble.lines(untold)),
        items=(),
        page=page,
        created_at=now,
        not_before=now,
    )
    send(endpoint, message, at=now, pages_url=airflow, to=to, mail=mail)


def mailboxes(written: object) -> tuple[str, ...]:
    """Return the mailboxes of a connection's `to`, a list or a single one; raise SendError for what is none.

    >>> mailboxes("a@intranet.example")
    ('a@intranet.example',)
    """
    try:
        return _MAILBOXES.validate_python((written,) if isinstance(written, str) else written)
    except ValidationError:
        raise SendError(f'连接 {CONNECTION} 的收件人（to）不是邮箱地址，应写成 ["a@b.cn", …]。') from None


def _claim(ledger: sqlite3.Connection, key: tuple[str, str, str], now: datetime) -> int | None:
    """Return how many were not told since the last one, or None (and count this one) while others keep still.

    A claim holds for two minutes: whoever is killed while sending silences nobody for longer.
    """
    with ledger:
        ledger.execute("begin immediate")
        found = ledger.execute(_LOOK, key).fetchone()
        silent_until, untold = found or ("", 0)
        if silent_until > _written(now):
            ledger.execute(_COUNT, key)
            return None
        ledger.execute(_NOTE, (*key, _written(now + _UNDER_WAY), untold))
        return int(untold)


@contextmanager
def _ledger(path: Path) -> Iterator[sqlite3.Connection]:
    private_folder(path.parent)
    ledger = sqlite3.connect(path, timeout=_SECONDS_FOR_THE_LEDGER, isolation_level=None)
    try:
        ledger.execute(_MAKE)
        yield ledger
    finally:
        ledger.close()


def _written(moment: datetime) -> str:
    """Write a time so that later ones sort after earlier ones."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
