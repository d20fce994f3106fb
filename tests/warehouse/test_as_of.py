"""What was known on an earlier day, against a warehouse into which only the files of then were loaded."""

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import load as load_catalog
from transforms import statements, views_of
from warehouse.as_of import as_of, cutoff, forget
from warehouse.duck import open_reader, open_writer
from warehouse.load import load
from warehouse.migrate import migrate, migrations
from warehouse.records_as_of import unpacked
from warehouse.references import refresh_references
from warehouse.release import manifest, publish
from warehouse.rollup import roll_up
from warehouse.tables import SQL_TYPES, export_columns

NOW = datetime.fromisoformat("2026-11-22T05:00:00+00:00")
A, B = "522301001", "522301002"
FIRST = date(2026, 9, 1)  # of the desk's days

STANDING = "select org_code, value::int from core.observation where is_current order by all"
GRADES = 'select case_code, grade, closed_at from core."case" order by all'
OLDER = "select record_key, content ->> 'grade', content ->> 'closed_at' from core.superseded_record order by all"


MADE = {
    name: sql
    for name, sql in statements(load_catalog()).items()
    if name.partition(".")[2]
    in {
        "org_unit",
        "org_place",
        "report_history",
        "figure_history",
        "reported_figure",
        "standing_figure",
        "known_day",
        "correction_cell",
        "correction_match",
    }
}


def day(number):
    return FIRST + timedelta(days=number - 1)


def case(code, *, grade=None, closed=None):
    opened = datetime.fromisoformat("2026-06-01T09:00:00.123")
    return {"case_code": code, "county_code": "522301", "channel": "扫码", "case_kind": "意见建议"} | {
        "opened_at": opened, "closed_at": closed, "grade": grade,
    }  # fmt: skip


class Home:
    """A warehouse into which intakes are loaded, its release, and the answers of earlier days."""

    def __init__(self, root, intakes, made=MADE):
        self.root, self.facts, self.made = root, load_catalog(), (made, views_of(load_catalog()))
        warehouse = root / "warehouse.duckdb"
        with open_writer(warehouse, self.facts) as con:
            for intake in intakes:
                load(con, self.facts, intake, NOW)
            refresh_references(con, self.facts)
            roll_up(con, *self.made)
        self.release = publish(warehouse, root / "releases", self.facts, NOW)

    def known(self, number):
        return as_of(self.release, day(number), self.root / "as-of", self.facts, *self.made)

    def ask(self, number, sql):
        with open_reader(self.known(number)) as con:
            return con.execute(sql).fetchall()


def two_versions(desk):
    """June's figures came on day 2, their correction on day 5; a case was closed by the export of day 6."""
    june = desk.form("june", {A: {"station_visits": 180}, B: {"station_visits": 20}}, day=2)
    corrected = desk.form("corrected", {A: {"station_visits": 200}}, day=5)
    closed = datetime.fromisoformat("2026-06-09T09:00:00")
    cases = [
        desk.cases("cases", [case("G1"), case("G2")], day=3),
        desk.cases("later", [case("G1", grade="满意", closed=closed), case("G3")], day=6),
    ]
    return [june, corrected, *cases]


@pytest.fixture
def resubmitted(tmp_path, desk):
    return Home(tmp_path, two_versions(desk))


def test_a_day_ends_at_midnight_in_guizhou():
    assert cutoff(date(2026, 12, 31)) == datetime.fromisoformat("2026-12-31T16:00:00")


class TestDays:
    def test_a_day_before_anything_was_known_has_tables_without_rows(self, resubmitted):
        for table in ("mart.reported_figure", "mart.figure_history", "ops.delivery", "core.report", 'core."case"'):
            assert resubmitted.ask(1, f"select count(*) from {table}") == [(0,)], table
        assert resubmitted.ask(1, "select count(*) > 100 from ref.org") == [(True,)]

    def test_between_two_versions_the_first_stands(self, resubmitted):
        visits = "select org_code, value::int from mart.reported_figure order by all"
        for sql in (STANDING, visits):
            assert resubmitted.ask(2, sql) == resubmitted.ask(4, sql) == [(A, 180), (B, 20)]
            assert resubmitted.ask(5, sql) == [(A, 200)]
        ledger = "select file, status, superseded_by from ops.delivery where dataset = 'county_table'"
        assert resubmitted.ask(4, ledger) == [("june.xlsx", "loaded", None)]

    def test_the_history_of_a_figure_ends_with_the_day(self, resubmitted):
        history = "select value::int, known_until, reason from mart.figure_history where org_code = ? order by known_at"
        history = history.replace("?", f"'{A}'")
        assert resubmitted.ask(4, history) == [(180, None, None)]
        fell = datetime.fromisoformat("2026-09-05T08:00:00")
        assert resubmitted.ask(5, history) == [(180, fell, "被更新的报送取代"), (200, None, None)]

    def test_a_record_is_as_it_was_and_a_later_one_is_not_there(self, resubmitted):
        assert resubmitted.ask(4, GRADES) == [("G1", None, None), ("G2", None, None)]
        assert resubmitted.ask(4, OLDER) == []
        assert [row[:2] for row in resubmitted.ask(6, GRADES)] == [("G1", "满意"), ("G2", None), ("G3", None)]
        assert resubmitted.ask(6, OLDER) == [("G1", None, None)]

    def test_after_everything_all_is_as_in_the_release(self, tmp_path, desk):
        home, found = Home(tmp_path, two_versions(desk), statements(load_catalog())), []
        for path in (home.release.path, home.known(9)):
            with open_reader(path) as con:
                found.append(manifest(con, home.facts))
        assert {
            name for name in found[0]["tables"] if found[0]["tables"][name] != found[1]["tables"].get(name)
        } == set()
        assert found[0]["tables"] == found[1]["tables"]
        assert found[0]["content_hash"] == found[1]["content_hash"]  # comments and Chinese views, too


class TestCache:
    def test_it_is_made_once_and_read_only(self, resubmitted):
        path = resubmitted.known(4)
        assert path == resubmitted.root / "as-of" / resubmitted.release.release_id / "2026-09-04.duckdb"
        assert path.stat().st_mode & 0o777 == 0o444
        before = path.stat().st_mtime_ns, path.stat().st_ino
        assert resubmitted.known(4) == path
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == before

    def test_files_of_releases_that_are_gone_and_of_killed_builds_are_removed(self, resubmitted):
        folder = resubmitted.root / "as-of"
        (folder / "20250101T000000Z-00000000").mkdir(parents=True)
        (folder / ".building.duckdb").write_bytes(b"half")
        resubmitted.known(4)
        assert [path.name for path in folder.iterdir()] == [resubmitted.release.release_id]

    def test_the_release_is_not_touched(self, resubmitted):
        before = resubmitted.release.path.read_bytes()
        resubmitted.known(1)
        assert resubmitted.release.path.read_bytes() == before


class TestDuplicates:
    def test_the_first_file_that_said_it_stands_for_the_one_that_was_loaded(self, tmp_path, desk):
        """`copy` was delivered on day 2, but loaded after `form` of day 6 and so called a duplicate."""
        form = desk.form("form", {A: {"station_visits": 5}}, day=6, fingerprint="same", quarantined=1)
        copy = desk.form("copy", {A: {"station_visits": 5}}, day=2, fingerprint="same", quarantined=1)
        third = desk.form("third", {A: {"station_visits": 5}}, day=3, fingerprint="same", quarantined=1)
        home = Home(tmp_path, [form, copy, third])
        assert home.ask(1, STANDING) == []
        assert home.ask(4, STANDING) == [(A, 5)]
        assert home.ask(4, "select file, status, rows_loaded, reason from ops.delivery order by delivered_at") == [
            ("copy.xlsx", "partly_loaded", 1, None),
            ("third.xlsx", "duplicate", 0, "内容与已入库的文件 copy.xlsx 相同，不重复计数。"),
        ]
        assert home.ask(4, "select distinct file from dq.finding") == [("copy.xlsx",)]
        assert home.ask(4, "select file, known_at from mart.figure_history") == [
            ("copy.xlsx", datetime.fromisoformat("2026-09-02T08:00:00"))
        ]
        assert home.ask(6, "select file, known_at from mart.figure_history") == [
            ("form.xlsx", datetime.fromisoformat("2026-09-02T08:00:00"))
        ]

    def test_a_complete_report_that_came_before_its_period_was_over_was_not_the_last_word(self, tmp_path, desk):
        form = desk.form("form", {"522301": {"station_visits": 5}}, day=6, fingerprint="same")
        copy = desk.form("copy", {"522301": {"station_visits": 5}}, day=2, fingerprint="same")
        home = Home(tmp_path, [form, copy])
        with open_writer(tmp_path / "w2.duckdb", home.facts) as con:
            for intake in (form, copy):
                load(con, home.facts, intake, NOW)
            con.execute("update core.report set period_end = '2026-09-04'")
            for number, complete in ((6, True), (2, False)):
                forget(con, home.facts, cutoff(day(number)), ())
                assert con.execute("select is_complete from core.report").fetchall() == [(complete,)]

    def test_records_of_a_duplicate_are_known_since_the_first_of_them(self, tmp_path, desk):
        csv = desk.cases("csv", [case("G1")], day=6, fingerprint="same")
        jsonl = desk.cases("jsonl", [case("G1")], day=2, fingerprint="same")
        home = Home(tmp_path, [csv, jsonl])
        assert home.ask(1, GRADES) == []
        traced = 'select file from core."case" inner join ops.delivery using (delivery_id)'
        assert home.ask(2, traced) == [("jsonl.xlsx",)]
        assert home.ask(6, traced) == [("csv.xlsx",)]


def test_a_record_told_again_is_traced_to_a_file_of_then_without_a_line(tmp_path, desk):
    home = Home(tmp_path, [desk.cases("july", [case("G1")], day=2), desk.cases("august", [case("G1")], day=6)])
    traced = """
        select file, source_ref, c.delivered_at = d.delivered_at
        from core."case" as c inner join ops.delivery as d using (delivery_id)
    """
    assert home.ask(3, traced) == [("july.xlsx", None, True)]
    assert home.ask(6, traced) == [("august.xlsx", "工单!A2", True)]


def test_findings_about_references_are_those_of_then(tmp_path, desk):
    visit = {"visit_code": "V1", "station_code": "S1", "county_code": "522301", "visited_on": date(2026, 6, 5)}
    station = {"station_code": "S1", "station_name": "站", "county_code": "522301", "station_kind": "联络站"}
    home = Home(
        tmp_path,
        [
            desk.cases("visits", [visit], day=2, export="station_visit"),
            desk.cases("stations", [station], day=5, export="station"),
        ],
    )
    rules = "select rule from dq.finding"
    assert home.ask(3, rules) == [("ExpectStationToBeRegistered",)]
    assert home.ask(5, rules) == []


# Of amounts, the 15 digits that a double keeps; no record passes ten million.
VALUES = {
    "VARCHAR": "'人大“代表”\\n\"x\", null'",
    "DATE": "date '2026-06-09'",
    "TIMESTAMP": "timestamp '2026-06-09 09:00:00.123456'",
    "BIGINT": "9007199254740993",
    "DECIMAL(18,4)": "99999999999.9999::decimal(18, 4)",
    "BOOLEAN": "false",
}


@pytest.mark.parametrize("kind", sorted(set(SQL_TYPES.values())))
def test_a_value_comes_back_from_json_to_the_last_digit(kind):
    value = VALUES[kind]
    told = f"(select to_json(struct_pack(x := {value}, y := null::{kind}))::varchar as content) as told"
    with duckdb.connect() as con:
        made = con.execute(f"select {unpacked('x', kind)}, {unpacked('y', kind)} from {told}").fetchone()
        assert made == (con.execute(f"select {value}").fetchone()[0], None)


FEW = settings(
    max_examples=12,
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FORM = st.fixed_dictionaries(
    {
        "visits": st.integers(0, 2),
        "orgs": st.sampled_from([(A,), (B,), (A, B)]),
        "day": st.integers(1, 4),
        "reported_on": st.sampled_from([None, date(2026, 7, 3), date(2026, 9, 2)]),
    }
)
EXPORT = st.lists(
    st.tuples(
        st.sampled_from(["G1", "G2"]),
        st.sampled_from(["满意", "不满意"]),
        st.sampled_from([None, datetime.fromisoformat("2026-06-09T09:00:00")]),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda record: record[0],  # those of one number that differ in one file are held back before
)


@FEW
@given(forms=st.lists(FORM, min_size=1, max_size=5), number=st.integers(1, 4), data=st.data())
def test_reports_are_what_the_files_of_then_make(memory, arrive, make_desk, catalog, forms, number, data):
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
        arrive(memory, data.draw(st.permutations(intakes)))
        forget(memory, catalog, cutoff(day(number)), ())
        found = memory.execute(STANDING).fetchall()
        arrive(memory, [intake for intake, form in zip(intakes, forms, strict=True) if form["day"] <= number])
        assert found == memory.execute(STANDING).fetchall()


@FEW
@given(exports=st.lists(EXPORT, min_size=1, max_size=3), number=st.integers(1, 3), data=st.data())
def test_records_are_what_the_files_of_then_make(memory, arrive, make_desk, catalog, exports, number, data):
    """Up to three files: a content told before and after another one, and once more later, takes four."""
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        intakes = [
            desk.cases(f"export {n}", [case(k, grade=g, closed=c) for k, g, c in records], day=n)
            for n, records in enumerate(exports, 1)
        ]
        arrive(memory, data.draw(st.permutations(intakes)))
        forget(memory, catalog, cutoff(day(number)), ())
        found = [memory.execute(sql).fetchall() for sql in (GRADES, OLDER)]
        arrive(memory, intakes[:number])
        assert found == [memory.execute(sql).fetchall() for sql in (GRADES, OLDER)]


@FEW
@given(forms=st.lists(FORM, min_size=2, max_size=4), exports=st.lists(EXPORT, min_size=1, max_size=3), data=st.data())
def test_history_marts_and_answers_do_not_depend_on_the_order_of_loading(
    memory, arrive, state, make_desk, catalog, forms, exports, data
):
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
        intakes += [
            desk.cases(f"export {n}", [case(k, grade=g, closed=c) for k, g, c in records], day=n)
            for n, records in enumerate(exports, 1)
        ]
        found = []
        for order in (intakes, data.draw(st.permutations(intakes))):
            now = arrive(memory, order), roll(memory)
            forget(memory, catalog, cutoff(day(2)), MADE)
            found.append((now, state(memory), roll(memory)))
        assert found[0] == found[1]


def roll(con):
    roll_up(con, MADE)
    return {name: sorted(con.execute(f"from {name}").fetchall(), key=repr) for name in MADE}


def test_a_warehouse_of_before_knows_what_its_latest_files_said(tmp_path, catalog, desk):
    old = tmp_path / "migrations"
    old.mkdir()
    for migration in migrations()[:4]:
        (old / f"{migration.version:04d}_{migration.name}.sql").write_text(migration.sql, encoding="utf-8")
    at = datetime.fromisoformat("2026-09-02T08:00:00")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in export_columns(catalog.exports["case"]).items())
    with duckdb.connect(str(tmp_path / "w.duckdb")) as con:
        migrate(con, old)
        con.execute(f'create table core."case" ({columns})')
        con.execute('alter table core."case" drop known_at')
        con.execute('alter table core."case" drop known_by')
        con.execute("insert into core.\"case\" (case_code, delivery_id, delivered_at) values ('G1', 'd1', ?)", [at])
        con.execute(
            "insert into ops.delivery by name select 'd1' as delivery_id, 'x' as sha256, 'f' as file, 1 as size_bytes, "
            "'loaded' as status, 1 as rows_in, 1 as rows_loaded, 0 as rows_quarantined, 0 as rows_rejected, "
            "? as delivered_at, ? as received_at, ? as loaded_at",
            [at, at, at],
        )
        con.execute("insert into core.superseded_record values ('case', 'G1', 'h', 'd1', 'A2', 1, 'd2', '{}')")
    with open_writer(tmp_path / "w.duckdb", catalog) as con:
        for table in ('core."case"', "core.superseded_record"):
            assert con.execute(f"select known_at, known_by from {table}").fetchall() == [(at, "d1")]
