"""Livelihood projects (民生实事项目票决制): 征集—票决—监督—测评."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from generator.batches import Batch, Lot, batch
from generator.province import Ints, stream
from generator.values import NOTHING, Flags, Values, joined, looked_up, numbered, words
from generator.vocabulary import MATTERS

_STAGES = ("征集", "候选", "票决", "实施", "完成", "测评")
_COLLECTED, _CANDIDATE, _VOTED, _UNDER_WAY, _FINISHED, _GRADED = range(6)
# A vote has about so many projects, so that those present can tell them apart.
_PER_VOTE = 12


def livelihood_projects(lot: Lot) -> Batch:
    """Make a year's projects: a county and each of its townships vote apart, on more candidates than there are places.

    All projects voted on have the same number of votes; those chosen have the most votes for. 不满意 ahead leads to a
    回头看.
    """
    rng = stream(lot.options.seed, "livelihood_project", lot.label, lot.part)
    county, serial, size = lot.county, lot.serial, lot.size
    townships = np.array([len(c.township_codes) for c in lot.province.counties])[county]
    ballots = np.clip(size // _PER_VOTE, 1, townships + 1)
    ballot, rank = serial % ballots, serial // ballots
    held = (size - ballot + ballots - 1) // ballots
    voted, chosen, stage = _outcome(rng, rank, held)
    present = 60 + ballot * 3 + 2 * held
    votes_for = present - 5 - rank
    against = (present - votes_for) // 2
    graded = stage == _GRADED
    asked = rng.integers(60, 120, len(county))
    dissatisfied = np.where(rng.random(len(county)) < 0.15, asked * 6 // 10, asked // 20)
    content = (asked - dissatisfied) * 3 // 4
    progress = np.where(stage == _UNDER_WAY, rng.integers(5, 95, len(county)) * 100, NOTHING)
    progress = np.where(stage >= _FINISHED, 10_000, progress)
    made = batch(
        lot,
        project_code=Values("text", lot.codes("MS")),
        year=words(np.zeros(len(county)), (lot.year or "",)),
        county_code=words(county, tuple(c.name for c in lot.province.counties)),
        township_code=Values("text", lot.townships(ballot - 1)),
        project_name=Values("text", _names(rng, serial)),
        stage=words(stage, _STAGES),
        votes_for=_only(voted, votes_for),
        votes_against=_only(voted, against),
        votes_abstain=_only(voted, present - votes_for - against),
        is_chosen=Values("flag", np.where(voted, chosen.astype(np.int64), -1)),
        progress=Values("amount", progress),
        investment_wan=Values("amount", np.where(voted, rng.integers(500, 80_000, len(county)), NOTHING)),
        votes_satisfied=_only(graded, content),
        votes_largely_satisfied=_only(graded, asked - dissatisfied - content),
        votes_dissatisfied=_only(graded, dissatisfied),
        is_looked_back=Values("flag", np.where(graded, dissatisfied * 2 > asked, -1).astype(np.int64)),
    )
    made.marks["township"] = ballot - 1
    return made


def _outcome(rng: np.random.Generator, rank: Ints, held: Ints) -> tuple[Flags, Flags, Ints]:
    """Return who is voted on (three quarters), who of them is chosen (the first half), and the stage."""
    n_voted = np.maximum(held * 3 // 4, 2)
    voted = (rank < n_voted) & (held > 1)
    chosen = voted & (rank < np.maximum(n_voted // 2, 1))
    stage = np.where(rank % 2 == 0, _COLLECTED, _CANDIDATE)
    stage = np.where(voted, _VOTED, stage)
    stage = np.where(chosen, rng.integers(_UNDER_WAY, _GRADED + 1, len(rank)), stage)
    return voted, chosen, stage


def _only(rows: Flags, numbers: Ints) -> Values:
    return Values("count", np.where(rows, numbers, NOTHING))


def _names(rng: np.random.Generator, serial: Ints) -> pa.Array:
    return joined(
        looked_up(rng.integers(0, len(MATTERS), len(serial)), MATTERS), "（第", numbered("", serial + 1, 1), "号）"
    )
