"""Names that people read: of units, of periods, of causes and states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from catalog import Catalog

CAUSES: Mapping[str, str] = {
    "bad_file": "文件问题",
    "late_report": "逾期未报",
    "question": "请核实",
    "rejected_month": "月度退回",
}
STATES: Mapping[str, str] = {
    "open": "待处理",
    "acknowledged": "已知悉",
    "explained": "已说明",
    "returned": "已退回",
    "resolved": "已解决",
    "reopened": "重新打开",
}
_PLACES = (
    (re.compile(r"line (\d+) col (\d+)"), r"第\1行第\2列"),
    (re.compile(r"line (\d+)"), r"第\1行"),
    (re.compile(r"item (\d+)"), r"第\1条"),
)
_CHARACTERS = re.compile(r"chars (\d+)-(\d+)")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def period_zh(label: str) -> str:
    """Write a period's label in Chinese, spans of prose too; what is none is left as it is.

    >>> [period_zh(label) for label in ("2026-06", "2026-Q2", "2026", "2021/2025")]
    ['2026年6月', '2026年第2季度', '2026年', '2021年至2025年']
    >>> [period_zh(label) for label in ("../2026-07-20", "2021-11-01/2026-06-12")]
    ['截至2026年7月20日', '2021年11月1日至2026年6月12日']
    """
    begin, is_span, end = label.partition("/")
    if is_span:
        return f"截至{period_zh(end)}" if begin == ".." else f"{period_zh(begin)}至{period_zh(end)}"
    if day := _DAY.fullmatch(label):
        return f"{day[1]}年{int(day[2])}月{int(day[3])}日"
    if quarter := _QUARTER.fullmatch(label):
        return f"{quarter[1]}年第{quarter[2]}季度"
    if month := _MONTH.fullmatch(label):
        return f"{month[1]}年{int(month[2])}月"
    return f"{label}年" if re.fullmatch(r"\d{4}", label) else label


def place_zh(place: str) -> str:
    """Write a place in a file as people name it; a cell is left as it is.

    >>> [place_zh(place) for place in ("统计表!B5", "line 10 col 4", "item 7 站点类别", "chars 137-155")]
    ['统计表!B5', '第10行第4列', '第7条 站点类别', '第138至155字']
    """
    if hit := _CHARACTERS.fullmatch(place):
        return f"第{int(hit[1]) + 1}至{hit[2]}字"
    for shape, words in _PLACES:
        if shape.match(place):
            return shape.sub(words, place, count=1)
    return place


def unit_zh(catalog: Catalog, code: str) -> str:
    """Return a unit's name, or its code where nobody knows it."""
    return catalog.tree[code].name if code in catalog.tree else code


def hours_zh(hours: float) -> str:
    """Return how long something took: in hours below two days, else in days.

    >>> hours_zh(5.5), hours_zh(60)
    ('5.5 小时', '2.5 天')
    """
    return f"{hours:.1f} 小时" if hours < 48 else f"{hours / 24:.1f} 天"


def file_zh(file: str) -> str:
    """Return a delivered file's own name, in the marks of a title, without the folders it came in.

    >>> file_zh("兴义市/六月.xlsx")
    '《六月.xlsx》'
    """
    return f"《{PurePosixPath(file).name}》"
