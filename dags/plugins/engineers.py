"""What every DAG has so that the data engineers (数据工程师) hear of its failures and delays, on their own channel.

    from engineers import deadline, tell_engineers

    DAG(…, on_failure_callback=tell_engineers, deadline=deadline(minutes=30),
        default_args={…, "on_failure_callback": tell_engineers})

On a task it runs where the task ran, after the last try, and knows the error; on a DAG it tells what no task can: a
run that timed out or got stuck. Never raises: the failure itself stands in Airflow's pages, whatever becomes of the
message. docs/engineers.md says how the connection `daibiao_engineers` is filled in. Imported whenever a DAG is parsed,
so nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import logging
import traceback
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from airflow.plugins_manager import AirflowPlugin
from airflow.sdk import BaseDeadlineReference, DeadlineAlert, SyncCallback
from airflow.sdk.configuration import conf
from airflow.sdk.timezone import utcnow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.engineers import Event, Trouble

log = logging.getLogger(__name__)

_GUIZHOU = ZoneInfo("Asia/Shanghai")
_REASONS: Mapping[str, Event] = {"timed_out": "timed_out", "all_tasks_deadlocked": "deadlocked"}


def tell_engineers(context: Mapping[str, Any]) -> None:
    """Tell that a task failed, or its run without any; the callback of both."""

    def trouble() -> Trouble | None:
        reason = context.get("reason")  # only a run's
        if reason is None:
            return _of_task(context)
        return _of_run(context) if reason in _REASONS else None

    _tell(trouble)


def tell_late(context: Mapping[str, Any]) -> None:
    """Tell that a run is not done by its deadline; Airflow also calls for one that failed before, which is known."""

    def trouble() -> Trouble | None:
        ended = context["dag_run"].get("end_date")
        is_late = ended is None or _moment(ended) > _moment(context["deadline"]["deadline_time"])
        return _of_deadline(context) if is_late else None

    _tell(trouble)


def deadline(minutes: int) -> DeadlineAlert | None:
    """Return a DAG's deadline: so many minutes after a run was queued, well above what a run takes.

    None where AIRFLOW__DAIBIAO__DEADLINES is False: `dag.test()` and `airflow dags test` of Airflow 3.3.2 break at the
    end of a successful run of a DAG that has a deadline, because they look it up by its definition, not by its id.
    """
    if not conf.getboolean("daibiao", "deadlines", fallback=True):
        return None
    return DeadlineAlert(
        reference=SinceQueued(),
        interval=timedelta(minutes=minutes),
        callback=SyncCallback(tell_late),
        name=f"{minutes} 分钟内完成",
    )


class SinceQueued(BaseDeadlineReference):
    """When a run was queued, or was due where Airflow does not say.

    Stands for `DeadlineReference.DAGRUN_QUEUED_AT`, with which Airflow 3.3.2 cannot clear a run: it adds up the JSON of
    the interval with a time.
    """

    required_kwargs: ClassVar = {"dag_id", "run_id"}

    def _evaluate_with(self, *, session: Any, dag_id: str, run_id: str) -> datetime | None:  # noqa: ANN401
        from airflow.models import DagRun

        found = DagRun.find(dag_id=dag_id, run_id=run_id, session=session)
        return (found[0].queued_at or found[0].run_after) if found else None


class EngineersPlugin(AirflowPlugin):
    """Registers the reference of the deadlines with Airflow."""

    name = "daibiao_engineers"
    deadline_references: ClassVar = [SinceQueued]


def _tell(trouble_of: Callable[[], Trouble | None]) -> None:
    """Tell what there is to tell; not even a program that cannot be imported makes it raise."""
    try:
        _hand_over(trouble_of)
    except Exception as bug:  # noqa: BLE001 - a message that cannot be sent must not hide what it was to tell
        # Its words may quote a delivered file: the kind and the line are all that is told.
        at = traceback.extract_tb(bug.__traceback__)[-1]
        log.warning("未能告知数据工程师：%s，%s 第 %s 行", type(bug).__name__, Path(at.filename).name, at.lineno)


def _hand_over(trouble_of: Callable[[], Trouble | None]) -> None:
    from pipeline import Settings, engineers

    trouble, now = trouble_of(), utcnow()
    if trouble is None:
        return
    try:
        if not engineers.tell(Settings.read(), trouble, _sender(now), now):
            log.info("同样的情况一小时内已告知数据工程师，这次只计数。")
    except engineers.SendError as refused:
        log.warning("未能告知数据工程师：%s", refused)


def _sender(now: datetime) -> Any:  # noqa: ANN401 - a callable of (Trouble, int)
    """Return what sends a trouble to where the connection says; without one, a warning in the log is all."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException
    from endpoints import endpoint, mail

    from pipeline import engineers

    def sender(trouble: Trouble, untold: int) -> None:
        try:
            extra = Connection.get(engineers.CONNECTION).extra_dejson
        except AirflowNotFoundException:
            raise engineers.SendError(f"没有连接 {engineers.CONNECTION}，配置办法见 docs/engineers.md。") from None
        kind = extra.get("kind", "webhook")
        channel = endpoint(kind, engineers.CONNECTION)
        if channel is not None:
            to = engineers.mailboxes(extra.get("to", ())) if kind == "email" else ()
            engineers.hand_over(trouble, untold, channel, to, mail, now)

    return sender


def _of_task(context: Mapping[str, Any]) -> Trouble:
    from pipeline.engineers import Trouble

    task, ran = context["task"], context["ti"]
    error = context.get("exception")
    return Trouble(
        event="task_failed",
        dag_id=ran.dag_id,
        dag_name=context["dag"].dag_display_name,
        run_id=ran.run_id,
        log_url=ran.log_url,
        task_id=ran.task_id,
        task_name=task.task_display_name,
        tries=f"第 {ran.try_number} 次（最多 {task.retries + 1} 次）",
        error=error if isinstance(error, BaseException) else None,
    )


def _of_run(context: Mapping[str, Any]) -> Trouble:
    from pipeline.engineers import Trouble

    dag, run_id = context["dag"], context["run_id"]
    return Trouble(
        event=_REASONS[context["reason"]],
        dag_id=dag.dag_id,
        dag_name=dag.dag_display_name,
        run_id=run_id,
        log_url=_run_url(dag.dag_id, run_id),
    )


def _of_deadline(context: Mapping[str, Any]) -> Trouble:
    from pipeline.engineers import Trouble

    run = context["dag_run"]
    due_at = _moment(context["deadline"]["deadline_time"]).astimezone(_GUIZHOU)
    return Trouble(
        event="late",
        dag_id=run["dag_id"],
        dag_name=run.get("dag_display_name") or run["dag_id"],
        run_id=run["dag_run_id"],
        log_url=_run_url(run["dag_id"], run["dag_run_id"]),
        due_at=f"{due_at:%Y-%m-%d %H:%M}",
    )


def _run_url(dag_id: str, run_id: str) -> str:
    base = conf.get("api", "base_url", fallback="http://localhost:8080/")
    return f"{base.rstrip('/')}/dags/{dag_id}/runs/{quote(run_id)}"


def _moment(written: Any) -> datetime:  # noqa: ANN401 - a time, or one written as ISO 8601
    return written if isinstance(written, datetime) else datetime.fromisoformat(str(written))
