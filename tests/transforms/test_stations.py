"""Station share: a system that stations keep appears by being in the catalog."""

from dataclasses import replace

import duckdb
import pytest

import catalog
from catalog.models import Export
from transforms import stations

FACTS = catalog.load()
LETTER = Export.model_validate(
    {
        "export": "letter",
        "name_zh": "群众来信",
        "name_en": "letters",
        "system": 13,
        "key": "letter_code",
        "station": "station_code",
        "columns": [
            {"name": "letter_code", "zh": "来信编号", "en": "code", "headers": ["来信编号"], "required": True},
            {"name": "county_code", "zh": "所属县区", "en": "county", "headers": ["所属县区"], "type": "county"},
            {"name": "station_code", "zh": "站点编码", "en": "station", "headers": ["站点"], "references": "station"},
            {"name": "posted_on", "zh": "来信日期", "en": "date", "headers": ["来信日期"], "type": "date"},
        ],
        "measures": [{"indicator": "problems_solved", "when": "posted_on"}],
    }
)


def facts_with(**exports):
    return replace(FACTS, exports=exports)


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        for schema in ("core", "mart", "ref"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table core.letter as select 'S1' station_code, '522301' county_code, date '2026-06-02' posted_on"
        )
        connection.execute(
            "create table core.station as select * from (values ('S1', '522301', null, date '2020-01-01', null::date),"
            " ('S2', '522301', null, date '2020-01-01', null))"
            " as s (station_code, county_code, township_code, opened_on, closed_on)"
        )
        connection.execute(
            "create table mart.org_unit as"
            " select '522301' org_code, '522301' unit_code, 'county' unit_level, true is_in_force"
        )
        connection.execute(
            "create table ref.period as"
            " select '2026-06' as period, 'month' grain, date '2026-06-01' start_date, date '2026-06-30' end_date"
        )
        connection.execute("create table mart.recorded_figure as select '2026-06' as period")
        yield connection


def test_a_new_system_whose_records_name_a_station_counts(con):
    facts = facts_with(station=FACTS.exports["station"], letter=LETTER)
    rows = con.execute(f"select org_code, period, n_stations, n_recording from ({stations.station_share(facts)})")
    assert rows.fetchall() == [("522301", "2026-06", 2, 1)]
    assert con.execute(stations.station_kept(facts)).fetchall() == [("problems_solved",)]


def test_a_catalog_without_such_a_system_has_units_and_no_stations(con):
    facts = facts_with(station=FACTS.exports["station"])
    rows = con.execute(f"select n_stations, n_recording, share from ({stations.station_share(facts)})").fetchall()
    assert rows == [(0, 0, None)]
    assert con.execute(stations.station_kept(facts)).fetchall() == []


def test_a_registry_that_does_not_say_when_a_station_is_in_force_has_no_stations(con):
    register = FACTS.exports["station"].model_copy(update={"measures": ()})
    facts = facts_with(station=register, letter=LETTER)
    rows = con.execute(f"select n_stations, share from ({stations.station_share(facts)})").fetchall()
    assert rows == [(0, None)]


def test_an_export_dated_by_the_year_alone_says_nothing_of_months(con):
    by_year = LETTER.model_copy(
        update={
            "columns": tuple(
                column.model_copy(update={"type": "year"}) if column.name == "posted_on" else column
                for column in LETTER.columns
            )
        }
    )
    facts = facts_with(station=FACTS.exports["station"], letter=by_year)
    rows = con.execute(f"select n_stations, n_recording from ({stations.station_share(facts)})").fetchall()
    assert rows == [(2, 0)]
