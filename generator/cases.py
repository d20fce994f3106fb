"""Cases of the closed loop (群众工单): 群众扫码、代表接单、部门办单、人大评单."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.batches import Batch, Lot, batch
from generator.province import in_use, station_in_use, stream
from generator.stations import station_codes
from generator.values import Values, joined, later, looked_up, numbered, words
from generator.vocabulary import CATEGORIES, DEPARTMENTS, MATTERS, names

_CHANNELS = ("扫码", "来站", "走访", "12345", "网上", "其他")
_AT_A_STATION = 3
_HOTLINE = 3
_HOUR = 3600
_KINDS = ("意见建议", "矛盾纠纷", "实际问题")
_GRADES = ("满意", "基本满意", "不满意")
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
# Every so many cases the citizen's text has two lines, so that lines of a csv are not records.
_TWO_LINES = 97


def cases(lot: Lot) -> Batch:
    """Make the cases opened in a month; each step comes hours or days after the one before, or not within the span."""
    rng = stream(lot.options.seed, "case", lot.label, lot.part)
    county, n = lot.county, len(lot.county)
    channel = rng.choice(len(_CHANNELS), n, p=(0.4, 0.2, 0.15, 0.12, 0.1, 0.03))
    active = in_use(lot.province.stations)[county]
    place = station_in_use(rng.integers(0, 1 << 30, n) % active)
    station = station_codes(lot, place).data
    opened = lot.days(rng).astype("datetime64[s]") + rng.integers(8 * 3600, 20 * 3600, n)
    end = (np.datetime64(lot.options.until) + 1).astype("datetime64[s]")
    accepted = later(rng, opened, 48 * _HOUR, 0.95, end)
    assigned = later(rng, accepted, 72 * _HOUR, 0.95, end)
    closed = later(rng, assigned, 24 * 35 * _HOUR, 0.93, end)
    graded = ~np.isnat(closed) & (rng.random(n) < 0.8)
    hotline = joined("RX-", lot.stems("", lot.label[2:]), numbered("", lot.serial + 1, 5))
    made = batch(
        lot,
        case_code=Values("text", lot.codes("GD")),
        station_code=Values("text", pc.if_else(pa.array(channel < _AT_A_STATION), station, None)),
        county_code=words(county, tuple(c.name for c in lot.province.counties)),
        channel=words(channel, _CHANNELS),
        category=words(rng.integers(0, len(CATEGORIES), n), CATEGORIES),
        case_kind=words(rng.choice(len(_KINDS), n, p=(0.6, 0.15, 0.25)), _KINDS),
        **_personal(lot, rng),
        opened_at=Values("time", opened),
        accepted_at=Values("time", accepted),
        assigned_at=Values("time", assigned),
        closed_at=Values("time", closed),
        grade=words(np.where(graded, rng.choice(len(_GRADES), n, p=(0.7, 0.25, 0.05)), -1), _GRADES),
        hotline_code=Values("text", pc.if_else(pa.array(channel == _HOTLINE), hotline, None)),
        department=words(np.where(np.isnat(assigned), -1, rng.integers(0, len(DEPARTMENTS), n)), DEPARTMENTS),
    )
    made.marks["station"] = np.where(channel < _AT_A_STATION, place, -1)
    return made


def _personal(lot: Lot, rng: np.random.Generator) -> dict[str, Values]:
    """Invent citizens: 199-0000 numbers, births on 1900-02-20, names with 示."""
    serial = lot.serial
    matter = looked_up(rng.integers(0, len(MATTERS), len(serial)), MATTERS)
    breaks = looked_up(np.where(serial % _TWO_LINES == 13, 1, 0), ("", "\n另请回电话说明。"))
    return {
        "citizen_name": Values("text", names(serial * 7 % 16_000)),
        "citizen_phone": Values("text", numbered("1990000", serial % 10_000, 4)),
        "citizen_id": Values("text", _identity_numbers(lot)),
        "content": Values("text", joined("反映", matter, "的事，望早日办理。", breaks)),
    }


def _identity_numbers(lot: Lot) -> pa.Array:
    """Return identity numbers with the right check digit."""
    codes = np.array([[int(digit) for digit in county.code] for county in lot.province.counties])[lot.county]
    serial = lot.serial % 1000
    number = np.hstack(
        [
            codes,
            np.tile([1, 9, 0, 0, 0, 2, 2, 0], (len(serial), 1)),
            np.stack([serial // 100, serial // 10 % 10, serial % 10], axis=1),
        ]
    )
    check = looked_up((number @ _WEIGHTS) % 11, tuple("10X98765432"))
    front = looked_up(lot.county, tuple(f"{county.code}19000220" for county in lot.province.counties))
    return joined(front, numbered("", serial, 3), check)
