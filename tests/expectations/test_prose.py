"""The rules of prose reports where one fault more or less is not the point; `faults/prose.yml` holds those."""

from __future__ import annotations

import pandas as pd

from expectations import validate

CONTRADICTION = "ExpectNoContradictionInReport"


def test_rounded_figures_that_may_mean_the_same_do_not_contradict_one_another(frames_of, catalog):
    frames = frames_of("prose")
    frames["figures"].loc[4, ["value", "value_low", "value_high"]] = [90.0, 90.0, 100.0]
    assert validate("prose", frames, catalog).findings.empty


def test_another_unit_time_or_basis_and_an_unlisted_matter_are_no_contradiction(frames_of, catalog, failed):
    for change in (
        {"org_code": "522301", "org_text": "兴义市"},
        {"is_inclusive": False},
        {"is_breakdown": True},
        {"period": "2026-05"},
        {"basis": "year_to_date"},
        {"org_code": "522301", "period": None},
        {"indicator_code": "other"},
    ):
        frames = frames_of("prose")
        for column, value in ({"value": 96.0, "value_low": 96.0, "value_high": 96.0} | change).items():
            frames["figures"].loc[4, column] = value
        assert failed(validate("prose", frames, catalog)) == {}, change


def test_of_three_that_differ_each_names_the_farthest(frames_of, catalog):
    frames = frames_of("prose")
    frames["figures"] = pd.concat([frames["figures"].iloc[[1]]] * 3, ignore_index=True)
    frames["figures"]["source_ref"] = ["chars 0-9", "chars 10-19", "chars 20-29"]
    for column in ("value", "value_low", "value_high"):
        frames["figures"][column] = [95.0, 96.0, 100.0]
    findings = validate("prose", frames, catalog).findings
    assert set(findings["rule"]) == {CONTRADICTION}
    assert [("第 21 至 29 字" in m, "第 1 至 9 字" in m) for m in findings["message"]] == [
        (True, True), (True, False), (True, True),
    ]  # fmt: skip


def test_a_prefecture_may_have_what_all_its_townships_have(frames_of, catalog, failed):
    frames = frames_of("prose")
    frames["figures"].loc[0, ["value", "value_low", "value_high"]] = 21_000_000.0
    assert failed(validate("prose", frames, catalog)) == {"ExpectPlausibleSize": 1}
    frames["figures"].loc[0, "org_code"] = "522600"
    assert failed(validate("prose", frames, catalog)) == {}


def test_a_report_without_figures_is_judged_by_its_header(frames_of, catalog, failed):
    frames = frames_of("prose")
    frames["header"]["rows_in"] = 0
    frames["figures"] = frames["figures"].iloc[:0].astype("object")
    verdict = validate("prose", frames, catalog)
    assert failed(verdict) == {"ExpectFiguresInReport": 1}
    assert verdict.quarantined() == set()


def test_figures_of_which_none_has_a_time_or_a_unit_can_be_judged(frames_of, catalog, failed):
    frames = frames_of("prose")
    for column in ("period", "grain", "period_start", "period_end", "period_phrase", "org_code", "org_text"):
        frames["figures"][column] = None
    frames["figures"]["basis"] = "unstated"
    found = failed(validate("prose", frames, catalog))
    assert found == {"ExpectUnitToBeInTree": 5, "ExpectFigureToHaveAPeriod": 5}
