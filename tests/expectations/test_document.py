"""docs/suites.md is what the suites say."""

from __future__ import annotations

from pathlib import Path

from expectations.document import page

PAGE = Path(__file__).parents[2] / "docs/suites.md"


def test_the_page_is_up_to_date(catalog):
    assert PAGE.read_text(encoding="utf-8") == page(catalog)


def test_the_page_lists_a_rule_once_with_its_severity_and_reason(catalog):
    lines = page(catalog).splitlines()
    totals = [line for line in lines if "ExpectTotalsToMatchParts" in line]
    assert totals == [
        "| county_table | county_table.totals | ExpectTotalsToMatchParts | 提醒 warning | 表 table | 1.aaf5b03e "
        "| 合计应等于各乡镇（街道）之和（约数按其范围比较）。 |"
    ]
    assert len([line for line in lines if "| case.records | ExpectDateNotInFuture |" in line]) == 1
