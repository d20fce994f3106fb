"""The demo: the whole road on `samples/`, walked by Airflow itself, each DAG as a real DAG run.

Airflow is started as a command, as an operator would: nothing of it is imported here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pipeline.settings import Settings

PROJECT = Path(__file__).parent.parent
SAMPLES = PROJECT / "samples" / "landing"
DAGS = ("county_reports", "station_exports", "province_rollups")


class DemoError(RuntimeError):
    """Airflow did not do its part; the message says which part, and where its log is."""


def airflow_environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which Airflow runs this project's DAGs on SQLite, below `settings.home`."""
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "AIRFLOW_HOME": str(settings.home / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "dags" / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__DAIBIAO__DEADLINES": "False",  # `airflow dags test` cannot do with them
        "DAIBIAO_HOME": str(settings.home),
        "DAIBIAO_LANDING": str(settings.landing),
    }


def walk_the_road(settings: Settings, tell: Callable[[str], None]) -> None:
    """Run the three DAGs through Airflow, telling each step.

    Raises DemoError when the samples are not there or a DAG run does not succeed.
    """
    if not SAMPLES.is_dir():
        raise DemoError(f"找不到样例目录 {SAMPLES}：demo 需要在源码目录中运行。(The demo runs in a checkout.)")
    log = settings.home / "demo.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("", encoding="utf-8")
    tell("准备 Airflow 元数据库（SQLite） · preparing Airflow's metadata database")
    _airflow(settings, log, "db", "migrate")
    _airflow(settings, log, "pools", "set", "warehouse_writer", "1", "仓库写入，一次一个")
    for dag_id in DAGS:
        tell(f"Airflow 运行 DAG {dag_id} · running the DAG")
        _airflow(settings, log, "dags", "test", dag_id)


def _airflow(settings: Settings, log: Path, *arguments: str) -> None:
    with log.open("a", encoding="utf-8") as lines:
        done = subprocess.run(  # noqa: S603 - our own words only
            [str(Path(sys.executable).parent / "airflow"), *arguments],
            env=airflow_environment(settings),
            stdout=lines,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    if done.returncode:
        raise DemoError(f"airflow {' '.join(arguments)} 没有成功，日志见 {log}。(It failed; see the log.)")
