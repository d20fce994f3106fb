"""月度定稿 · a person makes the month final.

- **来什么**：每月 12 日 9 时（北京时间）提请上月定稿；其他月份由人触发并填写“统计期”（如 2026-06）。依据取自最新发布。
- **出什么**：`ops.month_decision` 中的决定，`mart.month_state`、`mart.month_revision`，以及写明定稿状态的新发布。
- **怎么办**：在“待办事项”（Required Actions）中打开“批准或退回”，看完依据，选择“批准”或“退回”，可写备注。
  退回不算失败：退回后产生问题单，改好后重新触发本 DAG 即可。
- **晚了怎么办**：没有人答复时任务一直等待（不占用执行槽），60 天后本次运行作废，可重新触发。批准前数字又有变动的，
  “记录批准”会失败并写明原因：清除“汇集依据”及其后各任务，重新核对。

The task that asks waits without a slot until somebody answers, in the UI or by REST (docs/month-final.md). Late figures
after the decision are no matter of this DAG: the roll-up notes them as a numbered revision, to be confirmed here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Context, CronPartitionTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException
from engineers import deadline, tell_engineers
from house import RELEASE, TASK_DEFAULTS, WRITER_POOL

if TYPE_CHECKING:
    from pipeline.finalising import Decision

T = TypeVar("T")
ANSWER = "answer"
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class MonthApproval(ApprovalOperator):
    """Airflow's approval with the words of an office."""

    APPROVE = "批准"
    REJECT = "退回"

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:  # noqa: ANN401 - as Airflow has it
        """Hand on who answered what and when: of a rejection Airflow's own hands on nothing."""
        if "error" not in event:
            answer = {
                "who": event["responded_by_user"]["name"],
                "note": event["params_input"].get("note"),
                "at": event["responded_at"].isoformat(),
            }
            context["ti"].xcom_push(key=ANSWER, value=answer)
        return super().execute_complete(context, event)


@dag(
    dag_display_name="月度定稿",
    description="汇集依据，由人批准或退回上月数字，并发布定稿状态",
    doc_md=__doc__,
    # The partition is the month before the run's; a month that was missed is asked for by hand.
    schedule=CronPartitionTimetable("0 9 12 * *", timezone="Asia/Shanghai", run_offset=-1, key_format="%Y-%m"),
    catchup=False,
    max_active_runs=12,  # a month that nobody has decided on yet holds up no other
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(days=60),
    deadline=deadline(minutes=20 * 24 * 60),
    on_failure_callback=tell_engineers,
    tags=["代表在行动", "定稿"],
    params={
        "period": Param(
            None, type=["null", "string"], pattern=MONTH, title="统计期", description="要定稿的月份，如 2026-06"
        )
    },
    default_args=dict(TASK_DEFAULTS),
)
def month_final() -> None:
    """Show the evidence, wait for an answer, record it, publish."""

    @task(task_display_name="汇集依据")
    def gather() -> dict[str, str]:
        from pipeline import Settings, finalising

        context = get_current_context()
        run = context["dag_run"]

        def gathered() -> dict[str, str]:
            period = finalising.month_to_decide(context["params"]["period"], run.partition_key)
            return finalising.gather(Settings.read(), period, run.run_after).as_json()

        return _or_fail(gathered)

    decide = MonthApproval(
        task_id="decide",
        task_display_name="批准或退回",
        subject="{{ ti.xcom_pull(task_ids='gather')['period'] }} 月度定稿：请核对依据后批准或退回",
        body="{{ ti.xcom_pull(task_ids='gather')['body'] }}",
        params={"note": Param("", type="string", maxLength=500, title="备注")},
        execution_timeout=None,  # whoever answers takes the time it takes
    )

    @task(task_display_name="记录批准", pool=WRITER_POOL)
    def approve() -> str:
        from pipeline import finalising

        return _record(finalising.approve)

    # Behind `approve`, because a rejection skips whatever follows `decide` directly.
    @task(task_display_name="记录退回", pool=WRITER_POOL, trigger_rule="all_skipped")
    def reject() -> str:
        from pipeline import finalising

        return _record(finalising.reject)

    @task(task_display_name="逐级汇总", pool=WRITER_POOL, trigger_rule="none_failed_min_one_success")
    def roll_up() -> list[str]:
        from pipeline import Settings, steps

        return steps.roll_up(Settings.read()).renewed

    @task(task_display_name="登记问题单", pool=WRITER_POOL)
    def attend() -> dict[str, int]:
        from pipeline import Settings, attending

        answer = get_current_context()["ti"].xcom_pull(task_ids="decide", key=ANSWER)
        return attending.attend(Settings.read(), datetime.fromisoformat(answer["at"])).events

    @task(task_display_name="发布", pool=WRITER_POOL, outlets=[RELEASE])
    def publish() -> str | None:
        from pipeline import Settings, steps

        answer = get_current_context()["ti"].xcom_pull(task_ids="decide", key=ANSWER)
        return steps.publish(Settings.read(), datetime.fromisoformat(answer["at"]))

    @task(task_display_name="质量报告")
    def write_pages() -> None:
        from pipeline import Settings, pages

        pages.write_pages(Settings.read())

    approved, rejected = approve(), reject()
    gather() >> decide >> approved >> rejected
    [approved, rejected] >> roll_up() >> attend() >> publish() >> write_pages()


def _record(record: Callable[..., Decision]) -> str:
    """Record the answer of whoever gave it, at the time when it was given, about the evidence that was shown."""
    from pipeline import Settings, finalising

    instance = get_current_context()["ti"]
    answer = instance.xcom_pull(task_ids="decide", key=ANSWER)
    shown = finalising.Evidence(**instance.xcom_pull(task_ids="gather"))
    who, note, at = answer["who"], answer["note"], datetime.fromisoformat(answer["at"])
    decision = _or_fail(lambda: record(Settings.read(), shown, who, note, at))
    return f"{decision.period} {decision.decision} {decision.revision}"


def _or_fail(work: Callable[[], T]) -> T:
    """Do the work; what no second try can mend fails at once, with its reason in the log."""
    from pipeline import finalising

    try:
        return work()
    except finalising.MonthError as problem:
        raise AirflowFailException(str(problem)) from problem


month_final()
