"""The shapes of the catalog's facts: frozen, closed pydantic models.

Refuses keys it does not know, and names that could not be an SQL identifier: loaders and roll-ups build statements
from these names, so the check here is what makes that safe.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
OrgCode = Annotated[str, StringConstraints(pattern=r"^\d{6}(\d{3})?$")]
Level = Literal["province", "prefecture", "county", "township"]
# What became of a unit: 更名, 撤县设市（区）, 划转, 合并设立, 并入, 析置.
Change = Literal["renamed", "upgraded", "moved", "merged", "absorbed", "split"]
Grain = Literal["month", "quarter", "year"]
# The dataset of the reports that are no table (文字报告); forms and exports are named by their files.
PROSE = "prose"


Weight = Annotated[Decimal, Field(gt=0, lt=1, decimal_places=4)]
_SUCCESSORS: dict[Change | None, tuple[list[str], ...]] = {
    "split": (["successors"],),
    "absorbed": (["successor"], ["successors"]),
    **dict.fromkeys(("renamed", "upgraded", "moved", "merged"), (["successor"],)),
}


class Closed(BaseModel):
    """Base of every catalog model: frozen, and closed to keys it does not declare."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Org(Closed):
    """One unit of the organisation tree (行政区划), in force from `valid_from` to `valid_to`, both included.

    An ended unit says by `change` what became of it. Renamed, upgraded or moved (to another parent) it goes on as its
    `successor`; merged it founds the successor together with others; absorbed it falls to a successor that was there
    before; split it founds several `successors`, absorbed it may fall to several: each with the share of its figures
    (at most four decimals, together 1), or all without one: a break in the series.
    """

    code: OrgCode
    name: str
    level: Level
    parent: OrgCode | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    change: Change | None = None
    successor: OrgCode | None = None
    successors: dict[OrgCode, Weight | None] = Field(default_factory=dict)
    note: str = ""

    @model_validator(mode="after")
    def _ended_by_a_change(self) -> Self:
        if (self.change is None) != (self.valid_to is None):
            raise ValueError(f"{self.code} {self.name}: an ended unit has `valid_to` and `change`")
        given = [name for name in ("successor", "successors") if getattr(self, name)]
        if given not in _SUCCESSORS.get(self.change, ([],)):
            raise ValueError(
                f"{self.code} {self.name}: {self.change or 'a unit in force'} cannot have {given or 'none'}"
            )
        if self.successors:
            weights = [weight for weight in self.successors.values() if weight is not None]
            if len(self.successors) < 2 or (weights and (len(weights) < len(self.successors) or sum(weights) != 1)):
                raise ValueError(
                    f"{self.code} {self.name}: give two successors or more, with weights that add up to 1, or all empty"
                )
        return self


class Indicator(Closed):
    """One indicator (指标): what is counted, in what unit, and how it adds up.

    `kind` decides the arithmetic: a flow adds over time and over the tree, a stock takes the last value over time and
    adds over the tree, a ratio is rebuilt from `numerator` and `denominator`, a distinct count (of people) is counted
    anew from the records at each level and over each time, and never added. `is_part` marks indicators that exist only
    as part of a ratio.
    """

    code: Identifier
    name_zh: str
    name_en: str
    unit: str
    kind: Literal["flow", "stock", "ratio", "distinct"]
    over_time: Literal["sum", "last", "rebuild", "distinct"]
    over_tree: Literal["sum", "rebuild", "distinct"]
    numerator: str | None = None
    denominator: str | None = None
    system: int = Field(ge=1)
    is_part: bool = False
    phrases: str | None = None

    @model_validator(mode="after")
    def _kind_decides(self) -> Self:
        wanted = {
            "flow": ("sum", "sum"),
            "stock": ("last", "sum"),
            "ratio": ("rebuild", "rebuild"),
            "distinct": ("distinct", "distinct"),
        }[self.kind]
        if (self.over_time, self.over_tree) != wanted:
            raise ValueError(
                f"{self.code}: a {self.kind} aggregates as {wanted}, not as {self.over_time, self.over_tree}"
            )
        if (self.kind == "ratio") != bool(self.numerator and self.denominator):
            raise ValueError(f"{self.code}: a ratio has a numerator and a denominator, nothing else has")
        return self


class Period(Closed):
    """A reporting period: `label` is `2026-06`, `2026-Q2` or `2026`; `start` and `end` are both included.

    `basis` says what a figure of the period counts: `period` (what happened in it) or `year_to_date` (本年累计: since
    1 January). A year-to-date period is labelled by the month it ends in.
    """

    label: Annotated[str, StringConstraints(pattern=r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$")]
    grain: Grain
    start: date
    end: date
    basis: Literal["period", "year_to_date"] = "period"


class Resubmission(StrEnum):
    """What a newer report of the same unit and period does to the older one (重报规则)."""

    REPLACE = "replace"
    PATCH = "patch"
    APPEND = "append"


class FormFigure(Closed):
    """A column of a form: the indicator it reports, and the headers it is known by.

    A header `意见建议/收集` names a merged two-row header, group before leaf. Units in brackets and blanks are dropped
    before headers are compared. A whole figure above `plausible_max` in one township row is taken for a slip.
    """

    indicator: Identifier
    headers: tuple[str, ...]
    plausible_max: int = 100_000


class AtMost(Closed):
    """A row's `part` is expected not to exceed its `whole` (e.g. 办结 ≤ 收集)."""

    part: Identifier
    whole: Identifier


class Form(Closed):
    """A county form (县级报表): where its facts stand on the sheet, and the words counties use for them."""

    form: Identifier
    name_zh: str
    name_en: str
    resubmission: Resubmission
    title_words: tuple[str, ...]
    unit_labels: tuple[str, ...]
    period_labels: tuple[str, ...]
    reported_labels: tuple[str, ...]
    township_headers: tuple[str, ...]
    serial_headers: tuple[str, ...]
    ignored_headers: tuple[str, ...]
    total_labels: tuple[str, ...]
    note_prefixes: tuple[str, ...]
    person_labels: tuple[str, ...] = ()
    none_words: tuple[str, ...]
    nil_words: tuple[str, ...] = ()
    figures: tuple[FormFigure, ...]
    at_most: tuple[AtMost, ...] = ()

    @model_validator(mode="after")
    def _headers_are_unambiguous(self) -> Self:
        seen: dict[str, str] = {}
        for figure in self.figures:
            for header in figure.headers:
                if seen.setdefault(header, figure.indicator) != figure.indicator:
                    raise ValueError(f"{self.form}: header {header} stands for {seen[header]} and {figure.indicator}")
        return self


class Column(Closed):
    """A column of an export: the headers systems give it, its type, and whether it holds personal data.

    Types: `text`; `identifier` (a number or code that stands for something, never a person's own number); `code` (one
    of `values`, each with its spellings); `county`, `township` (a code or any spelling of the unit's name, stored as
    the current code); `date`; `datetime`; `year`; `count` (whole, not negative); `amount` (decimal); `flag` (是/否).
    `personal` columns never leave the parser: `drop` leaves nothing behind, `hash` a keyed HMAC. `references` names the
    export whose key the column holds.
    """

    name: Identifier
    zh: str
    en: str
    headers: tuple[str, ...]
    type: Literal[
        "text", "identifier", "code", "county", "township", "date", "datetime", "year", "count", "amount", "flag"
    ] = "text"
    required: bool = False
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    personal: Literal["drop", "hash"] | None = None
    references: Identifier | None = None
    may_be_future: bool = False

    @model_validator(mode="after")
    def _values_belong_to_codes(self) -> Self:
        if (self.type == "code") != bool(self.values):
            raise ValueError(f"column {self.name}: values are listed for columns of type code, and only for them")
        if self.personal and self.type != "text":
            raise ValueError(f"column {self.name}: a personal column is read as text")
        return self


class Measure(Closed):
    """How an indicator is counted from an export's records (由记录统计).

    A flow counts the records (or adds up `sum`, or counts the different values of `distinct`) by the month of `when`,
    or by the year where `when` is a year. A stock counts the records in force at each month's end: `opened` on or
    before it, `closed` empty or after it. Only records are taken whose columns hold one of the values in `where` and
    whose `present` columns are filled.
    """

    indicator: Identifier
    when: Identifier | None = None
    sum: Identifier | None = None
    distinct: Identifier | None = None
    opened: Identifier | None = None
    closed: Identifier | None = None
    where: dict[Identifier, tuple[str | bool, ...]] = Field(default_factory=dict)
    present: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _flow_or_stock(self) -> Self:
        if bool(self.when) == bool(self.opened):
            raise ValueError(f"measure of {self.indicator}: give either `when` (a flow) or `opened` (a stock)")
        if self.opened and (self.sum or self.distinct):
            raise ValueError(f"measure of {self.indicator}: a stock counts records, it has no `sum` and no `distinct`")
        if self.sum and self.distinct:
            raise ValueError(f"measure of {self.indicator}: give either `sum` or `distinct`")
        return self


class Export(Closed):
    """A station-system export (系统导出): one record a row, kept in table `core.<export>`.

    `key` identifies a record for ever. When a record comes again with other content, the one further along (more of
    `version_by` filled) wins, then the one delivered later; the other is kept as superseded. `date_order` lists date
    columns that must not run backwards. `place` is the column that holds the county; `station` the column through
    which a record finds its township.
    """

    export: Identifier
    name_zh: str
    name_en: str
    system: int
    key: Identifier
    columns: tuple[Column, ...]
    place: Identifier = "county_code"
    station: Identifier | None = None
    version_by: tuple[Identifier, ...] = ()
    date_order: tuple[Identifier, ...] = ()
    measures: tuple[Measure, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        names = [column.name for column in self.columns]
        used = [self.key, self.place, *self.version_by, *self.date_order]
        used += [self.station] if self.station else []
        for measure in self.measures:
            used += [n for n in (measure.when, measure.sum, measure.distinct, measure.opened, measure.closed) if n]
            used += [*measure.where, *measure.present]
        if missing := sorted(set(used) - set(names)):
            raise ValueError(f"{self.export}: no such column: {', '.join(missing)}")
        if len(set(names)) != len(names):
            raise ValueError(f"{self.export}: a column is declared twice")
        if not self.column(self.key).required:
            raise ValueError(f"{self.export}: the key column {self.key} must be required")
        return self

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def stored_columns(self) -> tuple[Column, ...]:
        """The columns that a record keeps: all but the personal ones that are dropped."""
        return tuple(column for column in self.columns if column.personal != "drop")

    @property
    def has_personal_data(self) -> bool:
        """Whether any column holds personal data; if so, findings never quote a value of this export."""
        return any(column.personal for column in self.columns)


class Described(Closed):
    """A Chinese name and an English gloss: the two halves of a COMMENT."""

    zh: str
    en: str


class Reach(Closed):
    """How far a change travels into a roll-up; without one it may change any row, and the table is made anew whole.

    `units` says whose rows a row rests on: `own` those of its own unit, `county` those of all units of its county,
    `path` those of its own unit and of all below it. `periods` says of what time: `own` its very period, `year` the
    year that its period lies in, `any`. Rows without a unit or a period, and what is no roll-up but `core.observation`,
    count for all. A reach that is too wide costs time, one that is too narrow is wrong: a test measures each.
    """

    units: Literal["own", "county", "path"]
    periods: Literal["own", "year", "any"]


class Table(Closed):
    """A table or view of the warehouse: what it is, and its columns by name.

    A column left empty here takes its words from the shared dictionary `columns` of `tables.yml`. `volatile` columns
    differ from run to run or from installation to installation (clock times, keyed hashes) and are left out of a
    release's content hash. `is_view` marks a roll-up that is as long as the records it reads: it is kept as a question,
    not as rows. `reach` is how far a change of what a roll-up reads travels into it. `is_kept` marks what people
    decided and were told: it is in no delivered file, so a rebuild carries it over.
    """

    zh: str
    en: str
    is_view: bool = False
    is_kept: bool = False
    reach: Reach | None = None
    columns: dict[Identifier, Described | None] = Field(default_factory=dict)
    volatile: tuple[Identifier, ...] = ()


Word = Annotated[str, StringConstraints(pattern=r"^[一-鿿“”，、A-Z+]{2,}$")]
Character = Annotated[str, StringConstraints(pattern=r"^[一-鿿]$")]


class Quotable(Closed):
    """The words that may be quoted from a prose report (可引用词), by topic, and single characters between them."""

    words: dict[Identifier, tuple[Word, ...]]
    small: tuple[Character, ...]

    @property
    def all_words(self) -> frozenset[str]:
        """Every word of every topic."""
        return frozenset(word for words in self.words.values() for word in words)


class Parameters(Closed):
    """What rules rest on, as in `ref.parameter`; `comparable_on` is the day of the tree (可比口径), null the newest."""

    case_due_days: int = Field(gt=0)
    suggestion_due_days: int = Field(gt=0)
    earliest_year: int = Field(ge=1954)
    publishable_share: int = Field(ge=0, le=100)
    alike_smallest_figure: int = Field(ge=1)
    alike_percent: int = Field(gt=50, le=100)
    alike_least_digits: int = Field(ge=1)
    paragraph_characters: int = Field(ge=20)
    repeated_least_paragraphs: int = Field(ge=1)
    explanation_days: int = Field(gt=0)
    unusual_least_months: int = Field(ge=3)
    unusual_times: float = Field(gt=1)
    unusual_distance: float = Field(gt=0)
    unusual_least_difference: int = Field(ge=1)
    comparable_on: date | None = None


LevelRule = Literal["parts_if_complete", "parts", "inclusive"]


class BetweenLevels(Closed):
    """Which figure of a unit stands (上下级取舍): the sum of its parts, or one that holds all below it.

    `parts_if_complete` takes the sum where no part is missing, else the inclusive figure. The two are never added.
    """

    default: LevelRule
    indicators: dict[Identifier, LevelRule] = Field(default_factory=dict)

    def of(self, indicator: str) -> LevelRule:
        """Return the rule of an indicator: its own, else the default."""
        return self.indicators.get(indicator, self.default)
