"""The county form's rules where one fault more or less is not the point; `faults/county_table.yml` holds those."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.expectations.judging import validate


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
        "ExpectReportedOnNotAfterArrival": 1,
        "ExpectTownshipLines": 1,
        "ExpectTownshipToBeKnown": 2,
        "ExpectTownshipOnlyOnce": 2,
        "ExpectFigureToBeReadable": 10,
        "ExpectFigureOnlyOncePerBook": 10,
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
    frames["header"]["reported_on"] = None
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
    assert len(verdict.checks) == 21


def second_table(frames, **changes):
    """The same delivery's next table, with its header changed."""
    copy = {name: frame.assign(table_id="d1#2") for name, frame in frames.items()}
    copy["header"] = copy["header"].assign(**changes)
    copy["figures"]["source_ref"] = copy["figures"]["source_ref"].str.replace("活动情况", "街道")
    return copy


def test_a_figure_that_two_tables_give_differently_stands_in_neither(county_frames, joined, catalog) -> None:
    frames = county_frames()
    again = second_table(frames)
    again["figures"] = again["figures"].iloc[[1]].assign(value=121.0, value_low=121.0, value_high=121.0, text="121")
    again["rows"], again["totals"] = again["rows"].iloc[:1], again["totals"].iloc[:0]
    findings = validate("county_table", joined(frames, again), catalog).findings
    assert set(findings["rule"]) == {"ExpectFigureOnlyOncePerBook"}
    assert sorted(findings["cell"]) == ["活动情况!D5", "街道!D5"]
    for message in findings["message"]:
        assert all(words in message for words in ("活动情况!D5", "“120”", "街道!D5", "“121”", "无法判断"))


def test_tables_of_one_delivery_may_share_what_is_not_the_same_figure(county_frames, joined, catalog) -> None:
    frames = county_frames()
    may = {
        "period": "2026-05",
        "claimed_period": None,
        "period_start": date(2026, 5, 1),
        "period_end": date(2026, 5, 31),
    }
    cumulative = {"basis": "year_to_date", "period_start": date(2026, 1, 1)}
    for changes in (may, cumulative):
        assert validate("county_table", joined(frames, second_table(frames, **changes)), catalog).findings.empty
    blank = second_table(frames)
    nothing = dict.fromkeys(("value", "value_low", "value_high"), float("nan"))
    blank["figures"] = blank["figures"].assign(state="blank", text="", **nothing)
    assert validate("county_table", joined(frames, blank), catalog).findings.empty
    assert validate("county_table", {**blank, "totals": blank["totals"].iloc[:0]}, catalog).findings.empty
    assert validate("county_table", joined(frames, county_frames("d2")), catalog).findings.empty


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
