import pickle
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date, datetime
from itertools import permutations
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Resubmission
from warehouse.duck import open_plain, open_writer
from warehouse.load import Intake, RowsUnaccountedError, load, pending
from warehouse.migrate import migrate
from warehouse.reference import refill
from warehouse.release import manifest
from warehouse.staging import IntakeIncompleteError
from warehouse.tables import ensure_exports

JULY = datetime.fromisoformat("2026-11-22T05:00:00+00:00")

A, B = "522301001", "522301002"

LEDGER = "select status, rows_in, rows_loaded, rows_quarantined, rows_rejected from ops.delivery"
CURRENT = """
select org_code, indicator_code, value::double from core.observation where is_current
order by all
"""
STATE = {
    "report": "select * from core.report order by report_id",
    "figures": "select * from core.observation order by report_id, org_code, indicator_code",
    "cases": 'select * from core."case" order by case_code',
    "older": "select * from core.superseded_record order by all",
    "ledger": "select * exclude (loaded_at) from ops.delivery order by delivery_id",
}


def state(con):
    return {name: con.execute(sql).fetchall() for name, sql in STATE.items()}


def status(con, intake):
    return con.execute(
        "select status, superseded_by, duplicate_of from ops.delivery where delivery_id = ?",
        [intake.delivery.delivery_id],
    ).fetchone()


def june(day):
    return datetime.fromisoformat(f"2026-06-{day:02d}T09:00:00")


def case(code, *, grade=None, closed=None, county="522301"):
    opened = june(1)
    return {
        "case_code": code,
        "county_code": county,
        "channel": "扫码",
        "case_kind": "意见建议",
        "opened_at": opened,
        "closed_at": closed,
        "grade": grade,
    }


class TestForms:
    def test_rows_and_ledger_arrive_together(self, con, catalog, desk):
        intake = desk.form("june", {A: {"station_visits": 5, "voters_received": None}, B: {"station_visits": 7}})
        assert load(con, catalog, intake, JULY) == "loaded"
        assert con.execute(LEDGER).fetchall() == [("loaded", 2, 2, 0, 0)]
        assert con.execute(CURRENT).fetchall() == [
            (A, "station_visits", 5.0), (A, "voters_received", None), (B, "station_visits", 7.0),
        ]  # fmt: skip
        assert con.execute("select org_code, period from ops.delivery").fetchall() == [("522301", "2026-06")]

    def test_twice_changes_nothing(self, con, catalog, desk):
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

    def test_set_aside_may_be_loaded_later(self, con, catalog, desk):
        later = desk.form("june", {A: {"station_visits": 5}})
        aside = Intake(later.delivery, "prose", "docx", None, None, 0, 0, None, "set_aside", "暂不读取。")
        assert load(con, catalog, aside, JULY) == "set_aside"
        assert pending(con, [later.delivery]) == [later.delivery]
        assert load(con, catalog, later, JULY) == "loaded"
        assert pending(con, [later.delivery]) == []
        assert con.execute(LEDGER).fetchall() == [("loaded", 1, 1, 0, 0)]

    def test_rows_that_do_not_add_up_leave_no_trace(self, con, catalog, desk):
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


class TestResubmission:
    def test_newer_report_replaces_whatever_the_order(self, con, catalog, desk):
        old = desk.form("old", {A: {"station_visits": 5}, B: {"station_visits": 6}}, reported_on=date(2026, 7, 3))
        new = desk.form("new", {A: {"station_visits": 9}}, reported_on=date(2026, 8, 3))
        assert load(con, catalog, new, JULY) == "loaded"
        assert load(con, catalog, old, JULY) == "superseded"
        assert con.execute(CURRENT).fetchall() == [(A, "station_visits", 9.0)]
        assert status(con, old) == ("superseded", new.delivery.delivery_id, None)
        assert con.execute("select value::int from core.observation where not is_current").fetchall() == [(5,), (6,)]

    def test_a_dated_report_beats_an_undated_one_delivered_later(self, con, catalog, desk):
        load(con, catalog, desk.form("dated", {A: {"station_visits": 1}}, reported_on=date(2026, 7, 3)), JULY)
        load(con, catalog, desk.form("undated", {A: {"station_visits": 2}}, day=20), JULY)
        assert con.execute(CURRENT).fetchall() == [(A, "station_visits", 1.0)]

    def test_other_periods_and_counties_are_not_touched(self, con, catalog, desk):
        load(con, catalog, desk.form("june", {A: {"station_visits": 1}}), JULY)
        load(con, catalog, desk.form("may", {A: {"station_visits": 2}}, period="2026-05", day=2), JULY)
        load(con, catalog, desk.form("elsewhere", {"520304001": {"station_visits": 3}}, county="520304", day=3), JULY)
        assert con.execute("select count(*) from core.report where is_current").fetchone() == (3,)

    def test_a_county_goes_back_to_its_first_figures(self, con, catalog, desk):
        first = desk.form("v1", {A: {"station_visits": 1}}, fingerprint="one", day=1)
        second = desk.form("v2", {A: {"station_visits": 2}}, fingerprint="two", day=2)
        third = desk.form("v1 again", {A: {"station_visits": 1}}, fingerprint="one", day=3)
        for order in permutations([first, second, third]):
            found = arrive(con, catalog, order)
            assert [row[11] for row in found["figures"] if row[-1]] == [1]

    def test_patch_keeps_what_the_newer_report_does_not_restate(self, con, catalog, desk):
        patched = with_policy(catalog, Resubmission.PATCH)
        whole = desk.form("whole", {A: {"station_visits": 5, "voters_received": 50}, B: {"station_visits": 6}})
        patch = desk.form("patch", {A: {"station_visits": 9, "voters_received": None}}, day=2)
        for intake in (patch, whole):
            load(con, patched, intake, JULY)
        assert con.execute(CURRENT).fetchall() == [
            (A, "station_visits", 9.0), (A, "voters_received", 50.0), (B, "station_visits", 6.0),
        ]  # fmt: skip
        assert [status(con, intake)[0] for intake in (whole, patch)] == ["loaded", "loaded"]

    def test_patch_restated_wholly_is_superseded(self, con, catalog, desk):
        patched = with_policy(catalog, Resubmission.PATCH)
        old = desk.form("old", {A: {"station_visits": 5}})
        new = desk.form("new", {A: {"station_visits": 9}, B: {"station_visits": 1}}, day=2)
        for intake in (old, new):
            load(con, patched, intake, JULY)
        assert status(con, old) == ("superseded", new.delivery.delivery_id, None)

    def test_append_lets_all_stand(self, con, catalog, desk):
        appended = with_policy(catalog, Resubmission.APPEND)
        for name in ("one", "two"):
            assert load(con, appended, desk.form(name, {A: {"station_visits": 5}}), JULY) == "loaded"
        assert con.execute(CURRENT).fetchall() == [(A, "station_visits", 5.0)] * 2


def with_policy(catalog, policy):
    form = catalog.forms["county_table"].model_copy(update={"resubmission": policy})
    return replace(catalog, forms={"county_table": form})


class TestExports:
    def test_correction_replaces_and_the_older_is_kept(self, con, catalog, desk):
        closed = june(9)
        load(con, catalog, desk.cases("june", [case("G1"), case("G2")]), JULY)
        newer = desk.cases("july", [case("G1", closed=closed, grade="满意")], day=9)
        load(con, catalog, newer, JULY)
        rows = con.execute('select case_code, grade, delivery_id from core."case" order by 1').fetchall()
        assert [(code, grade) for code, grade, _ in rows] == [("G1", "满意"), ("G2", None)]
        older = con.execute(
            "select export, record_key, superseded_by, content ->> 'case_kind', source_ref from core.superseded_record"
        ).fetchall()
        assert older == [("case", "G1", newer.delivery.delivery_id, "意见建议", "工单!A2")]

    def test_an_older_version_that_comes_late_goes_straight_beside(self, con, catalog, desk):
        load(con, catalog, desk.cases("new", [case("G1", closed=june(9))], day=1), JULY)
        assert load(con, catalog, desk.cases("old", [case("G1")], day=5), JULY) == "loaded"
        assert con.execute('select closed_at from core."case"').fetchall() == [(june(9),)]
        assert con.execute("select count(*) from core.superseded_record").fetchone() == (1,)

    def test_same_content_is_not_a_new_version(self, con, catalog, desk):
        load(con, catalog, desk.cases("june", [case("G1")]), JULY)
        load(con, catalog, desk.cases("june and july", [case("G1"), case("G2")], day=9), JULY)
        assert con.execute('select count(*) from core."case"').fetchone() == (2,)
        assert con.execute("select count(*) from core.superseded_record").fetchone() == (0,)

    def test_same_key_twice_in_one_file(self, con, catalog, desk):
        load(con, catalog, desk.cases("june", [case("G1", grade="满意"), case("G1", grade="不满意")]), JULY)
        assert con.execute('select grade from core."case"').fetchall() == [("不满意",)]
        assert con.execute("select content ->> 'grade' from core.superseded_record").fetchall() == [("满意",)]

    def test_a_whole_file_delivered_again_after_a_correction_sets_it_back(self, con, catalog, desk):
        load(con, catalog, desk.cases("v1", [case("G1", grade="满意")], fingerprint="one"), JULY)
        load(con, catalog, desk.cases("v2", [case("G1", grade="不满意")], fingerprint="two", day=2), JULY)
        back = desk.cases("v1 again", [case("G1", grade="满意")], fingerprint="one", day=3)
        assert load(con, catalog, back, JULY) == "loaded"
        assert con.execute('select grade from core."case"').fetchall() == [("满意",)]

    def test_csv_and_jsonl_of_the_same_records_count_once(self, con, catalog, desk):
        load(con, catalog, desk.cases("csv", [case("G1")], fingerprint="same"), JULY)
        assert load(con, catalog, desk.cases("jsonl", [case("G1")], fingerprint="same"), JULY) == "duplicate"


@pytest.fixture(scope="module")
def memory(catalog):
    with duckdb.connect() as con:
        migrate(con)
        refill(con, catalog)
        ensure_exports(con, catalog)
        yield con


FORM = st.fixed_dictionaries(
    {
        "visits": st.integers(0, 3),
        "orgs": st.sampled_from([(A,), (B,), (A, B)]),
        "day": st.integers(1, 3),
        "reported_on": st.sampled_from([None, date(2026, 7, 3), date(2026, 8, 3)]),
    }
)
RECORDS = st.fixed_dictionaries(
    {
        "day": st.integers(1, 3),
        "records": st.lists(
            st.tuples(
                st.sampled_from(["G1", "G2"]),
                st.sampled_from(["满意", "不满意"]),
                st.sampled_from([None, june(9)]),
            ),
            min_size=1,
            max_size=3,
        ),
    }
)
FEW = settings(
    max_examples=12,
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FEW
@given(forms=st.lists(FORM, min_size=2, max_size=4), data=st.data())
def test_order_of_arrival_of_reports_does_not_matter(memory, catalog, make_desk, forms, data):
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        intakes = [
            desk.form(
                f"form {n}",
                {org: {"station_visits": form["visits"]} for org in form["orgs"]},
                day=form["day"],
                reported_on=form["reported_on"],
            )
            for n, form in enumerate(forms)
        ]
        shuffled = data.draw(st.permutations(intakes))
        found = arrive(memory, catalog, intakes)
        assert arrive(memory, catalog, intakes[::-1]) == found
        assert arrive(memory, catalog, shuffled) == found


@FEW
@given(exports=st.lists(RECORDS, min_size=2, max_size=4), data=st.data())
def test_order_of_arrival_of_records_does_not_matter(memory, catalog, make_desk, exports, data):
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        intakes = [
            desk.cases(f"export {n}", [case(k, grade=g, closed=c) for k, g, c in export["records"]], day=export["day"])
            for n, export in enumerate(exports)
        ]
        shuffled = data.draw(st.permutations(intakes))
        found = arrive(memory, catalog, intakes)
        assert arrive(memory, catalog, intakes[::-1]) == found
        assert arrive(memory, catalog, shuffled) == found


@FEW
@given(forms=st.lists(FORM, min_size=2, max_size=5), data=st.data())
def test_figures_do_not_depend_on_which_duplicate_came_first(memory, catalog, make_desk, forms, data):
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        intakes = [
            desk.form(
                f"form {n}",
                {org: {"station_visits": form["visits"]} for org in form["orgs"]},
                day=form["day"],
                reported_on=form["reported_on"],
                fingerprint=str((form["visits"], form["orgs"], form["reported_on"])),
            )
            for n, form in enumerate(forms)
        ]
        shuffled = data.draw(st.permutations(intakes))
        found = [arrive(memory, catalog, order)["figures"] for order in (intakes, shuffled)]
        current = [[(row[2], row[11]) for row in figures if row[-1]] for figures in found]
        assert sorted(current[0]) == sorted(current[1])


def arrive(con, catalog, intakes):
    """Load the intakes in this order into an emptied warehouse; return what it then holds."""
    for table in ("core.report", "core.observation", 'core."case"', "core.superseded_record", "ops.delivery"):
        con.execute(f"delete from {table}")
    for table in ("dq.finding", "dq.verdict", "dq.quarantine"):
        con.execute(f"delete from {table}")
    for intake in intakes:
        load(con, catalog, intake, JULY)
    return state(con)


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
        desk.cases("cases", [case(f"G{n}") for n in range(50)]),
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
