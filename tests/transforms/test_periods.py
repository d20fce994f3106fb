from __future__ import annotations

import calendar
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.periods import contradicts, find_period, read_date, read_period

JUNE = ("2026-06", "period", date(2026, 6, 1), date(2026, 6, 30))
TO_JUNE = ("2026-06", "year_to_date", date(2026, 1, 1), date(2026, 6, 30))
SECOND_QUARTER = ("2026-Q2", "period", date(2026, 4, 1), date(2026, 6, 30))
YEAR = ("2026", "period", date(2026, 1, 1), date(2026, 12, 31))

SPELLINGS = {
    JUNE: [
        "2026年6月", "2026年06月份", "2026-06", "2026/6", "2026.06", "202606", "２０２６年６月", "2026 年 6 月",
        "二〇二六年六月", "二○二六年六月", "2026年6月1日至6月30日", "2026年6月1日-30日", "2026-06-01至2026-06-30",
        "2026年6月（当月）",
        date(2026, 6, 1), datetime.fromisoformat("2026-06-01"), "2026-06-01 00:00:00", 202606.0, 202606, 2026.06,
    ],
    SECOND_QUARTER: [
        "2026年第二季度", "2026年二季度", "2026年2季度", "2026年第2季度", "2026年Q2", "2026Q2", "2026-Q2", "2026q2",
        "2026年度第二季度", "2026年4-6月", "2026年4月—6月", "2026年四至六月", "2026年4月1日至6月30日",
    ],
    YEAR: [
        "2026年", "2026年度", "2026年全年", "二〇二六年度", "2026年1-12月", "2026年1月至12月累计",
        "2026年1月1日—12月31日", 2026, 2026.0,
    ],
    TO_JUNE: [
        "2026年上半年", "2026年1-6月", "2026年1-6月累计", "2026年1-6月（累计）", "2026年1—6月", "2026年1～6月",
        "2026年1至6月", "2026年1月至6月", "2026年一至六月", "2026.1-6", "2026-01至2026-06", "截至2026年6月底",
        "截止2026年6月30日", "截至2026-06-30", "2026年6月底", "今年以来（截至2026年6月30日）", "2026年6月累计",
        "2026年初至6月底", "2026年1月1日至6月30日", "2026年1-2季度",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), [(cell, key) for key, cells in SPELLINGS.items() for cell in cells])
def test_a_period_is_read_in_every_spelling(cell: object, expected: tuple[object, ...]) -> None:
    period = read_period(cell)
    assert period is not None
    assert (period.label, period.basis, period.start, period.end) == expected


@pytest.mark.parametrize(
    "cell",
    [
        None, "", "6月", "上半年", "今年以来", "2026年13月", "2026年5-6月", "2026年下半年", "2025年12月-2026年1月",
        "2026年6月1日至6月29日", "截至2026年6月15日", "2026年6月30日", date(2026, 6, 30), 2026.1, "2026年第五季度",
        "2026年二季度累计", "2026年6-4月", "自活动开展以来", "兴义市2026年6月", True, "1" * 500, "2026年6月和7月",
    ],
)  # fmt: skip
def test_what_is_no_period_is_none(cell: object) -> None:
    assert read_period(cell) is None


@pytest.mark.parametrize(
    ("text", "label", "basis"),
    [
        ("2026年1-3月", "2026-Q1", "period"),
        ("2026年1-3月累计", "2026-03", "year_to_date"),
        ("2026年1月累计", "2026-01", "period"),
        ("2026年第一季度累计", "2026-03", "year_to_date"),
        ("2026年前三季度", "2026-09", "year_to_date"),
        ("2024年1-2月", "2024-02", "year_to_date"),
    ],
)
def test_what_january_to_march_and_its_like_mean(text: str, label: str, basis: str) -> None:
    period = read_period(text)
    assert period is not None
    assert (period.label, period.basis) == (label, basis)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("遵义市播州区2026年6月活动情况统计表（修改稿）.xlsx", "2026-06"),
        ("兴义市202606.csv", "2026-06"),
        ("522301_2026-06.xls", "2026-06"),
        ("2026.06兴义市.et", "2026-06"),
        ("兴义市２０２６年６月报表.xls", "2026-06"),
        ("三穗县二〇二六年六月.docx", "2026-06"),
        ("六枝特区2026年6月2稿.xlsx", "2026-06"),
        ("20260703报送2026年6月.xlsx", "2026-06"),
        ("2026年6月（2026年7月3日修改）.xlsx", "2026-06"),
        ("兴义市2026年第二季度.xlsx", "2026-Q2"),
        ("兴义市2026年度统计表.xlsx", "2026"),
        ("兴义市2026年1-6月累计.xlsx", "2026-06"),
        ("2026年活动情况统计表.xlsx", None),
        ("2026年度6月统计表.xlsx", None),
        ("2026年5月2026年6月.xlsx", None),
        ("2026-07-03.xlsx", None),
        ("2026年7月3日.xlsx", None),
        ("control_form.xlsx", None),
        ("兴义市6月.xlsx", None),
        ("52230120260612345.xlsx", None),
        # the month of sending is not the month that is reported
        ("2026年7月报送.xlsx", None),
        ("兴义市6月统计表（2026年7月报）.xlsx", None),
        ("兴义市2026年6月统计表（7月报送）.xlsx", "2026-06"),
        ("2026年7月收件2026年6月.xlsx", "2026-06"),
        ("2026年6月报告.docx", "2026-06"),
        ("2026年6月月报.xlsx", "2026-06"),
        # a month without a year must be one of the period's
        ("6月统计表2026年7月.xlsx", None),
        ("2026年6月（6月）.xlsx", "2026-06"),
        ("2026年第二季度（4月-6月）.xlsx", "2026-Q2"),
        ("2026年6月（7月5日修改）.xlsx", "2026-06"),
    ],
)
def test_a_name_claims_at_most_one_period(name: str, label: str | None) -> None:
    period = find_period(name)
    assert (period.label if period else None) == label


def test_a_text_with_another_month_speaks_against_a_period() -> None:
    july = read_period("2026年7月")
    assert july is not None
    assert contradicts("6月活动情况统计表", july)
    assert not contradicts("活动情况统计表（7月）", july)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026年7月3日", date(2026, 7, 3)),
        ("2026-07-03", date(2026, 7, 3)),
        ("2026/7/3", date(2026, 7, 3)),
        ("2026.7.3", date(2026, 7, 3)),
        ("20260703", date(2026, 7, 3)),
        (20260703.0, date(2026, 7, 3)),
        ("２０２６年７月３日", date(2026, 7, 3)),
        ("二〇二六年七月三日", date(2026, 7, 3)),
        ("2026-07-03 09:10:00", date(2026, 7, 3)),
        ("2026年7月3日（星期五）", date(2026, 7, 3)),
        (datetime.fromisoformat("2026-07-03T09:00"), date(2026, 7, 3)),
        (date(2026, 7, 3), date(2026, 7, 3)),
        ("2026-02-30", None),
        ("2026年7月", None),
        ("7月3日", None),
        ("2026-7.3", None),
        (46206.0, None),
        (None, None),
    ],
)
def test_a_date_is_read_in_every_spelling(cell: object, expected: date | None) -> None:
    assert read_date(cell) == expected


def _digits(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + ("〇一二三四五六七八九"[ones] if ones else "")


@given(st.integers(1950, 2099), st.integers(1, 12))
def test_every_spelling_of_a_month_is_that_month(year: int, month: int) -> None:
    last = calendar.monthrange(year, month)[1]
    texts = [
        f"{year}年{month}月",
        f"{year}年{month:02}月份",
        f"{year}-{month:02}",
        f"{year}/{month}",
        f"{year}.{month:02}",
        f"{year}{month:02}",
        f"{_digits(year)}年{_small(month)}月",
        f"{year}年{month}月1日至{month}月{last}日",
    ]
    for text in texts:
        for period in (read_period(text), find_period(f"兴义市{text}统计表")):
            assert period is not None, text
            assert (period.label, period.grain, period.basis) == (f"{year}-{month:02}", "month", "period")
            assert (period.start, period.end) == (date(year, month, 1), date(year, month, last))


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_spelling_of_a_day_is_that_day(day: date) -> None:
    texts = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    assert {read_date(text) for text in texts} == {day}


@given(st.text(alphabet="2026年月日-/.~至到1234567890季度累计截底以来第上半", max_size=80))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    for period in (read_period(text), find_period(text)):
        assert period is None or period.start <= period.end
