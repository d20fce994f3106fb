"""Who is told what, where and when (告警路由): channels, routes, quiet hours, mute windows, escalation.

Holds no address of a robot and no secret: a channel names a connection (Airflow's, or one of the settings), and that
holds them. Refuses persons: a route belongs to an office.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from catalog.declared import Office, Sentence
from catalog.models import Closed, Identifier, Level, OrgCode

ChannelKind = Literal["wecom", "dingtalk", "feishu", "email", "webhook"]
Cause = Literal["bad_file", "late_report", "question", "rejected_month"]
MailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$")]


class Channel(Closed):
    """A robot or mailbox (渠道): `connection` is the id under which its address and secret are kept.

    `to` are the offices' mailboxes, for e-mail only. `per_minute` is how many messages the robot takes in a minute.
    """

    id: Identifier
    kind: ChannelKind
    connection: Identifier
    to: tuple[MailAddress, ...] = ()
    per_minute: int = Field(default=20, ge=1)

    @model_validator(mode="after")
    def _mail_goes_somewhere(self) -> Self:
        if (self.kind == "email") != bool(self.to):
            raise ValueError(f"channel {self.id}: `to` is given for e-mail, and only for it")
        return self


class Route(Closed):
    """What one supervising office (督导) is told: incidents of `unit` and of all below it that nobody nearer takes.

    `systems` narrows it to the indicators and exports of these systems (1 to 12); none means all.
    """

    id: Identifier
    office: Office
    unit: OrgCode
    systems: tuple[int, ...] = ()
    channels: tuple[Identifier, ...] = Field(min_length=1)


class QuietHours(Closed):
    """When nobody is told (免打扰), by the clock in Guizhou; what comes up meanwhile waits until `until`."""

    since: time
    until: time


class Mute(Closed):
    """A time in which a unit and all below it are not chased (静默: 换届, holidays); both days are included.

    Incidents go on being opened and closed; those still open when it ends are told then.
    """

    id: Identifier
    unit: OrgCode
    first_day: date
    last_day: date
    reason: Sentence
    who: Office

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError(f"mute {self.id}: last_day is before first_day")
        return self


class Alerts(Closed):
    """The whole of `alerts.yml`.

    `at_once` are the causes told as they come up, the others wait for the daily digest (每日摘要) at `digest_at`.
    `days_to_fix` sets an incident's deadline; `escalate_days` says after how many days without an end an incident of a
    unit of that level goes one level up as well. From `wide_percent` of a unit's counties on (and `wide_least` of
    them), the same fault of the same period is one incident of the unit, not one of each county.
    """

    channels: tuple[Channel, ...]
    routes: tuple[Route, ...]
    at_once: tuple[Cause, ...]
    digest_at: time
    quiet_hours: QuietHours | None
    days_to_fix: dict[Cause, int]
    escalate_days: dict[Level, int]
    wide_percent: int = Field(gt=0, le=100)
    wide_least: int = Field(ge=2)
    mutes: tuple[Mute, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for what, ids in (
            ("channel", [c.id for c in self.channels]),
            ("route", [r.id for r in self.routes]),
            ("mute", [m.id for m in self.mutes]),
        ):
            if twice := {i for i in ids if ids.count(i) > 1}:
                raise ValueError(f"{what} {', '.join(sorted(twice))} is declared twice")
        if unset := set(get_args(Cause)) - set(self.days_to_fix):
            raise ValueError(f"days_to_fix: {', '.join(sorted(unset))} is missing")
        known = {channel.id for channel in self.channels}
        if missing := {name for route in self.routes for name in route.channels} - known:
            raise ValueError(f"no such channel: {', '.join(sorted(missing))}")
        return self
