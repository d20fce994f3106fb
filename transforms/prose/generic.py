"""Find the stretches that mean a unit without naming it: 全市, 我县, 该镇, 市人大常委会, 市县乡三级人大, 各级人大.

Refuses deputies (市人大代表: their level is no unit) and more units than one (各县人大, 乡镇人大).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from catalog.models import Level
from transforms.prose.named import Span

# A county-level city and a municipality say 全市 of themselves too, an autonomous region and a new area 全区.
LEVELS: dict[str, tuple[Level, ...]] = {
    "省": ("province",),
    "市": ("prefecture", "county", "province"),
    "州": ("prefecture",),
    "盟": ("prefecture",),
    "县": ("county",),
    "区": ("county", "province"),
    "旗": ("county",),
    "镇": ("township",),
    "乡": ("township",),
    "街道": ("township",),
    "苏木": ("township",),
    "地区": ("prefecture",),
    "自治区": ("province",),
    "自治州": ("prefecture",),
    "自治县": ("county",),
    "自治旗": ("county",),
}
_UNIT = "自治[区州县旗]|地区|街道|苏木|[省市州盟县区旗镇乡]"
# 区域, 市场, 乡村 and the like are other words.
_ENDS_HERE = (
    r"(?!(?<=区)[域间块别划]|(?<=市)[场值]|(?<=县)域|(?<=乡)(?:村(?!民|级|干|组|两)|镇|土|间)|(?<=镇)[静压痛定]"
    r"|(?<=州)县)"
)
_CONGRESS = r"(?:人大(?!代表)|人民代表大会|(?:人大)?代表(?:中心)?(?:联络[站室点]|之家|工作[站室]))"
_GENERIC = re.compile(
    rf"(?<![安健完齐保周])全(?P<whole_unit>{_UNIT}){_ENDS_HERE}"
    rf"|(?<![自忘唯])我(?P<own_unit>{_UNIT}){_ENDS_HERE}"
    rf"|(?<![基根资版日成样标原剧书文课账张脚一])本(?P<this_unit>{_UNIT}){_ENDS_HERE}"
    rf"|(?<!应)该(?P<that_unit>{_UNIT}){_ENDS_HERE}"
    rf"|(?P<every>各级(?={_CONGRESS}))"
    rf"|(?P<many>[省市州盟县区旗](?:[、和]?(?:{_UNIT})){{1,4}}(?:[两二三四五]级)?(?={_CONGRESS}))"
    rf"|(?P<bare>(?:{_UNIT})(?={_CONGRESS}))"
)
# Before 县人大 these make it plural, or another word: 各县人大, 乡镇人大, 园区人大.
_NO_BARE_BEHIND = frozenset("各个些两几每乡县市区镇（(园社片景辖治地小古集城")
_PLURAL_BEHIND = frozenset("各个些两几每")
_SCOPES: dict[str, Literal["whole", "own", "that"]] = {
    "whole_unit": "whole",
    "own_unit": "own",
    "this_unit": "own",
    "that_unit": "that",
}
# 县人大 yields to a name that ends there, whatever tells it; 全县 only to one that the gazetteer has.
_BARE, _SCOPED = 0, 2


def find_generic(text: str) -> Iterator[Span]:
    """Yield the spans that mean a unit without naming it, in order."""
    for match in _GENERIC.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        if kind == "every":
            yield Span(start, end, _BARE, None, (), "generic", "whole", (), inclusive=True)
        elif kind == "many":
            if text[start - 1 : start] not in _PLURAL_BEHIND or start == 0:
                levels = LEVELS[match["many"][0]]
                yield Span(start, end, _BARE, _only(levels), (), "generic", "own", levels, inclusive=True)
        elif kind == "bare":
            if text[start - 1 : start] not in _NO_BARE_BEHIND or start == 0:
                levels = LEVELS[match["bare"]]
                yield Span(start, end, _BARE, _only(levels), (), "generic", "own", levels)
        else:
            levels = LEVELS[match[kind]]
            yield Span(start, end, _SCOPED, _only(levels), (), "generic", _SCOPES[kind], levels)


def _only(levels: tuple[Level, ...]) -> Level | None:
    return levels[0] if len(levels) == 1 else None
