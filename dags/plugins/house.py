"""What the DAGs of the house share: how often a task is tried, who answers for it, the one writer, the release.

Imported whenever a DAG is parsed, so nothing heavy is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import Asset
from engineers import tell_engineers

WRITER_POOL = "warehouse_writer"  # one slot: DuckDB locks its whole file
RELEASE = Asset(name="release", uri="daibiao://releases/newest")
TASK_DEFAULTS: Mapping[str, Any] = {
    "owner": "数据工程",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "execution_timeout": timedelta(minutes=30),
    "on_failure_callback": tell_engineers,
}
