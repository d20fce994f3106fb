"""The step `send`: hand what is due of the newest release to the channels, and say how it went.

Refuses to know how a channel is reached: the caller says it (in Airflow: its connections).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import catalog
from catalog.alerting import Channel
from pipeline.settings import Settings
from serving.channels import Endpoint, Mail, SendError, web_address
from serving.ledger import FILE
from serving.outbox import EndpointOf, Sent, send_due
from warehouse.release import newest

__all__ = ["Channel", "Endpoint", "SendError", "account", "send", "web_address", "why_failed", "why_skipped"]

TOO_LONG = timedelta(hours=1)


def send(settings: Settings, endpoint_of: EndpointOf, mail: Mail | None, now: datetime) -> Sent | None:
    """Send what is due; None where there is no release yet. `now` is the time at the call, aware."""
    release = newest(settings.releases)
    if release is None:
        return None
    return send_due(
        release.path,
        ledger_file(settings),
        catalog.load().alerts,
        endpoint_of,
        mail,
        now,
        pages_url=settings.pages_url,
    )


def ledger_file(settings: Settings) -> Path:
    """Return where the sender notes what went out."""
    return settings.outbox / FILE


def account(sent: Sent) -> str:
    """Say in one sentence what was done.

    >>> from datetime import timedelta
    >>> account(Sent(3, 1, 0, 0, 2, 0, 0, 0, timedelta(0), (), ("province_mail",), ()))
    '发出 3 条，待发 1 条，失败 0 条；另有 2 条的渠道没有配置连接。'
    """
    said = f"发出 {sent.sent} 条，待发 {sent.waiting} 条，失败 {sent.failed} 条"
    if sent.unconfigured:
        said += f"；另有 {sent.unconfigured} 条的渠道没有配置连接"
    if sent.stranded:
        said += f"；{sent.stranded} 条的渠道（{'、'.join(sent.strange_channels)}）已不在 catalog/alerts.yml 中，未发送"
    if sent.expired:
        said += f"；{sent.expired} 条因过期（超过 14 天且无发送记录）不再发送"
    if sent.lost:
        said += f"；{sent.lost} 条有记录但已不在发布中，未发送"
    return "。".join([said, *sent.problems]) + "。"


def why_skipped(sent: Sent | None) -> str | None:
    """Say why there was nothing that could be sent to; None where there was."""
    if sent is None:
        return "还没有发布，没有可发送的告警。"
    if sent.configured or sent.stranded:
        return None
    return f"告警渠道都没有配置连接，{sent.unconfigured} 条告警在待发箱中等候。配置办法见 docs/alerts.md。"


def why_failed(sent: Sent) -> str | None:
    """Say why somebody has to look; None where nobody has to.

    That is: a channel was renamed or removed while messages wait for it; a mailbox refused a message for good; or
    messages failed just now, and something has waited for more than an hour.
    """
    reasons = []
    if sent.stranded:
        reasons.append(
            f"有 {sent.stranded} 条告警的渠道（{'、'.join(sent.strange_channels)}）已不在 catalog/alerts.yml 中，"
            "在待发箱中等候：请在其中恢复这个渠道（id 不变，连接可以换），待其发完再改名或删除。"
        )
    if sent.refused:
        reasons.append(
            f"有 {sent.refused} 条告警被部分邮箱永久拒收，不会再发给它们：{'。'.join(sent.problems)}。"
            "请核对 catalog/alerts.yml 中该渠道的收件人（to），并另行告知未收到的单位。"
        )
    if sent.failed and sent.behind > TOO_LONG:
        hours = sent.behind / timedelta(hours=1)
        reasons.append(f"告警已积压 {hours:.1f} 小时：{account(sent)}请检查渠道的连接、密钥和网络。")
    return "".join(reasons) or None
