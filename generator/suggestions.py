"""Deputies' suggestions (代表建议: 提、审、交、办、督、用) and the fund that pays for them (专项资金)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.batches import Batch, Lot, batch
from generator.province import Ints, stream
from generator.values import NOTHING, Values, joined, later, looked_up, numbered, words
from generator.vocabulary import CATEGORIES, DEPARTMENTS, LEVELS, MATTERS, names

_RESULTS = ("A", "B", "C", "D")
_GRADES = ("满意", "基本满意", "不满意")
_SESSIONS = ("十四届三次", "十四届四次", "闭会期间")
# Of every so many suggestions of a county and month the first may be named by fund projects.
_REFERRED = 3
_BUNDLE = 4


def suggestions(lot: Lot) -> Batch:
    """Make the suggestions filed in a month; steps that would come after the span are not there yet."""
    rng = stream(lot.options.seed, "suggestion", lot.label, lot.part)
    county, serial, n = lot.county, lot.serial, len(lot.county)
    filed = lot.days(rng).astype("datetime64[D]")
    end = (np.datetime64(lot.options.until) + 1).astype("datetime64[D]")
    reviewed = later(rng, filed, 5, 0.97, end)
    assigned = later(rng, reviewed, 10, 0.97, end)
    answered = later(rng, assigned, 80, 0.95, end)
    key = rng.random(n) < 0.1
    supervised = np.where(key, later(rng, assigned, 1, 1, end), np.datetime64("NaT"))
    supervised = np.where(np.isnat(answered), supervised, np.where(key, answered, supervised))
    applied = later(rng, answered, 20, 0.4, end)
    done = ~np.isnat(answered)
    graded = done & (rng.random(n) < 0.9)
    result = rng.choice(len(_RESULTS), n, p=(0.55, 0.25, 0.15, 0.05))
    made = batch(
        lot,
        suggestion_code=Values("text", lot.codes("JY")),
        session=words(rng.integers(0, len(_SESSIONS), n), _SESSIONS),
        title=Values("text", joined("关于", looked_up(rng.integers(0, len(MATTERS), n), MATTERS), "的建议")),
        category=words(rng.integers(0, len(CATEGORIES), n), CATEGORIES),
        deputy_key=Values("text", names((serial * 31 + county) % 16_000)),
        deputy_level=words(1 + serial % 4, LEVELS),
        county_code=words(county, tuple(c.name for c in lot.province.counties)),
        department=words(np.where(np.isnat(assigned), -1, rng.integers(0, len(DEPARTMENTS), n)), DEPARTMENTS),
        filed_on=Values("day", filed),
        reviewed_on=Values("day", reviewed),
        assigned_on=Values("day", assigned),
        answered_on=Values("day", answered),
        supervised_on=Values("day", supervised),
        applied_on=Values("day", applied),
        result=words(np.where(done, result, -1), _RESULTS),
        deputy_grade=words(np.where(graded, rng.choice(3, n, p=(0.75, 0.2, 0.05)), -1), _GRADES),
        is_key=Values("flag", key.astype(np.int64)),
        bundle_code=Values("text", _bundles(lot)),
    )
    made.referred = serial % _REFERRED == 0
    return made


def _bundles(lot: Lot) -> pa.Array:
    """Bundle the first suggestions of each twenty by fours, where there are four."""
    serial = lot.serial
    whole = serial // _BUNDLE * _BUNDLE + _BUNDLE <= lot.size
    bundled = (serial % 20 < _BUNDLE) & whole
    codes = numbered(lot.stems("DB", lot.label[2:]), serial // _BUNDLE + 1, 4)
    return pc.if_else(pa.array(bundled), codes, None)


def fund_projects(lot: Lot, filed: Ints) -> Batch:
    """Make a year's fund projects; `filed` is how many suggestions each county filed in each month of that year."""
    rng = stream(lot.options.seed, "fund_project", lot.label, lot.part)
    county, n = lot.county, len(lot.county)
    months = tuple(month for month in lot.options.span if month.year == lot.year)
    month = rng.integers(0, len(months), n)
    referable = (filed[county, month] + _REFERRED - 1) // _REFERRED
    serial = rng.integers(0, 1 << 30, n) % referable * _REFERRED
    stems = tuple(f"JY-{c.code}-{m.label[2:].replace('-', '')}-" for c in lot.province.counties for m in months)
    reached = np.where(rng.random(n) < 0.9, rng.integers(20, 5000, n), NOTHING)
    return batch(
        lot,
        fund_project_code=Values("text", lot.codes("ZJ")),
        suggestion_code=Values("text", numbered(looked_up(county * len(months) + month, stems), serial + 1, 5)),
        county_code=words(county, tuple(c.name for c in lot.province.counties)),
        year=words(np.zeros(n), (lot.year or "",)),
        project_name=words(rng.integers(0, len(MATTERS), n), MATTERS),
        amount_wan=Values("amount", rng.integers(100, 30_000, n)),
        beneficiaries=Values("count", reached),
    )
