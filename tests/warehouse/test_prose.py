"""Reports in prose: any unit, any time; a newer one of the same series replaces, others stand side by side."""

from datetime import date, datetime
from itertools import permutations

import duckdb
import pytest

from warehouse.load import load
from warehouse.migrate import FOLDER, migrate

JULY = datetime.fromisoformat("2026-11-22T05:00:00+00:00")
CURRENT = "select org_code, indicator_code, value::int from core.observation where is_current order by all"
PREFECTURE, COUNTY = "520300", "520381"


def status(con, intake):
    return con.execute(
        "select status, superseded_by, duplicate_of from ops.delivery where delivery_id = ?",
        [intake.delivery.delivery_id],
    ).fetchone()


def test_figures_of_a_prefecture_and_of_no_stated_time_are_loaded(con, catalog, desk):
    whole = desk.prose("span", [(PREFECTURE, "activity_count", 3963), (COUNTY, "other", 12)])
    assert load(con, catalog, whole, JULY) == "loaded"
    untimed = desk.prose("untimed", [(PREFECTURE, "activity_count", 1)], period=None)
    assert load(con, catalog, untimed, JULY) == "loaded"
    assert con.execute(CURRENT).fetchall() == [
        (PREFECTURE, "activity_count", 1), (PREFECTURE, "activity_count", 3963), (COUNTY, "other", 12),
    ]  # fmt: skip
    kept = (
        "select distinct source, source_ref, is_inclusive, phrase, period_phrase from core.observation where value > 99"
    )
    assert con.execute(kept).fetchall() == [("prose", "chars 1-10", True, "开展活动3963次", "活动开展以来")]
    reports = (
        "select form, org_code, county_code, title, period, is_complete, is_current from core.report order by period"
    )
    assert con.execute(reports).fetchall() == [
        ("prose", PREFECTURE, None, "活动情况的报告", "2021-11-01/2026-06-12", False, True),
        ("prose", PREFECTURE, None, "活动情况的报告", None, False, True),
    ]
    ledger = "select org_code, period, rows_in, rows_loaded from ops.delivery order by rows_in"
    assert con.execute(ledger).fetchall() == [
        (PREFECTURE, None, 1, 1), (PREFECTURE, "2021-11-01/2026-06-12", 2, 2),
    ]  # fmt: skip


def test_several_figures_of_one_indicator_stand_and_fall_together(con, catalog, desk):
    twice = [(PREFECTURE, "other", 5), (PREFECTURE, "other", 7)]
    old, new = desk.prose("old", twice), desk.prose("new", [(PREFECTURE, "other", 6), *twice], day=2)
    load(con, catalog, old, JULY)
    assert [row[2] for row in con.execute(CURRENT).fetchall()] == [5, 7]
    load(con, catalog, new, JULY)
    assert [row[2] for row in con.execute(CURRENT).fetchall()] == [5, 6, 7]
    assert status(con, old) == ("superseded", new.delivery.delivery_id, None)


def test_a_corrected_report_replaces_whatever_the_order(con, arrive, desk):
    first = desk.prose("first", [(PREFECTURE, "activity_count", 1)], reported_on=date(2026, 7, 1))
    mended = desk.prose("mended", [(PREFECTURE, "activity_count", 2)], day=2, reported_on=date(2026, 7, 9))
    for order in permutations([first, mended]):
        found = arrive(con, order)
        assert [row[11] for row in found["figures"] if row[20]] == [2]


@pytest.mark.parametrize(
    "other",
    [
        {"title_key": "another"},
        {"org": COUNTY},
        {"period": "2025-01-01/2025-12-31"},
        {"title_key": None},
        {"org": None},
        {"period": None},
    ],
)
def test_other_reports_stand_side_by_side(con, catalog, desk, other):
    load(con, catalog, desk.prose("one", [(PREFECTURE, "activity_count", 1)]), JULY)
    for n in (2, 3):
        load(con, catalog, desk.prose(f"other {n}", [(PREFECTURE, "activity_count", n)], day=n, **other), JULY)
    stand = [row[2] for row in con.execute(CURRENT).fetchall()]
    assert stand == ([1, 2, 3] if None in other.values() else [1, 3])


def test_the_same_text_again_is_a_duplicate(con, catalog, desk):
    one = desk.prose("txt", [(PREFECTURE, "activity_count", 1)], fingerprint="same")
    again = desk.prose("docx", [(PREFECTURE, "activity_count", 1)], day=2, fingerprint="same")
    load(con, catalog, one, JULY)
    assert load(con, catalog, again, JULY) == "duplicate"
    assert status(con, again) == ("duplicate", None, one.delivery.delivery_id)


def test_a_form_and_a_report_in_prose_of_one_county_and_month_do_not_replace_each_other(con, catalog, desk):
    form = desk.form("form", {"522301001": {"station_visits": 5}})
    prose = desk.prose("prose", [("522301", "station_visits", 6)], day=2, org="522301", period="2026-06")
    for intake in (form, prose):
        load(con, catalog, intake, JULY)
    assert con.execute("select form, is_current from core.report order by form").fetchall() == [
        ("county_table", True), ("prose", True),
    ]  # fmt: skip


def test_a_report_without_figures_is_loaded_with_no_row(con, catalog, desk):
    empty = desk.prose("empty", [])
    for name in ("reports", "observations"):
        (empty.folder / f"{name}.parquet").unlink(missing_ok=True)
    assert load(con, catalog, empty, JULY) == "loaded"
    assert con.execute("select rows_in, rows_loaded from ops.delivery").fetchall() == [(0, 0)]


OLD = """
insert into core.report values (
    'd#1', 'd', 'county_table', '表', '522301', '2026-06', 'month', '2026-06-01', '2026-06-30', 'period', null,
    '2026-07-03', 1, 0, false, true, null
);
insert into core.observation values (
    'd#1', 'd', '522301001', '黄草街道', '522301', 'station_visits', '2026-06', 'month', '2026-06-01', '2026-06-30',
    'period', 5, 5, 5, null, 'figure', '人次', 'form', '表!C5', 'd#1:5', true
);
"""


def test_a_warehouse_of_before_is_brought_up_to_date(tmp_path):
    before = tmp_path / "migrations"
    before.mkdir()
    (before / "0001_initial.sql").write_text((FOLDER / "0001_initial.sql").read_text(encoding="utf-8"))
    file = str(tmp_path / "old.duckdb")
    with duckdb.connect(file) as con:
        migrate(con, before)
        con.execute(OLD)
    with duckdb.connect(file) as con:
        assert migrate(con) == [2, 3, 4]
    with duckdb.connect(file) as con:
        assert con.execute("select org_code, series, title from core.report").fetchall() == [
            ("522301", "county_table|522301|2026-06|period", None)
        ]
        assert con.execute("select value::int, is_inclusive, phrase from core.observation").fetchall() == [
            (5, None, None)
        ]
