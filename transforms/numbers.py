"""Read counts as county offices write them: 1,200、２．２万余人次、二十三、近500、98.5%.

Refuses to guess: a range (3～5), a date, two numbers, a misplaced thousands separator, a footnote mark glued to the
digits (12②), or a word that is no known unit makes the whole text no count. A negative number is read as such; whether
a figure may be negative is not decided here.

An interval says what a figure leaves open. A qualifier opens it on one side by one unit of the last digit that is not
zero (1200余 is 1200 up to, not including, 1300); 万 and 亿 round, so 2.2万 lies between 21500 and 22500; any other
number is exact. The whole convention, with examples, stands in docs/conventions.md.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import cn2an

from transforms.grids import Cell, cell_text, seen

Qualifier = Literal["at_least", "at_most", "about"]
State = Literal["figure", "none", "blank", "unreadable"]

UNITS = (
    "万元", "亿元", "元", "%", "人次", "场次", "班次", "人", "名", "位", "条", "件", "个", "项", "起", "次", "场", "期",
    "班", "家", "处", "所", "部", "户", "亩", "分",
)  # fmt: skip
_QUALIFIERS: dict[str, Qualifier] = {
    "余": "at_least", "多": "at_least", "以上": "at_least", "超过": "at_least", "超": "at_least", "逾": "at_least",
    "突破": "at_least", "至少": "at_least", "不少于": "at_least",
    "将近": "at_most", "接近": "at_most", "近": "at_most", "不到": "at_most", "不足": "at_most", "以下": "at_most",
    "以内": "at_most", "大约": "about", "约": "about", "左右": "about", "上下": "about",
}  # fmt: skip
_BEFORE = "超过|超|逾|突破|至少|不少于|将近|接近|近|不到|不足|大约|约"
_AFTER = "余|多|以上|以下|以内|左右|上下"
_CHINESE = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_POWERS = {"": 1, "百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SCALE = "百万|千万|百|千|万|亿"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
# Every token begins with characters that the one before it cannot end with, so matching never has to go back far.
_COUNT = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<sign>-|负)?"
    r"(?:(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?P<decimals>\.[0-9]+)?"
    rf"|(?P<chinese>[{_CHINESE}]+))"
    rf"(?P<after>{_AFTER})?(?P<scale>{_SCALE})?(?P<later>{_AFTER})?(?P<unit>{_UNIT})?(?P<last>{_AFTER})?"
)
_COLUMN_UNIT = re.compile(rf"(?P<scale>{_SCALE})?(?P<unit>{_UNIT})?")
_OTHER_MEASURES = ("元", "%", "户", "亩", "分")
_LONGEST = 40
_WAN = 10**4


class NotACount(ValueError):  # noqa: N818 - a verdict on a text, not a fault of the program
    """A text that is not one count. The message never quotes the text, which may hold personal data."""


@dataclass(frozen=True)
class Count:
    """A count as read: its value, the interval it leaves open, its qualifier and its unit, None when not stated.

    `low` belongs to the interval; `high` does not when the qualifier is at_least. Money is always in 万元.
    """

    value: float
    low: float
    high: float
    qualifier: Qualifier | None = None
    unit: str | None = None


def read_count(text: str, column_unit: str = "") -> Count:
    """Read a count as county offices write it.

    `column_unit` is the unit that a column's header gives (万人次, 亿元, 条); it holds for a bare number only, since a
    cell that states its own 万 or its own unit is taken at its word. Raises NotACount.

    >>> read_count("2.2万余人次")
    Count(value=22000, low=22000, high=23000, qualifier='at_least', unit='人次')
    >>> read_count("近 7,000 名")
    Count(value=7000, low=6000, high=7000, qualifier='at_most', unit='名')
    >>> read_count("2.2万").low, read_count("2.2", "万人次").high, read_count("1.2亿元").value
    (21500, 22500, 12000)

    A bare range ("3～5人") is refused: it is a norm, not a count.
    """
    match = _COUNT.fullmatch(_compact(text))
    if not match:
        raise NotACount("不是一个可以识别的数")
    scale, unit = match["scale"] or "", match["unit"]
    if match["chinese"]:
        mantissa, scale = _chinese(match["chinese"], scale)
        shown = Decimal(1)
    else:
        mantissa = Decimal(match["whole"].replace(",", "").replace(" ", "") + (match["decimals"] or ""))
        shown = Decimal(1).scaleb(min(0, int(mantissa.as_tuple().exponent)))
    if unit in ("万元", "亿元"):
        # 1200万元 is matched as number, 万, 元 or as number, 万元, depending on what stands between.
        scale, unit = scale + unit[0], "元"
    if not scale and not unit and column_unit:
        scale, unit = _column_unit(column_unit)
    if scale not in _POWERS:
        raise NotACount("数量级不明确")
    factor, unit = _factor(scale, unit)
    qualifier = _qualifier(match["before"], match["after"], match["later"], match["last"])
    rounded = scale[-1:] in ("万", "亿")
    low, high = _interval(mantissa, shown if rounded else Decimal(0), qualifier, factor)
    value = mantissa * factor
    if match["sign"]:
        if qualifier:
            raise NotACount("负数前后不能有约数词")
        value, low, high = -value, -high, -low
    return Count(_number(value), _number(low), _number(high), qualifier, unit)


def read_cell(cell: Cell, none_words: Collection[str] = (), column_unit: str = "") -> tuple[State, Count | None]:
    """Decide what a form's cell says: a figure, an explicit none (无、—、未开展), nothing at all, or nothing readable.

    The four stay apart. A none counts as 0, 0, 0; a blank and an unreadable cell have no count. Numbers that a
    spreadsheet stores as 12.0 are whole; dates and TRUE/FALSE are unreadable.
    """
    text = cell_text(cell)
    if not text or (isinstance(cell, float) and math.isnan(cell)):
        return "blank", None
    if not isinstance(cell, (str, int, float)) or isinstance(cell, bool):
        return "unreadable", None
    if _bare(text) in {_bare(word) for word in none_words}:
        return "none", Count(0, 0, 0)
    try:
        return "figure", read_count(text, column_unit)
    except NotACount:
        return "unreadable", None


def unit_family(unit: str) -> str:
    """Return what a unit measures: 元, %, 户, 亩, 分, or "" for everything that is counted one by one.

    人次, 条, 件, 个 … are used for one another; no figure in one family can stand for a figure in another.

    >>> unit_family("万元") == unit_family("亿元"), unit_family("万人次") == unit_family("件")
    (True, True)
    """
    return unit[-1:] if unit[-1:] in _OTHER_MEASURES else ""


def chinese_numeral(span: str) -> int:
    """Return the value of a whole Chinese numeral (二十三, 两百, 壹佰); raise NotACount where it is none.

    The span must be the numeral alone: cn2an reads place names (三都, 六枝) as numbers too. 二三 is refused, since it
    may be 23 or 2 to 3.
    """
    numeral = span.replace("〇", "零")
    if len(numeral) > 20 or (len(numeral) > 1 and (numeral[0] == "零" or not set(numeral) & set("十百千万亿拾佰仟"))):
        raise NotACount("不是一个明确的中文数字")
    if numeral[0] in "百千万亿佰仟":
        numeral = "一" + numeral
    try:
        return int(cn2an.cn2an(numeral, "normal"))
    except (ValueError, KeyError) as error:  # KeyError: 一亿二, which may be 1亿2 or 1亿2000万
        raise NotACount("不是一个明确的中文数字") from error


def _compact(text: str) -> str:
    """Return the text in half-width characters, with blanks kept only between two digits."""
    if len(text) > _LONGEST:
        raise NotACount("文字太长")
    # NFKC turns ① and ² into plain digits: 12② would become 122.
    if any(unicodedata.category(character) == "No" for character in text):
        raise NotACount("数字旁有角标或序号")
    spaced = " ".join(unicodedata.normalize("NFKC", seen(text)).replace("−", "-").split())
    return re.sub(r"(?<![0-9]) | (?![0-9])", "", spaced)


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _chinese(span: str, scale: str) -> tuple[Decimal, str]:
    """Split a Chinese numeral into mantissa and scale: 两万 is 2 and 万, so that it rounds as 2万 does."""
    if not scale and span[-1] in "万亿":
        span, scale = span[:-1] or "一", span[-1]
    return Decimal(chinese_numeral(span)), scale


def _column_unit(column_unit: str) -> tuple[str, str | None]:
    match = _COLUMN_UNIT.fullmatch(_bare(column_unit))
    if not match:
        raise NotACount("表头的单位无法识别")
    scale, unit = match["scale"] or "", match["unit"]
    return (unit[0], "元") if unit in ("万元", "亿元") else (scale, unit)


def _factor(scale: str, unit: str | None) -> tuple[Decimal, str | None]:
    """Return what the mantissa is multiplied by, and the unit of the result; money comes out in 万元."""
    if unit == "%" and scale:
        raise NotACount("百分数不能带数量级")
    if unit == "元":
        return Decimal(_POWERS[scale]) / _WAN, "万元"
    return Decimal(_POWERS[scale]), unit


def _qualifier(*words: str | None) -> Qualifier | None:
    found = {_QUALIFIERS[word] for word in words if word}
    if len(found) > 1:
        raise NotACount("约数词互相矛盾")
    return found.pop() if found else None


def _interval(
    mantissa: Decimal, shown: Decimal, qualifier: Qualifier | None, factor: Decimal
) -> tuple[Decimal, Decimal]:
    """Return the interval: by the qualifier, else by the last place `shown` (0: exact), in the result's unit."""
    value = mantissa * factor
    if qualifier is None:
        half = shown * factor / 2
        return (value - half, value + half) if shown * factor > 1 else (value, value)
    if not mantissa:
        raise NotACount("零不能带约数词")
    step = _last_digit(mantissa)
    if qualifier == "at_least":
        return value, (mantissa + step) * factor
    if mantissa == step:
        # Below 1000 the digits are one place finer: 近1000 is above 900, not above 0.
        step /= 10
    if qualifier == "at_most":
        return (mantissa - step) * factor, value
    return (mantissa - step / 2) * factor, (mantissa + step / 2) * factor


def _last_digit(mantissa: Decimal) -> Decimal:
    """Return one unit of the last digit that is not zero: 100 for 1200, 0.1 for 2.2, 1 for 0."""
    return Decimal(1).scaleb(int(mantissa.normalize().as_tuple().exponent)) if mantissa else Decimal(1)


def _number(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)
