"""Faults by root cause: one file, one late county, one province-wide fault."""

import pytest

from serving.causes import matters
from tests.serving.incidents_made_up import FACTS, QIANXINAN, facts, fault

ELSEWHERE = [org.code for org in FACTS.tree.at_level("county") if org.parent != "522300"]


def by_cause(faults, held=(), known=FACTS):
    return {root: (m.org_code, m.n_findings, m.title) for root, m in matters(faults, held, known).items()}


def test_a_file_with_forty_faults_is_one_cause_with_all_of_them():
    found = by_cause([fault(n=38), fault(rule="ExpectTotalsToMatchParts", n=2, is_must_fix=False)])
    assert found == {
        "bad_file|form|522301|2026-06": ("522301", 40, "兴义市2026年6月《522301.xlsx》有 38 处必须改正、2 处请核实")
    }


def test_what_the_faults_of_a_cause_do_not_share_is_left_empty_and_its_worst_decides():
    (joined,) = matters([fault(), fault(rule="ExpectTotalsToMatchParts", is_must_fix=False)], (), FACTS).values()
    assert (joined.rule, joined.file, joined.is_must_fix) == (None, "522301.xlsx", True)
    assert [member["rule"] for member in joined.listed] == ["ExpectCountToBeWhole", "ExpectTotalsToMatchParts"]


def test_late_counties_are_one_each_until_they_are_most_of_their_prefecture():
    late = [fault(org, "late_report", "county_month") for org in QIANXINAN]
    few, many = by_cause(late[:3]), by_cause(late[:4])
    assert [org for org, _, _ in few.values()] == QIANXINAN[:3]
    name = FACTS.tree["522300"].name
    assert many == {
        "wide|late_report|county_month|2026-06|522300": ("522300", 4, f"{name}2026年6月有 4 个县（市、区）报表逾期未报")
    }


def test_a_fault_of_most_of_the_province_goes_to_the_province_once():
    late = [fault(org, "late_report", "county_month") for org in (*QIANXINAN, *ELSEWHERE[:40])]
    assert list(by_cause(late)) == ["wide|late_report|county_month|2026-06|520000"]


def test_one_rule_that_fails_in_most_counties_leaves_the_other_faults_of_each_file():
    faults = [fault(org) for org in QIANXINAN[:4]] + [fault(QIANXINAN[0], rule="ExpectFigureNotNegative")]
    assert set(by_cause(faults)) == {
        "wide|bad_file|ExpectCountToBeWhole|2026-06|522300",
        f"bad_file|form|{QIANXINAN[0]}|2026-06",
    }


def test_another_period_is_another_fault():
    late = [
        fault(org, "late_report", "county_month", period=f"2026-0{place}") for place, org in enumerate(QIANXINAN, 1)
    ]
    assert len(by_cause(late)) == len(QIANXINAN)


def test_what_is_open_is_not_torn_apart():
    late = [fault(org, "late_report", "county_month") for org in QIANXINAN]
    wide = "wide|late_report|county_month|2026-06|522300"
    # One is left of a wide incident: it stays there.
    assert list(by_cause(late[:1], {wide})) == [wide]
    # Three were told one by one before the fourth came: they do not count for it.
    held = {item.root_cause for item in late[:3]}
    assert set(by_cause(late[:4], held)) == {item.root_cause for item in late[:4]}


def test_faults_of_a_prefecture_or_of_nobody_are_never_wide():
    faults = [fault("522300", file=f"{number}.xlsx", root_cause=f"bad_file|{number}") for number in range(9)]
    faults += [fault(org, period=None, root_cause=f"bad_file|{org}") for org in QIANXINAN]
    assert len(by_cause(faults)) == 9 + len(QIANXINAN)


@pytest.mark.parametrize(("percent", "is_wide"), [(50, True), (51, True), (100, False)])
def test_how_many_are_wide_is_the_catalogs_word(percent, is_wide):
    late = [fault(org, "late_report", "county_month") for org in QIANXINAN[:-1]]
    found = by_cause(late, known=facts(wide_percent=percent))
    assert any(root.startswith("wide") for root in found) == is_wide
