from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.numbers import Count, NotACount, chinese_numeral, read_cell, read_count

NONE_WORDS = ("无", "未开展", "—", "－", "-", "/")


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "qualifier", "unit"),
    [
        ("590", 590, 590, 590, None, None),
        (" ５９０ ", 590, 590, 590, None, None),
        ("1,200", 1200, 1200, 1200, None, None),
        ("１，２３４，５６７", 1234567, 1234567, 1234567, None, None),
        ("1, 200", 1200, 1200, 1200, None, None),
        ("1 200", 1200, 1200, 1200, None, None),
        ("1\u00a0200", 1200, 1200, 1200, None, None),
        ("1200.0", 1200, 1200, 1200, None, None),
        ("12条", 12, 12, 12, None, "条"),
        ("12 人次", 12, 12, 12, None, "人次"),
        ("二十三", 23, 23, 23, None, None),
        ("两百件", 200, 200, 200, None, "件"),
        ("3千", 3000, 3000, 3000, None, None),
        ("2.2万", 22000, 21500, 22500, None, None),
        ("20万", 200000, 195000, 205000, None, None),
        ("两万", 20000, 15000, 25000, None, None),
        ("1.2345万", 12345, 12345, 12345, None, None),
        ("1200余", 1200, 1200, 1300, "at_least", None),
        ("2.2万余人次", 22000, 22000, 23000, "at_least", "人次"),
        ("2.2余万人次", 22000, 22000, 23000, "at_least", "人次"),
        ("33000 余人次", 33000, 33000, 34000, "at_least", "人次"),
        ("300多人", 300, 300, 400, "at_least", "人"),
        ("十余", 10, 10, 20, "at_least", None),
        ("百余户", 100, 100, 200, "at_least", "户"),
        ("500条以上", 500, 500, 600, "at_least", "条"),
        ("超1900", 1900, 1900, 2000, "at_least", None),
        ("逾1900件", 1900, 1900, 2000, "at_least", "件"),
        ("突破1万", 10000, 10000, 20000, "at_least", None),
        ("近500", 500, 400, 500, "at_most", None),
        ("近 7000 名", 7000, 6000, 7000, "at_most", "名"),
        ("近1000", 1000, 900, 1000, "at_most", None),
        ("不到20", 20, 10, 20, "at_most", None),
        ("不足30件", 30, 20, 30, "at_most", "件"),
        ("约500", 500, 450, 550, "about", None),
        ("500左右", 500, 450, 550, "about", None),
        ("940.88万元", 940.88, 940.88, 940.88, None, "万元"),
        ("1.2亿元", 12000, 11500, 12500, None, "万元"),
        ("5000元", 0.5, 0.5, 0.5, None, "万元"),
        ("三百万元", 300, 300, 300, None, "万元"),
        ("98.5％", 98.5, 98.5, 98.5, None, "%"),
        ("-5", -5, -5, -5, None, None),
        ("－5件", -5, -5, -5, None, "件"),
        ("0", 0, 0, 0, None, None),
        ("零", 0, 0, 0, None, None),
    ],
)
def test_a_count_is_read_as_it_is_written(
    text: str, value: float, low: float, high: float, qualifier: str | None, unit: str | None
) -> None:
    assert read_count(text) == Count(value, low, high, qualifier, unit)


@pytest.mark.parametrize(
    "text",
    [
        "", "无", "若干", "数百", "几十", "3～5", "3-5", "3—5人", "3至5", "三五百", "十七八", "二三",
        "12,00", "1,2003", "1200,000", "1 20", "12 0", "120 860 45", "12/15", "12、15", "12+3",
        "2026年6月", "2026-06-30", "6月", "12:30", "12②", "12²", "½", "12（含网上）", "12斤", "12条件",
        "约1200余", "0余", "-1200余", "98.5万%", "1亿2000万", "亿二", "一亿二",
        "1e5", "12.", ".5", "+5", "#DIV/0!", "—5",
        "1" * 41,
    ],
)  # fmt: skip
def test_what_is_not_one_count_is_refused(text: str) -> None:
    with pytest.raises(NotACount):
        read_count(text)


@pytest.mark.parametrize(
    ("text", "column_unit", "value", "low", "high", "unit"),
    [
        ("2.2", "万人次", 22000, 21500, 22500, "人次"),
        ("2.2余", "万人次", 22000, 22000, 23000, "人次"),
        ("22000人次", "万人次", 22000, 22000, 22000, "人次"),
        ("2.2万", "万人次", 22000, 21500, 22500, None),
        ("1.2", "亿元", 12000, 11500, 12500, "万元"),
        ("940.88", "万元", 940.88, 940.88, 940.88, "万元"),
        ("98.5", "%", 98.5, 98.5, 98.5, "%"),
        ("12", "条", 12, 12, 12, "条"),
    ],
)
def test_a_columns_unit_holds_for_bare_numbers_only(
    text: str, column_unit: str, value: float, low: float, high: float, unit: str | None
) -> None:
    count = read_count(text, column_unit)
    assert (count.value, count.low, count.high, count.unit) == (value, low, high, unit)


def test_a_refusal_does_not_quote_the_text() -> None:
    with pytest.raises(NotACount) as refusal:
        read_count("联系19900007000")
    assert "1990" not in str(refusal.value)


@pytest.mark.parametrize(
    ("cell", "state", "value"),
    [
        (None, "blank", None),
        ("", "blank", None),
        ("\u3000 ", "blank", None),
        (float("nan"), "blank", None),
        ("无", "none", 0),
        (" 未 开展 ", "none", 0),
        ("－", "none", 0),
        ("0", "figure", 0),
        (0, "figure", 0),
        (12.0, "figure", 12),
        (0.1 + 0.2, "figure", 0.3),
        ("２３", "figure", 23),
        ("见附件", "unreadable", None),
        (date(2026, 6, 5), "unreadable", None),
        (datetime.fromisoformat("2026-06-05"), "unreadable", None),
        (True, "unreadable", None),
        (float("inf"), "unreadable", None),
    ],
)
def test_blank_zero_none_and_unreadable_stay_apart(cell: object, state: str, value: float | None) -> None:
    found, count = read_cell(cell, NONE_WORDS)
    assert (found, count and count.value) == (state, value)


def test_a_dash_is_only_a_none_where_the_form_says_so() -> None:
    assert read_cell("-") == ("unreadable", None)


@pytest.mark.parametrize(
    ("span", "value"), [("二十三", 23), ("两百", 200), ("一百零五", 105), ("壹佰", 100), ("〇", 0)]
)
def test_chinese_numerals(span: str, value: int) -> None:
    assert chinese_numeral(span) == value


def _spelt(whole: int) -> list[str]:
    """Write a whole number in the ways offices do, by means other than the reader's."""
    digits = str(whole)
    groups = f"{whole:,}"
    return [
        digits,
        digits.translate({48 + i: 0xFF10 + i for i in range(10)}),
        groups,
        groups.replace(",", "，"),
        groups.replace(",", " "),
        groups.replace(",", "\u00a0"),
        f"{digits}.0",
        f" {digits}　",
    ]


@given(st.integers(0, 10**9), st.sampled_from(["", "人次", "条", "件", "个"]))
def test_every_spelling_of_a_count_gives_the_same_interval(whole: int, unit: str) -> None:
    counts = {read_count(text + unit) for text in _spelt(whole)}
    assert counts == {Count(whole, whole, whole, None, unit or None)}


@given(
    st.integers(1, 9999),
    st.integers(0, 4),
    st.sampled_from([("", "余"), ("", "多"), ("超", ""), ("逾", ""), ("突破", ""), ("", "以上")]),
)
def test_at_least_spellings_open_one_step_of_the_last_digit(
    significand: int, zeros: int, words: tuple[str, str]
) -> None:
    significand += significand % 10 == 0  # the step is then exactly 10**zeros
    whole, step = significand * 10**zeros, 10**zeros
    for text in _spelt(whole)[:6]:
        count = read_count(f"{words[0]}{text}{words[1]}人次")
        assert (count.value, count.low, count.high, count.qualifier) == (whole, whole, whole + step, "at_least")


@given(st.integers(1, 9999))
def test_wan_with_two_decimals_rounds_to_its_last_place(hundredths: int) -> None:
    count = read_count(f"{hundredths // 100}.{hundredths % 100:02}万")
    assert (count.value, count.low, count.high) == (hundredths * 100, hundredths * 100 - 50, hundredths * 100 + 50)


@given(st.text(alphabet="0123456789,，. 万亿千百余多近约-条人次二十", max_size=60))
def test_any_text_is_a_count_or_refused(text: str) -> None:
    try:
        count = read_count(text)
    except NotACount:
        return
    assert count.low <= count.value <= count.high
