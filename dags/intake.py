"""The two intake DAGs: `county_reports` (县级报告入库) and `station_exports` (联络站导出入库).

Alike but for what they take, so they are made in a loop over `INTAKES`. One task a stage over all that has landed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from airflow.sdk import DAG, Asset, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from engineers import deadline, tell_engineers
from house import TASK_DEFAULTS, WRITER_POOL
from partitions import IntakeTimetable


@dataclass(frozen=True)
class Intake:
    """An intake DAG: its id, Chinese name, page in the UI, and how its asset is partitioned."""

    dag_id: str
    name_zh: str
    tags: tuple[str, ...]
    doc: str


INTAKES = (
    Intake(
        "county_reports",
        "县级报告入库",
        ("入库", "县级报告"),
        """
### 县级报告入库 · county reports
- **来什么**：`landing/` 中各县报送的统计表（xlsx、xls、et、csv、docx、网页另存的 xls）、文字报告（txt、docx、网页），
  以及无法识别的文件。
- **出什么**：`core.observation`、`core.report`、`dq.*`、`ops.delivery`；资产 `county_reports`，分区为
  `单位代码|统计期`。
- **晚了怎么办**：每分钟自动查看一次目录。某县迟迟没有数据，先看 `daibiao status 2026-06`，
  再看该文件在 `ops.delivery` 中的状态与原因。

Files that land are archived, parsed, judged and loaded; a bad row is quarantined, a bad file rejected, and neither
stops the rest.
""",
    ),
    Intake(
        "station_exports",
        "联络站导出入库",
        ("入库", "联络站"),
        """
### 联络站导出入库 · station exports
- **来什么**：`landing/` 中各系统导出的记录（csv、xlsx、json、jsonl）：站点台账、进站履职、群众工单、代表建议、
  民生实事项目、履职积分、培训、监督活动、立法意见、专项资金、表彰、活动记录；以目录 `catalog/exports/` 为准。
- **出什么**：每个系统一张表 `core.<导出名>`，`dq.*`、`ops.delivery`；资产 `station_exports`，分区为月份。
- **晚了怎么办**：每分钟自动查看一次目录；查 `ops.delivery` 的状态与原因。同一编号再次导出即为更正，以较新者为准。

Records are upserted by their number; personal columns are dropped or hashed before anything is written.
""",
    ),
)


def build(intake: Intake) -> DAG:
    """Return the DAG of one intake: land, parse, validate, load."""
    asset = Asset(name=intake.dag_id, uri=f"daibiao://core/{intake.dag_id}")
    with DAG(
        dag_id=intake.dag_id,
        dag_display_name=intake.name_zh,
        description=f"{intake.name_zh}：查看目录、解析、校验、入库",
        doc_md=intake.doc,
        schedule=IntakeTimetable("* * * * *", timezone="Asia/Shanghai"),
        catchup=False,
        max_active_runs=1,
        is_paused_upon_creation=False,
        dagrun_timeout=timedelta(hours=2),
        deadline=deadline(minutes=30),
        on_failure_callback=tell_engineers,
        tags=["代表在行动", *intake.tags],
        default_args=dict(TASK_DEFAULTS),
    ) as dag:

        @task(task_display_name="查看目录", pool=WRITER_POOL)
        def land() -> list[str]:
            from pipeline import Settings, steps

            run = get_current_context()["dag_run"]
            landed = steps.land(Settings.read(), run.run_after, family=intake.dag_id)
            if not landed.deliveries:
                raise AirflowSkipException("没有新文件")
            return list(landed.deliveries)

        @task(task_display_name="解析")
        def parse(deliveries: list[str]) -> list[str]:
            from pipeline import Settings, steps

            return steps.parse(Settings.read(), _run_name(), deliveries)

        @task(task_display_name="校验")
        def validate(deliveries: list[str]) -> list[str]:
            from pipeline import Settings, steps

            return steps.validate(Settings.read(), _run_name(), deliveries)

        @task(task_display_name="入库", pool=WRITER_POOL, outlets=[asset])
        def load(deliveries: list[str]) -> None:
            from pipeline import Settings, steps

            context = get_current_context()
            touched = steps.load(Settings.read(), _run_name(), deliveries, context["dag_run"].run_after)
            context["outlet_events"][asset].add_partitions(touched)

        load(validate(parse(land())))
    return dag


def _run_name() -> str:
    """Return the run as a folder name, its own among all DAGs' runs; a retry gets the same folder."""
    context = get_current_context()
    return "".join(letter if letter.isalnum() else "-" for letter in f"{context['dag'].dag_id}-{context['run_id']}")


for _intake in INTAKES:
    globals()[_intake.dag_id] = build(_intake)
