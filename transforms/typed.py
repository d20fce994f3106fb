"""Read an export's texts as dates, flags, counts, amounts and code values.

Refuses half a date, a qualified count and a code that is not listed: such a value is None with a state that says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Literal

from catalog import Column
from transforms.numbers import Count, NotACount, read_count

State = Literal["ok", "blank", "unreadable", "unknown"]
Value = str | int | float | bool | datetime | None

_BEIJING = timezone(timedelta(hours=8))
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - records hold local time without a zone
# Excel serials from 1954 on, the first congress, to 2118.
_SERIALS = range(19725, 80000)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}:[0-9]{2})?")
_TIME = re.compile(r"(\d{1,2})[:时点](?:(\d{1,2})(?:[:分](?:(\d{1,2})(?:\.\d+)?秒?)?)?)?")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:\.0)?年?度?")
_ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_YES = {"是", "有", "√", "✓", "✔", "☑", "1", "TRUE", "T", "YES", "Y", "已"}
_NO = {"否", "无", "×", "✗", "✘", "☒", "0", "FALSE", "F", "NO", "N", "未", "没有"}
_LARGEST = 2**63 - 1


def plain(text: str) -> str:
    """Return a text without blanks and with its characters in their plain width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read_time(text: str) -> datetime | None:
    """Return the local date and time that a text gives, None when it gives no whole date.

    >>> read_time("2026年6月1日 9时30分"), read_time("20260601"), read_time("46174.5")
    (datetime.datetime(2026, 6, 1, 9, 30), datetime.datetime(2026, 6, 1, 0, 0), datetime.datetime(2026, 6, 1, 12, 0))
    """
    if _ISO.fullmatch(text):  # by far the most frequent, and quick
        with suppress(ValueError):
            return datetime.fromisoformat(text)
        return None
    words = unicodedata.normalize("NFKC", text).strip()
    try:
        return _digits(words) if re.fullmatch(r"\d+(?:\.\d+)?", words) else _written(words)
    except (ValueError, OverflowError):
        return None


def _digits(words: str) -> datetime | None:
    if len(words) == 8 and words.isdecimal():
        return datetime.strptime(words, "%Y%m%d")  # noqa: DTZ007
    if len(words) == 14 and words.isdecimal():
        return datetime.strptime(words, "%Y%m%d%H%M%S")  # noqa: DTZ007
    days = float(words)
    return _EXCEL_EPOCH + timedelta(seconds=round(days * 86400)) if int(days) in _SERIALS else None


def _written(words: str) -> datetime | None:
    date = _DATE.match(words)
    if not date:
        return None
    day = datetime(int(date[1]), int(date[2]), int(date[3]))  # noqa: DTZ001
    rest = words[date.end() :].removeprefix("T").strip()
    zone = _ZONE.search(rest)
    rest = rest[: zone.start()].strip() if zone else rest
    time = _TIME.fullmatch(rest) if rest else None
    if rest and not time:
        return None
    if time:
        day = day.replace(hour=int(time[1]), minute=int(time[2] or 0), second=int(time[3] or 0))
    if zone:
        offset = datetime.strptime(zone[1], "%z").tzinfo
        return day.replace(tzinfo=offset).astimezone(_BEIJING).replace(tzinfo=None)
    return day


def read_flag(text: str) -> bool | None:
    """Return whether a text says yes (是 有 √ 1 …) or no (否 无 × 0 …), None when it says neither."""
    word = plain(text).upper()
    return True if word in _YES else False if word in _NO else None


def read_year(text: str) -> int | None:
    """Return the year that a text gives, None when it gives none or more than a year.

    >>> read_year("2026年度"), read_year("２０２６"), read_year("2025-2026年")
    (2026, 2026, None)
    """
    found = _YEAR.fullmatch(plain(text))
    return int(found[1]) if found else None


def read_whole(text: str) -> int | None:
    """Return a plain whole number, None for anything qualified, broken or rounded."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    count = _plain_count(text)
    whole = count is not None and float(count.value).is_integer() and abs(count.value) < _LARGEST
    return int(count.value) if count and whole else None


def read_amount(text: str) -> float | None:
    """Return a plain number, None for anything qualified or broken."""
    count = _plain_count(text)
    return float(count.value) if count else None


def _plain_count(text: str) -> Count | None:
    try:
        count = read_count(text)
    except NotACount:
        return None
    return count if count.qualifier is None and count.low == count.high else None


def read_value(text: str, column: Column, spellings: Mapping[str, str]) -> tuple[Value, State]:
    """Return the value of a text that is not blank in a column that is neither a place nor plain text, and its state.

    `spellings` gives the code of each spelling of a code column.
    """
    if column.type == "code":
        code = spellings.get(plain(text).upper())
        return code, "ok" if code is not None else "unknown"
    value: Value
    if column.type in ("date", "datetime"):
        moment = read_time(text)
        value = moment.replace(hour=0, minute=0, second=0) if moment and column.type == "date" else moment
    elif column.type == "flag":
        value = read_flag(text)
    elif column.type == "year":
        value = read_year(text)
    else:
        value = read_whole(text) if column.type == "count" else read_amount(text)
    return value, "ok" if value is not None else "unreadable"


def spellings_of(column: Column) -> dict[str, str]:
    """Return the code of each spelling of a code column."""
    listed = ((code, (code, *spellings)) for code, spellings in column.values.items())
    return {plain(spelling).upper(): code for code, spellings in listed for spelling in spellings}
