"""A rule's version: it changes with what decides a verdict, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog import PROSE
from expectations.rules import Rule, Suite, not_below, nowhere, resting_on, versions
from expectations.suites import suites_of
from tests.expectations.judging import validate

RULE = Rule(
    name="ExpectPlausibleSize",
    severity="critical",
    scope="row",
    expectation="ExpectColumnPairValuesAToBeGreaterThanB",
    arguments=not_below("limit", "size"),
    reason="数不应超过上限。",
    message="“{text}”超过了上限。",
    column_name="value",
)
values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.text())
arguments = st.dictionaries(st.text(), values, max_size=4)


def version_of(dataset, rule, catalog, severity="critical"):
    return next(
        versions(suite.rules)[rule, severity]
        for suite in suites_of(dataset, catalog)
        if (rule, severity) in versions(suite.rules)
    )


@given(st.text(), st.text(), st.text())
def test_the_wording_does_not_change_a_version(reason, message, column):
    assert replace(RULE, reason=reason, message=message, column_name=column, cell=nowhere).version == RULE.version


@given(arguments, arguments)
def test_other_arguments_are_another_version_and_the_same_in_any_order_are_not(one, other):
    first = replace(RULE, arguments=one).version
    assert replace(RULE, arguments=dict(reversed(one.items()))).version == first
    assume(repr(sorted(one.items())) != repr(sorted(other.items())))
    assert replace(RULE, arguments=other).version != first


@pytest.mark.parametrize(
    "change",
    [
        {"severity": "warning"},
        {"scope": "table"},
        {"expectation": "ExpectColumnPairValuesToBeEqual"},
        {"revision": 2},
        {"rests_on": {"plausible_max": 10}},
    ],
)
def test_whatever_else_decides_a_verdict_changes_the_version(change):
    assert replace(RULE, **change).version != RULE.version


def test_a_version_begins_with_the_revision_and_is_the_same_tomorrow():
    assert RULE.version.split(".")[0] == "1"
    assert replace(RULE, revision=3).version.split(".")[0] == "3"
    assert replace(RULE, arguments={"column": "a", "min_value": 0}, expectation="E").version == "1.778ac20c"


def test_rules_that_are_counted_together_have_one_version_in_any_order():
    other = replace(RULE, arguments=not_below("limit", "other"), revision=2)
    milder = replace(RULE, severity="warning")
    key, mild = ("ExpectPlausibleSize", "critical"), ("ExpectPlausibleSize", "warning")
    together = versions([RULE, other, milder])
    assert set(together) == {key, mild}
    assert together == versions([milder, other, RULE])
    assert together[key] not in {RULE.version, other.version}
    assert together[key].startswith("2.")
    assert together[mild] == milder.version
    assert versions([RULE])[key] == RULE.version


def test_what_a_rule_rests_on_is_named_by_a_rule_that_is_there():
    (told,) = resting_on([RULE], {"ExpectPlausibleSize": {"plausible_max": Decimal("5")}})
    assert told.rests_on == {"plausible_max": Decimal("5")}
    with pytest.raises(LookupError, match="ExpectPlausibleSise"):
        resting_on([RULE], {"ExpectPlausibleSise": {}})


def test_another_limit_in_the_catalog_is_another_version(catalog):
    form = catalog.forms["county_table"]
    figures = tuple(
        f.model_copy(update={"plausible_max": 7}) if f.indicator == "station_visits" else f for f in form.figures
    )
    other = replace(catalog, forms={"county_table": form.model_copy(update={"figures": figures})})
    for dataset in ("county_table", PROSE):
        before, after = (version_of(dataset, "ExpectPlausibleSize", c) for c in (catalog, other))
        assert before != after
        before, after = (version_of(dataset, "ExpectFigureNotNegative", c) for c in (catalog, other))
        assert before == after


def test_another_first_year_is_another_version_of_the_rules_that_ask_for_it(catalog):
    later = replace(catalog, parameters=catalog.parameters.model_copy(update={"earliest_year": 2024}))
    for dataset, rule, severity in (
        ("county_table", "ExpectPeriodNotTooEarly", "critical"),
        ("case", "ExpectDateNotTooEarly", "warning"),
        ("livelihood_project", "ExpectYearNotTooEarly", "warning"),
    ):
        assert version_of(dataset, rule, catalog, severity) != version_of(dataset, rule, later, severity)
    rule = "ExpectDateNotInFuture"
    assert version_of("case", rule, catalog) == version_of("case", rule, later)


def test_a_rule_of_records_rests_on_the_sql_of_the_columns_it_reads(catalog):
    *_, records = suites_of("case", catalog)
    (hotline,) = (rule for rule in records.rules if rule.name == "ExpectHotlineNumber")
    assert "channel = '12345'" in hotline.rests_on["hotline_state_if_kept"]
    # and on those that these read in turn
    assert "hotline_code_state_found" in hotline.rests_on["hotline_code_state"]
    (negative, *_) = (
        rule
        for suite in suites_of("station_visit", catalog)
        for rule in suite.rules
        if rule.name == "ExpectCountNotNegative"
    )
    assert "10000000" in str(negative.rests_on)


def test_a_verdict_keeps_the_version_of_its_rule(frames_of, catalog):
    for dataset in ("county_table", "case"):
        checks = validate(dataset, frames_of(dataset), catalog).checks
        told = {(row.suite, row.rule, row.severity): row.rule_version for row in checks.itertuples()}
        assert told == {
            (suite.name, *key): version
            for suite in suites_of(dataset, catalog)
            for key, version in versions(suite.rules).items()
        }
        assert isinstance(suites_of("county_table", catalog)[0], Suite)
