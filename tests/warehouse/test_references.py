from datetime import datetime

from warehouse.load import load
from warehouse.references import refresh_references

NOW = datetime.fromisoformat("2026-11-22T05:00:00+00:00")
FINDINGS = "select file, suite, rule, severity, line, cell, column_name, message from dq.finding order by finding_id"


def case(code, station):
    opened = datetime.fromisoformat("2026-06-01T09:00:00")
    return {"case_code": code, "station_code": station, "county_code": "522301", "opened_at": opened}


def test_one_warning_a_delivery_and_code_until_the_station_is_registered(con, catalog, desk):
    load(
        con, catalog, desk.cases("june", [case("G1", None), case("G2", "S1"), case("G3", "S1"), case("G4", "S2")]), NOW
    )
    load(con, catalog, desk.cases("stations", [{"station_code": "S2"}], export="station"), NOW)
    assert refresh_references(con, catalog) == 1
    assert refresh_references(con, catalog) == 1
    assert con.execute(FINDINGS).fetchall() == [
        (
            "june.xlsx", "case", "ExpectStationToBeRegistered", "warning", 3, "工单!A3", "station_code",
            "站点编码S1尚未在“联络站台账”中登记，涉及2条记录；记录已照常入库，补报登记后本提示自动消失。",
        )
    ]  # fmt: skip
    load(con, catalog, desk.cases("late", [{"station_code": "S1"}], export="station"), NOW)
    assert refresh_references(con, catalog) == 0
    assert con.execute(FINDINGS).fetchall() == []


def test_other_findings_are_not_touched(con, catalog, desk):
    load(con, catalog, desk.form("june", {"522301001": {"station_visits": 1}}, quarantined=1), NOW)
    refresh_references(con, catalog)
    assert con.execute("select rule from dq.finding").fetchall() == [("ExpectKnownTownship",)]
