"""Find where a form says that there was nothing to report (零报告): 本月无, 无活动, 6月未开展活动.

Refuses to take blanks for it: a form without figures says nothing unless it says so in words. Refuses a sentence that
says more than that, and one about another month than the form's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog import Form, Period
from transforms.grids import Grid
from transforms.headers import plain
from transforms.periods import contradicts, find_period

_TIME = r"(?:(?:[0-9]{4}年)?[0-9]{1,2}月份?|[0-9]{4}年(?:第?[一二三四1-4]季度|度)?|本(?:月份?|期|季度|年度?))"
_OWN = r"(?:[我本该]?[县市区])?"
_GRAINS = {"季度": "quarter", "年度": "year", "本年": "year", "本月": "month"}
# Where the words stand in no cell: in a paragraph beside the table.
BESIDE = "表格外"


@dataclass(frozen=True)
class NilSaid:
    """The words by which a form says that there was nothing, and the line and place at which they stand."""

    text: str
    line: int
    ref: str


class NilReader:
    """Knows the words of one form."""

    def __init__(self, form: Form) -> None:
        """Build the patterns: a nil word, alone or after a time, or a word for none after a time (本月无)."""
        self._none = {plain(word) for word in form.none_words}
        none = "|".join(re.escape(word) for word in sorted(self._none, key=len, reverse=True) if word[0].isalpha())
        nil = "|".join(re.escape(plain(word)) for word in sorted(form.nil_words, key=len, reverse=True))
        notes = "|".join(re.escape(plain(word)) for word in sorted(form.note_prefixes, key=len, reverse=True))
        said = rf"(?:{_OWN}{_TIME}{_OWN},?(?:{nil}|{none})|{_OWN}(?:{nil}))" if nil else r"(?!)"
        self._said = re.compile(rf"(?:(?:{notes})[:.、])?[(\[【]?{said}[)\]】]?[.。!;；]?")

    def is_nil(self, text: str, period: Period | None) -> bool:
        """Say whether a text says that there was nothing in the form's period, and no more than that."""
        words = plain(text)
        if not self._said.fullmatch(words):
            return False
        if period is None:
            return True
        dated = find_period(text)
        grains = {grain for word, grain in _GRAINS.items() if word in words} or {period.grain}
        is_other = (dated and dated.label != period.label) or contradicts(text, period)
        return period.grain in grains and not is_other

    def is_nil_row(self, grid: Grid, row: int, township: int, period: Period | None) -> bool:
        """Say whether a row says that there was nothing: in words, or by 无 in the place of the township and behind."""
        return self._place(grid, row, township, period) is not None

    def find(
        self, grid: Grid, rows: Iterable[int], header: int, township: int, beside: Sequence[str], period: Period | None
    ) -> NilSaid | None:
        """Return where the form says so: in one of the rows, else in a paragraph beside the table; None where nowhere.

        A paragraph has the line of the row `header`.
        """
        for row in rows:
            column = self._place(grid, row, township, period)
            if column is not None:
                return NilSaid(grid.text(row, column), grid.line(row), grid.ref(row, column))
        said = next((text for text in beside if self.is_nil(text, period)), None)
        return NilSaid(said.strip(), grid.line(header), BESIDE) if said else None

    def _place(self, grid: Grid, row: int, township: int, period: Period | None) -> int | None:
        """Return the column of a row's words; whatever stands beside them must be a serial number, none or the same."""
        texts = {column: text for column in range(len(grid.rows[row])) if (text := grid.text(row, column))}
        told = [column for column, text in texts.items() if self.is_nil(text, period)]
        if not told and plain(texts.get(township, "")) in self._none:
            told = [township]
        rest = [column for column in texts if column not in told]
        if told and all(
            plain(texts[column]) in self._none or (column < township and texts[column].isdecimal()) for column in rest
        ):
            return told[0]
        return None
