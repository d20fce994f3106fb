"""Read the numbers of a sentence one after the other: what each counts, also where an earlier one said it.

A list says its verb, its noun or its unit once: 213次，3241人次; 收集意见1100条，办结986条; 甲乡、乙乡分别12人、9人;
其中镇级20名. Refuses to share out what it cannot tell apart: a number behind 各 without known names has no reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.prose.contexts import FILLING, REACH, Context
from transforms.prose.coordination import consecutive, sharing
from transforms.prose.focus import Places
from transforms.prose.lexicon import IndicatorReader, Reading
from transforms.prose.model import OTHER, Place
from transforms.prose.quantities import Quantity

_INHERITED, _REMEMBERED, _LONGEST_LEAD = 3, 6, 200
_SHORT_ITEM, _NOUN, _OWN_NOUN = 8, 2, 2
_CHANGED_TO = re.compile(
    r"(?:提升|提高|上升|上涨|下降|降低|降|升|减少|增加|增长|扩大|发展|缩短|精简|压缩|跃升|扩展|增|减)(?:到|至|为|成)?(?:了)?[^，。；]{0,6}$"
)
# What is not yet done or comes to nothing is no figure of what is done.
_UNSETTLED = re.compile(
    r"计划|暂|不能|转交|移交|正在|尚未|未|剩余|余下|其余|[B-D]类|参考|解释说明|条件|列入|交由|督办件"
)
_KIND_OF = re.compile(r"(?:类|级|方面的?|领域的?|系统|代表|涉及[^，。；]{0,12}的?)$")
_SHARE = re.compile(r"(?:^|[，（·])(?:分别)?占(?:比|总数|[^，。；]{0,6})?(?:达|为)?$")
# 甲镇、乙镇各举办…12场: the number is each one's.
_EACH = re.compile(r"各(?![级类种项方地乡镇县市区界族位个部村社站]|单位|承办|代表|民族)[^各]*$")
# Labels of a table that name neither an indicator nor a unit: the number is of the unit that reports.
_NEUTRAL = re.compile(
    r"|合计|总计|小计|全[省市州县区镇乡]|本级|指标|项目|数量|数值|本[年月期季]|累计|完成数|情况|人数|件数|总数"
)
_BRACKETED = re.compile(r"（[^（）]*）")
_PERSONS = {"deputies", "activity_participants", "inspection_participants"}
# What may stand with an elided noun; anything else is a noun of the number's own.
_ADVERBS = re.compile(r"现场|当场|推动|协调|督促|成功|全部|有效|解释|限期|集中|跟踪|促成|予以|得到|其中|，|、")
# Behind a number these say nothing of it.
_CONNECTING = ("", "、", "，", "和", "与", "及", "并", "以")
_ANYTHING = {"条", "件", "个", "项", "起", "条次", "件次"}


@dataclass(frozen=True)
class Read:
    """A number as read: its context, what it counts, and whose it is where the list itself says so."""

    context: Context
    reading: Reading
    place: Place | None = None


def begins_with_a_part(contexts: Sequence[Context]) -> bool:
    """Say whether a sentence goes on counting the parts of what the one before counted."""
    return bool(contexts) and (contexts[0].is_subset or _KIND_OF.search(contexts[0].item) is not None)


class ListReader:
    """Reads numbers in the light of those before them."""

    def __init__(self, indicators: IndicatorReader, places: Places) -> None:
        """Keep what indicators and places are read by."""
        self._indicators = indicators
        self._places = places

    def read(self, context: Context, before: Sequence[Read]) -> list[Read]:
        """Return what the number counts: once, for each name that shares it, or for none where nobody can tell.

        `before` are the numbers read so far in the same sentence.
        """
        inherited = [read.context.clause for read in reversed(before[-_INHERITED:])]
        shares = sharing(context)
        reads = [self._share(share, before, inherited, is_one=len(shares) == 1) for share in shares]
        if len(shares) > 1:
            is_rate = context.quantity.unit == "%"
            return [read for read in reads if read.place or is_rate or read.reading.indicator != OTHER]
        [read] = reads
        if each := _EACH.search(context.clause):
            word_at = context.quantity.start - len(context.clause) + each.start()
            if places := self._places.enumerated(word_at):
                return [replace(read, place=place) for place in places]
        subject = _subject(read, before)
        told = replace(subject.context, after=read.context.after)
        second = self._indicators.second_facts(subject.reading, told, inherited)
        return [read, *(replace(_whole(subject, before), reading=_as(subject, indicator)) for indicator in second)]

    def read_cell(self, context: Context, labels: Sequence[str]) -> Read | None:
        """Return what the number of a table's cell counts, by the labels of its row and column; one may be a unit.

        None where one label tells what is counted and the other names something that is no unit the report knows.
        """
        place, reading, unknown = None, Reading(OTHER), 0
        for label in labels:
            word = _BRACKETED.sub("", label)
            told = replace(context, before=word, clause=word, item=word, right="", after="", sentence=word)
            found = self._indicators.read(told)
            if found.indicator != OTHER:
                reading = max(reading, found, key=lambda reading: reading.score)
            elif owner := self._places.labelled(word):
                place = owner
            elif not _NEUTRAL.fullmatch(word):
                unknown += 1
        return None if reading.indicator != OTHER and unknown else Read(context, reading, place)

    def owners(self, contexts: Sequence[Context], begin: int, text: str) -> dict[int, Place]:
        """Return whose each number is where units and numbers are enumerated in the same order, by where it starts."""
        owners: dict[int, Place] = {}
        number = 0
        while number < len(contexts):
            group = consecutive(contexts, number)
            first = contexts[number].quantity.start
            start = max(begin, first - _LONGEST_LEAD)
            if len(group) > 1 and "分别" in text[start:first]:
                places = self._places.several(start, first)
                if len(places) == len(group):
                    owners |= {contexts[at].quantity.start: place for at, place in zip(group, places, strict=True)}
            number += len(group)
        return owners

    def _share(self, share: Context, before: Sequence[Read], inherited: Sequence[str], *, is_one: bool) -> Read:
        place = None if is_one else self._places.named(share.item, share.quantity.start)
        says_itself = share.after[:1] not in _CONNECTING
        if before and share.is_bare and not share.is_subset and not says_itself:
            # 213次，3241人次: what is counted was said before the first of them.
            last = before[-1].context
            share = replace(share, clause=(last.clause + share.clause)[-REACH:], right=share.right or last.right)
        return Read(share, self._reading(share, before, inherited), place)

    def _reading(self, context: Context, before: Sequence[Read], inherited: Sequence[str]) -> Reading:
        if not before:
            return self._indicators.read(context, inherited)
        last = before[-1]
        reading = self._indicators.read(context, inherited, last.reading.indicator)
        if context.quantity.unit == "%" and reading.indicator == OTHER and _SHARE.search(context.clause):
            # 满意的121件，占99.2%: what the share is of was said with the number before.
            return self._indicators.read(replace(context, clause=last.context.clause + context.clause))
        if not _is_same_kind(last.context.quantity, context.quantity):
            return reading
        if reading.indicator in _PERSONS and (context.is_subset or last.reading.is_breakdown):
            # 其中县代表75名 after 述职386名 is a part of those.
            return replace(last.reading, is_breakdown=True)
        if reading.indicator != OTHER:
            return reading
        if _CHANGED_TO.search(context.clause):
            return replace(last.reading, is_later=True)
        return self._elided(context, before) or reading

    def _elided(self, context: Context, before: Sequence[Read]) -> Reading | None:
        """Return the reading of a number whose noun stands with an earlier one of its list; None where that fails.

        办结986条 after 收集意见1100条 counts opinions; 其中镇级20名 and 经济类92件 are parts of what was counted.
        """
        says_nothing = context.is_bare and not context.after and not context.is_subset
        if says_nothing or _UNSETTLED.search(context.clause + context.right):
            return None
        for read in reversed(before[-_REMEMBERED:]):
            if not _is_same_kind(read.context.quantity, context.quantity):
                continue
            settled = self._settled(context, read)
            is_listed = read.reading.is_breakdown and not context.right and len(context.item) <= _SHORT_ITEM
            if settled and (not is_listed or (settled.verb and settled.verb in context.item)):
                return settled
            if read.reading.indicator != OTHER:
                is_kind = not context.right and _KIND_OF.search(context.item) is not None
                is_breakdown = context.is_subset or is_kind or is_listed
                return replace(read.reading, is_breakdown=True) if is_breakdown else None
        return None

    def _settled(self, context: Context, antecedent: Read) -> Reading | None:
        """Read the number with the antecedent's noun; what is said of it has to be said with the number itself."""
        if context.right:
            return None  # 涉及42个承办单位，目前已全部答复: what is counted stands behind the number
        noun = antecedent.reading.noun or antecedent.context.right or antecedent.context.item[-_NOUN:]
        reading = self._indicators.read(replace(context, clause=context.clause + noun))
        is_told = reading.said or (reading.verb and reading.verb not in noun)
        if reading.indicator == OTHER or not is_told:
            return None
        # 推动出台政策文件12个 has a noun of its own.
        own = _ADVERBS.sub("", FILLING.sub("", context.item.replace(reading.verb, "")))
        if len(own) > (_OWN_NOUN if antecedent.reading.indicator == OTHER else 2 * _OWN_NOUN):
            return None
        indicator = self._indicators.in_family(reading.indicator, antecedent.reading.indicator)
        return replace(reading, indicator=indicator) if indicator else None


def _subject(read: Read, before: Sequence[Read]) -> Read:
    """Return what the words behind a number speak of: 建议215件，涉及42个单位，已全部答复 of the suggestions."""
    is_aside = read.reading.indicator == OTHER and bool(read.context.right) and bool(before)
    return before[-1] if is_aside else read


def _whole(read: Read, before: Sequence[Read]) -> Read:
    """Return the total that a part is of: 建议213件，其中会上186件、会后27件，均已办结 says that all 213 were."""
    totals = [former for former in before if former.reading.indicator == read.reading.indicator]
    return (
        next((total for total in totals if not total.reading.is_breakdown), read) if read.reading.is_breakdown else read
    )


def _as(read: Read, indicator: str) -> Reading:
    return replace(read.reading, indicator=indicator, is_breakdown=False)


def _is_same_kind(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit or (one.unit in _ANYTHING and other.unit in _ANYTHING)
