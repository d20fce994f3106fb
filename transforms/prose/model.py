"""What reading a prose report yields: figures with their place in the text, and what was dropped and why.

Refuses to store: a `phrase` quotes the text, and with it perhaps a name; `transforms.prose.frames` masks what goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from catalog.models import Level

Basis = Literal["period", "year_to_date", "since_start", "multi_year", "as_of", "unstated"]
Qualifier = Literal["exact", "at_least", "at_most", "about"]
OTHER = "other"


@dataclass(frozen=True)
class Place:
    """The unit that a figure is of, by the name that the report gives it.

    `code` and `level` are None for a unit outside the organisation tree (another province's, a station). `inclusive`
    says that the report counts the unit with all below it (全市各级).
    """

    name: str
    code: str | None = None
    level: Level | None = None
    inclusive: bool = False


@dataclass(frozen=True)
class Timespan:
    """The time that a figure counts, first and last day included; an unknown end is None.

    `basis`: period (in it), year_to_date (since 1 January), since_start (since the programme began), multi_year
    (五年来), as_of (a stock at `end`) or unstated. `label` is `2026-06`, `2026-Q2`, `2026`, else an ISO 8601 interval
    `2021-11-01/2026-06-12` (`..` for an open end), None where nothing is known. `phrase` is what the report says.
    """

    start: date | None = None
    end: date | None = None
    basis: Basis = "unstated"
    label: str | None = None
    phrase: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure (统计数) that the text states, from character `start` up to, not including, `end` of the text.

    `value` lies in the interval from `low` to `high`, whose ends belong to it unless `low_open` or `high_open` says
    otherwise; all are in `unit`. `indicator_code` is `other` where the lexicon knows none. `phrase` is the stretch of
    text that made the reading, `number` where the number itself stands, with qualifier and unit. `is_breakdown` marks
    one of several kinds or parts (其中县代表75名; 执法检查5次、专题询问2次): no figure of its indicator for the unit as
    a whole.
    """

    start: int
    end: int
    phrase: str = field(repr=False)
    number: tuple[int, int]
    place: Place
    indicator_code: str
    value: float
    low: float
    high: float
    low_open: bool
    high_open: bool
    qualifier: Qualifier
    unit: str
    period: Timespan
    is_breakdown: bool = False


@dataclass(frozen=True)
class Dropped:
    """A number that is no statistic: where it stands, its wording, and why (`reason` for programs, `reason_zh`)."""

    start: int
    end: int
    text: str = field(repr=False)
    reason: str
    reason_zh: str


@dataclass(frozen=True)
class Extraction:
    """All that was read from one report; `place` and `period` are those of the report as a whole.

    `figures` and `dropped` are in the order of the text.
    """

    title: str = field(repr=False)
    place: Place | None
    period: Timespan
    published_on: date | None
    figures: tuple[Figure, ...]
    dropped: tuple[Dropped, ...]
