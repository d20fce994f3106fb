"""Templates filled a column at a time, as filling them one by one would."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from expectations.wording import fill, quoted, written


@given(st.lists(st.tuples(st.text(), st.integers(-(10**12), 10**12)), min_size=1))
def test_every_sentence_holds_its_own_values(rows):
    frame = pd.DataFrame(rows, columns=["name", "count"]).astype({"name": "str", "count": "float64"})
    assert fill("“{name}”填的是 {count}。", frame).tolist() == [f"“{name}”填的是 {count}。" for name, count in rows]


def test_numbers_are_written_without_needless_decimals_or_exponents():
    values = pd.Series([22500.0, 0.1, -3.0, 1e12, 12.3456, None])
    assert written(values).tolist() == ["22500", "0.1", "-3", "1000000000000", "12.3456", ""]


def test_dates_are_written_in_chinese():
    assert written(pd.Series([pd.Timestamp("2026-07-03"), None])).tolist() == ["2026年7月3日", ""]


def test_nothing_in_a_cell_is_said_to_be_nothing():
    assert quoted(pd.Series([None, ""], dtype="object")).tolist() == ["（未填写）", "“”"]
