"""Airflow in a home of its own, on SQLite, migrated once a session; set before anything imports airflow."""

import os
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_HOME = tempfile.TemporaryDirectory(prefix="airflow-")
os.environ.update(
    AIRFLOW_HOME=_HOME.name,
    AIRFLOW__CORE__DAGS_FOLDER=str(ROOT / "dags"),
    AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "dags" / "plugins"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__DEFAULT_TIMEZONE="Asia/Shanghai",
    AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    AIRFLOW__DAIBIAO__DEADLINES="False",  # dag.test() cannot do with them
    AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL="0",  # the same DAG with and without its deadline
    AIRFLOW__API_AUTH__JWT_SECRET="of this test run only, and long enough for its hash: " + "-" * 16,
)


@pytest.fixture(scope="session")
def dags():
    """The project's DAGs by id, as Airflow's own DagBag reads them."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils import db

    db.upgradedb()
    bag = DagBag(str(ROOT / "dags"))
    assert bag.import_errors == {}
    return bag.dags


@pytest.fixture
def dags_with_deadlines(dags, monkeypatch):
    """The project's DAGs as the DAG processor has them: with their deadlines, which `dag.test()` cannot do with."""
    from airflow.dag_processing.dagbag import DagBag

    monkeypatch.setenv("AIRFLOW__DAIBIAO__DEADLINES", "True")
    bag = DagBag(str(ROOT / "dags"))
    assert bag.import_errors == {}
    return bag.dags
