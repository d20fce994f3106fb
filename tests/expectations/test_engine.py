"""Great Expectations is imported late, writes nothing, says nothing, and its own failures are no verdicts."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from expectations.engine import Engine, expectation_suite
from expectations.rules import Rule
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
found = expectations.engine.Engine().failing("s", (rule,), frame)
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
    with pytest.raises(RuntimeError, match="ExpectNumber"):
        Engine().failing("s", (rule,), pd.DataFrame({"a": ["one", "two"]}))
