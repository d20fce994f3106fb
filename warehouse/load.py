"""Load one delivery: ledger, rows, findings, verdicts and quarantine, in one transaction.

Loads each delivery once: known ones are left as they are. Refuses an intake whose rows do not add up. Judges nothing:
what is quarantined was decided before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb

from catalog import PROSE, Catalog
from catalog.models import Resubmission
from warehouse.archive import Delivery
from warehouse.errors import WarehouseError
from warehouse.records import date_back, load_records
from warehouse.reports import load_reports, settle
from warehouse.staging import CHECKS, EXPLANATIONS, FINDINGS, QUARANTINE, stage
from warehouse.statements import transaction
from warehouse.touched import touch

# Why a duplicate is not loaded.
DUPLICATE = "内容与已入库的文件 {file} 相同，不重复计数。"

# What a delivery left behind that an older program set aside.
_FORGET = (
    "delete from ops.delivery where delivery_id = ?",
    "delete from dq.verdict where delivery_id = ?",
    "delete from dq.finding where delivery_id = ?",
    "delete from dq.quarantine where delivery_id = ?",
)

# What every load may change, whatever it brings; reports say more exactly what they change.
_EVERY_LOAD = ("ops.delivery", "dq.verdict", "dq.finding", "dq.quarantine")

_INSERT_DELIVERY = """
insert into ops.delivery by name
select
    $delivery_id as delivery_id, $sha256 as sha256, $file as file, $size_bytes as size_bytes, $format as format,
    $encoding as encoding, $dataset as dataset, $status as status, $reason as reason, $rows_in as rows_in,
    $rows_loaded as rows_loaded, $rows_quarantined as rows_quarantined, $rows_rejected as rows_rejected,
    $duplicate_of as duplicate_of, $fingerprint as fingerprint, $delivered_at as delivered_at,
    $received_at as received_at, $loaded_at as loaded_at,
    $claimed_org_code as claimed_org_code, $claimed_period as claimed_period
"""

# An export delivered again after some of its records were corrected may set them back: that is no mere duplicate.
_ORIGINAL = """
select delivery_id
from ops.delivery
where
    dataset = $dataset and fingerprint = $fingerprint and status in ('loaded', 'partly_loaded')
    and delivery_id not in (
        select superseded.delivery_id
        from core.superseded_record as superseded
        where superseded.export = $dataset
    )
order by delivered_at, delivery_id
limit 1
"""

_IS_BEFORE = """
select 1
from ops.delivery as duplicate
inner join ops.delivery as original on original.delivery_id = $original
where duplicate.delivery_id = $delivery_id and duplicate.delivered_at <= original.delivered_at
"""

_INSERT_VERDICTS = """
insert into dq.verdict by name
select * exclude (ordinal), $delivery_id as delivery_id from staged_check order by ordinal
"""

# A run that was killed while it made the warehouse leaves a file without tables.
_HAS_LEDGER = "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'delivery'"

_INSERT_FINDINGS = """
insert into dq.finding by name
select
    * exclude (ordinal), $delivery_id as delivery_id, $file as file,
    $delivery_id || '-' || lpad(ordinal::varchar, 6, '0') as finding_id
from staged_finding
order by ordinal
"""

_INSERT_QUARANTINE = """
insert into dq.quarantine by name
select * exclude (ordinal, source_ref), source_ref as cell, $delivery_id as delivery_id, $file as file
from staged_quarantine
order by ordinal
"""

# What a county answered (说明) is said on the day it was delivered in Guizhou.
_INSERT_EXPLANATIONS = """
insert into core.explanation by name
select
    staged.* exclude (ordinal),
    delivery.delivery_id,
    cast(delivery.delivered_at + interval 8 hours as date) as said_on,
    cast(delivery.delivered_at + interval 8 hours as date) + cast($days as integer) as expires_on
from staged_explanation as staged
cross join ops.delivery as delivery
where delivery.delivery_id = $delivery_id
order by staged.ordinal
"""


class RowsUnaccountedError(WarehouseError):
    """An intake's rows in are not its loaded, quarantined and rejected rows."""


@dataclass(frozen=True)
class Intake:
    """What parsing and validation made of one delivery.

    `status` is `accepted` (rows may still be quarantined; `reason` may hold notes) or `rejected` (not readable, with a
    Chinese `reason`). `folder` holds the parquet files: for forms and prose `reports` and `observations`, for prose
    `paragraphs` too, for forms `frame.explanations` (回函说明), for exports `frame.records` (as parsed, those in
    quarantine too), and for all `findings`, `checks` and `quarantine` where there are any.
    `fingerprint` is the hash of the facts, whatever file they come in. `claimed_org_code` and `claimed_period` are the
    unit and the period that the head of a report speaks of, or else the file's name and folder.
    """

    delivery: Delivery
    dataset: str | None
    format: str | None
    encoding: str | None
    fingerprint: str | None
    rows_in: int
    rows_quarantined: int
    folder: Path | None
    status: Literal["accepted", "rejected"]
    reason: str | None = None
    claimed_org_code: str | None = None
    claimed_period: str | None = None


def pending(con: duckdb.DuckDBPyConnection, deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Return the deliveries that are not in the ledger, in the order given, with those that were set aside.

    An older program set aside what it could not read yet (prose); this one reads it.
    """
    if not con.execute(_HAS_LEDGER).fetchone():
        return list(deliveries)
    settled = "select delivery_id from ops.delivery where status <> 'set_aside'"
    known = {delivery_id for (delivery_id,) in con.execute(settled).fetchall()}
    return [delivery for delivery in deliveries if delivery.delivery_id not in known]


def load(con: duckdb.DuckDBPyConnection, catalog: Catalog, intake: Intake, loaded_at: datetime) -> str:
    """Load an intake, wholly or not at all, and return the delivery's status in the ledger.

    A delivery in the ledger is left alone, unless it was set aside. One with the facts of a delivery that stands is
    recorded as `duplicate`. Raises RowsUnaccountedError when the rows do not add up.
    """
    delivery_id = intake.delivery.delivery_id
    known = _status(con, delivery_id)
    if known and known != "set_aside":
        return known
    with transaction(con):
        for statement in _FORGET:
            con.execute(statement, [delivery_id])
        if intake.status == "accepted":
            _accept(con, catalog, intake, loaded_at)
        else:
            _record(con, intake, loaded_at, status=intake.status, rows_rejected=intake.rows_in, reason=intake.reason)
            _load_verdict(con, intake)
        touch(con, _EVERY_LOAD)
    return _status(con, delivery_id) or intake.status


def _accept(con: duckdb.DuckDBPyConnection, catalog: Catalog, intake: Intake, loaded_at: datetime) -> None:
    original = con.execute(_ORIGINAL, {"dataset": intake.dataset, "fingerprint": intake.fingerprint}).fetchone()
    if original:
        _record(
            con, intake, loaded_at, status="duplicate", rows_rejected=intake.rows_in, duplicate_of=original[0],
            reason=DUPLICATE.format(file=_file(con, original[0])),
        )  # fmt: skip
        _settle(con, catalog, intake.dataset, original[0])
        _date_back(con, catalog, intake, original[0])
        return
    rows_loaded = intake.rows_in - intake.rows_quarantined
    _load_verdict(con, intake)
    if not rows_loaded:
        critical = _first_critical(con, intake.delivery.delivery_id)
        if critical or _is_quarantined(con, intake):
            reason = critical or intake.reason
            _record(con, intake, loaded_at, status="rejected", rows_quarantined=intake.rows_quarantined, reason=reason)
            _load_explanations(con, catalog, intake)
            return
    _record(
        con, intake, loaded_at, status="partly_loaded" if intake.rows_quarantined else "loaded",
        rows_loaded=rows_loaded, rows_quarantined=intake.rows_quarantined, reason=intake.reason,
    )  # fmt: skip
    _load_explanations(con, catalog, intake)
    found = _load_rows(con, catalog, intake)
    if found != rows_loaded:
        raise RowsUnaccountedError(
            f"{intake.delivery.file}：收到{intake.rows_in}行，隔离{intake.rows_quarantined}行，"
            f"应入库{rows_loaded}行，实有{found}行；本文件未入库，请报告程序错误。"
        )
    _settle(con, catalog, intake.dataset, intake.delivery.delivery_id)


def _load_rows(con: duckdb.DuckDBPyConnection, catalog: Catalog, intake: Intake) -> int:
    if intake.folder is None or intake.dataset is None:
        raise RowsUnaccountedError(f"{intake.delivery.file}：交接内容缺少数据文件夹或数据集名称。")
    if policy_of(catalog, intake.dataset):
        return load_reports(con, intake.delivery.delivery_id, intake.folder)
    export = catalog.exports[intake.dataset]
    touch(con, (f"core.{export.export}", "core.superseded_record"))
    return load_records(con, export, intake.delivery.delivery_id, intake.folder / "frame.records.parquet")


def _load_explanations(con: duckdb.DuckDBPyConnection, catalog: Catalog, intake: Intake) -> None:
    """Insert what the county answered; what it says of its figures holds even where the rest is rejected."""
    path = intake.folder and intake.folder / "frame.explanations.parquet"
    if stage(con, "staged_explanation", path, EXPLANATIONS):
        days = catalog.parameters.explanation_days
        con.execute(_INSERT_EXPLANATIONS, {"delivery_id": intake.delivery.delivery_id, "days": days})
        touch(con, ["core.explanation"])


def _date_back(con: duckdb.DuckDBPyConnection, catalog: Catalog, intake: Intake, original: str) -> None:
    """Date the records of `original` back to this duplicate, where it was delivered before."""
    export = catalog.exports.get(intake.dataset or "")
    if export is None or intake.folder is None:
        return
    mine = intake.delivery.delivery_id
    if con.execute(_IS_BEFORE, {"delivery_id": mine, "original": original}).fetchone():
        stage(con, "staged_quarantine", intake.folder / "quarantine.parquet", QUARANTINE)
        date_back(con, export, mine, intake.folder / "frame.records.parquet")


def _settle(con: duckdb.DuckDBPyConnection, catalog: Catalog, dataset: str | None, delivery_id: str) -> None:
    if policy := policy_of(catalog, dataset):
        settle(con, policy, [delivery_id])


def policy_of(catalog: Catalog, dataset: str | None) -> Resubmission | None:
    """Return what a newer report of a dataset does to the older one; None for records, which are no reports."""
    if dataset == PROSE:
        return Resubmission.REPLACE
    form = catalog.forms.get(dataset) if dataset else None
    return form.resubmission if form else None


def _record(
    con: duckdb.DuckDBPyConnection,
    intake: Intake,
    loaded_at: datetime,
    *,
    status: str,
    rows_loaded: int = 0,
    rows_quarantined: int = 0,
    rows_rejected: int = 0,
    duplicate_of: str | None = None,
    reason: str | None = None,
) -> None:
    delivery = intake.delivery
    con.execute(
        _INSERT_DELIVERY,
        {
            "delivery_id": delivery.delivery_id,
            "sha256": delivery.sha256,
            "file": delivery.file,
            "size_bytes": delivery.size_bytes,
            "format": intake.format,
            "encoding": intake.encoding,
            "dataset": intake.dataset,
            "status": status,
            "reason": reason,
            "rows_in": intake.rows_in,
            "rows_loaded": rows_loaded,
            "rows_quarantined": rows_quarantined,
            "rows_rejected": rows_rejected,
            "duplicate_of": duplicate_of,
            "fingerprint": intake.fingerprint,
            "delivered_at": _utc(delivery.delivered_at),
            "received_at": _utc(delivery.received_at),
            "loaded_at": _utc(loaded_at),
            "claimed_org_code": intake.claimed_org_code,
            "claimed_period": intake.claimed_period,
        },
    )


def _load_verdict(con: duckdb.DuckDBPyConnection, intake: Intake) -> None:
    """Insert what validation said about the delivery, and what it took out."""
    folder = intake.folder
    names = {"delivery_id": intake.delivery.delivery_id, "file": intake.delivery.file}
    stage(con, "staged_check", folder and folder / "checks.parquet", CHECKS)
    stage(con, "staged_finding", folder and folder / "findings.parquet", FINDINGS)
    stage(con, "staged_quarantine", folder and folder / "quarantine.parquet", QUARANTINE)
    con.execute(_INSERT_VERDICTS, {"delivery_id": names["delivery_id"]})
    con.execute(_INSERT_FINDINGS, names)
    con.execute(_INSERT_QUARANTINE, names)


def _is_quarantined(con: duckdb.DuckDBPyConnection, intake: Intake) -> bool:
    """Say whether anything was taken out: rows, or a whole table that may have had none."""
    found = con.execute("select count(*) from dq.quarantine where delivery_id = ?", [intake.delivery.delivery_id])
    return bool(intake.rows_quarantined or found.fetchall()[0][0])


def _first_critical(con: duckdb.DuckDBPyConnection, delivery_id: str) -> str | None:
    row = con.execute(
        "select message from dq.finding where delivery_id = ? and severity = 'critical' order by finding_id limit 1",
        [delivery_id],
    ).fetchone()
    return row[0] if row else None


def _status(con: duckdb.DuckDBPyConnection, delivery_id: str) -> str | None:
    row = con.execute("select status from ops.delivery where delivery_id = ?", [delivery_id]).fetchone()
    return row[0] if row else None


def _file(con: duckdb.DuckDBPyConnection, delivery_id: str) -> str:
    row = con.execute("select file from ops.delivery where delivery_id = ?", [delivery_id]).fetchone()
    return row[0] if row else delivery_id


def _utc(moment: datetime) -> datetime:
    """Turn an aware time into the naive UTC that the warehouse keeps."""
    return moment.astimezone(UTC).replace(tzinfo=None)
