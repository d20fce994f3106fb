"""Headers of exports are matched by the catalog's synonyms, and by nothing looser."""

from __future__ import annotations

import pytest

from catalog import load
from tests.transforms.files import CASE_HEADER
from transforms.columns import find_header, fit, match_headers
from transforms.grids import Grid

CASE, VISIT, STATION = (load().exports[name] for name in ("case", "station_visit", "station"))


@pytest.mark.parametrize(
    "header",
    [
        "工单编号",
        " 工 单 编 号 ",
        "*工单编号",
        "工单编号＊",
        "工单编号（必填）",
        "工单编号[唯一]",
        "工单号：",
        "case_code",
    ],
)
def test_ornaments_do_not_matter(header: str) -> None:
    assert match_headers([header], CASE) == {"case_code": 0}


def test_a_header_that_is_bracketed_itself_is_matched_whole() -> None:
    assert match_headers(["县（市、区）"], CASE) == {"county_code": 0}


def test_unknown_headers_match_nothing_and_the_first_of_two_counts() -> None:
    assert match_headers(["工单的编号", "备注", None, "渠道", "来源渠道", 5], CASE) == {"channel": 3}


def test_the_header_is_found_below_title_rows() -> None:
    grid = Grid("s", [["群众工单导出"], [], ["导出时间", "2026-07-01"], list(CASE_HEADER), ["GD1"]])
    row, found = find_header(grid, CASE) or (None, {})
    assert (row, len(found)) == (3, 14)


def test_another_exports_header_is_no_header() -> None:
    assert find_header(Grid("s", [["甲", "乙"], ["1", "2"]]), CASE) is None
    assert find_header(Grid("s", [list(CASE_HEADER)]), VISIT) is None


def test_fit_is_one_only_where_every_header_is_known_and_none_required_is_missing() -> None:
    found = match_headers(CASE_HEADER, CASE)
    assert fit(found, 14, CASE) == 1.0
    assert fit(found, 28, CASE) == 0.75
    del found["case_code"]
    # 4 of 5 required, 13 of 13 known
    assert fit(found, 13, CASE) == pytest.approx((0.8 + 1) / 2)
