"""Follow of what time a report speaks, and where it speaks of what is to come.

A time that leads a sentence holds for the sentence; one that opens a paragraph (今年以来，…) until the next heading.
Else the report's own time holds. Refuses to say what lies ahead of an undated report, unless the words do (明年).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from transforms.prose.layout import Line
from transforms.prose.model import Timespan
from transforms.prose.timespans import TimeMention, timespan

_AHEAD = re.compile(r"明年|来年|后年|今后|未来|接下来")
_SENTENCE = re.compile(r"[。；！？\n]")
_CLAUSE_END = re.compile(r"[。；：！？\n比较]")
_COMPARED = re.compile(r"[比较与同跟和于至到从由自在《]$")
_LONGEST_CLAUSE = 60
_LASTING = ("year_to_date", "since_start", "multi_year", "period")
# How many times of a sentence are looked at, the nearest first.
_SPOKEN = 12
_JOINTS = ("、", "和", "及", "与", "以及")
_RESPECTIVELY = re.compile(r"[^。；！？\n]*?分别")
_LISTED_YEARS = re.compile(r"(?:(?:19|20)[0-9]{2}、)+(?:19|20)[0-9]{2}年度?")
_NUMBER = re.compile(r"[0-9][0-9.,]*")
_JOINED = re.compile(r"[^0-9，,；。！？\n]{0,8}[、和及与][^0-9，,；。！？\n]{0,4}")
_LONGEST_LIST = 240
_ONE_YEAR = re.compile(r"(?:最近|过去|近|这|走过)?的?[一1]年多?(?:来|以来|间)?")
_SHORTEST_YEAR = 300


class Times:
    """Of which time each character of a text speaks, and where it speaks of what is to come."""

    def __init__(
        self, text: str, lines: Sequence[Line], times: Sequence[TimeMention], report: Timespan, *, is_dated: bool
    ) -> None:
        """Read the text's times once; `report` is the time of the report as a whole."""
        self._text = text
        self._times = [time for time in times if not _is_furniture(lines, time.start)]
        self._starts = [time.start for time in self._times]
        self._report = report
        self._is_dated = is_dated
        self._lasting = list(self._sections(lines))

    def at(self, sentence: int, position: int) -> Timespan:
        """Return the time of a number at `position` in the sentence that begins at `sentence`."""
        listed = self._listed(sentence, position)
        if len(listed) > 1:
            return self._of_list(listed, position)
        spoken = self._spoken(sentence, position)
        if spoken is not None:
            return self._own_year(spoken.span)
        index = bisect_right(self._lasting, position, key=lambda entry: entry[0]) - 1
        return self._lasting[index][1] if index >= 0 else self._report

    def is_ahead(self, sentence: int, position: int) -> bool:
        """Say whether the sentence speaks of a time that lies ahead (到2027年底)."""
        spoken = self._spoken(sentence, position)
        if spoken is None:
            return False
        # Without a date of publication nobody knows what lies ahead, unless the word says so.
        words = spoken.span.phrase
        return bool(_AHEAD.match(words)) or (spoken.future and (self._is_dated or words.startswith("下")))

    def _spoken(self, sentence: int, position: int) -> TimeMention | None:
        begin, end = bisect_right(self._starts, sentence - 1), bisect_right(self._starts, position)
        found = None
        for time in self._times[max(begin, end - _SPOKEN) : end]:
            # 2022年的84.6%提升至现在的93.9%: an attribute is of the number right behind it.
            if time.scope == "lead" or (0 <= position - time.end <= 2) or self._is_adverb(time, position):
                found = time
        return found

    def _is_adverb(self, time: TimeMention, position: int) -> bool:
        """Say whether a time stands before the number as an adverb: 区人大上半年组织执法检查2次，专题调研7次."""
        clause = self._text[time.end : position]
        told = time.span.basis in ("period", "year_to_date") and len(clause) <= _LONGEST_CLAUSE
        return told and not clause.startswith("的") and not _CLAUSE_END.search(clause) and not self._is_compared(time)

    def _is_compared(self, time: TimeMention) -> bool:
        return _COMPARED.search(self._text[max(0, time.start - 2) : time.start]) is not None

    def _listed(self, sentence: int, position: int) -> list[TimeMention]:
        """Return the times that are joined to the one spoken of: 2023年、2024年; a single one where none is."""
        spoken = self._spoken(sentence, position)
        if spoken is None:
            return []
        at = bisect_right(self._starts, spoken.start) - 1
        listed = [spoken]
        while at > 0 and len(listed) < _SPOKEN and self._starts[at - 1] >= sentence:
            at -= 1
            if not self._joins(self._times[at], listed[0]):
                break
            listed.insert(0, self._times[at])
        if len(listed) == 1 and _LISTED_YEARS.fullmatch(spoken.span.phrase):
            years = [int(year[:4]) for year in spoken.span.phrase.split("、")]
            last = spoken.span.end or date(years[-1], 12, 31)
            spans = [timespan(date(y, 1, 1), min(date(y, 12, 31), last), "period", f"{y}年") for y in years]
            return [replace(spoken, span=span) for span in spans]
        whole = all(time.span.start and time.span.end and time.scope == "lead" for time in listed)
        return listed if whole else [spoken]

    def _joins(self, time: TimeMention, later: TimeMention) -> bool:
        return later.start - time.end <= 2 and self._text[time.end : later.start] in _JOINTS

    def _of_list(self, times: list[TimeMention], position: int) -> Timespan:
        """Return the time of a number behind several: by order behind 分别, else all of them where none is left out."""
        begin = times[-1].end
        if match := _RESPECTIVELY.match(self._text, begin, min(position, begin + _LONGEST_LIST)):
            for numbers in self._lists_of_numbers(match.end()):
                if numbers[0] - 8 <= position <= numbers[-1] and len(numbers) == len(times):
                    return times[sum(number < position for number in numbers)].span
            return Timespan()
        return self._together(times)

    def _together(self, times: list[TimeMention]) -> Timespan:
        days = [(time.span.start, time.span.end) for time in times if time.span.start and time.span.end]
        if len(days) < len(times) or any((later[0] - day[1]).days != 1 for day, later in pairwise(days)):
            return Timespan()
        start, end = days[0][0], days[-1][1]
        phrase = self._text[times[0].start : times[-1].end]
        return timespan(start, end, "period" if start.year == end.year else "multi_year", phrase)

    def _lists_of_numbers(self, begin: int) -> Iterable[list[int]]:
        """Yield where the numbers of each list (120件、135件) begin, to the end of the sentence."""
        stop = _SENTENCE.search(self._text, begin, begin + _LONGEST_LIST)
        numbers: list[int] = []
        last = begin
        for number in _NUMBER.finditer(self._text, begin, stop.start() if stop else begin + _LONGEST_LIST):
            if numbers and not _JOINED.fullmatch(self._text, last, number.start()):
                yield numbers
                numbers = []
            numbers.append(number.start())
            last = number.end()
        if numbers:
            yield numbers

    def _own_year(self, span: Timespan) -> Timespan:
        """Return the year that the title names for 一年来, which else has no first day."""
        report = self._report
        if span.start or not report.start or not report.end or not _ONE_YEAR.fullmatch(span.phrase):
            return span
        is_year = _SHORTEST_YEAR < (report.end - report.start).days < 366
        return replace(report, phrase=span.phrase) if is_year else span

    def _sections(self, lines: Sequence[Line]) -> Iterable[tuple[int, Timespan]]:
        """Yield from where on which time is spoken of: the time that opens a paragraph lasts until the next heading."""
        for line in lines:
            if line.kind in ("heading", "title"):
                yield line.start, self._report
            if line.kind != "body":
                continue
            begin, end = bisect_right(self._starts, line.start - 1), bisect_right(self._starts, line.end)
            for at, time in enumerate(self._times[begin:end], begin):
                if _lasts(time) and not _SENTENCE.search(self._text, line.start, time.start):
                    last = at
                    while last + 1 < end and self._joins(self._times[last], self._times[last + 1]):
                        last += 1
                    listed = self._times[at : last + 1]
                    yield time.start, self._together(listed) if last > at else self._own_year(time.span)
                    break


def _lasts(time: TimeMention) -> bool:
    """Say whether a time that opens a paragraph holds for the next ones too: 今年以来 does, a single day does not."""
    is_day = time.span.start is not None and time.span.start == time.span.end
    return time.scope == "lead" and not time.future and time.span.basis in _LASTING and not is_day


def _is_furniture(lines: Sequence[Line], position: int) -> bool:
    index = bisect_right(lines, position, key=lambda line: line.start) - 1
    return index >= 0 and lines[index].kind == "furniture"
