from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.prose.stretches import Anchor, Stretch, day_before, five_years, month_end, read_stretch

JUNE = Anchor(date(2026, 6, 12))
JANUARY = Anchor(date(2026, 1, 19))


def test_the_words_name_the_year_or_the_anchor_does():
    assert read_stretch("2025年6月", JUNE) == Stretch(date(2025, 6, 1), date(2025, 6, 30), "period", named=2025)
    assert read_stretch("5月", JUNE) == Stretch(date(2026, 5, 1), date(2026, 5, 31), "period")
    assert read_stretch("5月", JUNE, carried=2024) == Stretch(date(2024, 5, 1), date(2024, 5, 31), "period", named=2024)
    assert read_stretch("去年", Anchor(year=2024)) == Stretch(date(2023, 1, 1), date(2023, 12, 31), named=2023)
    assert read_stretch("同年5月", JUNE, carried=2023) == read_stretch("2023年5月", JUNE)


def test_without_a_year_only_the_basis_is_known():
    assert read_stretch("1-6月", Anchor()) == Stretch(None, None, "year_to_date")
    assert read_stretch("6月底", Anchor()) == Stretch(None, None, "as_of", point=True)
    assert read_stretch("同年", Anchor()) == Stretch(None, None, "period")


@pytest.mark.parametrize(
    "words", ["", "13月", "2月30日", "6月0日", "7-6月", "2025年至2021年", "2026-02-30", "四季", "今后", "6月9日至3日"]
)
def test_what_is_no_stretch_of_days(words):
    assert read_stretch(words, JUNE) is None


@pytest.mark.parametrize(
    ("words", "told", "end"),
    [
        ("12月底", "past", date(2025, 12, 31)),
        ("12月底", "ahead", date(2026, 12, 31)),
        ("1-10月", "plain", date(2025, 10, 31)),
        ("12月", "plain", date(2025, 12, 31)),
        ("12月3日", "plain", date(2025, 12, 3)),
        ("上半年", "plain", date(2026, 6, 30)),
    ],
)
def test_without_a_year_what_was_told_decides(words, told, end):
    stretch = read_stretch(words, JUNE, told=told)
    assert stretch is not None
    assert stretch.end == end


@pytest.mark.parametrize("words", ["全年", "下半年", "四季度", "年底", "前三季度"])
def test_in_a_first_quarter_it_is_the_year_before(words):
    stretch = read_stretch(words, JANUARY)
    assert stretch is not None
    assert stretch.end is not None
    assert stretch.end.year == 2025


def test_dates_of_the_calendar():
    assert five_years(14) == (date(2021, 1, 1), date(2025, 12, 31))
    assert five_years(6) == (date(1981, 1, 1), date(1985, 12, 31))
    assert month_end(2024, 2) == date(2024, 2, 29)
    assert day_before(date(2024, 3, 1)) == date(2024, 2, 29)
    assert day_before(None) is None


@given(st.text(max_size=30), st.none() | st.integers(1900, 2100))
def test_any_words_are_borne(words, carried):
    read_stretch(words, JUNE, carried)
