"""Measures: whatever the catalog may declare becomes SQL that runs and counts what it says."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

import catalog
from catalog.load import Catalog
from catalog.models import Export, Measure
from transforms import measures
from warehouse.tables import SQL_TYPES

FACTS = catalog.load()
EVERY_MEASURE = [(export, measure) for export in FACTS.exports.values() for measure in export.measures]
ADDING = [(export, measure) for export, measure in EVERY_MEASURE if not measure.distinct]
PEOPLE = [(export, measure) for export, measure in EVERY_MEASURE if measure.distinct]


def only(export: Export, measure: Measure) -> Catalog:
    """Reduce the catalog to one measure of one export."""
    exports = {**FACTS.exports, export.export: export.model_copy(update={"measures": (measure,)})}
    others = {name: e.model_copy(update={"measures": ()}) for name, e in exports.items() if name != export.export}
    fields = {name: getattr(FACTS, name) for name in Catalog.__dataclass_fields__}
    return Catalog(**{**fields, "exports": {**others, export.export: exports[export.export]}})


def warehouse() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for schema in ("ref", "core", "mart"):
        con.execute(f"create schema {schema}")
    for export in FACTS.exports.values():
        columns = ", ".join(f'"{c.name}" {SQL_TYPES[c.type]}' for c in export.stored_columns)
        con.execute(f'create table core."{export.export}" ({columns})')
    con.execute("create table mart.form_month (period varchar)")
    con.execute("create table ref.period (period varchar, grain varchar, end_date date, quarter varchar, year varchar)")
    con.execute("insert into ref.period values ('2026-06', 'month', '2026-06-30', '2026-Q2', '2026')")
    con.execute("insert into ref.period values ('2026-Q2', 'quarter', '2026-06-30', '2026-Q2', '2026')")
    con.execute("insert into ref.period values ('2026', 'year', '2026-12-31', null, '2026')")
    con.execute(
        "create table mart.org_unit "
        "(org_code varchar, org_level varchar, unit_code varchar, unit_level varchar, n_expected bigint)"
    )
    con.execute("insert into mart.org_unit values ('522301', 'county', '522301', 'county', 3)")
    con.execute(
        "create table mart.org_place "
        "(org_code varchar, unit_code varchar, county_code varchar, weight decimal(9, 4), scope varchar)"
    )
    con.execute("insert into mart.org_place values ('522301', '522301', '522301', 1, 'all')")
    return con


def fill(con: duckdb.DuckDBPyConnection, export: Export, **values: object) -> None:
    """Insert a record of 兴义市 with these values; whatever else is declared stays empty."""
    row = {column.name: None for column in export.stored_columns} | {"county_code": "522301"} | values
    con.execute(f'insert into core."{export.export}" values ({", ".join("?" * len(row))})', [*row.values()])


def test_every_export_of_this_catalog_is_counted():
    assert {export.export for export, _ in EVERY_MEASURE} == set(FACTS.exports)


def fitting(export: Export, measure: Measure) -> tuple[dict[str, object], dict[str, object]]:
    """Return the values of a record that counts, and the date (or year) by which it does."""
    fits: dict[str, object] = {column: values[0] for column, values in measure.where.items()}
    fits |= {name: "满意" if name == "grade" else date(2026, 6, 9) for name in measure.present}
    dated = measure.when or measure.opened or ""
    return fits, {dated: 2026 if export.column(dated).type == "year" else date(2026, 6, 9)}


@pytest.mark.parametrize(("export", "measure"), ADDING, ids=lambda part: getattr(part, "indicator", None))
def test_measure_counts_a_record_that_fits_and_none_that_does_not(export, measure):
    con = warehouse()
    fits, dated = fitting(export, measure)
    fits |= {measure.sum: 5} if measure.sum else {}
    con.execute("insert into mart.form_month values ('2026-06')")
    fill(con, export, **fits, **dated)
    fill(con, export, **fits)
    for column, values in measure.where.items():
        fill(con, export, **{**fits, column: False if values[0] is True else "其他"}, **dated)
    found = con.execute(measures.recorded_figure(only(export, measure))).fetchall()
    when = ("2026", "year") if 2026 in dated.values() else ("2026-06", "month")
    assert found == [("522301", "522301", measure.indicator, *when, Decimal(5 if measure.sum else 1))]


@pytest.mark.parametrize(("export", "measure"), PEOPLE, ids=lambda part: getattr(part, "indicator", None))
def test_a_person_counts_once_in_every_period_and_adds_to_no_figure(export, measure):
    con = warehouse()
    fits, dated = fitting(export, measure)
    for person in ("D1", "D1", "D2", None):
        fill(con, export, **fits, **dated, **{measure.distinct: person})
    for column in measure.where:
        fill(con, export, **{**fits, column: "其他"}, **dated, **{measure.distinct: "D3"})
    found = con.execute(measures.recorded_people(only(export, measure))).fetchall()
    periods = {"2026-06": "month", "2026-Q2": "quarter", "2026": "year"}
    row = ("522301", "county", measure.indicator)
    assert sorted(found) == sorted((*row, period, grain, Decimal(2), 0, 3) for period, grain in periods.items())
    assert con.execute(measures.recorded_figure(only(export, measure))).fetchall() == []


def test_without_distinct_measures_there_are_no_people():
    found = warehouse().execute(measures.recorded_people(only(*ADDING[0]))).fetchall()
    assert found == []


@given(st.text(max_size=20).filter(lambda text: "\0" not in text))
def test_a_literal_reads_back_as_it_was(value):
    assert duckdb.execute(f"select {measures.literal(value)}").fetchone() == (value,)


def test_a_condition_cannot_leave_its_quotes():
    export = FACTS.exports["case"]
    measure = Measure(indicator="rated", when="opened_at", where={"grade": ("'); drop table core.station; --",)})
    (tree,) = sqlglot.parse(measures.recorded_figure(only(export, measure)), read="duckdb")
    assert isinstance(tree, sqlglot.exp.Select)


def test_an_export_without_station_or_township_gives_the_county():
    export = Export.model_validate(
        {
            "export": "course",
            "name_zh": "培训",
            "name_en": "courses",
            "system": 7,
            "key": "course_code",
            "columns": [
                {"name": "course_code", "zh": "培训编号", "en": "code", "headers": ["培训编号"], "required": True},
                {"name": "county_code", "zh": "所属县区", "en": "county", "headers": ["所属县区"], "type": "county"},
                {"name": "held_on", "zh": "日期", "en": "date", "headers": ["日期"], "type": "date"},
                {"name": "attendees", "zh": "参训人次", "en": "attendances", "headers": ["人次"], "type": "count"},
            ],
            "measures": [{"indicator": "training_attendees", "when": "held_on", "sum": "attendees"}],
        }
    )
    con = warehouse()
    con.execute("create table core.course (course_code varchar, county_code varchar, held_on date, attendees bigint)")
    con.execute("insert into core.course values ('A', '522301', '2026-06-03', 40), ('B', '522301', '2026-06-30', 2)")
    con.execute("insert into core.course values ('C', '522301', '2026-06-30', null)")
    found = con.execute(measures.recorded_figure(only(export, export.measures[0]))).fetchall()
    assert found == [("522301", "522301", "training_attendees", "2026-06", "month", Decimal(42))]


def test_a_catalog_without_measures_is_refused():
    export, measure = EVERY_MEASURE[0]
    nothing = only(export, measure)
    silent = {name: e.model_copy(update={"measures": ()}) for name, e in nothing.exports.items()}
    fields = {name: getattr(nothing, name) for name in Catalog.__dataclass_fields__}
    with pytest.raises(ValueError, match="measures"):
        measures.recorded_figure(Catalog(**{**fields, "exports": silent}))
