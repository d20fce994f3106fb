"""What every DAG of the house has, whoever wrote it."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from .conftest import ROOT

DAG_IDS = ("county_reports", "station_exports", "province_rollups", "reporting_calendar", "alerts", "month_final")
# Months wait for people, side by side; all else is one run at a time.
RUNS_AT_ONCE = {"month_final": 12}
# A task that asks somebody is never killed for waiting: its run ends it.
ASKS = {("month_final", "decide")}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_these_are_the_dags(dags):
    assert set(dags) == set(DAG_IDS)


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_a_dag_says_what_it_is_and_who_owns_it(dags, dag_id):
    dag = dags[dag_id]
    assert CHINESE.search(dag.description)
    assert CHINESE.search(dag.dag_display_name)
    assert "晚了怎么办" in dag.doc_md
    assert dag.tags
    assert dag.owner == "数据工程"
    assert dag.max_active_runs == RUNS_AT_ONCE.get(dag_id, 1)
    assert dag.dagrun_timeout
    assert dag.catchup is False
    assert dag.is_paused_upon_creation is False


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_every_task_retries_times_out_and_has_a_chinese_name(dags, dag_id):
    for task in dags[dag_id].tasks:
        assert task.retries == 2
        assert bool(task.execution_timeout) is ((dag_id, task.task_id) not in ASKS)
        assert CHINESE.search(task.task_display_name)


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_the_engineers_hear_of_every_failure_and_delay(dags_with_deadlines, dag_id):
    from engineers import tell_engineers

    dag = dags_with_deadlines[dag_id]
    assert dag.on_failure_callback is tell_engineers
    assert [task.task_id for task in dag.tasks if task.on_failure_callback != [tell_engineers]] == []
    (alert,) = dag.deadline
    assert alert.callback.path == "engineers.tell_late"
    assert timedelta(minutes=5) <= alert.interval < dag.dagrun_timeout


def test_a_task_that_asks_waits_for_its_answer_without_a_time_limit(dags):
    from airflow.providers.standard.operators.hitl import HITLOperator

    asking = {
        (dag.dag_id, task.task_id): task
        for dag in dags.values()
        for task in dag.tasks
        if isinstance(task, HITLOperator)
    }
    assert set(asking) == ASKS
    assert [task.response_timeout for task in asking.values()] == [None]


def test_whoever_opens_the_warehouse_waits_for_the_one_slot(dags):
    pooled = {(dag.dag_id, task.task_id) for dag in dags.values() for task in dag.tasks if task.pool != "default_pool"}
    assert pooled == {
        ("county_reports", "land"),
        ("county_reports", "load"),
        ("station_exports", "land"),
        ("station_exports", "load"),
        ("province_rollups", "roll_up"),
        ("province_rollups", "attend"),
        ("reporting_calendar", "attend"),
        ("reporting_calendar", "publish"),
        ("province_rollups", "publish"),
        ("month_final", "approve"),
        ("month_final", "reject"),
        ("month_final", "roll_up"),
        ("month_final", "attend"),
        ("month_final", "publish"),
    }
    assert {task.pool for dag in dags.values() for task in dag.tasks} == {"default_pool", "warehouse_writer"}


@pytest.mark.parametrize("name", ["intake", "province_rollups", "reporting_calendar", "alerts", "month_final"])
def test_parsing_a_dag_file_imports_nothing_heavy(name):
    heavy = "{'pandas', 'duckdb', 'great_expectations', 'pyarrow', 'python_calamine', 'docx', 'catalog'}"
    code = (
        f"import sys; sys.path[:0] = [{str(ROOT / 'dags')!r}, {str(ROOT / 'dags' / 'plugins')!r}]; "
        f"import airflow.sdk, airflow.timetables.trigger, airflow.partition_mappers.base; "
        f"before = set(sys.modules); import {name}; print(sorted((set(sys.modules) - before) & {heavy}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_partition_plugin_reads_a_period(dags):
    from partitions import PeriodMapper

    assert [PeriodMapper().to_downstream(key) for key in ("522301|2026-Q2", "2026-06", "no-period")] == [
        "2026-Q2",
        "2026-06",
        "no-period",
    ]
