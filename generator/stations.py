"""Stations (联络站台账), duty visits to them (进站履职), opinions on drafts given at contact points (立法意见)."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa

from generator.batches import Batch, Lot, batch
from generator.province import (
    STATIONS_IN_USE,
    Ints,
    contact_point,
    contact_points,
    in_use,
    station_in_use,
    stream,
)
from generator.values import NOTHING, Values, joined, looked_up, numbered, words
from generator.vocabulary import DRAFTS, LEVELS, names

_KINDS = ("联络站", "联络室", "联络点", "网上联络站", "立法联系点")
# The kinds of every ten stations of a county.
_CYCLE = np.array([4, 0, 1, 2, 0, 3, 1, 0, 0, 2])
_CHANGING = 9
_EIGHT = (
    "has_premises",
    "has_equipment",
    "has_staff",
    "has_rules",
    "has_plan",
    "has_activities",
    "has_records",
    "has_safeguards",
)
_WAYS = ("轮流坐班", "集中接待", "走访", "预约接待")
_PRIME = 1_000_003


def station_codes(lot: Lot, place: Ints) -> Values:
    """Return the codes of the stations at these places of the records' counties."""
    return Values("text", numbered(lot.stems("ZD", ""), place + 1, 4))


def stations(lot: Lot) -> Batch:
    """Make the register: most stations stood before the span began, some open in it and some of these close again."""
    rng = stream(lot.options.seed, "station", lot.part)
    county, place = lot.county, lot.serial
    kind = _CYCLE[place % 10]
    turn = place % 10
    start, end = np.datetime64(lot.options.span[0].start), np.datetime64(lot.options.until) + 1
    span = int((end.astype("datetime64[D]") - start).astype(int))
    before = start - rng.integers(30, 2000, len(place))
    inside = start + rng.integers(0, span, len(place))
    opened = np.where(turn == _CHANGING, inside, before)
    last = end.astype("datetime64[D]") - 1
    closes = (turn == _CHANGING) & (rng.random(len(place)) < 0.4) & (opened < last)
    closed = np.where(closes, opened + rng.integers(1, span + 1, len(place)), np.datetime64("NaT"))
    closed = np.where(closed > last, np.datetime64("NaT"), closed)
    model = (kind == 0) & (rng.random(len(place)) < 0.3)
    made = batch(
        lot,
        station_code=station_codes(lot, place),
        station_name=Values("text", _names(lot, place, kind)),
        station_kind=words(kind, _KINDS),
        county_code=words(county, tuple(c.name for c in lot.province.counties)),
        township_code=Values("text", _townships(lot, place)),
        is_model=Values("flag", model.astype(np.int64)),
        stars=words(np.where(kind == 0, rng.integers(-1, 5, len(place)), -1), ("1", "2", "3", "4", "5")),
        opened_on=Values("day", opened),
        closed_on=Values("day", closed),
        **{name: Values("flag", (model | (rng.random(len(place)) < 0.9)).astype(np.int64)) for name in _EIGHT},
    )
    made.referred = turn < STATIONS_IN_USE
    made.marks |= {"station": place, "township": _township(lot, place)}
    return made


def _townships(lot: Lot, place: Ints) -> pa.Array:
    """Return the townships of the stations at these places: the county's townships in turn."""
    return lot.townships(_township(lot, place))


def _township(lot: Lot, place: Ints) -> Ints:
    return np.asarray(place % np.array([len(c.township_codes) for c in lot.province.counties])[lot.county])


def _names(lot: Lot, place: Ints, kind: Ints) -> pa.Array:
    return joined(_townships(lot, place), looked_up(kind, _KINDS), numbered("", place + 1, 2), "号")


def visits(lot: Lot) -> Batch:
    """Make a month's visits: no deputy is at one station twice on a day."""
    rng = stream(lot.options.seed, "station_visit", lot.label, lot.part)
    county, size = lot.county, lot.size
    active = in_use(lot.province.stations)[county]
    days = lot.month.days if lot.month else 1
    # Each place among (station, day, deputy) is taken at most once: a step that shares no factor visits all of them.
    deputies = np.maximum(40, -(-size // (active * days)) + 1)
    slots = active * days * deputies
    taken = (lot.serial * slots_step(slots) + int(rng.integers(0, 1000))) % slots
    station = station_in_use(taken % active)
    day = taken // active % days
    deputy = (taken // (active * days) + station * 7) % 16_000
    people = rng.integers(0, 40, len(county)) + rng.integers(0, 8, len(county))
    made = batch(
        lot,
        visit_code=Values("text", lot.codes("JZ")),
        station_code=station_codes(lot, station),
        station_name=Values("text", _names(lot, station, _CYCLE[station % 10])),
        county_code=words(county, tuple(c.name for c in lot.province.counties)),
        deputy_key=Values("text", names(deputy)),
        deputy_level=words(1 + (deputy * 13 + station) % 4, LEVELS),
        visited_on=Values("day", np.datetime64(lot.month.start if lot.month else "NaT") + day),
        visit_kind=words(rng.integers(0, len(_WAYS), len(county)), _WAYS),
        people_received=Values("count", people),
        opinions_taken=Values("count", np.minimum(people, rng.integers(0, 6, len(county)))),
    )
    made.marks["station"] = station
    return made


def slots_step(slots: Ints) -> Ints:
    """Return steps that visit each of so many slots once before any is visited again."""
    known = {int(size): next(p for p in (_PRIME, 999_983, 7919) if math.gcd(p, int(size)) == 1) for size in set(slots)}
    sizes = np.array(sorted(known))
    return np.array([known[int(size)] for size in sizes])[np.searchsorted(sizes, slots)]


def legislative_opinions(lot: Lot) -> Batch:
    """Make a month's opinions on draft regulations, given at the county's contact points."""
    rng = stream(lot.options.seed, "legislative_opinion", lot.label, lot.part)
    county = lot.county
    points = contact_points(lot.province.stations)[county]
    given = rng.integers(1, 12, len(county))
    adopted = np.where(rng.random(len(county)) < 0.7, rng.integers(0, 12, len(county)) % (given + 1), NOTHING)
    place = contact_point(rng.integers(0, 1 << 30, len(county)) % points)
    made = batch(
        lot,
        opinion_code=Values("text", lot.codes("LF")),
        contact_point_code=station_codes(lot, place),
        county_code=words(county, tuple(c.name for c in lot.province.counties)),
        draft_name=words(rng.integers(0, len(DRAFTS), len(county)), DRAFTS),
        given_on=Values("day", lot.days(rng)),
        opinions=Values("count", given),
        adopted=Values("count", adopted),
    )
    made.marks["station"] = place
    return made
