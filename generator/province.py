"""The units that report: counties spread over the prefectures, their townships, their stations."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog import OrgTree

Ints = NDArray[np.int64]
# Of every ten stations of a county, the eight first are in use; records refer to no others.
STATIONS_IN_USE = 8
_CYCLE = 10
# Stations of a county that are legislative contact points: the first of every cycle.
CONTACT_POINT = 0
_FEWEST_STATIONS = 12


@dataclass(frozen=True)
class County:
    """A county: `place` is its number among the chosen ones of its prefecture, of which there are `neighbours`."""

    code: str
    name: str
    old_name: str | None
    prefecture: str
    prefecture_name: str
    place: int
    neighbours: int
    township_codes: tuple[str, ...]
    township_names: tuple[str, ...]


@dataclass(frozen=True)
class Province:
    """The chosen counties by code, and how many stations each has."""

    code: str
    counties: tuple[County, ...]
    stations: Ints

    @property
    def first_township(self) -> Ints:
        """The number of each county's first township, counted through the province; at the end, how many there are."""
        return np.cumsum([0, *(len(county.township_codes) for county in self.counties)])

    @property
    def units(self) -> tuple[tuple[str, County], ...]:
        """The code of every county and, behind them, of every township, each with its county."""
        townships = ((code, county) for county in self.counties for code in county.township_codes)
        return (*((county.code, county) for county in self.counties), *townships)

    @property
    def prefectures(self) -> tuple[str, ...]:
        """The prefectures of the chosen counties."""
        return tuple(sorted({county.prefecture for county in self.counties}))


def choose(tree: OrgTree, number: int, stations: int) -> Province:
    """Choose `number` counties, one of each prefecture in turn, and spread `stations` over them (12 each at least)."""
    queues = [[county.code for county in tree.children(prefecture.code)] for prefecture in tree.at_level("prefecture")]
    turns = [queue[turn] for turn in range(max(map(len, queues))) for queue in queues if turn < len(queue)]
    chosen = sorted(turns[:number])
    old = {tree.history.series(org.code): org.name for org in tree.entries() if org.valid_to and org.level == "county"}
    counties = tuple(_county(tree, code, chosen, old.get(code)) for code in chosen)
    each = max(_FEWEST_STATIONS, stations // number)
    return Province(tree.at_level("province")[0].code, counties, np.full(number, each, dtype=np.int64))


def _county(tree: OrgTree, code: str, chosen: list[str], old_name: str | None) -> County:
    prefecture = tree.ancestor(code, "prefecture")
    if prefecture is None:
        raise ValueError(f"{code} lies in no prefecture")
    beside = [other for other in chosen if tree.ancestor(other, "prefecture") == prefecture]
    townships = tree.children(code)
    return County(
        code=code,
        name=tree[code].name,
        old_name=old_name,
        prefecture=prefecture.code,
        prefecture_name=prefecture.name,
        place=beside.index(code),
        neighbours=len(beside),
        township_codes=tuple(township.code for township in townships),
        township_names=tuple(township.name for township in townships),
    )


def in_use(stations: Ints) -> Ints:
    """Return how many stations are in use where there are so many."""
    whole, rest = np.divmod(stations, _CYCLE)
    return np.asarray(whole * STATIONS_IN_USE + np.minimum(rest, STATIONS_IN_USE))


def station_in_use(number: Ints) -> Ints:
    """Return the place (from 0) in its county of the station in use of that number.

    >>> station_in_use(np.array([0, 7, 8, 9])).tolist()
    [0, 7, 10, 11]
    """
    return np.asarray(number // STATIONS_IN_USE * _CYCLE + number % STATIONS_IN_USE)


def contact_point(number: Ints) -> Ints:
    """Return the place in its county of the legislative contact point of that number."""
    return np.asarray(number * _CYCLE + CONTACT_POINT)


def contact_points(stations: Ints) -> Ints:
    """Return how many legislative contact points are in use where there are so many stations."""
    return np.asarray((stations + _CYCLE - 1) // _CYCLE)


def stream(seed: int, *names: object) -> np.random.Generator:
    """Return the random numbers of one purpose: the same seed and names give the same numbers."""
    return np.random.Generator(np.random.PCG64([seed, *(zlib.crc32(str(name).encode()) for name in names)]))
