"""Deputies' performance (代表履职积分): people who act many times, and here and there."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.batches import Batch, Lot, batch
from generator.province import Ints, stream
from generator.stations import slots_step
from generator.values import Values, looked_up, numbered, words
from generator.vocabulary import LEVELS, names

_KINDS = (
    "出席会议",
    "进站",
    "视察",
    "调研",
    "执法检查",
    "提建议",
    "述职",
    "联系群众",
    "学习培训",
    "办实事",
    "其他",
)
_ACCOUNT, _MEETING_PEOPLE = _KINDS.index("述职"), _KINDS.index("联系群众")
# Hundredths of a point by kind of action.
_POINTS = np.array([500, 200, 300, 300, 300, 450, 1000, 250, 150, 600, 50])
# Of a county's deputies so many are deputies of the prefecture, who act in another county of it each month.
_VISITING = 6
_LOCAL = 60
_TELLING = 2
_MOST_DEPUTIES = 1_000_000


def performance(lot: Lot) -> Batch:
    """Make a month's scored actions: no deputy scores twice for one kind of action on a day.

    Deputies of a prefecture act in one county a month and in the next one the month after, so that the people of its
    counties do not add up to the people of the prefecture.
    """
    rng = stream(lot.options.seed, "performance", lot.label, lot.part)
    county, n = lot.county, len(lot.county)
    if lot.month is None:
        raise ValueError("performance is made by months")
    days = lot.month.days
    deputies = _VISITING + np.maximum(_LOCAL, -(-lot.size // 60))
    slots = deputies * days * len(_KINDS)
    taken = (lot.serial * slots_step(slots) + int(rng.integers(0, 1000))) % slots
    deputy = taken % deputies
    kind = taken // deputies % len(_KINDS)
    day = taken // (deputies * len(_KINDS))
    # In every county and month two visiting deputies give an account, on the first day.
    told = lot.serial < _TELLING
    free = (deputy < _TELLING) & (kind == _ACCOUNT) & (day == 0)
    deputy = np.where(told, lot.serial, deputy)
    kind = np.where(told, _ACCOUNT, np.where(free, _MEETING_PEOPLE, kind))
    day = np.where(told, 0, day)
    moved = _moved(lot, deputy)
    visiting = deputy < _VISITING
    codes = pc.if_else(
        visiting, numbered(_prefectures(lot), moved + 1, 4), numbered(lot.stems("DB", ""), deputy - _VISITING + 1, 4)
    )
    prefecture = np.array([int(c.prefecture) for c in lot.province.counties])[county]
    made = batch(
        lot,
        performance_code=Values("text", lot.codes("LZ")),
        deputy_code=Values("text", codes),
        deputy_name=Values("text", names(np.where(visiting, moved * 11 + prefecture, deputy * 7 + county) % 16_000)),
        deputy_level=words(np.where(visiting, 2, 3 + deputy % 2), LEVELS),
        county_code=words(county, tuple(c.name for c in lot.province.counties)),
        acted_on=Values("day", np.datetime64(lot.month.start) + day),
        action_kind=words(kind, _KINDS),
        points=Values("amount", _POINTS[kind] + 50 * rng.integers(0, 4, n)),
    )
    place = np.where(visiting, prefecture, county)
    made.marks["deputy"] = np.where(visiting, -1, 1) * (place * _MOST_DEPUTIES + np.where(visiting, moved, deputy) + 1)
    return made


def _moved(lot: Lot, deputy: Ints) -> Ints:
    """Return the visiting deputies' numbers in their prefecture: the county's turn moves on with the month."""
    counties, month = lot.province.counties, lot.month
    turn = 0 if month is None else lot.options.span.index(month)
    place = np.array([c.place for c in counties])[lot.county]
    beside = np.array([c.neighbours for c in counties])[lot.county]
    return np.asarray(deputy * beside + (place + turn) % beside)


def _prefectures(lot: Lot) -> pa.Array:
    return looked_up(lot.county, tuple(f"DB-{county.prefecture}-" for county in lot.province.counties))
