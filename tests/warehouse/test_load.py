import pickle
import signal
import subprocess
import sys
from datetime import datetime

import pandas as pd
import pytest

from warehouse.duck import open_plain, open_writer
from warehouse.load import Intake, RowsUnaccountedError, load, pending
from warehouse.release import manifest
from warehouse.staging import IntakeIncompleteError

JULY = datetime.fromisoformat("2026-11-22T05:00:00+00:00")

A, B = "522301001", "522301002"

LEDGER = "select status, rows_in, rows_loaded, rows_quarantined, rows_rejected from ops.delivery"
CURRENT = """
select org_code, indicator_code, value::double from core.observation where is_current
order by all
"""


def status(con, intake):
    return con.execute(
        "select status, superseded_by, duplicate_of from ops.delivery where delivery_id = ?",
        [intake.delivery.delivery_id],
    ).fetchone()


class TestForms:
    def test_rows_and_ledger_arrive_together(self, con, catalog, desk):
        intake = desk.form("june", {A: {"station_visits": 5, "voters_received": None}, B: {"station_visits": 7}})
        assert load(con, catalog, intake, JULY) == "loaded"
        assert con.execute(LEDGER).fetchall() == [("loaded", 2, 2, 0, 0)]
        assert con.execute(CURRENT).fetchall() == [
            (A, "station_visits", 5.0), (A, "voters_received", None), (B, "station_visits", 7.0),
        ]  # fmt: skip
        assert con.execute("select org_code, period from ops.delivery").fetchall() == [("522301", "2026-06")]

    def test_twice_changes_nothing(self, con, catalog, desk, state):
        intake = desk.form("june", {A: {"station_visits": 5}})
        load(con, catalog, intake, JULY)
        before = state(con)
        assert load(con, catalog, intake, JULY) == "loaded"
        assert state(con) == before

    def test_same_facts_in_another_file_are_a_duplicate(self, con, catalog, desk):
        first = desk.form("june-xlsx", {A: {"station_visits": 5}}, fingerprint="f")
        again = desk.form("june-docx", {A: {"station_visits": 5}}, fingerprint="f", day=2)
        load(con, catalog, first, JULY)
        assert load(con, catalog, again, JULY) == "duplicate"
        assert status(con, again) == ("duplicate", None, first.delivery.delivery_id)
        assert con.execute(LEDGER + " where status = 'duplicate'").fetchall() == [("duplicate", 1, 0, 0, 1)]
        assert con.execute("select count(*) from core.observation").fetchone() == (1,)

    def test_some_lines_quarantined(self, con, catalog, desk):
        intake = desk.form("june", {A: {"station_visits": 5}}, quarantined=2)
        assert load(con, catalog, intake, JULY) == "partly_loaded"
        assert con.execute(LEDGER).fetchall() == [("partly_loaded", 3, 1, 2, 0)]
        assert con.execute("select file, cell, reasons from dq.quarantine").fetchall() == [
            ("june.xlsx", "活动情况!B50", "兴义市没有“某某镇”。"),
            ("june.xlsx", "活动情况!B51", "兴义市没有“某某镇”。"),
        ]
        assert con.execute("select checked, failed from dq.verdict").fetchall() == [(3, 2)]

    def test_a_nil_report_stands_and_a_county_may_take_it_back(self, con, catalog, desk):
        nil = desk.form("nil", {"522301": {"station_visits": 0}}, is_nil=True, day=1)
        assert load(con, catalog, nil, JULY) == "loaded"
        told = "select is_nil, is_complete from core.report where is_current"
        assert con.execute(told).fetchall() == [(True, True)]
        assert load(con, catalog, desk.form("real", {A: {"station_visits": 5}}, day=2), JULY) == "loaded"
        assert con.execute(told).fetchall() == [(False, False)]
        assert status(con, nil)[0] == "superseded"

    def test_all_lines_quarantined_is_rejected_with_the_reason(self, con, catalog, desk):
        intake = desk.form("june", {}, quarantined=2)
        assert load(con, catalog, intake, JULY) == "rejected"
        assert con.execute(LEDGER).fetchall() == [("rejected", 2, 0, 2, 0)]
        assert con.execute("select reason from ops.delivery").fetchone() == ("兴义市没有“某某镇”。",)
        assert con.execute("select count(*) from core.report").fetchone() == (0,)

    def test_a_wholly_quarantined_file_is_nobodys_original(self, con, catalog, desk):
        load(con, catalog, desk.form("bad", {}, quarantined=1, fingerprint="f"), JULY)
        assert load(con, catalog, desk.form("good", {A: {"station_visits": 5}}, fingerprint="f"), JULY) == "loaded"

    def test_unreadable_file_is_rejected(self, con, catalog, desk):
        intake = Intake(desk.delivery("x"), None, None, None, None, 0, 0, None, "rejected", "文件已加密。")
        assert load(con, catalog, intake, JULY) == "rejected"
        assert con.execute("select reason, dataset from ops.delivery").fetchall() == [("文件已加密。", None)]

    def test_what_an_older_program_set_aside_is_taken_up_again(self, con, catalog, desk):
        later = desk.prose("june", [("520300", "activity_count", 5)])
        load(con, catalog, Intake(later.delivery, None, None, None, None, 0, 0, None, "rejected", "暂不读取。"), JULY)
        con.execute("update ops.delivery set status = 'set_aside', dataset = 'prose'")
        assert pending(con, [later.delivery]) == [later.delivery]
        assert load(con, catalog, later, JULY) == "loaded"
        assert con.execute(LEDGER).fetchall() == [("loaded", 1, 1, 0, 0)]
        assert pending(con, [later.delivery]) == []

    def test_rows_that_do_not_add_up_leave_no_trace(self, con, catalog, desk, state):
        good = desk.form("june", {A: {"station_visits": 5}})
        wrong = Intake(**(vars(good) | {"rows_in": 4}))
        with pytest.raises(RowsUnaccountedError, match=r"收到4行.*应入库4行，实有1行"):
            load(con, catalog, wrong, JULY)
        assert {name: rows for name, rows in state(con).items() if rows} == {}
        assert con.execute("select count(*) from dq.verdict").fetchone() == (0,)
        assert load(con, catalog, good, JULY) == "loaded"

    def test_missing_column_is_named(self, con, catalog, desk):
        intake = desk.form("june", {A: {"station_visits": 5}})
        path = intake.folder / "reports.parquet"
        pd.read_parquet(path).drop(columns="basis").to_parquet(path)
        with pytest.raises(IntakeIncompleteError, match=r"reports\.parquet 缺少列：basis"):
            load(con, catalog, intake, JULY)

    def test_complete_when_every_township_has_a_line(self, con, catalog, desk):
        townships = [org.code for org in catalog.tree.children("522301")]
        load(con, catalog, desk.form("all", {code: {"station_visits": 1} for code in townships}), JULY)
        load(con, catalog, desk.form("some", {A: {"station_visits": 1}}, period="2026-05"), JULY)
        load(con, catalog, desk.form("total", {"522301": {"station_visits": 1}}, period="2026-04"), JULY)
        assert con.execute("select period, is_complete from core.report order by period").fetchall() == [
            ("2026-04", True), ("2026-05", False), ("2026-06", True),
        ]  # fmt: skip


KILLED = """
import os, pickle, signal, sys
from datetime import datetime
from pathlib import Path
import warehouse.load as loading
from warehouse.duck import open_writer

file, handed_over, victim = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
catalog, intakes = pickle.loads(handed_over.read_bytes())
load_rows = loading._load_rows

def die_after_the_rows(con, catalog, intake):
    load_rows(con, catalog, intake)
    os.kill(os.getpid(), signal.SIGKILL)

with open_writer(file, catalog) as con:
    for intake in intakes:
        if intake.delivery.file == victim:
            loading._load_rows = die_after_the_rows
        loading.load(con, catalog, intake, datetime.fromisoformat("2026-11-22T05:00:00+00:00"))
"""


@pytest.mark.parametrize("victim", ["old.xlsx", "new.xlsx", "cases.xlsx"])
def test_killed_in_mid_load_and_run_again(tmp_path, catalog, desk, victim):
    intakes = [
        desk.form("old", {A: {"station_visits": 5}}),
        desk.form("new", {A: {"station_visits": 9}}, day=2, quarantined=1),
        desk.cases("cases", [{"case_code": f"G{n}", "county_code": "522301"} for n in range(50)]),
    ]
    handed_over = tmp_path / "intakes.pickle"
    handed_over.write_bytes(pickle.dumps((catalog, intakes)))
    killed, calm = tmp_path / "killed.duckdb", tmp_path / "calm.duckdb"
    run = subprocess.run([sys.executable, "-c", KILLED, killed, handed_over, victim], check=False)
    assert run.returncode == -signal.SIGKILL
    for file in (killed, calm):
        with open_writer(file, catalog) as con:
            if file == killed:
                known = {name for (name,) in con.execute("select file from ops.delivery").fetchall()}
                assert victim not in known
            for intake in intakes:
                load(con, catalog, intake, JULY)
    hashes = []
    for file in (killed, calm):
        with open_plain(file) as con:
            hashes.append(manifest(con, catalog)["content_hash"])
    assert hashes[0] == hashes[1]
