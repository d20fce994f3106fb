"""One pass of SQL finds what Great Expectations finds over all rows in pandas, and a rule it cannot tell is refused."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import expectations
from catalog import load
from expectations.engine import Engine
from expectations.rules import RecordSuite, Rule
from expectations.suites import suites_of
from expectations.violations import Violations, broken
from tests.expectations.judging import typed
from warehouse.scratch import scratch

EXPORTS = sorted(load().exports)
STATE = st.sampled_from(["ok", "ok", "ok", "blank", "unreadable", "unknown"])
TIMES = ("2014-05-01", "2026-06-01", "2026-06-01 09:00", "2026-06-02", "2026-08-01")
MOMENTS = st.sampled_from([None, *map(pd.Timestamp, TIMES)])
BY_TYPE = {
    "date": MOMENTS,
    "datetime": MOMENTS,
    "year": st.sampled_from([None, 2014, 2026, 2027, 2028]),
    "count": st.sampled_from([None, -1, 0, 1, 3, 30, 2001, 10_000_000]),
    "amount": st.sampled_from([None, -0.5, 0.0, 40.0, 100.0, 100.5, 2e7]),
    "flag": st.sampled_from([None, True, False]),
    "text": st.sampled_from([None, "一", "二"]),
    "identifier": st.sampled_from([None, "B1", "B2"]),
    "county": st.sampled_from([None, "522301", "520304"]),
    "township": st.sampled_from([None, "522301001"]),
}


@st.composite
def some_records(draw, export):
    """Records of one delivery or two: any value beside any state, and few different ones, so that some are alike."""
    rows = []
    for line in range(2, 2 + draw(st.integers(1, 8))):
        owner = draw(st.sampled_from(["d1", "d2"]))
        row = {"delivery_id": owner, "table_id": f"{owner}#1", "line": line, "source_ref": f"line {line}"}
        for column in export.stored_columns:
            values = st.sampled_from([None, *column.values]) if column.values else BY_TYPE[column.type]
            row[column.name] = draw(values)
            if column.required or column.type != "text":
                row[f"{column.name}_state"] = draw(STATE)
        rows.append({**row, "steps_done": 1, "record_hash": draw(st.sampled_from(["a", "a", "b"]))})
    return pd.DataFrame(rows)


def header_of(records, export):
    refs = "{" + ", ".join(f'"{c.name}": "line {{line}} col {n}"' for n, c in enumerate(export.columns, 1)) + "}"
    owners = sorted(records["delivery_id"].unique())
    received = datetime.fromisoformat("2026-07-03T01:30:00+00:00")
    return pd.DataFrame(
        [{"delivery_id": o, "table_id": f"{o}#1", "received_at": received, "column_refs": refs} for o in owners]
    )


@pytest.mark.parametrize("name", EXPORTS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_pass_finds_what_great_expectations_finds_over_all_rows(name, data, catalog):
    export = catalog.exports[name]
    records = typed(data.draw(some_records(export)), name, catalog)
    header = header_of(records, export)
    with scratch() as rows:
        rows.give("record", records)
        verdict = expectations.validate(name, {"header": header}, catalog, rows)
        (suite,) = (suite for suite in suites_of(name, catalog) if isinstance(suite, RecordSuite))
        everything = rows.ask(suite.select)
    places = list(zip(everything["table_id"], everything["line"], strict=True))
    expected = sorted(
        (rule.name, rule.column_name, *places[position])
        for rule, failing in zip(suite.rules, Engine().failing(suite.name, suite.rules, everything), strict=True)
        for position in failing
    )
    found = verdict.findings[verdict.findings["suite"] == suite.name]
    assert sorted(found[["rule", "column_name", "table_id", "line"]].itertuples(index=False, name=None)) == expected
    checked = verdict.checks[verdict.checks["suite"] == suite.name].groupby("rule")["checked"].sum()
    spoken = pd.Series([int(rule.applies(everything).sum()) for rule in suite.rules], [r.name for r in suite.rules])
    assert checked.to_dict() == spoken.groupby(level=0).sum().to_dict()


def test_an_expectation_that_sql_does_not_tell_is_refused():
    rule = Rule("ExpectShape", "warning", "row", "ExpectColumnValuesToMatchRegex", {"column": "a"}, "", "", "a")
    with pytest.raises(LookupError, match="ExpectColumnValuesToMatchRegex"):
        broken(rule)


def test_a_condition_of_its_own_that_says_otherwise_is_found_out(catalog):
    """Great Expectations has the last word: SQL that tells a rule wrongly is a fault of the suite."""
    rule = Rule(
        "ExpectFew", "warning", "row", "ExpectColumnValuesToBeBetween", {"column": "n", "max_value": 5}, "", "", "n"
    )
    select = (
        "select 'd1' as delivery_id, 'd1#1' as table_id, 2 as line, 'line 2' as source_ref, 3 as n, true as is_many"
    )
    suite = RecordSuite("s", select, lambda header, rows: None, (rule,), {"ExpectFew": "is_many"})
    with scratch() as rows:
        found = Violations(suite, rows)
    assert found.failing(0).tolist() == [0]
    assert Engine().failing("s", suite.rules, found.frame)[0].tolist() == []
