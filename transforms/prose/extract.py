"""Extract the figures of a prose report: what, of whom, of when, and where in the text it stands.

The road: heal the text, find numbers, places and times, drop what is no statistic, read what the rest counts from the
words around it, and from the sentence's list where it says nothing itself. Refuses to add, to round and to infer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from catalog import Catalog
from transforms.grids import Unreadable
from transforms.prose import refusals
from transforms.prose.contexts import REACH, Context, read_contexts, shape
from transforms.prose.coordination import consecutive, respectively, sharing
from transforms.prose.focus import Places, Times
from transforms.prose.healing import Healed, heal
from transforms.prose.layout import Line, read_layout
from transforms.prose.lexicon import IndicatorReader, Reading
from transforms.prose.gazetteer import Gazetteer
from transforms.prose.mentions import MentionFinder
from transforms.prose.model import OTHER, Dropped, Extraction, Figure, Place
from transforms.prose.quantities import Quantity, find_quantities
from transforms.prose.refusals import Refusals, Refused
from transforms.prose.dating import document_period, document_year, publication_date
from transforms.prose.timespans import Anchor, find_timespans

# The longest work report of a province holds some hundreds.
MOST_NUMBERS = 20_000
_SENTENCE = re.compile(r"[^。！？；\n]+")
_SPREADS = {"norm", "plan"}
_LISTED = re.compile(r"[、，和]")
_SPREAD_ENDS = re.compile(r"[已共]|累计|实际|目前|全年|今年|截至|先后")
_CHANGED_TO = re.compile(
    r"(?:提升|提高|上升|上涨|下降|降低|降|升|减少|增加|增长|扩大|发展|缩短|精简|压缩|增至|减至|升至|降至|跃升|扩展|增|减)(?:到|至|为|成)?(?:了)?[^，。；]{0,6}$"
)
# What is not yet done or comes to nothing is no figure of what is done.
_UNSETTLED = re.compile(r"计划|暂|不能|转交|移交|正在|尚未|未|剩余|余下|其余|[B-D]类|参考|解释说明|条件|列入|交由")
_KIND_OF = re.compile(r"(?:类|级|方面的?|领域的?|系统|代表|涉及[^，。；]{0,12}的?)$")
_SHARE = re.compile(r"(?:^|[，（·])(?:分别)?占(?:比|总数|[^，。；]{0,6})?(?:达|为)?$")
_PERSONS = {"deputies", "activity_participants", "inspection_participants"}
_ANYTHING = {"条", "件", "个", "项", "起", "条次", "件次"}
# 86件中有52件, 312件建议中筛选出14件: the first number speaks of one told before.
_REFERS_BACK = re.compile(r"[^，。；]{0,6}(?:中|里)(?:有|，|$|选|筛)")
# 甲镇、乙镇各举办…12场: the number is each one's.
_EACH = re.compile(r"各(?![级类种项方地乡镇县市区界族位个部村社站]|单位|承办|代表|民族)[^各]*$")
_LEADING = re.compile(r"^[、，·）”’的和与及并且中在从由]+")
_LONGEST_CLAUSE, _LONGEST_NOUN = 30, 16
_INHERITED, _REMEMBERED, _LONGEST_LEAD = 3, 6, 200
_SHORT_ITEM, _NOUN = 8, 4


@dataclass(frozen=True)
class _Tools:
    refusals: Refusals
    indicators: IndicatorReader
    mentions: MentionFinder


@dataclass(frozen=True)
class _Read:
    """A number as read: its context, what it counts and whose it is, where the list says so."""

    context: Context
    reading: Reading
    place: Place | None = None


def extract(text: str, catalog: Catalog, *, name: str = "", received_on: date | None = None) -> Extraction:
    """Return the figures of a report's text, and the numbers that are none.

    Offsets are those of `text`. `name` is the file's, `received_on` the day of arrival: both stand in where the text
    names no unit and no date of publication. Raises Unreadable for a text with more than MOST_NUMBERS numbers.

    >>> from catalog import load
    >>> report = extract("今年以来，习水县人大收集意见建议1900余条。", load())
    >>> [(figure.place.name, figure.indicator_code, figure.value, figure.qualifier) for figure in report.figures]
    [('习水县', 'opinions_collected', 1900, 'at_least')]
    """
    tools = _tools(catalog)
    healed = heal(text)
    lines = read_layout(healed.text)
    title = next((healed.text[line.start : line.end] for line in lines if line.kind == "title"), "")
    published = publication_date(healed.text, name) or received_on
    anchor = Anchor(published, document_year(healed.text, published))
    mentions = tools.mentions.find(healed.text)
    times = find_timespans(healed.text, anchor)
    period = document_period(title, healed.text, anchor)
    places = Places(healed.text, lines, mentions, catalog, name)
    reader = _Reader(
        healed, catalog, tools, lines, places, Times(healed.text, lines, times, period, is_dated=published is not None)
    )
    reader.taken = sorted(
        [(mention.start, mention.end) for mention in mentions] + [(time.start, time.end) for time in times]
    )
    figures, dropped = reader.read()
    return Extraction(title, places.report, period, published, tuple(figures), tuple(dropped))


# Building the tools takes as long as reading fifty reports. The catalog is kept with them, so that its id stays its own.
_KEPT: dict[int, tuple[Catalog, _Tools]] = {}


def _tools(catalog: Catalog) -> _Tools:
    if id(catalog) not in _KEPT:
        prose = catalog.prose
        tools = _Tools(
            Refusals(prose.refusals), IndicatorReader(prose.lexicon), MentionFinder(Gazetteer(catalog))
        )
        _KEPT.clear()
        _KEPT[id(catalog)] = (catalog, tools)
    return _KEPT[id(catalog)][1]


def _same_kind(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit or (one.unit in _ANYTHING and other.unit in _ANYTHING)


class _Reader:
    """One pass over one report."""

    def __init__(
        self, healed: Healed, catalog: Catalog, tools: _Tools, lines: Sequence[Line], places: Places, times: Times
    ) -> None:
        self.healed = healed
        self.text = healed.text
        self.shaped = shape(healed.text)
        self.catalog = catalog
        self.tools = tools
        self.lines = lines
        self.places = places
        self.times = times
        self.taken: list[tuple[int, int]] = []
        self.dropped: list[Dropped] = []
        self.in_body: set[str] = set()
        self.values: set[float] = set()
        self.former: list[_Read] = []
        self.former_line = -1
        self.known: dict[tuple[object, ...], int] = {}

    def read(self) -> tuple[list[Figure], list[Dropped]]:
        figures: list[Figure] = []
        quantities = list(islice(find_quantities(self.text, self.catalog.prose.units), MOST_NUMBERS + 1))
        if len(quantities) > MOST_NUMBERS:
            raise Unreadable(
                "too_many_numbers", f"文件中的数字超过 {MOST_NUMBERS} 个，不像文字报告：是表格的请另存为 xlsx 重新报送，是多篇报告的请分开报送。"
            )
        starts = [quantity.start for quantity in quantities]
        self.in_body = {one.wording for one in quantities if self._line(one.start).kind == "body"}
        for sentence in _SENTENCE.finditer(self.text):
            begin, end = sentence.span()
            inside = quantities[bisect_right(starts, begin - 1) : bisect_right(starts, end - 1)]
            if inside:
                figures += self._sentence(inside, begin, end)
        self.dropped.sort(key=lambda dropped: dropped.start)
        return figures, self.dropped

    def _sentence(self, quantities: Sequence[Quantity], begin: int, end: int) -> Iterator[Figure]:
        kept = list(self._kept(quantities, begin))
        alone = read_contexts(self.shaped, kept, begin, end)
        contexts = respectively(alone)
        line = self._line(begin)
        former = self.former if self.former_line == line.start else []
        list_so_far = former[-1:] if contexts and (contexts[0].is_subset or _KIND_OF.search(contexts[0].item)) else []
        owners = self._owners(alone, begin)
        for context in contexts:
            reads = self._readings(context, list_so_far)
            if owner := owners.get(context.quantity.start):
                reads = [replace(read, place=owner) for read in reads]
            if not reads:
                self._drop(context.quantity, refusals.DISTRIBUTIVE)
                continue
            if reads[0].reading.indicator == OTHER and context.quantity.is_small_talk:
                self._drop(context.quantity, refusals.IDIOM)
                continue
            list_so_far.append(reads[0])
            for read in reads:
                figure = self._figure(read, begin)
                if self._is_repeated(figure, read, begin):
                    self._drop(context.quantity, refusals.REPEATED)
                else:
                    yield figure
        self.former, self.former_line = list_so_far or former, line.start

    def _owners(self, contexts: Sequence[Context], begin: int) -> dict[int, Place]:
        """Return whose each number is where units and numbers are enumerated in the same order (甲乡、乙乡分别…12件、9件)."""
        owners: dict[int, Place] = {}
        number = 0
        while number < len(contexts):
            group = consecutive(contexts, number)
            first = contexts[number].quantity.start
            start = max(begin, first - _LONGEST_LEAD)
            if len(group) > 1 and "分别" in self.text[start:first]:
                places = self.places.several(start, first)
                if len(places) == len(group):
                    owners |= {contexts[at].quantity.start: place for at, place in zip(group, places, strict=True)}
            number += len(group)
        return owners

    def _kept(self, quantities: Sequence[Quantity], sentence: int) -> Iterator[Quantity]:
        """Yield the numbers that are statistics; a rule or plan told for one holds for those that follow in its list."""
        line = self._line(sentence)
        spreading: Refused | None = None
        last = sentence
        for quantity in quantities:
            refused = self._refused(quantity, line, sentence)
            between = self.text[last : quantity.start]
            if refused is None and spreading and _LISTED.search(between) and not _SPREAD_ENDS.search(between):
                refused = spreading
            if refused is None:
                spreading = None
                yield quantity
            else:
                spreading = refused if refused.reason in _SPREADS else None
                self._drop(quantity, refused)
            last = quantity.end

    def _line(self, position: int) -> Line:
        return self.lines[bisect_right(self.lines, position, key=lambda line: line.start) - 1]

    def _refused(self, quantity: Quantity, line: Line, sentence: int) -> Refused | None:
        if line.kind == "furniture":
            return refusals.FURNITURE
        index = bisect_right(self.taken, (quantity.digits[0], len(self.text))) - 1
        for start, end in self.taken[max(0, index - 1) : index + 1]:
            if start <= quantity.digits[0] < end:
                return refusals.IN_NAME
        if refused := self.tools.refusals.refuse(self.text, quantity):
            return refused
        if line.is_plan or self.times.is_ahead(sentence, quantity.start):
            return refusals.PLANNED
        return None

    def _readings(self, context: Context, before: Sequence[_Read]) -> list[_Read]:
        """Return what the number counts: once, for each name that shares it, or for none where nobody can tell."""
        inherited = [read.context.clause for read in reversed(before[-_INHERITED:])]
        shares = sharing(context)
        reads = []
        for share in shares:
            place = self.places.named(share.item, context.quantity.start) if len(shares) > 1 else None
            if before and share.is_bare and not share.is_subset:
                # 213次，3241人次: what is counted was said before the first of them.
                last = before[-1].context
                share = replace(share, clause=(last.clause + share.clause)[-REACH:], right=share.right or last.right)
            reads.append(_Read(share, self._reading(share, before, inherited), place))
        if len(shares) > 1:
            is_rate = context.quantity.unit == "%"
            return [read for read in reads if read.place or is_rate or read.reading.indicator != OTHER]
        [read] = reads
        if each := _EACH.search(context.clause):
            word_at = context.quantity.start - len(context.clause) + each.start()
            if places := self.places.enumerated(word_at):
                return [replace(read, place=place) for place in places]
        second = self.tools.indicators.second_facts(read.reading, read.context, inherited)
        return [read, *(replace(read, reading=replace(read.reading, indicator=indicator)) for indicator in second)]

    def _reading(self, context: Context, before: Sequence[_Read], inherited: Sequence[str]) -> Reading:
        last = before[-1] if before else None
        reading = self.tools.indicators.read(context, inherited, last.reading.indicator if last else None)
        if last is None:
            return reading
        if context.quantity.unit == "%" and reading.indicator == OTHER and _SHARE.search(context.clause):
            # 满意的121件，占99.2%: what the share is of was said with the number before.
            return self.tools.indicators.read(replace(context, clause=last.context.clause + context.clause))
        if not _same_kind(last.context.quantity, context.quantity):
            return reading
        if reading.indicator in _PERSONS and (context.is_subset or last.reading.is_part):
            # 其中县代表75名 after 述职386名 is a part of those.
            return replace(last.reading, is_part=True)
        if reading.indicator != OTHER:
            return reading
        if _CHANGED_TO.search(context.clause):
            return last.reading
        return self._elided(context, before) or reading

    def _elided(self, context: Context, before: Sequence[_Read]) -> Reading | None:
        """Return the reading of a number whose noun stands with an earlier one of its list; None where that fails.

        办结986条 after 收集意见1100条 counts opinions; 其中镇级20名 and 经济类92件 are parts of what was counted before.
        """
        if _UNSETTLED.search(context.clause + context.right) or (context.is_bare and not context.after and not context.is_subset):
            return None
        for read in reversed(before[-_REMEMBERED:]):
            if not _same_kind(read.context.quantity, context.quantity):
                continue
            if not context.right or context.is_subset or context.after:
                noun = read.reading.noun or read.context.right or read.context.item[-_NOUN:]
                said = replace(context, clause=context.clause + noun)
                reading = self.tools.indicators.read(said)
                is_told = reading.said or (reading.verb and reading.verb not in noun)
                if reading.indicator != OTHER and is_told:
                    indicator = self.tools.indicators.in_family(reading.indicator, read.reading.indicator)
                    return replace(reading, indicator=indicator)
            if read.reading.indicator == OTHER:
                continue
            listed = read.reading.is_part and not context.right and len(context.item) <= _SHORT_ITEM
            if context.is_subset or _KIND_OF.search(context.item) or listed:
                return replace(read.reading, is_part=True)
            return None
        return None

    def _figure(self, read: _Read, sentence: int) -> Figure:
        quantity, count = read.context.quantity, read.context.quantity.count
        assert count is not None  # noqa: S101 - what has none was refused
        begin, end = self._phrase(read)
        start, stop = self.healed.original(begin, end)
        place = read.place or self.places.at(quantity.start) or Place("")
        return Figure(
            start=start,
            end=stop,
            phrase=self.text[begin:end],
            number=self.healed.original(quantity.start, quantity.end),
            place=place,
            indicator_code=read.reading.indicator,
            value=count.value,
            low=count.low,
            high=count.high,
            low_open=quantity.qualifier == "at_most",
            high_open=quantity.qualifier == "at_least",
            qualifier=quantity.qualifier,
            unit=quantity.unit or "",
            period=self.times.at(sentence, quantity.start),
            is_part=read.reading.is_part,
        )

    def _phrase(self, read: _Read) -> tuple[int, int]:
        """Return the stretch that made the reading: the clause before the number, the number, the noun behind it."""
        quantity = read.context.quantity
        clause = self.text[max(0, quantity.start - _LONGEST_CLAUSE) : quantity.start]
        clause = re.split(r"[，。；：！？\n\t（）]", clause)[-1]
        if "、" in clause and not read.context.item.strip("、"):
            clause = ""
        clause = _LEADING.sub("", clause)
        return quantity.start - len(clause), quantity.end + min(
            len(read.context.right.rstrip("·和与及")), _LONGEST_NOUN
        )

    def _is_repeated(self, figure: Figure, read: _Read, sentence: int) -> bool:
        """Say whether an earlier sentence stated the same figure of the same thing."""
        if self._line(sentence).kind != "body" and read.context.quantity.wording in self.in_body:
            return True
        noun = read.reading.noun or read.context.right or read.context.item[-4:]
        if read.reading.indicator == OTHER and _REFERS_BACK.match(read.context.right) and figure.value in self.values:
            return True
        self.values.add(figure.value)
        key = (figure.place.name, figure.indicator_code, figure.value, figure.qualifier, figure.unit, noun)
        first = self.known.setdefault(key, sentence)
        return first != sentence

    def _drop(self, quantity: Quantity, refused: Refused) -> None:
        start, end = self.healed.original(quantity.start, quantity.end)
        self.dropped.append(Dropped(start, end, quantity.wording, refused.reason, refused.reason_zh))
