"""One walk down the whole road without Airflow, and the account it gives: `daibiao run` and `daibiao rebuild`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

import catalog
from pipeline import steps
from pipeline.attending import attend
from pipeline.feedback import write_feedback
from pipeline.pages import write_pages
from pipeline.settings import Settings
from warehouse.duck import discard, open_reader, put_in_place
from warehouse.kept import carry_over
from warehouse.recompute import RolledUp
from warehouse.release import newest

T = TypeVar("T")

_FILES = """
select delivery_id, file, dataset, format, status, reason, rows_in, rows_loaded, rows_quarantined, rows_rejected
from ops.delivery
where list_contains($ids, delivery_id)
order by file, delivery_id
"""
_FINDINGS = """
select delivery_id, severity, rule, cell, message
from dq.finding
where list_contains($ids, delivery_id)
order by delivery_id, severity, line, rule, cell
"""
_FIGURES = "select count(*) from core.observation where list_contains($ids, delivery_id) and value is not null"


@dataclass
class Account:
    """What a run did: files with their rows, what was left alone, and seconds per step.

    `release` is the id of a new release, None when nothing changed. `rolled_up` says which marts were made anew.
    `corrections` are the declared corrections that were not applied: each waits for somebody to delete or change it.
    `alerts` are the messages written (kind, route, channel, title), which stand in the outbox until they are sent.
    """

    files: list[dict[str, Any]] = field(default_factory=list)
    known: int = 0
    left: list[dict[str, str]] = field(default_factory=list)
    figures: int = 0
    rolled_up: RolledUp | None = None
    release: str | None = None
    corrections: list[dict[str, Any]] = field(default_factory=list)
    alerts: list[dict[str, str]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, int]:
        """Rows in, loaded, quarantined and rejected, over all files."""
        return {key: sum(file["rows"][key] for file in self.files) for key in _ROW_KEYS}

    @property
    def has_losses(self) -> bool:
        """Whether a file was rejected or a row quarantined; a duplicate is neither."""
        return any(file["status"] == "rejected" or file["rows"]["quarantined"] for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """Return the account as plain data."""
        return {
            "files": self.files,
            "rows": self.rows,
            "figures": self.figures,
            "known_files": self.known,
            "left_alone": self.left,
            "rolled_up": self.rolled_up.as_json() if self.rolled_up else None,
            "release": self.release,
            "corrections": self.corrections,
            "alerts": self.alerts,
            "seconds": self.seconds,
        }


_ROW_KEYS = ("in", "loaded", "quarantined", "rejected")


def run(settings: Settings, now: datetime) -> Account:
    """Walk the road for all that has landed by `now` and return the account."""
    account = Account()
    landed = _timed(account, "land", lambda: steps.land(settings, now))
    account.known = landed.known
    account.left = [{"file": file, "reason": reason} for file, reason in landed.left]
    _walk(account, settings, landed.deliveries, now)
    _publish(account, settings, now)
    return account


def rebuild(settings: Settings, now: datetime) -> Account:
    """Build the warehouse anew from the archive, put it in the old one's place, and return the account.

    The old warehouse stands until the new one is whole; the landing folder is not looked at. A damaged archive is
    refused before anything is done: what it lost would be lost from the warehouse too. What people decided and were
    told is in no file: it is carried over, from the newest release where the warehouse cannot be read.
    """
    account = Account()
    anew = replace(settings, warehouse_name="warehouse.rebuilding.duckdb")
    steps.verify_archive(settings)
    discard(anew.warehouse)  # what a killed rebuild left
    published = newest(settings.releases)
    sources = (settings.warehouse, *([published.path] if published else []))
    carry_over(anew.warehouse, catalog.load(), sources)
    _walk(account, anew, steps.archived(settings), now)
    carry_over(anew.warehouse, catalog.load(), sources)  # what was decided and told while we read
    put_in_place(anew.warehouse, settings.warehouse)
    _publish(account, settings, now)
    return account


def _walk(account: Account, settings: Settings, ids: Sequence[str], now: datetime) -> None:
    name = f"run-{now:%Y%m%dT%H%M%S%f}"
    if ids:
        _timed(account, "parse", lambda: steps.parse(settings, name, ids))
        _timed(account, "validate", lambda: steps.validate(settings, name, ids))
        _timed(account, "load", lambda: steps.load(settings, name, ids, now))
    account.rolled_up = _timed(account, "roll_up", lambda: steps.roll_up(settings))
    if ids:
        _tell_files(settings, account, list(ids))


def _publish(account: Account, settings: Settings, now: datetime) -> None:
    account.alerts = list(_timed(account, "attend", lambda: attend(settings, now)).alerts)
    account.release = _timed(account, "publish", lambda: steps.publish(settings, now))
    _timed(account, "pages", lambda: write_pages(settings))
    _timed(account, "feedback", lambda: write_feedback(settings))
    account.corrections = steps.failed_corrections(settings)


def _timed(account: Account, step: str, work: Callable[[], T]) -> T:
    started = time.perf_counter()
    result = work()
    account.seconds[step] = round(time.perf_counter() - started, 3)
    return result


def _tell_files(settings: Settings, account: Account, ids: list[str]) -> None:
    with open_reader(settings.warehouse) as connection:
        files = connection.execute(_FILES, {"ids": ids}).fetchall()
        findings = connection.execute(_FINDINGS, {"ids": ids}).fetchall()
        account.figures = connection.execute(_FIGURES, {"ids": ids}).fetchall()[0][0]
    found: dict[str, list[dict[str, Any]]] = {}
    for delivery_id, severity, rule, cell, message in findings:
        found.setdefault(delivery_id, []).append({"severity": severity, "rule": rule, "cell": cell, "message": message})
    for delivery_id, file, dataset, kind, status, reason, *rows in files:
        account.files.append(
            {
                "delivery_id": delivery_id,
                "file": file,
                "dataset": dataset,
                "format": kind,
                "status": status,
                "reason": reason,
                "rows": dict(zip(_ROW_KEYS, rows, strict=True)),
                "findings": found.get(delivery_id, []),
            }
        )
