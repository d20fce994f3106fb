"""Find the numbers in a healed text that could be figures: number, qualifier, unit, and the interval they leave open.

Refuses to decide whether a number is a statistic. A number alone (12345) is found too, without a unit, so that it can
be told why it was passed over; a Chinese numeral without a unit (一体、三农) is no number at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from catalog.lexicon import Units
from transforms.numbers import Count, NotACount, read_count
from transforms.prose.model import Qualifier

_BEFORE = (
    "不下于?|不止|超过了?|超出|超|逾|突破了?|至少|不少于|不低于|将近|接近|近|不到|不足|未满|大约|约有|约"
    "|上(?=[百千万亿])|过(?=[百千万亿])"
)
_AFTER = "余|多|以上|以下|以内|左右|上下"
_CHINESE = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_SCALE = "百万|千万|百亿|千亿|万亿|百(?!分点)|千(?![克米瓦])|万|亿"
_PERCENT = re.compile(
    rf"(?P<before>{_BEFORE})?百分之(?P<whole>[{_CHINESE}]{{1,6}}|[0-9]{{1,3}}(?:\.[0-9]{{1,4}})?)(?:点(?P<point>[零〇一二三四五六七八九]{{1,4}}))?(?P<last>{_AFTER})?"
)
# 三分之二, 2/3, 近九成; 一成立 and 成员 are none.
_FRACTION = re.compile(
    rf"(?P<before>{_BEFORE})?(?<![0-9./])(?:(?P<part>[{_CHINESE}]{{1,6}}|[0-9]{{1,3}})分之(?:[{_CHINESE}]{{1,6}}|[0-9]{{1,3}})"
    rf"|(?P<over>[1-9])[/∕](?P<under>[1-9][0-9]?)(?![0-9/∕.年月日号])"
    rf"|(?<![{_CHINESE}第统合])(?P<tenths>[一二两三四五六七八九]|[1-9](?:\.[0-9])?)成"
    r"(?![立为效果功员了就本绩长型熟交人都批不])(?:半|多)?(?:以上|左右)?)"
)
_FEWER = {
    "上": "超",
    "过": "超",
    "约有": "约",
    "超出": "超",
    "未满": "不足",
    "不低于": "不少于",
    "不下": "超",
    "不下于": "超",
    "不止": "超",
}
# Beyond this many digits nothing is counted; the rest of a longer run of digits is passed over with it.
_LONGEST = 30
# Whom large numbers count without a measure word.
_PEOPLE = re.compile("群众|居民|村民|选民|市民|百姓|[一-鿿]农(?!业|村)|师生|学生|老人|职工|代表|党员|牧民|人口")
_LARGE = {"万": 10**4, "亿": 10**8}


@dataclass(frozen=True)
class Quantity:
    """A number of the text: its span with qualifier and unit, where its digits begin and end, and what it says.

    `count` is None where the wording is no clear number (三四十); `unit` is None where none follows. Money has the unit
    that is written: 9万余元 is 9 万元, 1.2亿元 is 1.2 亿元, 5000元 is 5000 元.
    """

    start: int
    end: int
    digits: tuple[int, int]
    wording: str = field(repr=False)
    count: Count | None = None
    qualifier: Qualifier = "exact"
    unit: str | None = None

    @property
    def is_small_talk(self) -> bool:
        """Whether it is a Chinese numeral up to ten and not qualified (两名, 四处), as speech uses them by the way."""
        numeral = self.wording[: self.digits[1] - self.start]
        return self.qualifier == "exact" and len(numeral) == 1 and not numeral.isascii()


@cache
def _pattern(units: tuple[str, ...]) -> re.Pattern[str]:
    unit = "|".join(map(re.escape, units))
    return re.compile(
        rf"(?P<before>{_BEFORE})?(?:百分之)?"
        r"(?:(?P<digits>(?<![0-9])[0-9]{1,3}(?:,[0-9]{3}){1,5}(?![0-9,])(?:\.[0-9]{1,6})?|[0-9]+(?:\.[0-9]{1,6})?)"
        rf"|(?P<chinese>[{_CHINESE}]{{1,14}}))"
        rf"(?P<after>{_AFTER})?(?P<scale>{_SCALE})?(?P<later>{_AFTER})?"
        rf"(?P<unit>个?百分点|{unit})?(?P<last>以上|以下|以内|左右|上下|余|之多)?"
    )


def find_quantities(text: str, units: Units) -> Iterator[Quantity]:
    """Yield the numbers of the text in order.

    >>> from catalog import load
    >>> [q.wording for q in find_quantities("接待选民2.2万余人次，近百名代表参加“一体”活动", load().prose.units)]
    ['2.2万余人次', '近百名']
    """
    percents = {match.start(): match for match in _PERCENT.finditer(text)}
    fractions = {match.start(): match for match in _FRACTION.finditer(text) if _is_fraction(match)}
    taken, has_unit = 0, True
    for match in _pattern(units.all).finditer(text):
        if percent := percents.pop(match.start(), None):
            yield _percent(percent)
            taken, has_unit = percent.end(), True
        elif match.start() >= taken and (fraction := fractions.get(match.start())):
            yield _fraction(fraction)
            taken, has_unit = fraction.end(), True
        elif match.start() >= taken and (match["digits"] or match["unit"] or _PEOPLE.match(text, match.end())):
            quantity = _quantity(match, units)
            # 1万2千人: the part with the unit is not the number.
            is_glued = quantity.start == taken and not has_unit
            taken, has_unit = quantity.end, quantity.unit is not None
            yield replace(quantity, count=None) if is_glued else quantity


def _quantity(match: re.Match[str], units: Units) -> Quantity:
    begin = match.start("digits") if match["digits"] else match.start("chinese")
    number_end = max(match.end(name) for name in ("digits", "chinese", "after", "scale", "later"))
    unit = units.spellings.get(match["unit"], match["unit"])
    end = match.end() if unit else number_end
    if (
        unit is None
        and _PEOPLE.match(match.string, end)
        and (match["scale"] or (match["chinese"] or "")[-1:] in _LARGE)
    ):
        unit = "人"  # 2.3万药农: people are counted without a measure word
    mantissa = match["digits"] or match["chinese"]
    count: Count | None = None
    qualifier: Qualifier = "exact"
    if len(mantissa) <= _LONGEST:
        scale = match["scale"] or ""
        words = [match[name] or "" for name in ("before", "after", "later", "last")]
        count, qualifier = _read(mantissa, scale, words)
        if unit == "元" and (large := next((c for c in (scale or mantissa)[-1:] if c in "万亿"), "")):
            unit = f"{large}元"
            count = count and _divided(count, _LARGE[large])
    return Quantity(
        start=match.start(),
        end=end,
        digits=(begin, number_end),
        wording=match.string[match.start() : end],
        count=count,
        qualifier=qualifier,
        unit=unit,
    )


def _is_fraction(match: re.Match[str]) -> bool:
    return match["over"] is None or int(match["over"]) < int(match["under"])


def _fraction(match: re.Match[str]) -> Quantity:
    """Return a fraction as one number that is not clear: its whole is not told."""
    part = next(name for name in ("part", "over", "tenths") if match[name])
    return Quantity(start=match.start(), end=match.end(), digits=match.span(part), wording=match[0])


def _divided(count: Count, by: int) -> Count:
    """Return an amount in 万元 or 亿元: 万 and 亿 belong to the unit of money, and show how far it is rounded."""
    value, low, high = (_plain(Decimal(str(number)) / by) for number in (count.value, count.low, count.high))
    return replace(count, value=value, low=low, high=high)


def _plain(number: Decimal) -> float:
    return int(number) if number == number.to_integral_value() else float(number)


def _read(mantissa: str, scale: str, words: list[str]) -> tuple[Count | None, Qualifier]:
    """Read a number; where its qualifiers contradict one another (近500余) it is an approximate one."""
    before, after, later, last = (_FEWER.get(word, word.removesuffix("了")) for word in words)
    last = "" if last == "之多" else last
    plain = mantissa if mantissa[0].isdigit() else mantissa.replace("两", "二") if mantissa[0] == "两" else mantissa
    try:
        count = read_count(f"{before}{plain}{after}{scale}{later}{last}")
    except NotACount:
        qualified = sum(map(bool, (before, after or later, last))) > 1
        if not qualified:
            return None, "exact"
        try:
            count = read_count(f"约{plain}{scale}")
        except NotACount:
            return None, "exact"
        return count, "about"
    return count, count.qualifier or "exact"


def _percent(match: re.Match[str]) -> Quantity:
    whole = match["whole"]
    before = _FEWER.get(match["before"] or "", (match["before"] or "").removesuffix("了"))
    last = match["last"] or ""
    try:
        integer = read_count(whole).value
        tail = "".join(str("〇一二三四五六七八九".index(digit.replace("零", "〇"))) for digit in match["point"] or "")
        count: Count | None = read_count(f"{before}{integer}{'.' + tail if tail else ''}{last}")
    except NotACount:
        count = None
    return Quantity(
        start=match.start(),
        end=match.end(),
        digits=(match.start("whole"), match.end()),
        wording=match[0],
        count=count,
        qualifier=(count.qualifier if count else None) or "exact",
        unit="%",
    )
