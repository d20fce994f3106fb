"""全省汇总 · province roll-ups.

- **来什么**：`county_reports`（分区 `县代码|统计期`）和 `station_exports`（分区为月份）的任何更新，按统计期各运行一次。
- **出什么**：`mart.*` 各级各期汇总表，问题单（`dq.incident`）和待发告警，以及 `releases/` 中一个新的只读发布；
  内容没有变化就不发布。还有质量报告 `pages/` 和退回各县的文件 `feedback/`。
- **晚了怎么办**：本 DAG 失败时旧发布照常可查，修好后重跑即可；每次运行都把尚未汇总的变动一并算入，不会漏掉迟到的县。
  只有“核对更正”失败时，新发布已经在用：按日志里的话，到 `catalog/corrections.yml` 删改失效的更正。

Any partition that changed wakes a run of its period. The warehouse remembers what has changed since the marts were last
brought up to date, and a run takes up all of it: a county that comes after its period's run is simply in the next one,
and a run that finds nothing changed publishes nothing.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Asset, PartitionedAssetTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException
from engineers import deadline, tell_engineers
from house import RELEASE, TASK_DEFAULTS, WRITER_POOL
from partitions import PeriodMapper

COUNTY_REPORTS = Asset(name="county_reports", uri="daibiao://core/county_reports")
STATION_EXPORTS = Asset(name="station_exports", uri="daibiao://core/station_exports")


@dag(
    dag_display_name="全省汇总",
    description="乡镇 → 县 → 市州 → 省 逐级汇总并发布",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(
        assets=COUNTY_REPORTS | STATION_EXPORTS, default_partition_mapper=PeriodMapper()
    ),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(hours=2),
    deadline=deadline(minutes=60),
    on_failure_callback=tell_engineers,
    tags=["代表在行动", "汇总", "发布"],
    default_args=dict(TASK_DEFAULTS),
)
def province_rollups() -> None:
    """Roll up what is loaded and publish a release."""

    @task(task_display_name="逐级汇总", pool=WRITER_POOL)
    def roll_up() -> list[str]:
        from pipeline import Settings, steps

        return steps.roll_up(Settings.read()).renewed

    @task(task_display_name="登记问题单", pool=WRITER_POOL)
    def attend() -> dict[str, int]:
        from pipeline import Settings, attending

        return attending.attend(Settings.read(), get_current_context()["dag_run"].run_after).events

    @task(task_display_name="发布", pool=WRITER_POOL, outlets=[RELEASE])
    def publish() -> str | None:
        from pipeline import Settings, steps

        return steps.publish(Settings.read(), get_current_context()["dag_run"].run_after)

    @task(task_display_name="质量报告")
    def write_pages() -> None:
        from pipeline import Settings, pages

        pages.write_pages(Settings.read())

    @task(task_display_name="退回文件")
    def write_feedback() -> int:
        from pipeline import Settings, feedback

        return len(feedback.write_feedback(Settings.read()))

    @task(task_display_name="核对更正")
    def check_corrections() -> None:
        from pipeline import Settings, steps

        if failed := steps.failed_corrections(Settings.read()):
            raise AirflowFailException("\n".join(correction["message"] for correction in failed))

    roll_up() >> attend() >> publish() >> [write_pages(), write_feedback(), check_corrections()]


province_rollups()
