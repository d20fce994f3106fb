"""Small made-up deliveries, as the pipeline would hand them over."""

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from catalog import load as load_catalog
from catalog.models import Described, Table
from warehouse.archive import Delivery
from warehouse.duck import open_plain, open_writer
from warehouse.load import Intake, load
from warehouse.migrate import migrate
from warehouse.reference import periods, refill
from warehouse.tables import ensure_exports

from .province import FACTS, Province, renew, warehouse

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CALENDAR = {row["period"]: row for row in periods({"month": 10, "quarter": 15, "year": 30})}

FINDING = {
    "suite": "county_table",
    "rule": "ExpectKnownTownship",
    "severity": "critical",
    "scope": "row",
    "column_name": None,
    "message": "兴义市没有“某某镇”。",
}


def _month(label: str) -> dict[str, object]:
    start = date.fromisoformat(f"{label}-01")
    end = (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return {"period": label, "grain": "month", "period_start": start, "period_end": end, "basis": "period"}


class Desk:
    """Makes intakes below a folder; `day` is the day of July 2026 on which the file was delivered."""

    def __init__(self, root: Path):
        self.root = root

    def delivery(self, name: str, day: int = 1) -> Delivery:
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        at = datetime(2026, 9, 1, 8, tzinfo=UTC) + timedelta(days=day - 1)
        return Delivery(sha256[:16], sha256, f"{name}.xlsx", 100, at, NOW)

    def _folder(self, delivery: Delivery, frames: dict[str, list[dict]]) -> Path:
        folder = self.root / delivery.delivery_id
        folder.mkdir(parents=True, exist_ok=True)
        for frame, rows in frames.items():
            if rows:
                pd.DataFrame(rows).to_parquet(folder / f"{frame}.parquet")
        return folder

    def form(
        self,
        name: str,
        figures: dict[str, dict[str, float | None]],
        *,
        day: int = 1,
        reported_on: date | None = None,
        county: str = "522301",
        period: str = "2026-06",
        basis: str = "period",
        quarantined: int = 0,
        fingerprint: str | None = None,
        is_nil: bool = False,
    ) -> Intake:
        """One report: figures by township and indicator; None is a blank cell. `quarantined` lines come on top."""
        delivery = self.delivery(name, day)
        report_id = f"{delivery.delivery_id}#1"
        known = CALENDAR[period]
        month = {
            "period": period,
            "grain": known["grain"],
            "period_start": known["start_date"],
            "period_end": known["end_date"],
            "basis": basis,
        }
        rows_in = len(figures) + quarantined
        report = {
            "report_id": report_id,
            "delivery_id": delivery.delivery_id,
            "form": "county_table",
            "sheet": "活动情况",
            "title": None,
            "series": f"county_table|{county}|{period}|{basis}",
            "org_code": county,
            "county_code": county,
            "reported_on": reported_on,
            "rows_in": rows_in,
            "rows_quarantined": quarantined,
            "is_nil": is_nil,
        } | month
        observations = [
            {
                "report_id": report_id,
                "org_code": org,
                "org_name_reported": org,
                "county_code": county,
                "indicator_code": indicator,
                "value": value,
                "value_low": value,
                "value_high": value,
                "qualifier": None,
                "state": "blank" if value is None else "figure",
                "unit": "次",
                "source": "form",
                "source_ref": f"活动情况!C{line}",
                "row_ref": f"{report_id}:{line}",
                "is_inclusive": None,
                "is_breakdown": None,
                "phrase": None,
                "period_phrase": None,
            }
            | month
            for line, (org, cells) in enumerate(figures.items(), 5)
            for indicator, value in cells.items()
        ]
        lost = [{"table_id": report_id, "line": 50 + n, "cell": f"活动情况!B{50 + n}"} for n in range(quarantined)]
        frames = {
            "reports": [report],
            "observations": observations,
            "findings": [FINDING | {"delivery_id": delivery.delivery_id} | place for place in lost],
            "checks": [{"suite": "county_table", "rule": "ExpectKnownTownship", "severity": "critical"}
                       | {"rule_version": "1.0a1b2c3d", "checked": rows_in, "failed": quarantined}],
            "quarantine": [
                {"table_id": place["table_id"], "line": place["line"], "source_ref": place["cell"]}
                | {"rules": FINDING["rule"], "reasons": FINDING["message"], "content": "{}"}
                for place in lost
            ],
        }  # fmt: skip
        return Intake(
            delivery, "county_table", "xlsx", None, fingerprint or name, rows_in, quarantined,
            self._folder(delivery, frames), "accepted",
        )  # fmt: skip

    def prose(
        self,
        name: str,
        figures: list[tuple[str, str, float]],
        *,
        day: int = 1,
        org: str | None = "520300",
        period: str | None = "2021-11-01/2026-06-12",
        title_key: str | None = "t",
        reported_on: date | None = None,
        fingerprint: str | None = None,
        paragraphs: tuple[str, ...] = (),
        unit_of_measure: str = "次",
    ) -> Intake:
        """One report in prose: figures as (unit, indicator, value), paragraphs as their digests.

        `period` is a month such as 2026-02, or the span since the programme's start; None is a time that is not stated.
        """
        delivery = self.delivery(name, day)
        report_id = f"{delivery.delivery_id}#1"
        time = (
            {
                "period": period,
                "grain": "span",
                "period_start": date(2021, 11, 1),
                "period_end": date(2026, 6, 12),
                "basis": "since_start",
            }
            if period and "/" in period
            else _month(period)
            if period
            else dict.fromkeys(("period", "grain", "period_start", "period_end")) | {"basis": "unstated"}
        )
        report = time | {
            "report_id": report_id,
            "form": "prose",
            "sheet": None,
            "title": "活动情况的报告",
            "series": f"prose|{org}|{period}|{title_key}" if org and period and title_key else report_id,
            "org_code": org,
            "county_code": None,
            "reported_on": reported_on,
            "rows_in": len(figures),
            "rows_quarantined": 0,
            "is_nil": False,
        }
        observations = [
            time
            | {
                "report_id": report_id,
                "org_code": unit,
                "org_name_reported": unit,
                "county_code": None,
                "indicator_code": indicator,
                "value": value,
                "value_low": value,
                "value_high": value,
                "qualifier": None,
                "state": "figure",
                "unit": unit_of_measure,
                "source": "prose",
                "source_ref": f"chars {line}-{line + 9}",
                "row_ref": f"{report_id}:{line}",
                "is_inclusive": True,
                "is_breakdown": False,
                "phrase": "开展活动3963次",
                "period_phrase": "活动开展以来",
            }
            for line, (unit, indicator, value) in enumerate(figures, 1)
        ]
        hashed = [
            {"report_id": report_id, "paragraph_number": number, "characters": 60, "digest": digest}
            | {"source_ref": f"chars {60 * number}-{60 * number + 60}"}
            for number, digest in enumerate(paragraphs, 2)
        ]
        frames = {"reports": [report], "observations": observations, "paragraphs": hashed}
        folder = self._folder(delivery, frames)
        return Intake(delivery, "prose", "txt", "utf-8", fingerprint or name, len(figures), 0, folder, "accepted")

    def cases(
        self, name: str, records: list[dict], *, day: int = 1, fingerprint: str | None = None, export: str = "case"
    ) -> Intake:
        """Records of an export: the columns that matter; the others are empty."""
        delivery = self.delivery(name, day)
        columns = [column.name for column in load_catalog().exports[export].stored_columns]
        version_by = load_catalog().exports[export].version_by
        rows = []
        for line, record in enumerate(records, 2):
            row = dict.fromkeys(columns) | record
            versions = [row[column] for column in version_by if row[column] is not None]
            text = json.dumps(row, default=str, sort_keys=True)
            rows.append(
                row
                | {"table_id": "t#1", "line": line, "source_ref": f"工单!A{line}", "steps_done": len(versions)}
                | {"record_hash": hashlib.sha256(text.encode()).hexdigest()}
            )
        folder = self._folder(delivery, {"frame.records": rows})
        return Intake(delivery, export, "csv", "utf-8", fingerprint or name, len(rows), 0, folder, "accepted")


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "work")


@pytest.fixture(scope="session")
def make_desk():
    return Desk


@pytest.fixture(scope="session")
def catalog():
    """The catalog, with words and volatile columns of this test's own."""
    return replace(
        load_catalog(),
        tables={
            "ops.delivery": Table(zh="来件台账", en="deliveries", volatile=("received_at", "loaded_at")),
            "ops.migration": Table(zh="迁移", en="migrations", volatile=("applied_at",)),
            "mart.county_month": Table(
                zh="县级月度", en="counties by month", columns={"value": Described(zh="数值", en="figure")}
            ),
        },
        columns={"org_code": Described(zh="单位编码", en="code of the unit")},
    )


@pytest.fixture
def warehouse_file(tmp_path):
    return tmp_path / "warehouse.duckdb"


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory, catalog):
    """A warehouse file without deliveries; tests copy it, which is quicker than making one."""
    path = tmp_path_factory.mktemp("empty") / "warehouse.duckdb"
    with open_writer(path, catalog):
        pass
    return path


@pytest.fixture
def con(warehouse_file, empty_warehouse):
    shutil.copyfile(empty_warehouse, warehouse_file)
    with open_plain(warehouse_file) as connection:
        yield connection


EMPTIED = (
    "core.report",
    "core.observation",
    "core.paragraph",
    'core."case"',
    "core.superseded_record",
    "dq.finding",
    "dq.verdict",
    "dq.quarantine",
    "ops.delivery",
)
STATE = {
    "report": "select * from core.report order by report_id",
    "figures": "select * from core.observation order by report_id, org_code, indicator_code",
    "paragraphs": "select * from core.paragraph order by report_id, paragraph_number",
    "cases": 'select * from core."case" order by case_code',
    "older": "select * from core.superseded_record order by all",
    "ledger": "select * exclude (loaded_at) from ops.delivery order by delivery_id",
}


@pytest.fixture(scope="session")
def state():
    """Return a function that reads all that was loaded."""
    return lambda con: {name: con.execute(sql).fetchall() for name, sql in STATE.items()}


@pytest.fixture(scope="session")
def memory(catalog):
    with duckdb.connect() as con:
        migrate(con)
        refill(con, catalog)
        ensure_exports(con, catalog)
        yield con


@pytest.fixture(scope="session")
def arrive(catalog, state):
    """Return a function that loads intakes in their order into an emptied warehouse, and reads what it then holds."""

    def run(con, intakes):
        for table in EMPTIED:
            con.execute(f"delete from {table}")
        for intake in intakes:
            load(con, catalog, intake, NOW)
        return state(con)

    return run


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """A warehouse with a small province in it, rolled up; its file, and the province to go on with."""
    folder = tmp_path_factory.mktemp("recompute")
    province = Province(Desk(folder), seed=1)
    con = warehouse()
    for intake in province.start():
        load(con, FACTS, intake, NOW)
    renew(con)
    con.execute(f"attach '{folder / 'filled.duckdb'}' as copy")
    con.execute("copy from database memory to copy")
    con.close()
    return folder / "filled.duckdb", province


@pytest.fixture
def two(filled):
    """Two warehouses of the same contents, and the province."""
    path, province = filled
    pair = []
    for _ in range(2):
        con = duckdb.connect()
        con.execute(f"attach '{path}' as copy (read_only)")
        con.execute("copy from database copy to memory")
        con.execute("detach copy")
        pair.append(con)
    yield (*pair, province)
    for con in pair:
        con.close()
