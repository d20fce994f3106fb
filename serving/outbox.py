"""The outbox's sender (待发箱): whatever a release says is to be told goes out, in order, once a key.

Reads a release, which nobody locks, and keeps a ledger of its own. Drops nothing, and sends nothing again that is noted
as sent. One window stays open: killed, or out of patience, between a channel's taking a message and our note of it, the
message goes out again, with the same number. Refuses to sleep: what has to wait is left for the next call.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from catalog.alerting import Alerts, Channel
from serving.channels import Endpoint, Mail, PartlySentError, Patience, SendError, send
from serving.channels.plain import plain
from serving.ledger import Entry, Ledger, hold, read_entries
from serving.message import Message, read_messages

# Returns how a channel is reached, None where nobody has said so; raises SendError for one that is filled in badly.
EndpointOf = Callable[[Channel], Endpoint | None]

FORGOTTEN_AFTER = timedelta(days=14)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
# Whatever a sender died in waits for more than one call, so that the next ones go on with the others.
_AFTER_A_DEATH = timedelta(minutes=10)
_FAILURES_IN_A_ROW = 3
_MINUTE = timedelta(minutes=1)
_USUAL = Patience()
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """What a call did; each message is counted once, but `refused` are among `sent`.

    `sent` went out, `refused` of them not to every mailbox, for good. `failed` were tried and wait for another try;
    `waiting` were not tried: not due, in a pause after a failure, above the rate, or behind a channel that fails.
    `unconfigured` wait for a connection; `stranded` for a channel that the catalog no longer knows, one of
    `strange_channels`. `expired` were not in the ledger and too old to be told; `lost` are in the ledger and no longer
    in the release. `behind` is how long the oldest message of a configured channel has been due. `problems` has a
    sentence a channel; `configured` are the channels that have a connection.
    """

    sent: int
    waiting: int
    failed: int
    expired: int
    unconfigured: int
    stranded: int
    refused: int
    lost: int
    behind: timedelta
    problems: tuple[str, ...]
    configured: tuple[str, ...]
    strange_channels: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A message and what became of it: `state` is 已发, 待发, 失败 (will be tried again) or 过期 (too old)."""

    number: int | None
    kind: str
    title: str
    channel: str
    state: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    last_error: str | None


def send_due(
    release: Path,
    ledger_path: Path,
    alerts: Alerts,
    endpoint_of: EndpointOf,
    mail: Mail | None,
    now: datetime,
    *,
    pages_url: str = "",
    patience: Patience = _USUAL,
) -> Sent:
    """Send what is due, in order of number, each message at most once, and return what became of all that waits.

    `now` is the time at the call; it runs on by itself while channels are waited for. One process at a time: another
    waits for this one, and then finds everything noted.
    """
    with hold(ledger_path) as ledger:
        started = time.monotonic()
        messages = read_messages(release, ledger.settled())
        known = ledger.entries()
        expired = _take_up(ledger, messages, known, now)
        waiting = [message for message in messages if message.key not in expired]
        lost = {key for key, entry in known.items() if entry.state == "waiting"} - {m.key for m in messages}
        if lost:
            _log.warning(
                "发送台账中有%d条待发告警不在发布中，未发送。(Messages are no longer in the release.)", len(lost)
            )
        walk = _Walk(
            ledger,
            {channel.id: channel for channel in alerts.channels},
            endpoint_of,
            lambda: now + timedelta(seconds=time.monotonic() - started),
            lambda endpoint, message, to, at: send(
                endpoint, message, at=at, pages_url=pages_url, to=to, mail=mail, patience=patience
            ),
        )
        for message in waiting:
            walk.take(message, known.get(message.key))
        return walk.account(len(expired), len(lost))


def listed(release: Path, ledger_path: Path) -> list[Listed]:
    """Return every message of a release with its state, in order of number, without waiting for whoever sends."""
    known = read_entries(ledger_path)
    return [_listed(message, known.get(message.key)) for message in read_messages(release)]


def _take_up(ledger: Ledger, messages: list[Message], known: dict[str, Entry], now: datetime) -> set[str]:
    """Enter what was not seen before, and return the keys of what of it is too old to be told."""
    new = [message for message in messages if message.key not in known]
    old = [message for message in new if now - message.due_at > FORGOTTEN_AFTER]
    expired = {message.key for message in old}
    for message in old:
        _log.warning("告警 %s 已超过 %d 天，不再发送。(Too old to be sent.)", message.number, FORGOTTEN_AFTER.days)
    ledger.expire(_slips(old), now)
    ledger.enter(_slips(m for m in new if m.key not in expired), now)
    return expired


def _slips(messages: Iterable[Message]) -> list[tuple[str, int, str]]:
    return [(message.key, message.number or 0, message.channel) for message in messages]


class _Walk:
    """One walk over the messages: what each channel can take, and what became of what it was given."""

    def __init__(
        self,
        ledger: Ledger,
        channels: Mapping[str, Channel],
        endpoint_of: EndpointOf,
        now: Callable[[], datetime],
        hand_over: Callable[[Endpoint, Message, Sequence[str], datetime], str | None],
    ) -> None:
        self._ledger, self._channels, self._now, self._hand_over = ledger, channels, now, hand_over
        self._problems: dict[str, str] = {}
        self._failures: dict[str, int] = {}
        self._endpoints = {name: self._endpoint(channel, endpoint_of) for name, channel in channels.items()}
        self._strange: set[str] = set()
        self._counts = dict.fromkeys(("sent", "waiting", "failed", "unconfigured", "stranded", "refused"), 0)
        self._behind = timedelta(0)

    def take(self, message: Message, entry: Entry | None) -> None:
        """Send one message, or leave it where it is."""
        what = self._outcome(message, entry)
        self._counts[what] += 1
        if what in {"waiting", "failed"}:
            self._behind = max(self._behind, self._now() - message.due_at)

    def account(self, expired: int, lost: int) -> Sent:
        """Return what was done."""
        return Sent(
            **self._counts,
            expired=expired,
            lost=lost,
            behind=self._behind,
            problems=tuple(f"{channel}：{problem}" for channel, problem in self._problems.items()),
            configured=tuple(name for name, endpoint in self._endpoints.items() if endpoint),
            strange_channels=tuple(sorted(self._strange)),
        )

    def _endpoint(self, channel: Channel, endpoint_of: EndpointOf) -> Endpoint | SendError | None:
        try:
            with _as_send_error(channel):
                return endpoint_of(channel)
        except SendError as error:
            self._problems[channel.id] = str(error)
            return error

    def _outcome(self, message: Message, entry: Entry | None) -> str:
        if message.channel not in self._channels:
            self._strange.add(message.channel)
            return "stranded"
        endpoint = self._endpoints[message.channel]
        if endpoint is None:
            return "unconfigured"
        now, channel = self._now(), self._channels[message.channel]
        is_paused = entry is not None and entry.next_try_at is not None and entry.next_try_at > now
        if message.not_before > now or is_paused or self._failures.get(channel.id, 0) >= _FAILURES_IN_A_ROW:
            return "waiting"
        if self._ledger.tried_since(channel.connection, now - _MINUTE) >= channel.per_minute:
            return "waiting"
        return self._try(message, channel, endpoint, entry.attempts if entry else 0)

    def _try(self, message: Message, channel: Channel, endpoint: Endpoint | SendError, attempts: int) -> str:
        now = self._now()
        attempt = self._ledger.begin(message.key, channel.connection, now, now + max(_pause(attempts), _AFTER_A_DEATH))
        try:
            if isinstance(endpoint, SendError):
                raise endpoint
            with _as_send_error(channel):
                to = self._ledger.unserved(message.key, channel.to)
                is_done = bool(channel.to) and not to  # whoever did not take it is no longer in the catalog
                note = None if is_done else self._hand_over(endpoint, message, to, self._now())
        except SendError as error:
            self._fail(attempt, message, error, attempts)
            return "failed"
        self._ledger.sent(attempt, message.key, note, self._now())
        self._failures[channel.id] = 0
        if note:
            self._counts["refused"] += 1
            self._problems[channel.id] = note
            _log.warning("告警 %s（渠道 %s）：%s", message.number, channel.id, note)
        return "sent"

    def _fail(self, attempt: int, message: Message, error: SendError, attempts: int) -> None:
        now = self._now()
        served = error.served if isinstance(error, PartlySentError) else ()
        self._ledger.failed(attempt, message.key, str(error), now, now + _pause(attempts), served)
        self._failures[message.channel] = self._failures.get(message.channel, 0) + 1
        self._problems[message.channel] = str(error)
        _log.warning("告警 %s 未能发出（渠道 %s）：%s", message.number, message.channel, error)


def _pause(attempts: int) -> timedelta:
    """Return how long a message waits after a failure that came after so many other attempts."""
    return min(_FIRST_PAUSE * (1 << min(attempts, 10)), _LONGEST_PAUSE)


@contextmanager
def _as_send_error(channel: Channel) -> Iterator[None]:
    """Turn whatever a channel's library raises into a failure of this channel: it must not hold up the others.

    It is told, noted and tried again. Its words are not kept: they may hold an address.
    """
    try:
        yield
    except SendError:
        raise
    except Exception as error:
        raise SendError(f"渠道 {channel.id} 意外出错（{type(error).__name__}）") from error


def _listed(message: Message, entry: Entry | None) -> Listed:
    state = {"sent": "已发", "expired": "过期"}.get(entry.state if entry else "", "待发")
    if entry and entry.state == "waiting" and entry.last_error:
        state = "失败"
    return Listed(
        number=message.number,
        kind=message.kind,
        title=plain(message.title),
        channel=message.channel,
        state=state,
        attempts=entry.attempts if entry else 0,
        created_at=message.created_at,
        sent_at=entry.settled_at if entry and entry.state == "sent" else None,
        next_try_at=(entry and entry.next_try_at) or message.not_before if state in {"待发", "失败"} else None,
        last_error=entry.last_error if entry else None,
    )
