"""Great Expectations is imported late, writes nothing, says nothing, and its own failures are no verdicts."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from expectations import validate
from expectations.engine import Engine, expectation_suite
from expectations.rules import Rule, Suite
from expectations.suites import suites_of

QUIET = """
import os, socket, sys
from pathlib import Path

def refuse(*args, **kwargs):
    raise OSError("network")

socket.socket.connect = refuse
import expectations.document
from catalog import load
expectations.document.page(load())
assert "great_expectations" not in sys.modules
import expectations.engine, pandas as pd
from expectations.rules import Rule, Suite
rule = Rule("ExpectA", "warning", "row", "ExpectColumnValuesToNotBeNull", {"column": "a"}, "", "", "a")
frame = pd.DataFrame({"a": [1, None, 3, None]})
found = expectations.engine.Engine().failing(Suite("s", "a", lambda frames: frames["a"], (rule,)), frame)
assert found[0].tolist() == [1, 3]
"""


def test_nothing_is_written_said_or_sent(tmp_path):
    environment = {
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "PATH": "",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": ":".join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", QUIET], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_suite_is_one_of_great_expectations_with_our_names(catalog):
    ours = suites_of("county_table", catalog)[-1]
    suite = expectation_suite(ours.name, ours.rules)
    assert suite.name == "county_table.totals"
    (expectation,) = suite.expectations
    assert expectation.expectation_type == "expect_column_pair_values_a_to_be_greater_than_b"
    assert expectation.meta["rule"] == "ExpectTotalsToMatchParts"
    assert expectation.severity == "warning"
    assert "合计应等于" in expectation.description


def test_a_rule_that_cannot_be_evaluated_is_no_verdict():
    rule = Rule(
        "ExpectNumber", "critical", "row", "ExpectColumnValuesToBeBetween", {"column": "a", "min_value": 0}, "", "", ""
    )
    suite = Suite("s", "a", lambda frames: frames["a"], (rule,))
    with pytest.raises(RuntimeError, match="ExpectNumber"):
        Engine().failing(suite, pd.DataFrame({"a": ["one", "two"]}))


def test_great_expectations_agrees_on_how_many_rows_a_rule_speaks_about(frames_of, catalog):
    """`checked` is counted by us, a delivery at a time; the engine's own totals must be the same."""
    frames = frames_of("case")
    frames["records"]["accepted_at"] = pd.Series([None, None], dtype="datetime64[us]")
    frames["records"]["accepted_at_state"] = "blank"
    (suite,) = (suite for suite in suites_of("case", catalog) if suite.name == "case.records")
    frame = suite.frame(frames)
    batch = Engine()._context.data_sources.pandas_default.read_dataframe(frame)
    results = batch.validate(expectation_suite(suite.name, suite.rules), result_format="COMPLETE").results
    theirs = {r.expectation_config.meta["number"]: r.result for r in results}
    counted = {
        number: result["element_count"] - (result.get("missing_count") or 0) for number, result in theirs.items()
    }
    assert counted == {number: int(rule.applies(frame).sum()) for number, rule in enumerate(suite.rules)}
    assert 0 in counted.values()
    assert validate("case", frames, catalog).checks["checked"].sum() == sum(counted.values()) + 5
