"""What is counted by the event: trainings, supervision, awards, activities of the programme."""

from __future__ import annotations

import numpy as np

from generator.batches import Batch, Lot, batch
from generator.province import stream
from generator.values import NOTHING, Values, joined, looked_up, words
from generator.vocabulary import LEVELS, TOPICS

_ORGANISERS = ("县人大常委会", "乡镇人大", "市人大常委会")
_INSPECTIONS = ("调研", "视察", "执法检查", "专题询问", "工作评议", "专项监督", "庭审旁听", "预算预警")
_BUDGET = 7
_AWARDS = ("表彰", "典型案例")


def trainings(lot: Lot) -> Batch:
    """Make a month's courses."""
    rng = stream(lot.options.seed, "training", lot.label, lot.part)
    n = len(lot.county)
    return batch(
        lot,
        training_code=Values("text", lot.codes("PX")),
        county_code=words(lot.county, tuple(c.name for c in lot.province.counties)),
        organiser=words(rng.integers(0, len(_ORGANISERS), n), _ORGANISERS),
        held_on=Values("day", lot.days(rng)),
        topic=words(rng.integers(0, len(TOPICS), n), TOPICS),
        sessions=Values("count", rng.integers(1, 4, n)),
        attendees=Values("count", rng.integers(10, 150, n)),
    )


def inspections(lot: Lot) -> Batch:
    """Make a month's supervision; a warning of the budget system has no participants, everything else has."""
    rng = stream(lot.options.seed, "inspection", lot.label, lot.part)
    n = len(lot.county)
    kind = rng.integers(0, len(_INSPECTIONS), n)
    found = rng.integers(0, 9, n)
    settled = np.where(rng.random(n) < 0.8, rng.integers(0, 9, n) % (found + 1), NOTHING)
    return batch(
        lot,
        inspection_code=Values("text", lot.codes("JD")),
        county_code=words(lot.county, tuple(c.name for c in lot.province.counties)),
        inspection_kind=words(kind, _INSPECTIONS),
        topic=words(rng.integers(0, len(TOPICS), n), TOPICS),
        held_on=Values("day", lot.days(rng)),
        participants=Values("count", np.where(kind == _BUDGET, 0, rng.integers(3, 60, n))),
        problems_found=Values("count", found),
        problems_settled=Values("count", settled),
    )


def awards(lot: Lot) -> Batch:
    """Make a month's awards and model cases; only awards have people."""
    rng = stream(lot.options.seed, "award", lot.label, lot.part)
    n = len(lot.county)
    kind = (rng.random(n) < 0.4).astype(np.int64)
    title = joined(looked_up(rng.integers(0, len(TOPICS), n), TOPICS), looked_up(kind, ("先进代表", "典型案例")))
    return batch(
        lot,
        award_code=Values("text", lot.codes("BZ")),
        county_code=words(lot.county, tuple(c.name for c in lot.province.counties)),
        awarded_on=Values("day", lot.days(rng)),
        award_kind=words(kind, _AWARDS),
        award_level=words(rng.integers(0, len(LEVELS), n), LEVELS),
        title=Values("text", title),
        people=Values("count", np.where(kind == 0, rng.integers(1, 20, n), NOTHING)),
    )


def activities(lot: Lot) -> Batch:
    """Make a month's activities of the programme."""
    rng = stream(lot.options.seed, "activity", lot.label, lot.part)
    n = len(lot.county)
    return batch(
        lot,
        activity_code=Values("text", lot.codes("HD")),
        county_code=words(lot.county, tuple(c.name for c in lot.province.counties)),
        activity_level=words(rng.integers(0, 4, n), LEVELS[1:]),
        theme=words(rng.integers(0, len(TOPICS), n), TOPICS),
        held_on=Values("day", lot.days(rng)),
        participants=Values("count", rng.integers(3, 120, n)),
        suggestions_made=Values("count", rng.integers(0, 15, n)),
        matters_settled=Values("count", rng.integers(0, 8, n)),
    )
