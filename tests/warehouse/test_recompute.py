"""Making anew no more than a change can reach must leave the very tables that making everything anew leaves."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pytest

import catalog
from catalog.models import Reach
from transforms import statements, views_of
from warehouse.lens import focus, is_reached, key_of, lens, through_lens
from warehouse.load import load
from warehouse.migrate import migrate
from warehouse.recompute import bring_up_to_date
from warehouse.reference import refill
from warehouse.release import manifest
from warehouse.rollup import roll_up
from warehouse.statements import table, transaction
from warehouse.tables import ensure_exports
from warehouse.touched import touch

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
FACTS = catalog.load()
STATEMENTS, VIEWS = statements(FACTS), views_of(FACTS)
REACHES = {name: words.reach for name, words in FACTS.tables.items() if words.reach}

# Two prefectures; 520321 is 播州区 before 2016, 522322 兴仁市 before 2018.
COUNTIES = ("522301", "522302", "520304", "520302")
FORMER = {"522302": "522322", "520304": "520321"}
LATE = ("520304", "2026-02")  # the form that is not there at first
KINDS = (
    "corrected", "lone total", "corrected", "emptied", "late county", "quarter", "year", "to date", "new month",
    "former code", "prose", "rejected", "visits", "cases",
)  # fmt: skip
TOWNSHIPS = {code: [org.code for org in FACTS.tree.children(code)][:3] for code in COUNTIES}
MONTHS = ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
INDICATORS = (
    "station_visits", "opinions_collected", "station_count", "deputies", "deputies_reporting",
    "disputes_mediated", "disputes_settled", "disputes_resolution_rate",
)  # fmt: skip


class Province:
    """Makes deliveries at random; each is newer than those before."""

    def __init__(self, desk, seed):
        self.desk, self.chance, self.day = desk, random.Random(seed), 0

    def _next(self):
        self.day += 1
        return f"delivery-{self.day}"

    def line(self):
        chosen = self.chance.sample(INDICATORS, self.chance.randint(3, len(INDICATORS)))
        return {indicator: self.chance.choice((None, *range(60))) for indicator in chosen}

    def form(self, county, period, *, lone=False, blank=False, **more):
        units = [county] if lone else self.chance.choice((TOWNSHIPS[county], TOWNSHIPS[county][:2]))
        figures = {unit: dict.fromkeys(INDICATORS) if blank else self.line() for unit in units}
        return self.desk.form(self._next(), figures, county=county, period=period, day=self.day, **more)

    def whole(self, county, period):
        figures = {unit: {name: self.chance.randint(1, 60) for name in INDICATORS} for unit in TOWNSHIPS[county]}
        return self.desk.form(self._next(), figures, county=county, period=period, day=self.day)

    def visits(self, county):
        visits = [
            {"visit_code": f"V{self.day}-{n}", "county_code": county, "visited_on": date(2026, n, 3)}
            | {"deputy_level": "县", "deputy_key": f"D{n}", "people_received": n, "opinions_taken": 1}
            for n in (1, 2, 5)
        ]
        return self.desk.cases(self._next(), visits, export="station_visit", day=self.day)

    def performance(self, county):
        actions = [
            {"action_code": f"A{self.day}-{n}", "deputy_code": f"D{n % 2}", "deputy_level": "县", "county_code": county}
            | {"acted_on": date(2026, n, 3), "action_kind": "述职", "points": n}
            for n in (1, 2, 3)
        ]
        return self.desk.cases(self._next(), actions, export="performance", day=self.day)

    def cases(self, county):
        opened = [datetime(2026, n, 3, 9) for n in (1, 2, 3)]
        cases = [
            {"case_code": f"C{self.day}-{at.month}", "county_code": county, "opened_at": at, "closed_at": at}
            | {"channel": "扫码", "case_kind": "意见建议"}
            for at in opened
        ]
        return self.desk.cases(self._next(), cases, day=self.day)

    def prose(self, org):
        told = [(org, "station_visits", self.chance.randint(1, 99)), (org, "station_count", 5)]
        period = self.chance.choice((None, "2021-11-01/2026-06-12"))
        return self.desk.prose(self._next(), told, org=org, period=period, title_key=org, day=self.day)

    def deliver(self, kind):
        """One delivery of a kind, of a county and month that chance chooses."""
        county, month = self.chance.choice(COUNTIES), self.chance.choice(MONTHS)
        match kind:
            case "corrected":
                return self.form(county, month)
            case "lone total":
                return self.form(county, month, lone=True)
            case "emptied":
                return self.form(county, month, blank=True)
            case "late county":
                return self.form(*LATE)
            case "quarter":
                return self.form(county, f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}")
            case "year":
                return self.form(county, month[:4], lone=self.chance.random() < 0.5)
            case "to date":
                return self.form(county, month, basis="year_to_date")
            case "new month":
                return self.form(county, self.chance.choice(("2026-04", "2025-08")))
            case "former code":
                return self.form(FORMER["520304"], month, lone=True)
            case "prose":
                return self.prose(self.chance.choice((county, "520300", "520000")))
            case "rejected":
                return replace(self.form(county, month), status="rejected", folder=None, reason="打不开")
            case "visits":
                return self.visits(county)
            case "cases":
                return self.cases(county)
        raise ValueError(kind)

    def start(self):
        """What is there before anything is corrected."""
        forms = [self.form(c, m, lone=self.chance.random() < 0.2) for c in COUNTIES for m in MONTHS if (c, m) != LATE]
        return [*forms, *(self.visits(c) for c in COUNTIES), self.performance("522301"), self.performance("520304"),
                *(self.whole("522301", f"2025-Q{n}") for n in (1, 2, 3, 4)), self.form("520302", "2025"),
                self.prose("520300")]  # fmt: skip




def warehouse():
    con = duckdb.connect()
    migrate(con)
    refill(con, FACTS)
    ensure_exports(con, FACTS)
    return con


def arrive(con, *intakes):
    for intake in intakes:
        load(con, FACTS, intake, NOW)


def renew(con):
    return bring_up_to_date(con, STATEMENTS, VIEWS, REACHES)


def wholly(con):
    con.execute("delete from ops.rolled_up")
    outcome = renew(con)
    assert outcome.is_full
    return outcome


def differing(one, other):
    """Name the tables whose rows are not the same in two warehouses."""
    left, right = manifest(one, FACTS)["tables"], manifest(other, FACTS)["tables"]
    assert left.keys() == right.keys()
    return [name for name in left if left[name] != right[name]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory, make_desk):
    """A warehouse with a small province in it, rolled up; its file, and the province to go on with."""
    folder = tmp_path_factory.mktemp("recompute")
    province = Province(make_desk(folder), seed=1)
    con = warehouse()
    arrive(con, *province.start())
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


def test_every_kind_of_delivery_leaves_what_a_full_rebuild_leaves(two):
    one, other, province = two
    for kind in KINDS:
        intake = province.deliver(kind)
        arrive(one, intake)
        arrive(other, intake)
        assert not renew(one).is_full
        wholly(other)
        assert differing(one, other) == [], kind


@pytest.mark.parametrize("seed", range(3))
def test_several_deliveries_at_once_leave_what_a_full_rebuild_leaves(two, seed):
    one, other, province = two
    province.chance.seed(seed)
    for _ in range(2):
        intakes = [province.deliver(kind) for kind in province.chance.sample(KINDS, 3)]
        arrive(one, *intakes)
        arrive(other, *province.chance.sample(intakes, 3))
        assert not renew(one).is_full
        wholly(other)
        assert differing(one, other) == [], intakes


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
    assert {period for made in along for period in made.periods} == periods
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


def test_a_form_that_says_the_same_again_changes_no_figure(two):
    con, _, province = two
    figures = {"522301": {"station_visits": 5}}
    for name in ("first", "again"):
        province.day += 1
        arrive(con, province.desk.form(name, figures, county="522301", period="2026-03", day=province.day))
        outcome = renew(con)
    assert [made.table for made in outcome.made if made.rows or made.gone] == []


def test_what_marts_are_made_of_besides_loads_makes_all_anew(two):
    con, _, _ = two
    with transaction(con):
        con.execute("update ref.parameter set value = value + 1 where name = 'case_due_days'")
    assert renew(con).is_full
    assert not renew(con).is_full
    statement = STATEMENTS["mart.county_month"].replace("unit_period.value,", "unit_period.value + 1 as value,")
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


def unlike(con, name, reach, unit, period):
    """Count the rows of a unit and period that come out otherwise when a roll-up sees no more than its reach.

    Returns (rows, rows that differ).
    """
    con.execute("delete from changed")
    con.execute("insert into changed values ('cause', ?, ?)", [unit, period])
    taken = focus(con, reach, ["cause"])
    target = table(*name.split("."))
    condition = is_reached(key_of(columns_of(con)[name]), taken)
    with through_lens(con):
        con.execute(f"create or replace temp table fresh as select * from ({STATEMENTS[name]}) where {condition}")
    rows = con.execute("select count(*) from fresh").fetchone()[0]
    here, there = "select * from temp.main.fresh", f"select * from {target} where {condition}"
    off = con.execute(
        f"select count(*) from (({here} except all {there}) union all ({there} except all {here}))"
    ).fetchone()[0]
    return rows, off


def columns_of(con):
    rows = con.execute(
        "select schema_name || '.' || table_name, list(column_name) from duckdb_columns() where not internal group by all"
    )
    return dict(rows.fetchall())


def some_places(con, name, number=4):
    """Units and periods of a roll-up's rows, here and there."""
    key = key_of(columns_of(con)[name])
    query = "select * from (select distinct {0} as unit, {1} as period from {2}) order by md5(concat(unit, period)) limit {3}"
    return con.execute(query.format(key.unit, key.period or "null", table(*name.split(".")), number)).fetchall()


@pytest.mark.parametrize("name", REACHES)
def test_a_row_rests_on_no_more_than_its_reach_says(looked_through, name):
    """A roll-up's rows come out the same when it is shown nothing else."""
    for place in some_places(looked_through, name):
        rows, off = unlike(looked_through, name, REACHES[name], *place)
        assert rows
        assert off == 0, place


@pytest.fixture(scope="module")
def looked_through(filled):
    path, _ = filled
    with duckdb.connect() as con:
        con.execute(f"attach '{path}' as copy (read_only)")
        con.execute("copy from database copy to memory")
        con.execute("detach copy")
        with lens(con, columns_of(con), STATEMENTS):
            yield con


def test_every_roll_up_with_a_reach_has_rows_here(looked_through):
    assert [name for name in REACHES if not some_places(looked_through, name)] == []


@pytest.mark.parametrize(
    ("name", "units", "periods"),
    [
        ("mart.county_sum", "own", "own"),
        ("mart.unit_figure", "own", "own"),
        ("mart.quarter_of_months", "own", "own"),
        ("mart.score_history", "own", "year"),
    ],
)
def test_a_reach_that_is_too_narrow_shows(looked_through, name, units, periods):
    reach = Reach(units=units, periods=periods)
    assert any(unlike(looked_through, name, reach, *place)[1] for place in some_places(looked_through, name, 20))


BASE = """
select schema_name || '.' || table_name from duckdb_tables()
where schema_name in ('core', 'dq', 'ops') and table_name not in ('touched', 'rolled_up') and not internal
"""


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_load_changes_is_marked(two, kind):
    con, before, province = two
    con.execute("delete from ops.touched")
    arrive(con, province.deliver(kind))
    names = [name for (name,) in con.execute(BASE).fetchall()]
    marked = {name for (name,) in con.execute("select distinct table_name from ops.touched").fetchall()}
    changed = {name for name in names if rows_of(con, name) != rows_of(before, name)}
    assert changed <= marked
    assert "ops.delivery" in changed
    figures = {(row["org_code"], row["period"]) for row in changed_figures(con, before)}
    known = con.execute("select org_code, period from ops.touched where table_name = 'core.observation'").fetchall()
    assert figures <= set(known)


def rows_of(con, name):
    target = table(*name.split("."))
    return sorted(con.execute(f"select to_json(stored)::varchar from {target} as stored").fetchall())


def changed_figures(con, before):
    query = "select report_id, row_ref, indicator_code, is_current, org_code, period from core.observation"
    old = {tuple(row) for row in before.execute(query).fetchall()}
    return [dict(org_code=row[4], period=row[5]) for row in con.execute(query).fetchall() if tuple(row) not in old]
