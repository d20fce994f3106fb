"""Airflow plugin: partitions whose keys are known only once the files have been read.

`IntakeTimetable` wakes an intake DAG by cron and lets its load task name the partitions it touched
(`522301|2026-06`, or `2026-06`). `PeriodMapper` maps such a key to its period, so that a roll-up run is one period's.
Airflow's own `PartitionedAtRuntime` never schedules a run, and its own mappers cannot read a composite key's period.
"""

from __future__ import annotations

from typing import ClassVar

from airflow.partition_mappers.base import PartitionMapper
from airflow.plugins_manager import AirflowPlugin
from airflow.timetables.trigger import CronTriggerTimetable


class IntakeTimetable(CronTriggerTimetable):
    """Run by cron; the task that loads says which partitions the run touched."""

    partitioned_at_runtime = True


class PeriodMapper(PartitionMapper):
    """Map `county|period`, or a bare `period`, to the period."""

    def to_downstream(self, key: str) -> str:
        """Return the period that stands in a partition key.

        >>> PeriodMapper().to_downstream("522301|2026-06")
        '2026-06'
        """
        return key.rpartition("|")[2]


class PartitionsPlugin(AirflowPlugin):
    """Registers the two with Airflow."""

    name = "daibiao_partitions"
    timetables: ClassVar = [IntakeTimetable]
    partition_mappers: ClassVar = [PeriodMapper]
