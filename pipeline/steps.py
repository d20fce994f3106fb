"""The steps of the road, one function each: ids and paths in, ids and paths out.

    land ──▶ parse ──▶ validate ──▶ load ──▶ roll_up ──▶ publish

Every step can be run again at any time: it replaces what it wrote, and what stands in the ledger is left alone. Rows
travel between steps as Parquet files in `work/<run>/<delivery>/`, all of them masked by then. A file that cannot be
used is an outcome, not an error: it is told by name and never stops the others.
"""

from __future__ import annotations

import json
import shutil
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import catalog
from pipeline.settings import Settings
from serving.quarantine_list import write_quarantine_lists
from transforms import Parsed, Unreadable, reaches_of, reshape, statements, views_of
from transforms import parse as parse_file
from transforms.masking import scrub
from transforms.parse import identify
from transforms.places import claims
from warehouse import landing, release
from warehouse.archive import Archive, ArchiveDamagedError, Delivery, delivered_at
from warehouse.duck import open_reader, open_writer
from warehouse.errors import WarehouseLostError
from warehouse.load import Intake, pending
from warehouse.load import load as load_delivery
from warehouse.query import query
from warehouse.recompute import RolledUp, bring_up_to_date
from warehouse.references import refresh_references
from warehouse.scratch import scratch

if TYPE_CHECKING:
    from expectations import Verdict

PARSED = "parsed.json"
_FAILED_CORRECTIONS = """
select correction_id as correction, state, file, source_ref as cell, message
from dq.correction
where state <> 'applied'
order by correction_id
"""
_OUTCOME = ("dataset", "format", "encoding", "rows_in", "fingerprint", "notes")
_FILES_AT_ONCE = 2
_ABANDONED_AFTER_SECONDS = 2 * 24 * 3600
# A delivery that speaks of no period (rejected, prose over some years, a register) still has to reach the next release.
NO_PERIOD = "no-period"


@dataclass(frozen=True)
class Landed:
    """What a look at the landing folder found: `deliveries` await loading, `left` were left alone and why."""

    deliveries: tuple[str, ...]
    known: int
    left: tuple[tuple[str, str], ...]


def land(settings: Settings, received_at: datetime, family: str | None = None) -> Landed:
    """List the landing folder, archive what is new and return the deliveries that the ledger does not know.

    `family` is `county_reports` (forms, prose, and whatever cannot be read) or `station_exports`; None takes both.
    """
    _refuse_lost(settings)
    if settings.owns_landing:  # one that was named has to be there
        settings.landing.mkdir(parents=True, exist_ok=True)
    scan = landing.scan(settings.landing, settings.settle_seconds)  # first: a mistyped folder makes nothing
    _sweep(settings.work, received_at)
    archive = Archive(settings.archive)
    left = {landing.name_of(item.path, settings.landing): item.reason_zh for item in scan.left}
    known = archive.known()
    for path in scan.ready:
        name = landing.name_of(path, settings.landing)
        try:
            if _look(path, name) in known:
                continue
            stored = archive.store(path, received_at, settings.landing)
        except OSError as problem:
            left[name] = f"无法读取（{problem.strerror}），留待下次"
            continue
        if stored is None:
            left[name] = "读取时内容仍在变化，留待下次"
        elif stored.delivery.file != name:
            left[name] = f"与 {stored.delivery.file} 完全相同，只是名称不同，不重复收件"
    deliveries = archive.deliveries()
    waiting = _not_in_ledger(settings, deliveries)
    chosen = [d for d in waiting if family is None or _family(archive, d) == family]
    return Landed(
        deliveries=tuple(delivery.delivery_id for delivery in chosen),
        known=len(deliveries) - len(waiting),
        left=tuple((scrub(name), reason) for name, reason in sorted(left.items())),
    )


def _refuse_lost(settings: Settings) -> None:
    """Raise WarehouseLostError where there are releases and no warehouse: what people decided would be forgotten."""
    if not settings.warehouse.exists() and release.newest(settings.releases):
        raise WarehouseLostError(
            f"找不到仓库文件 {settings.warehouse}，但已有发布：请先运行 daibiao rebuild，"
            "由归档重建并找回问题单和定稿记录。(The warehouse is gone: rebuild it first.)"
        )


def archived(settings: Settings) -> tuple[str, ...]:
    """Return every delivery in the archive, in order of arrival."""
    return tuple(delivery.delivery_id for delivery in Archive(settings.archive).deliveries())


def verify_archive(settings: Settings) -> None:
    """Raise ArchiveDamagedError when a delivery's bytes are gone or are not those delivered."""
    Archive(settings.archive).verify()


def parse(settings: Settings, run: str, delivery_ids: Sequence[str]) -> list[str]:
    """Read each delivery into masked frames under `work/<run>/`; return the ids, all of them.

    A file that cannot be read leaves its reason there instead.
    """
    facts, key = catalog.load(), settings.mask_key()
    archive = Archive(settings.archive)

    def one(delivery: Delivery) -> None:
        folder = _fresh(settings.work / run / delivery.delivery_id)
        try:
            data = archive.read(delivery.delivery_id)
            parsed = parse_file(data, delivery.file, delivery.delivery_id, delivery.received_at, facts, key)
        except (Unreadable, ArchiveDamagedError) as problem:
            _reject(folder, str(problem))
        except (MemoryError, OSError):
            raise  # no fault of the file's: the run stops here, and the next one takes it up again
        except Exception as bug:  # noqa: BLE001 - a bug met in one file must not hold up all the others
            # Only the kind and the place: a message may quote the file, and with it somebody's name.
            place = traceback.extract_tb(bug.__traceback__)[-1]
            where = f"{type(bug).__name__}，{Path(place.filename).name} 第 {place.lineno} 行"
            _reject(folder, f"程序未能读完本文件（{where}）：文件已存档，请联系数据工程师。")
        else:
            _write_parsed(folder, parsed)

    # Arrow lets go of the interpreter while it reads; more than two files at once would take memory and no less time.
    with ThreadPoolExecutor(_FILES_AT_ONCE) as readers:
        list(readers.map(one, _chosen(archive, delivery_ids)))
    return list(delivery_ids)


def _write_parsed(folder: Path, parsed: Parsed) -> None:
    for name, frame in parsed.frames.items():
        frame.to_parquet(folder / f"frame.{name}.parquet", index=False)
    outcome = {name: getattr(parsed, name) for name in _OUTCOME}
    _write_json(folder / PARSED, {"status": "accepted", "reason": "；".join(parsed.notes) or None} | outcome)


def _reject(folder: Path, reason: str) -> None:
    _write_json(_fresh(folder) / PARSED, {"status": "rejected", "reason": reason, "dataset": None})


def validate(settings: Settings, run: str, delivery_ids: Sequence[str]) -> list[str]:
    """Judge the frames, one suite run a dataset over all deliveries, and part accepted rows from quarantined ones."""
    import expectations  # late: Great Expectations takes seconds to import

    facts = catalog.load()
    folders = {delivery_id: settings.work / run / delivery_id for delivery_id in delivery_ids}
    by_dataset: dict[str, list[str]] = {}
    for delivery_id, folder in folders.items():
        outcome = _read_json(folder / PARSED)
        if outcome["status"] == "accepted":
            by_dataset.setdefault(outcome["dataset"], []).append(delivery_id)
    for dataset, ids in by_dataset.items():
        chosen = {delivery_id: folders[delivery_id] for delivery_id in ids}
        judge = _judge_records if dataset in facts.exports else _judge_reports
        for delivery_id, tables in judge(dataset, chosen, facts, expectations.validate):
            for name, table in tables.items():
                table.to_parquet(folders[delivery_id] / f"{name}.parquet", index=False)
    return list(delivery_ids)


def load(settings: Settings, run: str, delivery_ids: Sequence[str], loaded_at: datetime) -> list[str]:
    """Load each delivery in a transaction of its own, in order of arrival; return the partitions that changed.

    A partition is `unit|period` for a county report and a month for station records; `no-period` stands for
    deliveries that touched no figure. The run's work folder is removed once all is loaded; a second try of the same
    run then finds everything in the ledger and has nothing to do.
    """
    facts = catalog.load()
    touched: set[str] = set()
    chosen = _chosen(Archive(settings.archive), delivery_ids)
    with open_writer(settings.warehouse, facts) as connection:
        if not (settings.work / run).exists() and not pending(connection, chosen):
            return [NO_PERIOD]  # an earlier try of this task loaded all of it and died before it could say so
        for delivery in chosen:
            folder = settings.work / run / delivery.delivery_id
            status = load_delivery(connection, facts, _intake(delivery, folder, facts), loaded_at)
            touched |= _partitions(folder, facts) if status in {"loaded", "partly_loaded"} else {NO_PERIOD}
        refresh_references(connection, facts)
    done = (settings.work / run).rename(settings.work / f"done-{run}")  # at once, so that no half of it is taken up
    shutil.rmtree(done)
    return sorted(touched)


def roll_up(settings: Settings) -> RolledUp:
    """Bring every mart up to date with what is loaded, making anew what has changed and what rests on it; say what."""
    facts = catalog.load()
    with open_writer(settings.warehouse, facts) as connection:
        return bring_up_to_date(connection, statements(facts), views_of(facts), reaches_of(facts))


def publish(settings: Settings, published_at: datetime) -> str | None:
    """Publish a release and the lists of what was held back; return its id, or None when nothing has changed."""
    facts = catalog.load()
    published = release.publish(settings.warehouse, settings.releases, facts, published_at, keep=settings.keep_releases)
    write_quarantine_lists(published.path, settings.quarantine, facts)
    return published.release_id if published.is_new else None


def failed_corrections(settings: Settings) -> list[dict[str, Any]]:
    """Return the declared corrections that the newest release did not apply: correction, state, file, cell, message.

    A correction of which the source was mended, that expired, or that fits no figure or several, waits for somebody to
    delete it from the catalog.
    """
    published = release.newest(settings.releases)
    if published is None:
        return []
    answer = query(published.path, _FAILED_CORRECTIONS)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _sweep(work: Path, now: datetime) -> None:
    """Remove the folders of runs that were killed and never taken up again."""
    for folder in work.glob("*"):
        with suppress(FileNotFoundError):  # another task ended, and removed its own
            if now.timestamp() - folder.stat().st_mtime > _ABANDONED_AFTER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _look(path: Path, name: str) -> tuple[str, int, datetime]:
    """Return what a landed file looks like, as `Archive.known` tells what it looked like when it was taken."""
    looked = path.stat()
    return name, looked.st_size, delivered_at(looked)


def _not_in_ledger(settings: Settings, deliveries: Sequence[Delivery]) -> list[Delivery]:
    if not settings.warehouse.exists():
        return list(deliveries)
    with open_reader(settings.warehouse) as connection:
        return pending(connection, deliveries)


def _family(archive: Archive, delivery: Delivery) -> str:
    try:
        _, dataset = identify(archive.read(delivery.delivery_id), delivery.file, catalog.load())
    except Exception:  # noqa: BLE001 - whatever is wrong with it, `parse` finds and says it
        return "county_reports"
    return "station_exports" if dataset in catalog.load().exports else "county_reports"


def _chosen(archive: Archive, delivery_ids: Iterable[str]) -> list[Delivery]:
    wanted = set(delivery_ids)
    return [delivery for delivery in archive.deliveries() if delivery.delivery_id in wanted]


def _judge_reports(
    dataset: str, folders: Mapping[str, Path], facts: catalog.Catalog, validate: Callable[..., Verdict]
) -> Iterator[tuple[str, dict[str, pd.DataFrame]]]:
    """Yield, by delivery, the tables to load of forms or prose, by file name."""
    frames = {delivery_id: _frames(folder) for delivery_id, folder in folders.items()}
    verdict = validate(dataset, _together(frames.values()), facts)
    held = _by_delivery(verdict.quarantined())
    for delivery_id, said in _apart(verdict, folders):
        mine, own = held.get(delivery_id, set()), frames[delivery_id]
        critical = said["findings"][said["findings"]["severity"] == "critical"]
        tables = {**said, "quarantine": reshape.quarantine(own, mine, critical)}
        if dataset == catalog.PROSE:
            tables["reports"] = reshape.prose_reports(own, mine)
            tables["observations"] = reshape.prose_observations(own, mine)
            tables["paragraphs"] = reshape.prose_paragraphs(own, mine)
        else:
            tables["reports"] = reshape.reports(own, mine)
            tables["observations"] = reshape.observations(own, mine, facts)
        yield delivery_id, tables


def _judge_records(
    dataset: str, folders: Mapping[str, Path], facts: catalog.Catalog, validate: Callable[..., Verdict]
) -> Iterator[tuple[str, dict[str, pd.DataFrame]]]:
    """Yield, by delivery, what is to be loaded of an export beside its records, which stay where they are."""
    header = pd.concat([pd.read_parquet(folder / "frame.header.parquet") for folder in folders.values()])
    paths = [folder / "frame.records.parquet" for folder in folders.values()]
    with scratch(next(iter(folders.values())).parent) as rows:
        rows.read("record", paths)
        verdict = validate(dataset, {"header": header.reset_index(drop=True)}, facts, rows)
        held = rows.pick("record", verdict.quarantined())
    held_of = dict(iter(held.groupby("delivery_id")))
    export = facts.exports[dataset]
    for delivery_id, said in _apart(verdict, folders):
        critical = said["findings"][said["findings"]["severity"] == "critical"]
        mine = held_of.get(delivery_id, held.iloc[:0])
        yield delivery_id, {**said, "quarantine": reshape.quarantined_records(mine, critical, export)}


def _by_delivery(held: Iterable[reshape.RowKey]) -> dict[str, set[reshape.RowKey]]:
    found: dict[str, set[reshape.RowKey]] = {}
    for table_id, line in held:
        found.setdefault(table_id.partition("#")[0], set()).add((table_id, line))
    return found


def _apart(verdict: Verdict, deliveries: Iterable[str]) -> Iterator[tuple[str, dict[str, pd.DataFrame]]]:
    """Yield what a verdict says of each delivery."""
    findings = dict(iter(verdict.findings.groupby("delivery_id")))
    checks = dict(iter(verdict.checks.groupby("delivery_id")))
    for delivery_id in deliveries:
        yield (
            delivery_id,
            {
                "findings": findings.get(delivery_id, verdict.findings.iloc[:0]),
                "checks": checks.get(delivery_id, verdict.checks.iloc[:0]),
            },
        )


def _intake(delivery: Delivery, folder: Path, facts: catalog.Catalog) -> Intake:
    outcome = _read_json(folder / PARSED)
    accepted = outcome["status"] == "accepted"
    org_code, period = claims(delivery.file, facts.tree)
    if accepted and outcome["dataset"] not in facts.exports:
        told_org_code, told_period = reshape.spoken(pd.read_parquet(folder / "frame.header.parquet"))
        org_code, period = told_org_code or org_code, told_period or period
    return Intake(
        delivery=replace(delivery, file=scrub(delivery.file)),
        dataset=outcome["dataset"],
        format=outcome.get("format"),
        encoding=outcome.get("encoding"),
        fingerprint=outcome.get("fingerprint"),
        rows_in=outcome.get("rows_in", 0),
        rows_quarantined=len(pd.read_parquet(folder / "quarantine.parquet")) if accepted else 0,
        status=outcome["status"],
        reason=outcome["reason"],
        folder=folder if accepted else None,
        claimed_org_code=org_code,
        claimed_period=period,
    )


def _partitions(folder: Path, facts: catalog.Catalog) -> set[str]:
    dataset = _read_json(folder / PARSED)["dataset"]
    if export := facts.exports.get(dataset):
        dates = {m.when for m in export.measures if m.when and export.column(m.when).type != "year"}
        days = pd.read_parquet(folder / "frame.records.parquet", columns=sorted(dates))
        months = {str(month) for name in days for month in days[name].dropna().dt.to_period("M").unique()}
    else:
        reports = pd.read_parquet(folder / "reports.parquet", columns=["org_code", "period", "grain"])
        dated = reports[reports["grain"].isin(("month", "quarter", "year")) & reports["org_code"].notna()]
        months = {f"{org}|{period}" for org, period in zip(dated["org_code"], dated["period"], strict=True)}
    return months or {NO_PERIOD}


def _frames(folder: Path) -> dict[str, pd.DataFrame]:
    return {path.name.split(".")[1]: pd.read_parquet(path) for path in sorted(folder.glob("frame.*.parquet"))}


def _together(frames: Iterable[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    parts: dict[str, list[pd.DataFrame]] = {}
    for delivery in frames:
        for name, frame in delivery.items():
            parts.setdefault(name, []).append(frame)
    return {name: pd.concat(several, ignore_index=True) for name, several in parts.items()}


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
