"""Explanations that came back in workbooks: loaded with their delivery, said on its day in Guizhou."""

from dataclasses import replace
from datetime import date

import pandas as pd

from warehouse.load import load

from .conftest import NOW

ROW = {
    "delivery_id": "x",
    "org_code": "522301001",
    "county_code": "522301",
    "indicator_code": "opinions_resolved",
    "period": "2026-06",
    "rule": "ExpectPartNotAboveWhole",
    "asked": "0123456789abcdef",
    "cell": "表!C5",
    "text": "上月结转",
    "source_ref": "说明!E5",
}
SAID = "select org_code, indicator_code, text, said_on, expires_on from core.explanation order by text"


FIGURES = {"522301001": {"opinions_resolved": 9}}


def _with(intake, *rows):
    pd.DataFrame(rows).to_parquet(intake.folder / "frame.explanations.parquet")
    return intake


def test_an_explanation_is_loaded_once_and_holds_from_its_delivery_for_the_days_of_the_catalog(con, catalog, desk):
    intake = _with(desk.form("a", FIGURES, day=2, fingerprint="f"), ROW, ROW | {"indicator_code": None, "text": "整表"})
    assert load(con, catalog, intake, NOW) == "loaded"
    assert load(con, catalog, intake, NOW) == "loaded"
    until = date(2027, 9, 2)
    assert con.execute(SAID).fetchall() == [
        ("522301001", "opinions_resolved", "上月结转", date(2026, 9, 2), until),
        ("522301001", None, "整表", date(2026, 9, 2), until),
    ]
    touched = con.execute("select count(*) from ops.touched where table_name = 'core.explanation'").fetchall()
    assert touched == [(1,)]


def test_a_duplicate_explains_nothing_anew(con, catalog, desk):
    load(con, catalog, _with(desk.form("a", FIGURES, day=2, fingerprint="f"), ROW), NOW)
    assert load(con, catalog, _with(desk.form("b", FIGURES, day=3, fingerprint="f"), ROW), NOW) == "duplicate"
    assert len(con.execute(SAID).fetchall()) == 1


def test_a_rejected_file_explains_all_the_same_and_keeps_what_it_claims(con, catalog, desk):
    lost = _with(desk.form("a", {}, day=2, quarantined=1), ROW)
    claimed = replace(lost, claimed_org_code="522301", claimed_period="2026-06")
    assert load(con, catalog, claimed, NOW) == "rejected"
    assert len(con.execute(SAID).fetchall()) == 1
    kept = con.execute("select claimed_org_code, claimed_period from ops.delivery").fetchall()
    assert kept == [("522301", "2026-06")]
