"""Plant faults in a batch: in rows drawn at random, one fault a row, each where it is declared to be found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalog import Export
from generator.batches import Batch
from generator.faults import Condition, Fault, faults_of
from generator.province import Ints
from generator.values import FLAGS, NOTHING, Flags, Values, joined, numbered

RECORD = "record"
_SAME_NUMBER = "ExpectRecordIdToBeUnique"
_REPEATED = "ExpectRecordNotToBeRepeated"


@dataclass(frozen=True)
class Found:
    """Rows of a batch in which a rule is to find something, in the cell of `column`, or in the whole record."""

    rule: str
    severity: str
    column: str
    rows: Ints


@dataclass
class Planted:
    """A batch with its faults: texts written over cells, and what is to be found where.

    `counts` marks the rows that are loaded, `touched` those that have to do with a fault, `replaced` those of which
    another file holds what stands.
    """

    batch: Batch
    counts: Flags
    touched: Flags
    replaced: Flags
    texts: dict[str, list[tuple[Ints, str]]] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)

    def written(self, name: str) -> pa.Array:
        """Return the column as it is written."""
        text = self.batch.columns[name].text()
        for rows, word in self.texts.get(name, ()):
            mask = np.zeros(len(self.batch), dtype=bool)
            mask[rows] = True
            text = pc.if_else(pa.array(mask), word, text)
        return text


def plant(batch: Batch, export: Export, share: float, rng: np.random.Generator) -> Planted:
    """Return the batch with faults in about `share` of its rows; rows that others refer to stay in the warehouse."""
    size = len(batch)
    work = _Work(whole(batch), export, np.zeros(size, dtype=bool))
    wanted = int(size * share + rng.random()) if share else 0
    faults = faults_of(export)
    # Those that need a deputy of their own go first: other faults would spoil what they are compared with.
    order = sorted(rng.permutation(len(faults) + 2).tolist(), key=lambda n: n >= len(faults) or not faults[n].alone)
    for turn, number in enumerate(order):
        quota = (wanted - turn + len(order) - 1) // len(order)
        if quota <= 0:
            continue
        if number < len(faults):
            work.break_rows(faults[number], quota, rng)
        elif number == len(faults):
            work.number_twice((quota + 1) // 2, rng)
        else:
            work.repeat(quota, rng)
    work.planted.touched = work.taken
    work.planted.replaced = np.zeros(len(work.taken), dtype=bool)
    return work.planted


def whole(batch: Batch) -> Planted:
    """Return the batch without any fault."""
    none = np.zeros(len(batch), dtype=bool)
    return Planted(batch, ~none, none, none.copy())


@dataclass
class _Work:
    planted: Planted
    export: Export
    taken: Flags

    def break_rows(self, fault: Fault, quota: int, rng: np.random.Generator) -> None:
        """Break up to `quota` rows as the fault says."""
        rows = self._draw(fault, quota, rng)
        if not len(rows):
            return
        if fault.copied:
            rows = self._copy(rows, f"{fault.rule}")
            if fault.elsewhere:
                self._move(rows)
        for name, text in fault.write.items():
            self._blank(name, rows)
            self.planted.texts.setdefault(name, []).append((rows, text))
        for name, column in self._changed(fault, rows):
            self.planted.batch.columns[name] = column
        self._note(fault.rule, fault.severity, fault.column, rows)

    def number_twice(self, quota: int, rng: np.random.Generator) -> None:
        """Give rows the number of another row: both are found."""
        free = self._free(critical=True)
        pairs = min(quota, len(free) // 2)
        if pairs < 1:
            return
        drawn = rng.choice(free, 2 * pairs, replace=False)
        self.taken[drawn] = True
        rows, others = drawn[:pairs], drawn[pairs:]
        codes = self.planted.batch.columns[self.export.key]
        self._put(self.export.key, rows, codes.take(others).data)
        self._note(_SAME_NUMBER, "critical", self.export.key, np.sort(drawn))

    def repeat(self, quota: int, rng: np.random.Generator) -> None:
        """Append rows that are told already, in every word."""
        free = self._free(critical=False)
        rows = rng.choice(free, min(quota, len(free)), replace=False)
        if len(rows):
            self.taken[rows] = True
            self._note(_REPEATED, "critical", self.export.key, self._copy(rows, None))

    def _note(self, rule: str, severity: str, column: str, rows: Ints) -> None:
        self.planted.found.append(Found(rule, severity, column, rows))
        if severity == "critical":
            self.planted.counts[rows] = False

    def _free(self, *, critical: bool) -> Ints:
        spared = self.planted.batch.referred if critical else False
        return np.flatnonzero(~self.taken & ~np.asarray(spared))

    def _draw(self, fault: Fault, quota: int, rng: np.random.Generator) -> Ints:
        batch = self.planted.batch
        fit = ~self.taken
        if fault.severity == "critical":
            fit &= ~batch.referred
        for name, condition in fault.when.items():
            fit &= _meets(batch.columns[name], condition)
        rows = np.flatnonzero(fit)
        if fault.alone:
            _, first = np.unique(batch.marks["deputy"][rows], return_index=True)
            rows = rows[np.sort(first)]
        if fault.elsewhere and len(set(batch.county.tolist())) < 2:
            rows = rows[:0]
        if len(rows) < fault.at_least:
            return rows[:0]
        drawn = np.sort(rng.choice(rows, min(quota, len(rows)), replace=False))
        self.taken[drawn] = True
        if fault.alone:
            self.taken |= np.isin(batch.marks["deputy"], batch.marks["deputy"][drawn])
        return drawn

    def _copy(self, rows: Ints, own_number: str | None) -> Ints:
        """Append copies of rows, under numbers of their own or as they are; return where they stand."""
        planted, size = self.planted, len(self.planted.batch)
        index = np.concatenate([np.arange(size), rows])
        referred = planted.batch.referred
        planted.batch = planted.batch.take(index)
        planted.batch.referred = np.concatenate([referred, np.zeros(len(rows), dtype=bool)])
        planted.counts = np.concatenate([planted.counts, np.ones(len(rows), dtype=bool)])
        self.taken = np.concatenate([self.taken, np.ones(len(rows), dtype=bool)])
        copies = np.arange(size, size + len(rows))
        if own_number:
            codes = planted.batch.columns[self.export.key].take(copies).data
            self._put(self.export.key, copies, joined(codes, "-2"))
        return copies

    def _move(self, rows: Ints) -> None:
        """Let rows be another county's of the same file."""
        batch = self.planted.batch
        present = np.unique(batch.county)
        after = present[(np.searchsorted(present, batch.county[rows]) + 1) % len(present)]
        batch.county[rows] = after
        batch.columns["county_code"].data[rows] = after

    def _changed(self, fault: Fault, rows: Ints) -> Iterator[tuple[str, Values]]:
        columns = self.planted.batch.columns
        for name, value in fault.set.items():
            yield name, _with(columns[name], rows, value)
        for name, days in fault.shift.items():
            yield name, _with_days(columns[name], rows, columns[name].data[rows], days)
        for name, (other, days) in fault.after.items():
            yield name, _with_days(columns[name], rows, columns[other].data[rows], days)
        for name, number in fault.add.items():
            data = columns[name].data.copy()
            data[rows] += number
            yield name, replace(columns[name], data=data)
        if fault.unregistered:
            lot = self.planted.batch.lot
            stem = "-".join(filter(None, ("WZ", fault.export[:4].upper(), lot.label, str(lot.part)))) + "-"
            text = columns[fault.unregistered]
            if "station" in self.planted.batch.marks:
                self.planted.batch.marks["station"][rows] = -1
            yield fault.unregistered, _with_texts(text, rows, numbered(stem, rows + 1, 1))

    def _blank(self, name: str, rows: Ints) -> None:
        self.planted.batch.columns[name] = _with(self.planted.batch.columns[name], rows, None)

    def _put(self, name: str, rows: Ints, texts: pa.Array) -> None:
        columns = self.planted.batch.columns
        columns[name] = _with_texts(columns[name], rows, texts)


def _meets(column: Values, condition: Condition) -> Flags:
    if condition == "filled":
        return ~column.blank()
    if condition == "blank":
        return column.blank()
    if condition == "positive":
        return np.asarray(column.data > 0)
    words = replace(column, words=FLAGS) if column.kind == "flag" else column
    return words.is_word(*condition)


def _with(column: Values, rows: Ints, value: int | str | None) -> Values:
    """Return the column with one value in all of these rows."""
    if column.kind == "text":
        return _with_texts(column, rows, pa.array([value] * len(rows), pa.string()))
    data = column.data.copy()
    meant: Any = value
    if value is None:
        meant = {"day": np.datetime64("NaT"), "time": np.datetime64("NaT"), "words": -1, "flag": -1}.get(
            column.kind, NOTHING
        )
    elif isinstance(value, str):
        meant = (FLAGS if column.kind == "flag" else column.words).index(value)
    data[rows] = meant
    return replace(column, data=data)


def _with_days(column: Values, rows: Ints, moments: Any, days: int) -> Values:  # noqa: ANN401 - dates or times
    data = column.data.copy()
    data[rows] = moments + np.timedelta64(days, "D")
    return replace(column, data=data)


def _with_texts(column: Values, rows: Ints, texts: pa.Array) -> Values:
    """Return the text column with these texts in these rows, in their order."""
    mask = np.zeros(len(column.data), dtype=bool)
    mask[rows] = True
    ordered = texts.take(pa.array(np.argsort(rows)))
    return replace(column, data=pc.replace_with_mask(column.data, pa.array(mask), ordered))
