"""告警发送 · alerts.

- **来什么**：最新发布中的 `ops.message`（待发箱），以及 `outbox/ledger.sqlite` 中的发送记录。
- **出什么**：企业微信、钉钉、飞书、邮件、webhook 消息，每条一次；渠道在 `catalog/alerts.yml`，地址与密钥在 Airflow
  的连接中。
- **晚了怎么办**：每五分钟自动发送一次，渠道恢复后积压的会依次发出。先看 `daibiao outbox --waiting` 的失败原因；
  任务被跳过，说明一个渠道也没有配置连接。连接的填法、免打扰、重复的可能见 `docs/alerts.md`。

Every five minutes what is due goes out, each message once. Woken by the clock alone: releases come from partitioned
runs, and Airflow wakes no DAG without partitions by those.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from engineers import deadline, tell_engineers
from house import TASK_DEFAULTS


@dag(
    dag_display_name="告警发送",
    description="把待发箱中到时的告警发到各渠道，每条一次",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(hours=1),
    deadline=deadline(minutes=30),
    on_failure_callback=tell_engineers,
    tags=["代表在行动", "告警"],
    default_args=dict(TASK_DEFAULTS),
)
def alerts() -> None:
    """Send what is due."""

    @task(task_display_name="发送告警")
    def send() -> None:
        from endpoints import endpoint_of, mail

        from pipeline import Settings, sending

        sent = sending.send(Settings.read(), endpoint_of, mail, get_current_context()["ti"].start_date)
        if reason := sending.why_skipped(sent):
            raise AirflowSkipException(reason)
        if reason := sending.why_failed(sent):
            raise AirflowFailException(reason)
        print(sending.account(sent))

    send()


alerts()
