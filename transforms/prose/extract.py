"""Extract the figures of a prose report: what, of whom, of when, and where in the text it stands.

The road: heal the text, find numbers, places and times, drop what is no statistic, read what the rest counts from the
words around it, and from the sentence's list where it says nothing itself. Refuses to add, to round and to infer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from catalog import Catalog
from transforms.grids import Unreadable
from transforms.prose import refusals
from transforms.prose.contexts import Context, read_contexts, shape
from transforms.prose.coordination import respectively
from transforms.prose.dating import document_period, document_year, publication_date
from transforms.prose.focus import Places
from transforms.prose.gazetteer import Gazetteer
from transforms.prose.healing import Healed, heal
from transforms.prose.layout import Line, read_layout
from transforms.prose.lexicon import IndicatorReader
from transforms.prose.listing import ListReader, Read, begins_with_a_part
from transforms.prose.mentions import MentionFinder
from transforms.prose.model import OTHER, Dropped, Extraction, Figure, Place, Timespan
from transforms.prose.quantities import Quantity, find_quantities
from transforms.prose.refusals import Refusals, Refused
from transforms.prose.tables import read_tables
from transforms.prose.tenses import Times
from transforms.prose.timespans import Anchor, find_timespans

# The longest work report of a province holds some hundreds.
MOST_NUMBERS = 20_000
_SENTENCE = re.compile(r"[^。！？；\n]+")
_SPREADS = {"norm", "plan"}
_LISTED = re.compile(r"[、，和]")
_SPREAD_ENDS = re.compile(r"[已共]|累计|实际|目前|全年|今年|截至|先后")
# 86件中有52件, 312件建议中筛选出14件: the first number speaks of one told before.
_REFERS_BACK = re.compile(r"[^，。；]{0,6}(?:中|里)(?:有|，|$|选|筛)")
_CLAUSE, _CLAUSE_OR_ITEM = re.compile(r"[，。；：！？\n\t|（）]"), re.compile(r"[，。；：！？\n\t|（）、]")
_LEADING = re.compile(r"^[、，·）”’]+")
_LONGEST_CLAUSE, _LONGEST_NOUN, _NOUN, _BARE_VERB = 30, 16, 3, 4


@dataclass(frozen=True)
class _Tools:
    refusals: Refusals
    indicators: IndicatorReader
    gazetteer: Gazetteer
    mentions: MentionFinder


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
    words = healed.text
    lines = read_layout(words)
    title = next((words[line.start : line.end] for line in lines if line.kind == "title"), "")
    published = publication_date(words, name) or received_on
    anchor = Anchor(published, document_year(words, published), catalog.prose.programme_start)
    mentions = tools.mentions.find(words)
    spoken = find_timespans(words, anchor)
    period = document_period(title, words, anchor)
    places = Places(words, lines, mentions, tools.gazetteer, tools.mentions.find(name))
    times = Times(words, lines, spoken, period, is_dated=published is not None)
    names = [(mention.start, mention.end) for mention in mentions] + [(time.start, time.end) for time in spoken]
    report = _Report(healed, catalog, tools, lines, places, times, sorted(names))
    figures = tuple(report.figures())
    dropped = tuple(sorted(report.dropped, key=lambda dropped: dropped.start))
    return Extraction(title, places.report, period, published, figures, dropped)


# Making the tools takes as long as reading fifty reports. The catalog is kept beside them: its id stays its own.
_KEPT: dict[int, tuple[Catalog, _Tools]] = {}


def _tools(catalog: Catalog) -> _Tools:
    if id(catalog) not in _KEPT:
        prose = catalog.prose
        gazetteer = Gazetteer(catalog)
        tools = _Tools(Refusals(prose.refusals), IndicatorReader(prose.lexicon), gazetteer, MentionFinder(gazetteer))
        _KEPT.clear()
        _KEPT[id(catalog)] = (catalog, tools)
    return _KEPT[id(catalog)][1]


class _Report:
    """One pass over one report."""

    def __init__(
        self,
        healed: Healed,
        catalog: Catalog,
        tools: _Tools,
        lines: Sequence[Line],
        places: Places,
        times: Times,
        names: Sequence[tuple[int, int]],
    ) -> None:
        self._healed = healed
        self._text = healed.text
        self._shaped = shape(healed.text)
        self._units = catalog.prose.units
        self._refusals = tools.refusals
        self._lines = lines
        self._places = places
        self._times = times
        self._names = names
        self._lists = ListReader(tools.indicators, places)
        self._cells = read_tables(healed.text, lines, self._units)
        self._in_body: set[str] = set()
        self._values: set[float] = set()
        self._known: dict[tuple[object, ...], int] = {}
        self._former: tuple[int, list[Read]] = (-1, [])
        self.dropped: list[Dropped] = []

    def figures(self) -> Iterator[Figure]:
        """Yield the figures in the order of the text; what is dropped on the way is kept in `dropped`."""
        quantities = list(islice(find_quantities(self._text, self._units), MOST_NUMBERS + 1))
        if len(quantities) > MOST_NUMBERS:
            raise Unreadable(
                "too_many_numbers",
                f"文件中的数字超过 {MOST_NUMBERS} 个，不像文字报告："
                "是表格的请另存为 xlsx 重新报送，是多篇报告的请分开报送。",
            )
        quantities = [
            replace(one, unit=self._cells[one.start].unit) if one.unit is None and one.start in self._cells else one
            for one in quantities
        ]
        starts = [quantity.start for quantity in quantities]
        self._in_body = {one.wording for one in quantities if self._line(one.start).kind == "body"}
        for sentence in _SENTENCE.finditer(self._text):
            begin, end = sentence.span()
            inside = quantities[bisect_right(starts, begin - 1) : bisect_right(starts, end - 1)]
            if inside:
                yield from self._sentence(inside, begin, end)

    def _sentence(self, quantities: Sequence[Quantity], begin: int, end: int) -> Iterator[Figure]:
        contexts = read_contexts(self._shaped, list(self._kept(quantities, begin)), begin, end)
        owners = self._lists.owners(contexts, begin, self._text)
        line = self._line(begin).start
        former = self._former[1] if self._former[0] == line else []
        figures: list[Figure] = []
        changing: set[tuple[int, int]] = set()
        reads_so_far = former[-1:] if begins_with_a_part(contexts) else []
        for context in respectively(contexts):
            reads = self._read(context, reads_so_far)
            if not reads:
                self._drop(context.quantity, refusals.DISTRIBUTIVE)
                continue
            if reads[0].reading.indicator == OTHER and context.quantity.is_small_talk:
                self._drop(context.quantity, refusals.IDIOM)
                continue
            reads_so_far.append(reads[0])
            owner = owners.get(context.quantity.start)
            for read in reads:
                figure = self._figure(replace(read, place=owner) if owner else read, begin)
                if self._is_repeated(figure, read, begin):
                    self._drop(context.quantity, refusals.REPEATED)
                    continue
                if read.reading.is_later and figures and figures[-1].period == figure.period:
                    # What it was before (由82%提升到95%) is no figure of the time that is spoken of.
                    figures[-1] = replace(figures[-1], period=Timespan())
                    changing.add(figures[-1].number)
                figures.append(figure)
        self._former = (line, reads_so_far or former)
        yield from _with_breakdowns(sorted(figures, key=lambda figure: figure.number), changing)

    def _read(self, context: Context, before: Sequence[Read]) -> list[Read]:
        cell = self._cells.get(context.quantity.start)
        if cell is None:
            return self._lists.read(context, before)
        read = self._lists.read_cell(context, cell.labels)
        return [read] if read else []

    def _kept(self, quantities: Sequence[Quantity], sentence: int) -> Iterator[Quantity]:
        """Yield the numbers that are statistics; a norm or plan holds for those that its list goes on with."""
        line = self._line(sentence)
        spreading: Refused | None = None
        last = sentence
        for quantity in quantities:
            refused = self._refused(quantity, line, sentence)
            between = self._text[last : quantity.start]
            if refused is None and spreading and _goes_on(spreading, between):
                refused = spreading
            if refused is None:
                spreading = None
                yield quantity
            else:
                spreading = refused if refused.reason in _SPREADS else None
                self._drop(quantity, refused)
            last = quantity.end

    def _line(self, position: int) -> Line:
        return self._lines[bisect_right(self._lines, position, key=lambda line: line.start) - 1]

    def _refused(self, quantity: Quantity, line: Line, sentence: int) -> Refused | None:
        if line.kind == "furniture":
            return refusals.FURNITURE
        index = bisect_right(self._names, (quantity.digits[0], len(self._text)))
        for start, end in self._names[max(0, index - 2) : index]:
            if start <= quantity.digits[0] < end:
                return refusals.IN_NAME
        if refused := self._refusals.refuse(self._text, quantity):
            return refused
        if line.is_plan or self._times.is_ahead(sentence, quantity.start):
            return refusals.PLANNED
        return None

    def _figure(self, read: Read, sentence: int) -> Figure:
        quantity, count = read.context.quantity, read.context.quantity.count
        if count is None:
            raise ValueError("a number that is not clear is refused, and is never a figure")
        begin, end = self._phrase(read)
        start, stop = self._healed.original(begin, end)
        return Figure(
            start=start,
            end=stop,
            phrase=self._text[begin:end],
            number=self._healed.original(quantity.start, quantity.end),
            place=read.place or self._places.at(quantity.start) or Place(""),
            indicator_code=read.reading.indicator,
            value=count.value,
            low=count.low,
            high=count.high,
            low_open=quantity.qualifier == "at_most",
            high_open=quantity.qualifier == "at_least",
            qualifier=quantity.qualifier,
            unit=quantity.unit or "",
            period=self._times.at(sentence, quantity.start),
            is_breakdown=read.reading.is_breakdown,
        )

    def _phrase(self, read: Read) -> tuple[int, int]:
        """Return the stretch that made the reading: the clause before the number, the number, the noun behind it."""
        quantity = read.context.quantity
        clause = self._text[max(0, quantity.start - _LONGEST_CLAUSE) : quantity.start]
        # An item of a list stands for itself where it holds what is counted (、联络室264个).
        is_whole = read.reading.is_right or read.reading.noun in read.context.item
        marks = _CLAUSE_OR_ITEM if is_whole else _CLAUSE
        clause = _LEADING.sub("", marks.split(clause)[-1])
        noun = len(read.context.right.rstrip("·和与及|"))
        return quantity.start - len(clause), quantity.end + min(noun, _LONGEST_NOUN)

    def _is_repeated(self, figure: Figure, read: Read, sentence: int) -> bool:
        """Say whether an earlier sentence stated the same figure of the same thing, or the text a heading's number."""
        if self._line(sentence).kind != "body" and read.context.quantity.wording in self._in_body:
            return True
        if read.reading.indicator == OTHER and _REFERS_BACK.match(read.context.right) and figure.value in self._values:
            return True
        self._values.add(figure.value)
        noun = (read.reading.noun or read.context.right or read.context.item)[-_NOUN:]
        key = (figure.place.name, figure.indicator_code, figure.value, figure.qualifier, figure.unit, noun)
        return self._known.setdefault(key, sentence) != sentence

    def _drop(self, quantity: Quantity, refused: Refused) -> None:
        start, end = self._healed.original(quantity.start, quantity.end)
        self.dropped.append(Dropped(start, end, quantity.wording, refused.reason, refused.reason_zh))


def _goes_on(refused: Refused, between: str) -> bool:
    """Say whether a list goes on with a norm or plan: a norm over 、, or a comma and a bare verb (，提出1条)."""
    if _SPREAD_ENDS.search(between) or not _LISTED.search(between):
        return False
    return refused.reason != "norm" or "，" not in between or len(between.rpartition("，")[2]) <= _BARE_VERB


def _with_breakdowns(figures: Sequence[Figure], changing: Container[tuple[int, int]]) -> Iterator[Figure]:
    """Yield a sentence's figures; where several are of one indicator, unit and time, each is of a kind of its own.

    What has become of a figure (由12个增至30个) is no other kind: `changing` are the numbers that it was before.
    """
    several = Counter(_subject(figure) for figure in figures if _is_whole(figure, changing))
    for figure in figures:
        is_one_of_several = figure.indicator_code != OTHER and several[_subject(figure)] > 1
        yield replace(figure, is_breakdown=True) if is_one_of_several and _is_whole(figure, changing) else figure


def _is_whole(figure: Figure, changing: Container[tuple[int, int]]) -> bool:
    return not figure.is_breakdown and figure.number not in changing


def _subject(figure: Figure) -> tuple[str, str, Timespan]:
    return figure.place.name, figure.indicator_code, figure.period
