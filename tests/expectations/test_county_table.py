"""The county form's rules where one fault more or less is not the point; `faults/county_table.yml` holds those."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations import validate


def test_a_correct_table_breaks_no_rule(county_frames, catalog, failed) -> None:
    verdict = validate("county_table", county_frames(), catalog)
    assert verdict.findings.empty
    assert verdict.quarantined() == set()
    checked = verdict.checks.set_index("rule")["checked"].to_dict()
    assert checked == {
        "ExpectReportingUnitToBeKnown": 1,
        "ExpectReportingUnitToMatchFileName": 1,
        "ExpectPeriodToBeReadable": 1,
        "ExpectPeriodToMatchFileName": 1,
        "ExpectPeriodToHaveBegun": 1,
        "ExpectPeriodToHaveEnded": 1,
        "ExpectPeriodNotTooEarly": 1,
        "ExpectTownshipLines": 1,
        "ExpectTownshipToBeKnown": 2,
        "ExpectTownshipOnlyOnce": 2,
        "ExpectFigureToBeReadable": 10,
        "ExpectOneColumnPerIndicator": 10,
        "ExpectFigureNotNegative": 10,
        "ExpectCountToBeWhole": 6,
        "ExpectRateWithinHundred": 2,
        "ExpectPlausibleSize": 8,
        "ExpectExactFigure": 10,
        "ExpectPartNotAboveWhole": 2,
        "ExpectTotalsToMatchParts": 4,
    }


def test_township_of_an_unknown_county_is_not_reported_line_by_line(county_frames, catalog, failed) -> None:
    frames = county_frames()
    frames["header"]["county_code"] = None
    frames["rows"]["org_code"] = None
    frames["figures"]["org_code"] = None
    assert failed(validate("county_table", frames, catalog)) == {"ExpectReportingUnitToBeKnown": 1}


def test_a_lone_total_may_be_as_large_as_all_its_townships(county_frames, catalog, failed) -> None:
    frames = county_frames()
    frames["header"]["total_only"] = True
    frames["rows"] = frames["rows"].iloc[:1].assign(org_text="合计", org_code="522301", is_total=True)
    frames["figures"] = frames["figures"].iloc[:1].assign(org_code="522301", text="150000", value=150000.0)
    frames["totals"] = frames["totals"].iloc[:0]
    assert validate("county_table", frames, catalog).findings.empty
    frames["figures"]["value"] = 100_000.0 * 1000
    assert failed(validate("county_table", frames, catalog)) == {"ExpectPlausibleSize": 1}


def test_an_unreadable_part_leaves_only_a_total_that_is_too_small_in_doubt(county_frames, catalog, failed) -> None:
    frames = county_frames()
    frames["totals"].loc[1, ["parts", "parts_low", "parts_high", "parts_unreadable"]] = [105.0, 105.0, 105.0, 1]
    assert validate("county_table", frames, catalog).findings.empty
    frames["totals"].loc[1, ["stated", "stated_low", "stated_high"]] = [100.0, 100.0, 100.0]
    assert failed(validate("county_table", frames, catalog)) == {"ExpectTotalsToMatchParts": 1}


def test_a_file_name_may_claim_less_than_the_sheet_says(county_frames, catalog, failed) -> None:
    frames = county_frames()
    frames["header"]["claimed_period"] = "2026"
    frames["header"]["claimed_county_code"] = None
    assert validate("county_table", frames, catalog).findings.empty


def test_arrival_counts_by_the_clock_of_guizhou(county_frames, catalog, failed) -> None:
    frames = county_frames()
    frames["header"]["received_at"] = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)
    assert failed(validate("county_table", frames, catalog)) == {"ExpectPeriodToHaveEnded": 1}
    frames["header"]["received_at"] = pd.Timestamp("2026-05-31 15:30")
    assert failed(validate("county_table", frames, catalog)) == {"ExpectPeriodToHaveBegun": 1}


def test_frames_without_rows_are_judged_by_their_header(county_frames, catalog, failed) -> None:
    frames = county_frames()
    frames["header"]["rows_in"] = 0
    for name in ("rows", "figures", "totals"):
        frames[name] = frames[name].iloc[:0].astype("object")
    verdict = validate("county_table", frames, catalog)
    assert failed(verdict) == {"ExpectTownshipLines": 1}
    assert len(verdict.checks) == 19


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stated=st.integers(0, 400), stated_width=st.integers(0, 50), parts=st.integers(0, 400), width=st.integers(0, 50))
def test_total_matches_when_some_number_lies_in_both_ranges(
    stated: int,
    stated_width: int,
    parts: int,
    width: int,
    county_frames,
    catalog,
) -> None:
    frames = county_frames()
    frames["totals"] = (
        frames["totals"]
        .iloc[:1]
        .assign(
            stated=float(stated),
            stated_low=float(stated),
            stated_high=float(stated + stated_width),
            parts=float(parts),
            parts_low=float(parts),
            parts_high=float(parts + width),
        )
    )
    in_both = set(range(stated, stated + stated_width + 1)) & set(range(parts, parts + width + 1))
    assert validate("county_table", frames, catalog).findings.empty == bool(in_both)
