"""The verdict as others read it: its columns and types, alike for the same frames, and plain numbers throughout."""

from __future__ import annotations

import json

import pandas as pd

from tests.expectations.judging import validate

CHECKS = {
    **dict.fromkeys(("delivery_id", "suite", "rule", "severity", "rule_version"), "str"),
    "checked": "int64",
    "failed": "int64",
}
TEXT = ("delivery_id", "table_id", "cell", "suite", "rule", "severity", "scope", "column_name", "message")


def test_a_verdict_has_its_columns_whether_or_not_anything_was_found(county_frames, catalog):
    frames = county_frames()
    for wrong in (False, True):
        if wrong:
            frames["rows"].loc[1, "org_code"] = None
            frames["header"]["period"] = None
        verdict = validate("county_table", frames, catalog)
        assert len(verdict.findings) == 2 * wrong
        assert {name: str(dtype) for name, dtype in verdict.checks.dtypes.items()} == CHECKS
        dtypes = {name: str(dtype) for name, dtype in verdict.findings.dtypes.items()}
        assert dtypes == {**dict.fromkeys(TEXT, "str"), "line": "Int64"}
        assert set(dtypes) == set(verdict.findings.columns)


def test_a_finding_of_a_table_has_no_line_and_one_of_a_row_has(county_frames, catalog):
    frames = county_frames()
    frames["header"]["period"] = None
    frames["rows"].loc[1, "org_code"] = None
    findings = validate("county_table", frames, catalog).findings.set_index("scope")
    assert pd.isna(findings.loc["table", "line"])
    assert findings.loc["row", "line"] == 6


def test_the_same_frames_give_the_same_verdict(county_frames, joined, catalog):
    frames = joined(*(county_frames(f"d{n}") for n in range(3)))
    frames["figures"]["value"] = -1.0
    first, second = (validate("county_table", frames, catalog) for _ in range(2))
    pd.testing.assert_frame_equal(first.findings, second.findings)
    pd.testing.assert_frame_equal(first.checks, second.checks)
    assert len(first.findings) == 30


def test_frames_are_left_as_they_were(export_frames, catalog):
    frames = export_frames("case")
    before = {name: frame.copy() for name, frame in frames.items()}
    validate("case", frames, catalog)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, frames[name])


def test_quarantine_keys_are_plain_values(export_frames, catalog):
    frames = export_frames("case")
    frames["records"]["channel_state"] = "unknown"
    frames["header"]["column_refs"] = "{}"
    frames["records"]["line"] = frames["records"]["line"].astype("Int64")
    keys = validate("case", frames, catalog).quarantined()
    assert json.dumps(sorted(keys, key=str)) == '[["d1#1", null]]'
    frames["header"]["column_refs"] = export_frames("case")["header"]["column_refs"]
    keys = validate("case", frames, catalog).quarantined()
    assert json.dumps(sorted(keys)) == '[["d1#1", 2], ["d1#1", 3]]'
