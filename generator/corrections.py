"""Records that come again with other content: the later file's content stands.

A case or a count that was not final when it was first exported; nothing about it is a fault.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from generator.batches import Batch
from generator.plant import Planted
from generator.values import NOTHING

# What the later file has more of, in units or hundredths.
_GROWS = {
    "station_visit": ("people_received", 1),
    "performance": ("points", 50),
    "training": ("attendees", 5),
    "inspection": ("participants", 2),
    "legislative_opinion": ("opinions", 1),
    "activity": ("participants", 3),
    "fund_project": ("amount_wan", 125),
}
_NOT_CLOSED_YET = "case"


def correct(planted: Planted, share: float, rng: np.random.Generator) -> Batch | None:
    """Return about `share` of the records as a later file has them; of the first file they count no more.

    Cases lose their end in the first file: it comes with the later one. None where nothing is to come again.
    """
    batch = planted.batch
    export = batch.lot.export
    free = planted.counts & ~planted.touched
    if export == _NOT_CLOSED_YET:
        free &= ~batch.columns["closed_at"].blank()
    elif export not in _GROWS:
        return None
    rows = np.sort(rng.permutation(np.flatnonzero(free))[: int(free.sum() * share + rng.random())])
    if not share or not len(rows):
        return None
    later = batch.take(rows)
    if export in _GROWS:
        name, more = _GROWS[export]
        column = later.columns[name]
        data = column.data
        later.columns[name] = replace(column, data=np.where(data == NOTHING, data, data + more))
    else:
        for name, nothing in (("closed_at", np.datetime64("NaT")), ("grade", -1)):
            batch.columns[name].data[rows] = nothing
    planted.replaced[rows] = True
    return later
