"""Making anew no more than a change can reach must leave the very tables that making everything anew leaves."""

from pathlib import Path

import duckdb
import pytest

from catalog.models import Reach
from warehouse.recompute import bring_up_to_date
from warehouse.rollup import roll_up
from warehouse.statements import transaction
from warehouse.touched import touch

from .province import FACTS, KINDS, REACHES, STATEMENTS, VIEWS, arrive, differing, renew, warehouse, wholly


def batched(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]


def test_every_kind_of_delivery_leaves_what_a_full_rebuild_leaves(two):
    one, other, province = two
    for kinds in batched(KINDS, 2):
        for kind in kinds:
            intake = province.deliver(kind)
            arrive(one, intake)
            arrive(other, intake)
            assert not renew(one).is_full
        wholly(other)
        assert differing(one, other) == [], kinds


@pytest.mark.parametrize("seed", range(3))
def test_several_deliveries_at_once_leave_what_a_full_rebuild_leaves(two, seed):
    one, other, province = two
    province.chance.seed(seed)
    kinds = province.chance.sample(KINDS, 4)
    intakes = [province.deliver(kind) for kind in kinds]
    arrive(one, *intakes)
    arrive(other, *province.chance.sample(intakes, 4))
    assert not renew(one).is_full
    wholly(other)
    assert differing(one, other) == [], kinds


def test_tables_without_a_reach_are_made_whole_and_are_right_beside_those_that_have_one(two):
    one, other, province = two
    some = {name: reach for number, (name, reach) in enumerate(REACHES.items()) if number % 3}
    assert bring_up_to_date(one, STATEMENTS, VIEWS, some).is_full
    intake = province.deliver("corrected")
    arrive(one, intake)
    arrive(other, intake)
    outcome = bring_up_to_date(one, STATEMENTS, VIEWS, some)
    assert {made.table for made in outcome.made if made.reach} <= set(some)
    assert not outcome.is_full
    wholly(other)
    assert differing(one, other) == []


def test_one_county_and_month_touch_their_path_only(two):
    con, _, province = two
    arrive(con, province.form("522301", "2026-02"))
    outcome = renew(con)
    path = {"522301", *(org.code for org in FACTS.tree.children("522301")), "522300", "520000"}
    periods = {"2026-02", "2026-Q1", "2026"}
    # A county that rises or falls moves others in the order of rank, and later periods by their look back.
    along = [made for made in outcome.made if made.reach and "score" not in made.table]
    changed = {made.table for made in along if made.rows}
    assert {"522301", "522300", "520000"} <= {unit for made in along for unit in made.units} <= path
    assert {period for made in along for period in made.periods} - {None} == periods  # some tell no period
    assert {"mart.county_month", "mart.prefecture_quarter", "mart.province_year", "mart.township_month"} <= changed
    # A month that was known before changes nothing that records tell.
    assert {"mart.recorded_figure", "mart.visit_month", "mart.org_unit", "mart.case_clock"} <= set(outcome.left)
    told = outcome.as_json()
    assert told["left_alone"] == list(outcome.left)
    assert set(told["along_the_path"]["mart.province_month"]["units"]) == {"520000"}


def test_rows_that_nothing_reached_are_not_written_anew(two):
    con, _, province = two
    places = "select rowid from mart.county_month where org_code <> '522301' or period <> '2026-02' order by rowid"
    before = con.execute(places).fetchall()
    arrive(con, province.form("522301", "2026-02"))
    renew(con)
    assert con.execute(places).fetchall() == before


def test_nothing_new_makes_nothing(two):
    con, _, _ = two
    outcome = renew(con)
    assert (outcome.is_full, outcome.made, set(outcome.left)) == (False, (), set(STATEMENTS))


# What tells of reports and the days they came, not of their figures.
_OF_REPORTS = ("mart.report_", "mart.reporting_rate", "dq.report_", "mart.known_day")


def test_a_form_that_says_the_same_again_changes_no_figure(two):
    con, _, province = two
    figures = {"522301": {"station_visits": 5}}
    for name in ("first", "again"):
        province.day += 1
        arrive(con, province.desk.form(name, figures, county="522301", period="2026-03", day=province.day))
        outcome = renew(con)
    told = [made.table for made in outcome.made if made.rows or made.gone]
    assert [table for table in told if not table.startswith(_OF_REPORTS)] == []


def test_what_marts_are_made_of_besides_loads_makes_all_anew(two):
    con, _, _ = two
    with transaction(con):
        con.execute("update ref.parameter set value = value + 1 where name = 'case_due_days'")
    assert renew(con).is_full
    assert not renew(con).is_full
    statement = STATEMENTS["mart.county_month"].replace("        value,\n", "        value + 1 as value,\n")
    assert bring_up_to_date(con, STATEMENTS | {"mart.county_month": statement}, VIEWS, REACHES).is_full
    assert renew(con).is_full
    con.execute("drop table mart.county_year")
    assert renew(con).is_full


def test_after_a_plain_roll_up_nobody_knows(two):
    con, _, _ = two
    roll_up(con, STATEMENTS, VIEWS)
    assert renew(con).is_full


def test_all_or_nothing(two):
    con, other, province = two
    intake = province.form("522301", "2026-02")
    arrive(con, intake)
    waiting = con.execute("select * from ops.touched order by all").fetchall()
    con.execute("alter table mart.province_year drop column value")
    with pytest.raises(duckdb.Error):
        renew(con)
    assert con.execute("select * from ops.touched order by all").fetchall() == waiting
    assert con.execute("select current_database()").fetchone() == ("memory",)
    arrive(other, intake)
    wholly(other)
    wholly(con)
    assert differing(con, other) == []


@pytest.mark.parametrize(
    "statement",
    [
        "select if(value > 10, null, org_code) as org_code, period, value from core.observation where is_current",
        "select period, sum(value) as value from core.observation where is_current group by period",
    ],
    ids=["a row without a unit", "no unit at all"],
)
def test_a_table_that_does_not_say_whose_its_rows_are_is_made_whole(two, statement):
    con, _, province = two
    selects, reaches = {"mart.told": statement}, {"mart.told": Reach(units="own", periods="own")}
    bring_up_to_date(con, selects, (), reaches)
    arrive(con, province.form("522301", "2026-02"))
    (made,) = bring_up_to_date(con, selects, (), reaches).made
    assert made.reach is None
    left = con.execute(f"select * from mart.told except all ({statement})").fetchall()
    right = con.execute(f"({statement}) except all select * from mart.told").fetchall()
    assert (left, right) == ([], [])


def test_a_change_of_no_known_unit_reaches_everything(two):
    con, _, _ = two
    with transaction(con):
        touch(con, ["core.observation"])
    made = {made.table: made.reach for made in renew(con).made}
    assert made["mart.reported_figure"] is None


def blocks():
    """The tables printed in the page's section on it, as lists of rows."""
    page = (Path(__file__).parents[2] / "docs/methodology.md").read_text(encoding="utf-8")
    section = page.partition('<a id="recompute">')[2].partition("<a id=")[0]
    for text in section.split("```")[1::2]:
        heading, *lines = text.strip().splitlines()
        yield [dict(zip(heading.split(), line.split(), strict=True)) for line in lines]


def test_the_worked_example_of_the_documentation(make_desk, tmp_path):
    reported, corrected, expected = blocks()
    desk, con = make_desk(tmp_path), warehouse()
    for day, row in enumerate([*reported, *corrected], 1):
        if row is corrected[0]:
            renew(con)
            before = figures_of(con)
        figures = {row["county"]: {"station_visits": float(row["value"])}}
        arrive(con, desk.form(f"form-{day}", figures, county=row["county"], period=row["period"], day=day))
    outcome = renew(con)
    after = figures_of(con)
    assert not outcome.is_full
    found = {(*key, before.get(key), after.get(key)) for key in before | after if before.get(key) != after.get(key)}
    numbered = [{**row, "before": int(row["before"]), "after": int(row["after"])} for row in expected]
    assert found == {tuple(row.values()) for row in numbered}
    made = {made.table: made for made in outcome.made}
    for row in expected:
        assert (made[f"mart.{row['table']}"].units, made[f"mart.{row['table']}"].periods) == (
            (row["unit"],), (row["period"],)
        )  # fmt: skip


def figures_of(con):
    names = [
        f"{level}_{grain}" for level in ("county", "prefecture", "province") for grain in ("month", "quarter", "year")
    ]
    rows = [
        (name, *row)
        for name in names
        for row in con.execute(f"select org_code, period, value from mart.{name}").fetchall()
    ]
    return {tuple(row[:3]): row[3] for row in rows}
