"""报送日历 · reporting calendar.

- **来什么**：不等文件，每天早上按 `catalog/calendar.yml` 和 `catalog/alerts.yml` 看一遍：
  谁快到期、谁逾期、哪些问题单该上报。
- **出什么**：提醒、逾期问题单、逐级上报和每日摘要，写进待发箱并随新的发布一起出去，由 `alerts` 发送。
- **晚了怎么办**：补跑即可。告警按“告警键”只写一次，重跑不会重发；漏跑一天，下一次会把该说的一并说完。

A county that sends nothing wakes no other DAG: this one looks at the calendar once a day.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from engineers import deadline, tell_engineers
from house import RELEASE, TASK_DEFAULTS, WRITER_POOL


@dag(
    dag_display_name="报送日历",
    description="每日催报：提醒、逾期、上报、摘要",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("32 8 * * *", timezone="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(hours=2),
    deadline=deadline(minutes=60),
    on_failure_callback=tell_engineers,
    tags=["代表在行动", "告警"],
    default_args=dict(TASK_DEFAULTS),
)
def reporting_calendar() -> None:
    """Look at the calendar and the open incidents, and publish what follows."""

    @task(task_display_name="查看日历", pool=WRITER_POOL)
    def attend() -> dict[str, int]:
        from pipeline import Settings, attending, steps

        settings = Settings.read()
        steps.roll_up(settings)
        return attending.attend(settings, get_current_context()["dag_run"].run_after).events

    @task(task_display_name="发布", pool=WRITER_POOL, outlets=[RELEASE])
    def publish() -> str | None:
        from pipeline import Settings, steps

        return steps.publish(Settings.read(), get_current_context()["dag_run"].run_after)

    @task(task_display_name="质量报告")
    def write_pages() -> None:
        from pipeline import Settings, pages

        pages.write_pages(Settings.read())

    attend() >> publish() >> write_pages()


reporting_calendar()
