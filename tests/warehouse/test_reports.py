import tempfile
from dataclasses import replace
from datetime import date, datetime
from itertools import permutations
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Resubmission
from warehouse.load import load

JULY = datetime.fromisoformat("2026-11-22T05:00:00+00:00")
A, B = "522301001", "522301002"
VALUE, IS_CURRENT = 11, 20  # places of columns in core.observation
CURRENT = """
select org_code, indicator_code, value::double from core.observation where is_current
order by all
"""


def status(con, intake):
    return con.execute(
        "select status, superseded_by, duplicate_of from ops.delivery where delivery_id = ?",
        [intake.delivery.delivery_id],
    ).fetchone()


class TestResubmission:
    def test_newer_report_replaces_whatever_the_order(self, con, catalog, desk):
        old = desk.form("old", {A: {"station_visits": 5}, B: {"station_visits": 6}}, reported_on=date(2026, 7, 3))
        new = desk.form("new", {A: {"station_visits": 9}}, reported_on=date(2026, 8, 3))
        assert load(con, catalog, new, JULY) == "loaded"
        assert load(con, catalog, old, JULY) == "superseded"
        assert con.execute(CURRENT).fetchall() == [(A, "station_visits", 9.0)]
        assert status(con, old) == ("superseded", new.delivery.delivery_id, None)
        assert con.execute("select value::int from core.observation where not is_current").fetchall() == [(5,), (6,)]

    def test_an_undated_report_counts_from_the_day_it_was_delivered(self, con, catalog, desk):
        load(con, catalog, desk.form("undated", {A: {"station_visits": 2}}, day=20), JULY)
        load(con, catalog, desk.form("dated before", {A: {"station_visits": 1}}, reported_on=date(2026, 6, 3)), JULY)
        assert con.execute(CURRENT).fetchall() == [(A, "station_visits", 2.0)]

    def test_a_date_in_the_future_does_not_stand_for_ever(self, con, catalog, desk):
        slip = desk.form("slip", {A: {"station_visits": 1}}, reported_on=date(2062, 7, 3), day=1)
        load(con, catalog, slip, JULY)
        load(con, catalog, desk.form("mended", {A: {"station_visits": 2}}, day=20), JULY)
        assert con.execute(CURRENT).fetchall() == [(A, "station_visits", 2.0)]

    def test_a_report_that_came_before_its_month_was_over_is_not_complete(self, con, catalog, desk):
        early = desk.form("early", {"522301": {"station_visits": 1}}, period="2026-09", day=10)
        path = early.folder / "reports.parquet"
        report = pd.read_parquet(path).assign(period_start=date(2026, 9, 1), period_end=date(2026, 9, 30))
        report.to_parquet(path)
        load(con, catalog, early, JULY)
        load(con, catalog, desk.form("in time", {"522301": {"station_visits": 1}}), JULY)
        found = con.execute("select period, is_complete from core.report order by period").fetchall()
        assert found == [("2026-06", True), ("2026-09", False)]

    def test_a_line_of_the_county_itself_does_not_make_a_report_complete(self, con, catalog, desk):
        load(con, catalog, desk.form("own", {"522301": {"station_visits": 1}, A: {"station_visits": 2}}), JULY)
        assert con.execute("select is_complete from core.report").fetchall() == [(False,)]

    def test_other_periods_and_counties_are_not_touched(self, con, catalog, desk):
        load(con, catalog, desk.form("june", {A: {"station_visits": 1}}), JULY)
        load(con, catalog, desk.form("may", {A: {"station_visits": 2}}, period="2026-05", day=2), JULY)
        load(con, catalog, desk.form("elsewhere", {"520304001": {"station_visits": 3}}, county="520304", day=3), JULY)
        assert con.execute("select count(*) from core.report where is_current").fetchone() == (3,)

    def test_a_county_goes_back_to_its_first_figures(self, con, arrive, desk):
        first = desk.form("v1", {A: {"station_visits": 1}}, fingerprint="one", day=1)
        second = desk.form("v2", {A: {"station_visits": 2}}, fingerprint="two", day=2)
        third = desk.form("v1 again", {A: {"station_visits": 1}}, fingerprint="one", day=3)
        for order in permutations([first, second, third]):
            found = arrive(con, order)
            assert [row[VALUE] for row in found["figures"] if row[IS_CURRENT]] == [1]

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


FORM = st.fixed_dictionaries(
    {
        "visits": st.integers(0, 3),
        "orgs": st.sampled_from([(A,), (B,), (A, B)]),
        "day": st.integers(1, 3),
        "reported_on": st.sampled_from([None, date(2026, 7, 3), date(2026, 8, 3)]),
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
def test_order_of_arrival_of_reports_does_not_matter(memory, arrive, make_desk, forms, data):
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
        found = arrive(memory, intakes)
        assert arrive(memory, intakes[::-1]) == found
        assert arrive(memory, shuffled) == found


@FEW
@given(forms=st.lists(FORM, min_size=2, max_size=5), data=st.data())
def test_figures_do_not_depend_on_which_duplicate_came_first(memory, arrive, make_desk, forms, data):
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
        found = [arrive(memory, order)["figures"] for order in (intakes, shuffled)]
        current = [[(row[2], row[VALUE]) for row in figures if row[IS_CURRENT]] for figures in found]
        assert sorted(current[0]) == sorted(current[1])
