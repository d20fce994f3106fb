"""What the rules of all exports make of the cases in between; `faults/*.yml` hold the plain ones."""

from __future__ import annotations

import json

import pandas as pd

from tests.expectations.judging import validate


def test_a_missing_column_is_said_once_and_not_again_in_every_row(export_frames, joined, catalog, failed):
    lacking, whole = export_frames("case", "d1", count=3), export_frames("case", "d2", count=3)
    refs = json.loads(lacking["header"].loc[0, "column_refs"])
    del refs["channel"]
    lacking["header"]["column_refs"] = json.dumps(refs)
    for part in (lacking, whole):
        part["records"]["channel"] = None
        part["records"]["channel_state"] = "blank"
    verdict = validate("case", joined(lacking, whole), catalog)
    assert failed(verdict) == {"ExpectRequiredColumns": 1, "ExpectRequiredFieldFilled": 3}
    assert verdict.quarantined() == {("d1#1", None), ("d2#1", 2), ("d2#1", 3), ("d2#1", 4)}


def test_the_same_number_in_two_deliveries_is_a_correction(export_frames, joined, catalog):
    first, second = export_frames("case", "d1"), export_frames("case", "d2")
    second["records"]["case_code"] = first["records"]["case_code"]
    assert validate("case", joined(first, second), catalog).findings.empty


def test_of_three_records_that_repeat_each_other_the_first_is_kept(export_frames, catalog, failed):
    frames = export_frames("station_visit", count=4)
    frames["records"].loc[[0, 2, 3], "visit_code"] = "JZ1"
    verdict = validate("station_visit", frames, catalog)
    assert failed(verdict) == {"ExpectRecordNotToBeRepeated": 2}
    assert verdict.quarantined() == {("d1#1", 4), ("d1#1", 5)}
    assert all("与 工单!A2 完全相同" in message for message in verdict.findings["message"])


def test_where_one_of_three_differs_none_is_kept(export_frames, catalog, failed):
    """A deputy's hash is left out of `record_hash`, but another deputy makes another visit."""
    for column in ("record_hash", "deputy_key"):
        frames = export_frames("station_visit", count=3)
        frames["records"]["visit_code"] = "JZ1"
        frames["records"].loc[1, column] = "another"
        assert failed(validate("station_visit", frames, catalog)) == {"ExpectRecordIdToBeUnique": 3}


def test_no_record_counts_ten_million(export_frames, catalog, failed):
    frames = export_frames("station_visit", count=2)
    frames["records"]["people_received"] = pd.array([9_999_999, 10_000_000], dtype="Int64")
    verdict = validate("station_visit", frames, catalog)
    assert failed(verdict) == {"ExpectPossibleNumber": 1, "ExpectPlausiblePeopleReceived": 1}
    assert verdict.quarantined() == {("d1#1", 3)}


def test_a_station_may_be_closed_in_the_future(export_frames, catalog):
    frames = export_frames("station")
    planned = [pd.Timestamp("2026-12-31"), pd.Timestamp("9999-12-31")]
    frames["records"]["closed_on"] = pd.Series(planned, dtype="datetime64[us]")
    assert validate("station", frames, catalog).findings.empty


def test_records_without_a_number_are_not_duplicates_of_each_other(export_frames, catalog, failed):
    frames = export_frames("case", count=3)
    frames["records"]["case_code"] = None
    frames["records"]["case_code_state"] = "blank"
    assert failed(validate("case", frames, catalog)) == {"ExpectRequiredFieldFilled": 3}


def test_a_date_without_a_time_may_be_any_hour_of_its_day(export_frames, catalog, failed):
    frames = export_frames("case", count=1)
    records = frames["records"]
    records["opened_at"] = pd.Series([pd.Timestamp("2026-06-01 09:00")], dtype="datetime64[us]")
    records["accepted_at"] = pd.Series([pd.Timestamp("2026-06-01")], dtype="datetime64[us]")
    assert validate("case", frames, catalog).findings.empty
    records["accepted_at"] = pd.Series([pd.Timestamp("2026-05-31")], dtype="datetime64[us]")
    assert failed(validate("case", frames, catalog)) == {"ExpectDatesInOrder": 1}


def test_a_day_ahead_is_a_clock_two_are_a_mistake(export_frames, catalog, failed):
    """Received on 3 July at 09:30 by the clock of Guizhou."""
    frames = export_frames("station_visit", count=2)
    moments = [pd.Timestamp("2026-07-04 09:30"), pd.Timestamp("2026-07-04 09:31")]
    frames["records"]["visited_on"] = pd.Series(moments, dtype="datetime64[us]")
    verdict = validate("station_visit", frames, catalog)
    assert failed(verdict) == {"ExpectDateNotInFuture": 1}
    assert verdict.findings["line"].tolist() == [3]


def test_only_model_stations_must_meet_the_eight(export_frames, catalog):
    frames = export_frames("station")
    frames["records"]["has_rules"] = pd.array([False, None], dtype="boolean")
    frames["records"]["is_model"] = pd.array([False, None], dtype="boolean")
    assert validate("station", frames, catalog).findings.empty


def test_only_liaison_stations_need_a_township(export_frames, catalog):
    frames = export_frames("station")
    frames["records"]["station_kind"] = "联络室"
    frames["records"]["stars"] = None
    frames["records"]["stars_state"] = "blank"
    frames["records"]["township_code"] = None
    frames["records"]["township_code_state"] = "blank"
    assert validate("station", frames, catalog).findings.empty


def test_cells_are_written_as_each_table_writes_them(export_frames, joined, catalog):
    parts = [export_frames("case", f"d{n}", count=1) for n in range(3)]
    for part, place in zip(parts, ("工单{{line}}!L{line}", "line {line} col 12", "item {line} 接单时间"), strict=True):
        refs = json.loads(part["header"].loc[0, "column_refs"])
        part["header"]["column_refs"] = json.dumps(refs | {"accepted_at": place}, ensure_ascii=False)
        part["records"]["accepted_at_state"] = "unreadable"
    verdict = validate("case", joined(*parts), catalog)
    assert verdict.findings["cell"].tolist() == ["工单{line}!L2", "line 2 col 12", "item 2 接单时间"]
    assert set(verdict.findings["column_name"]) == {"accepted_at"}


def test_a_finding_about_an_absent_optional_column_has_no_cell(export_frames, catalog):
    frames = export_frames("case", count=1)
    refs = json.loads(frames["header"].loc[0, "column_refs"])
    del refs["accepted_at"]
    frames["header"]["column_refs"] = json.dumps(refs)
    frames["records"]["accepted_at"] = pd.Series([None], dtype="datetime64[us]")
    frames["records"]["accepted_at_state"] = "blank"
    findings = validate("case", frames, catalog).findings
    assert findings["rule"].tolist() == ["ExpectClosedCaseToBeAccepted"]
    assert findings["cell"].isna().all()


def test_a_delivery_without_records_is_counted_with_nothing_checked(export_frames, joined, catalog):
    empty = export_frames("case", "d0")
    empty["records"] = empty["records"].iloc[:0].astype("object")
    alone = validate("case", empty, catalog)
    assert alone.findings.empty
    assert alone.checks.loc[alone.checks["suite"] == "case.records", "checked"].sum() == 0
    verdict = validate("case", joined(empty, export_frames("case", "d1")), catalog)
    checked = verdict.checks.set_index(["delivery_id", "rule"])["checked"]
    assert checked["d0", "ExpectRecordIdToBeUnique"] == 0
    assert checked["d1", "ExpectRecordIdToBeUnique"] == 2
