"""Texts of exports become values, or a state that says why not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import Column
from transforms.typed import read_amount, read_flag, read_time, read_value, read_whole, spellings_of


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-06-01", "2026-06-01T00:00:00"),
        ("2026/6/1", "2026-06-01T00:00:00"),
        ("2026.6.1", "2026-06-01T00:00:00"),
        ("2026年6月1日", "2026-06-01T00:00:00"),
        ("２０２６年６月１日", "2026-06-01T00:00:00"),
        ("20260601", "2026-06-01T00:00:00"),
        ("2026-06-01 09:30", "2026-06-01T09:30:00"),
        ("2026/6/1 9:30:05", "2026-06-01T09:30:05"),
        ("2026年6月1日 9时30分", "2026-06-01T09:30:00"),
        ("2026年6月1日9时30分15秒", "2026-06-01T09:30:15"),
        ("20260601093015", "2026-06-01T09:30:15"),
        ("2026-06-01T09:30:00.123", "2026-06-01T09:30:00"),
        ("2026-06-01T01:30:00Z", "2026-06-01T09:30:00"),
        ("2026-06-01T09:30:00+08:00", "2026-06-01T09:30:00"),
        ("46174", "2026-06-01T00:00:00"),
        ("46174.395833333336", "2026-06-01T09:30:00"),
    ],
)
def test_dates_as_systems_write_them(text: str, iso: str) -> None:
    assert read_time(text) == datetime.fromisoformat(iso)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-06",
        "2026年6月",
        "6月1日",
        "2026-02-30",
        "2026-13-01",
        "昨天",
        "12",
        "199000",
        "20261301",
        "19900001234",
        "2026-06-01 25:00",
        "2026-06-01 约九点",
    ],
)
def test_half_dates_and_impossible_ones_are_none(text: str) -> None:
    assert read_time(text) is None


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_none(text: str) -> None:
    assert isinstance(read_time(text), datetime | None)


@given(st.datetimes(min_value=datetime.fromisoformat("1960-01-01"), max_value=datetime.fromisoformat("2100-01-01")))
def test_a_spreadsheet_serial_gives_its_moment_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    serial = (whole - datetime.fromisoformat("1899-12-30")) / timedelta(days=1)
    assert read_time(f"{serial:.15g}") == whole


@pytest.mark.parametrize("text", ["是", "有", "√", " ✓ ", "1", "true", "TRUE", "Y", "１"])
def test_yes(text: str) -> None:
    assert read_flag(text) is True


@pytest.mark.parametrize("text", ["否", "无", "×", "0", "False", "n"])
def test_no(text: str) -> None:
    assert read_flag(text) is False


@pytest.mark.parametrize("text", ["", "2", "部分", "待定"])
def test_neither_yes_nor_no(text: str) -> None:
    assert read_flag(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), ("0", 0), ("1,234", 1234), ("１２", 12), ("12人", 12), ("-3", -3)]
)
def test_plain_counts(text: str, value: int) -> None:
    assert read_whole(text) == value


@pytest.mark.parametrize("text", ["", "12.5", "10余", "约10", "2.2万", "3～5", "十几", "abc", "9" * 30])
def test_what_is_no_plain_count_is_none(text: str) -> None:
    assert read_whole(text) is None


def test_an_amount_keeps_its_decimals() -> None:
    assert (read_amount("12.5"), read_amount("1,200.75"), read_amount("约12")) == (12.5, 1200.75, None)


def test_codes_are_found_by_any_spelling() -> None:
    column = Column(
        name="stars", zh="星级", en="stars", headers=("星级",), type="code", values={"5": ("五星", "5A级"), "4": ()}
    )
    spellings = spellings_of(column)
    assert [read_value(text, column, spellings) for text in ("五 星", "５", "5a级", "4", "六星")] == [
        ("5", "ok"), ("5", "ok"), ("5", "ok"), ("4", "ok"), (None, "unknown"),
    ]  # fmt: skip


def test_a_date_column_drops_the_time() -> None:
    column = Column(name="d", zh="日期", en="day", headers=("日期",), type="date")
    assert read_value("2026-06-01 09:30", column, {}) == (datetime.fromisoformat("2026-06-01"), "ok")
    assert read_value("六月", column, {}) == (None, "unreadable")
