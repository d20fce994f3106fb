"""A batch: the records of one file while they are still arrays, and the lot that says how many of whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from generator.options import Month, Options
from generator.province import Ints, Province
from generator.values import Flags, Values, looked_up, numbered


@dataclass(frozen=True)
class Lot:
    """What one file is to hold: `sizes` records of the counties from number `first` on, of a month or a year.

    `begin` is the serial number that each county's records start from.
    """

    options: Options
    province: Province
    export: str
    first: int
    sizes: Ints
    part: int
    month: Month | None = None
    year: str | None = None

    @property
    def label(self) -> str:
        """The period as file names and record numbers carry it: 202606, 2026, or nothing."""
        return self.month.label.replace("-", "") if self.month else self.year or ""

    @property
    def county(self) -> Ints:
        """The number of each record's county, ascending."""
        return np.repeat(np.arange(self.first, self.first + len(self.sizes)), self.sizes)

    @property
    def serial(self) -> Ints:
        """The number of each record in its county, from 0."""
        return np.arange(int(self.sizes.sum())) - np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)

    @property
    def size(self) -> Ints:
        """How many records the county of each record has."""
        return np.repeat(self.sizes, self.sizes)

    def codes(self, letters: str) -> pa.Array:
        """Return the records' own numbers: letters, county, period, serial."""
        return numbered(self.stems(letters, self.label[2:]), self.serial + 1, 5)

    def stems(self, letters: str, label: str) -> pa.Array:
        """Return what the numbers of each record's county begin with."""
        stems = tuple("-".join(filter(None, (letters, c.code, label))) + "-" for c in self.province.counties)
        return looked_up(self.county, stems)

    def townships(self, place: Ints) -> pa.Array:
        """Return the names of the townships at these places of each record's county; -1 is none."""
        counties = self.province.counties
        listed = tuple(name for county in counties for name in county.township_names)
        return looked_up(np.where(place < 0, -1, self.province.first_township[self.county] + place), listed)

    def days(self, rng: np.random.Generator) -> np.ndarray:
        """Draw a day of the lot's month for each record."""
        if self.month is None:
            raise ValueError("a lot without a month has no days")
        return np.datetime64(self.month.start) + rng.integers(0, self.month.days, len(self.county))


@dataclass
class Batch:
    """Records as columns by name; `referred` tells those that other exports name.

    `marks` are numbers that no file has: `county`, and where it matters `deputy`, `station` (its place in the county)
    and `township` (its place in the county), -1 for none.
    """

    lot: Lot
    columns: dict[str, Values]
    marks: dict[str, Ints]
    referred: Flags

    @property
    def county(self) -> Ints:
        """The number of each record's county."""
        return self.marks["county"]

    def take(self, rows: Ints) -> Batch:
        """Return these rows."""
        return Batch(
            self.lot,
            {name: column.take(rows) for name, column in self.columns.items()},
            {name: mark[rows] for name, mark in self.marks.items()},
            self.referred[rows],
        )

    def __len__(self) -> int:
        return len(self.referred)


def batch(lot: Lot, **columns: Values) -> Batch:
    """Return a batch that nothing refers to."""
    county = lot.county
    return Batch(lot, columns, {"county": county}, np.zeros(len(county), dtype=bool))
