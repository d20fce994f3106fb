"""Tell which numbers of a text are no statistics, and why, by the catalog's list of kinds.

Looks at no more than 60 characters on either side of a number. Refuses nothing silently: each refusal has a reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.lexicon import Refusal
from transforms.prose.quantities import Quantity

_REACH = 60
_CLAUSE = re.compile(r"[，。；：！？\n\t]")
_QUOTED = 16


@dataclass(frozen=True)
class Refused:
    """Why a number is no statistic: for programs, and for people."""

    reason: str
    reason_zh: str


NO_UNIT = Refused("no_unit", "没有计量单位，不知道数的是什么")
UNCLEAR = Refused("unclear", "写法不明确，不是一个确定的数")
IN_NAME = Refused("name", "单位名称、时间或文件名称中的数")
FURNITURE = Refused("furniture", "页面上的文字（来源、浏览次数、版权等），不是报告内容")
PLANNED = Refused("plan", "计划、打算或目标，不是已有的数")
REPEATED = Refused("repeat", "前文已有同一个数，不重复计")
IDIOM = Refused("idiom", "习惯用语中的数，不是统计数")
DISTRIBUTIVE = Refused("distributive", "“各”字前的单位或事项看不清，合计不明")
QUOTED = Refused("slogan", "口号、模式或机制的名称")


@dataclass(frozen=True)
class _Kind:
    refused: Refused
    before: re.Pattern[str] | None
    number: re.Pattern[str] | None
    after: re.Pattern[str] | None
    clause: re.Pattern[str] | None
    unless: re.Pattern[str] | None


class Refusals:
    """The kinds of numbers that are no statistics, ready to look for."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        """Compile the patterns."""
        self._kinds = [
            _Kind(
                refused=Refused(refusal.reason, refusal.zh),
                before=_compiled(refusal.before),
                number=_compiled(refusal.number),
                after=_compiled(refusal.after),
                clause=_compiled(refusal.clause),
                unless=_compiled(refusal.unless),
            )
            for refusal in refusals
        ]

    def refuse(self, text: str, quantity: Quantity) -> Refused | None:
        """Return why the number is no statistic; None where no kind fits."""
        start, end = quantity.start, quantity.end
        before = text[max(0, start - _REACH) : start]
        behind = text[quantity.digits[1] : quantity.digits[1] + _REACH]
        clause = _CLAUSE.split(before)[-1]
        stop = _CLAUSE.search(text, end, end + _REACH)
        whole = clause + text[start : stop.start() if stop else end + _REACH]
        for kind in self._kinds:
            if (
                (kind.before is None or kind.before.search(before))
                and (kind.number is None or kind.number.search(quantity.wording))
                and (kind.after is None or kind.after.match(behind))
                and (kind.clause is None or kind.clause.search(clause))
                and not (kind.unless and kind.unless.search(whole))
            ):
                return kind.refused
        if _is_quoted(text, quantity):
            return QUOTED
        if quantity.unit is None:
            return NO_UNIT
        return UNCLEAR if quantity.count is None else None


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None


def _is_quoted(text: str, quantity: Quantity) -> bool:
    """Say whether the number stands in a short quotation: a slogan or a name, not a sentence that somebody said."""
    opening = text.rfind("“", max(0, quantity.start - _QUOTED), quantity.start)
    if opening < 0 or text.find("”", opening, quantity.start) >= 0:
        return False
    closing = text.find("”", quantity.digits[1], opening + _QUOTED + 2)
    return closing >= 0
