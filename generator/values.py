"""Columns of records as arrays: what they mean in numbers, and how they are written.

A value that is not there is NaT, -1 (of words and flags) or NOTHING (of numbers); texts are arrow arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from generator.province import Ints

Kind = Literal["text", "words", "day", "time", "count", "amount", "flag"]
Flags = NDArray[np.bool_]
NOTHING = np.iinfo(np.int64).min
FLAGS = ("否", "是")


@dataclass(frozen=True)
class Values:
    """One column. `data` holds an arrow text array, the places of `words`, dates, times, numbers or hundredths."""

    kind: Kind
    data: Any
    words: tuple[str, ...] = ()

    def blank(self) -> Flags:
        """Say for each row whether the value is not there."""
        if self.kind == "text":
            return np.asarray(pc.or_kleene(pc.is_null(self.data), pc.equal(self.data, "")).fill_null(True))
        if self.kind in ("day", "time"):
            return np.asarray(np.isnat(self.data))
        gone = -1 if self.kind in ("words", "flag") else NOTHING
        return np.asarray(self.data == gone)

    def is_word(self, *words: str) -> Flags:
        """Say for each row whether the value is one of these words."""
        return np.isin(self.data, [n for n, word in enumerate(self.words) if word in words])

    def take(self, rows: Ints) -> Values:
        """Return the values of these rows."""
        return replace(self, data=self.data.take(pa.array(rows)) if self.kind == "text" else self.data[rows])

    def text(self) -> pa.Array:
        """Write every value, blanks as empty texts: dates as 2026-06-01, hundredths as 12.50, flags as 是 and 否."""
        return _written(self).fill_null("")


def words(data: NDArray[Any], listed: tuple[str, ...]) -> Values:
    """Return a column of listed words by their places."""
    return Values("words", np.asarray(data, dtype=np.int64), listed)


def later(rng: np.random.Generator, before: NDArray[Any], most: int, share: float, end: np.datetime64) -> NDArray[Any]:
    """Return moments 1 to `most` units (days of days, seconds of times) after those before.

    A `share` of them is there; those that would lie behind the end, and those after nothing, are not.
    """
    moment = before + rng.integers(1, most + 1, len(before))
    return np.where((rng.random(len(before)) < share) & (moment < end), moment, np.datetime64("NaT"))


def numbered(before: pa.Array | str, numbers: Ints, width: int) -> pa.Array:
    """Return texts that end in a number of at least `width` digits."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return joined(before, digits)


def joined(*parts: pa.Array | str) -> pa.Array:
    """Return the texts with their parts set one behind the other."""
    return pc.binary_join_element_wise(*parts, "")


def looked_up(places: NDArray[Any], listed: tuple[str, ...]) -> pa.Array:
    """Return the listed texts at these places; -1 is null."""
    index = pa.array(np.asarray(places, dtype=np.int32), mask=np.asarray(places) < 0)
    return pa.DictionaryArray.from_arrays(index, pa.array(listed, pa.string())).dictionary_decode()


def _written(column: Values) -> pa.Array:
    if column.kind == "text":
        return column.data
    if column.kind == "words":
        return looked_up(column.data, column.words)
    if column.kind == "flag":
        return looked_up(column.data, FLAGS)
    if column.kind in ("day", "time"):
        return pa.array(column.data).cast(pa.string())
    gone = column.data == NOTHING
    if column.kind == "count":
        return pa.array(column.data, mask=gone).cast(pa.string())
    whole, rest = np.divmod(np.where(gone, 0, column.data), 100)
    decimals = pc.utf8_lpad(pa.array(rest).cast(pa.string()), 2, "0")
    return pc.binary_join_element_wise(pa.array(whole, mask=gone).cast(pa.string()), decimals, ".")
