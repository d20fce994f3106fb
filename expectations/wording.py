"""Sentences out of templates and frames, a whole column at a time; deterministic, and nothing but text.

Does not decide whether a value may be quoted: a template that names a column quotes it.
"""

from __future__ import annotations

from string import Formatter

import numpy as np
import pandas as pd


def fill(template: str, rows: pd.DataFrame) -> pd.Series:
    """Return one sentence a row: `template` with each `{column}` replaced by what the row holds.

    Numbers are written without a needless `.0` or exponent, dates as 2026年7月3日, missing values as nothing.

    >>> fill("{name}是{n}", pd.DataFrame({"name": ["收集"], "n": [225.0]})).tolist()
    ['收集是225']
    """
    text = pd.Series("", index=rows.index, dtype="str")
    for literal, column, _, _ in Formatter().parse(template):
        text = text + literal
        if column:
            text = text + written(rows[column])
    return text


def written(values: pd.Series) -> pd.Series:
    """Return values as a clerk would write them.

    >>> written(pd.Series([22000.0, 97.5, None])).tolist()
    ['22000', '97.5', '']
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        day = values.dt
        text = _whole(day.year) + "年" + _whole(day.month) + "月" + _whole(day.day) + "日"
    elif pd.api.types.is_float_dtype(values):
        text = values.astype("float64").map(lambda value: np.format_float_positional(value, precision=4, trim="-"))
    else:
        text = values.astype("str")
    return text.astype("str").where(values.notna(), "")


def quoted(values: pd.Series) -> pd.Series:
    """Put what stands in a cell between quotation marks, and say so where nothing does.

    >>> quoted(pd.Series(["六月", None])).tolist()
    ['“六月”', '（未填写）']
    """
    return ("“" + values.astype("str") + "”").where(values.notna(), "（未填写）")


def period_zh(labels: pd.Series) -> pd.Series:
    """Write period labels in Chinese.

    >>> period_zh(pd.Series(["2026-06", "2026-Q2", "2026"])).tolist()
    ['2026年6月', '2026年第2季度', '2026年']
    """
    text = labels.astype("str").str.replace(r"^(\d{4})-Q([1-4])$", r"\1年第\2季度", regex=True)
    text = text.str.replace(r"^(\d{4})-0?(\d{1,2})$", r"\1年\2月", regex=True)
    return text.str.replace(r"^(\d{4})$", r"\1年", regex=True)


def _whole(numbers: pd.Series) -> pd.Series:
    return numbers.astype("Int64").astype("str")
