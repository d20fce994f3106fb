"""County forms (县级报表): what the townships of a county tell in a month, and how it is written on the form.

Draws figures near those of the records, as counties do; knows what of them the form's readers may take for a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from catalog import Catalog, FormFigure
from generator.figures import FORM_STOCKS, RATES, Told
from generator.options import Month, Options
from generator.province import County, stream
from generator.sheets import Cell, Page
from generator.tally import Tally

FORM = "county_table"
TITLE = "贵州省“高质量发展，代表在行动”活动情况统计表"
# What the counties' forms ask for: not every county asks its townships the same.
_SETS = (
    ("station_visits", "voters_received", "opinions_collected", "opinions_resolved", "disputes_mediated"),
    ("station_visits", "voters_received", "opinions_collected", "problems_solved", "training_sessions"),
    ("activity_count", "activity_participants", "inspections", "inspection_participants", "court_hearings"),
    ("station_count", "room_count", "voters_received", "legislative_opinions", "awards", "deputies"),
    ("bills_submitted", "bills_closed", "bills_class_a", "station_visits", "training_attendees"),
)
# A part that is drawn below its whole.
PARTS = {"opinions_resolved": "opinions_collected", "bills_closed": "bills_submitted", "bills_class_a": "bills_closed"}
_BILLS = {rate: RATES[rate] for rate in ("bills_closed_rate", "bills_class_a_rate")}
_NONE = ("无", "—", "未开展", 0, "0")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_DUE_DAYS = 5
_ROUND = 10_000


@dataclass
class Row:
    """A township's line: its name as written, and for each indicator the number told (None: blank) and its writing."""

    township: str
    values: list[float | None]
    cells: list[Cell]
    counts: bool = True


@dataclass
class Form:
    """One form: whose, of when, sent when; `kind` is its format, `file` its path below the landing folder."""

    county: County
    month: Month
    indicators: tuple[str, ...]
    headers: list[str]
    rows: list[Row]
    reported: date
    kind: str
    file: str
    unit: str = ""
    period: str = ""
    reported_text: str = ""
    total: list[Cell] = field(default_factory=list)
    refused: bool = False
    superseded: bool = False

    @property
    def page(self) -> Page:
        """The form as cells: title, unit and period, header, townships, 合计, note, signature."""
        head: list[list[Cell]] = [[TITLE], [self.unit, None, self.period, None, self.reported_text]]
        body: list[list[Cell]] = [["序号", "乡镇（街道）", *self.headers, "备注"]]
        body += [[number, row.township, *row.cells, None] for number, row in enumerate(self.rows, 1)]
        body += [[None, "合计", *self.total, None]] if self.rows else []
        return Page([*head, *body, ["注：本表为当月数。"], ["填表人：示例甲    审核人：示例乙"]], heading=2, foot=2)

    def place(self, row: int, indicator: int) -> tuple[int, int]:
        """Return the row and column of a figure on the page, from 0; row -1 is the 合计, indicator -1 the township."""
        return (3 + len(self.rows) if row < 0 else 3 + row), 2 + indicator

    def told(self) -> Iterator[tuple[str, Told]]:
        """Yield what the rows that count tell of the county, and of each township."""
        counting = [row for row in self.rows if row.counts]
        yield self.county.code, self._told(counting)
        codes = dict(zip(self.county.township_names, self.county.township_codes, strict=True))
        for row in counting:
            yield codes[row.township], self._told([row])

    def _told(self, rows: Sequence[Row]) -> Told:
        sums: dict[str, int] = {}
        for n, indicator in enumerate(self.indicators):
            given = [number for row in rows if (number := row.values[n]) is not None]
            if given:
                sums[indicator] = round(100 * sum(given))
        return Told(sums, {rate: parts for rate in _BILLS if (parts := self._parts(rate, rows))})

    def _parts(self, rate: str, rows: Sequence[Row]) -> tuple[int, int] | None:
        part, whole = _BILLS[rate]
        if part not in self.indicators or whole not in self.indicators:
            return None
        here, there = self.indicators.index(part), self.indicators.index(whole)
        pairs = [(row.values[here], row.values[there]) for row in rows]
        both = [(a, b) for a, b in pairs if a is not None and b is not None]
        return (round(100 * sum(a for a, _ in both)), round(100 * sum(b for _, b in both))) if both else None

    def add_up(self) -> None:
        """Write the 合计 as the sum of all lines, whatever is wrong with them."""
        self.total = [sum(row.values[n] or 0 for row in self.rows) for n in range(len(self.indicators))]


def draw_forms(options: Options, counties: Sequence[County], tally: Tally, catalog: Catalog) -> Iterator[Form]:
    """Yield every form that arrives, month by month; of two of one month and county the second stands."""
    figures = {figure.indicator: figure for figure in catalog.forms[FORM].figures}
    for turn, month in enumerate(options.span):
        for number, county in enumerate(counties):
            rng = stream(options.seed, "form", month.label, county.code)
            if rng.random() < options.missing:
                continue
            first = _form(options, county, month, figures, catalog, _near(tally, number, turn), rng)
            if rng.random() < options.resubmitted:
                yield _earlier(first, catalog, rng)
            yield first


def _near(tally: Tally, county: int, month: int) -> dict[str, int]:
    """Return what the records say of a county's month, in whole numbers."""
    said = {indicator: tally.value(indicator, county, month) for indicator in _asked() if indicator in tally.sums}
    return {indicator: value // 100 for indicator, value in said.items() if value is not None}


def _asked() -> set[str]:
    return {indicator for asked in _SETS for indicator in asked}


def _form(
    options: Options,
    county: County,
    month: Month,
    figures: dict[str, FormFigure],
    catalog: Catalog,
    near: dict[str, int],
    rng: np.random.Generator,
) -> Form:
    indicators = _SETS[int(rng.integers(0, len(_SETS)))]
    late = int(rng.integers(1, 20)) if rng.random() < options.late else 0
    reported = month.end + timedelta(days=_DUE_DAYS + late if late else int(rng.integers(1, _DUE_DAYS + 1)))
    kind = options.form_formats[int(rng.integers(0, len(options.form_formats)))]
    headers = [_header(figures[indicator], catalog.indicators[indicator].unit, rng) for indicator in indicators]
    # A month's rows of one indicator may all be blank: then the records stand.
    silent = int(rng.integers(0, len(indicators))) if rng.random() < 0.1 else -1
    rows = []
    for township in county.township_names:
        values = _values(indicators, figures, near, len(county.township_names), rng)
        given = [None if n == silent else value for n, value in enumerate(values)]
        rows.append(Row(township, list(given), _written(indicators, given, catalog, rng)))
    form = Form(
        county, month, indicators, headers, rows, reported, kind,
        file=f"{county.name}/{county.name}{month.start.year}年{month.start.month}月活动情况统计表",
        unit=f"填报单位：{county.name}人大常委会",
        period=f"统计期：{month.start.year}年{month.start.month}月",
        reported_text=f"填报时间：{reported.year}年{reported.month}月{reported.day}日",
    )  # fmt: skip
    form.add_up()
    return form


def _header(figure: FormFigure, unit: str, rng: np.random.Generator) -> str:
    names = [name for name in figure.headers if "/" not in name]
    name = names[int(rng.integers(0, len(names)))]
    return f"{name}（{unit}）" if rng.random() < 0.5 and "（" not in name else name


def _values(
    indicators: Sequence[str],
    figures: dict[str, FormFigure],
    near: dict[str, int],
    townships: int,
    rng: np.random.Generator,
) -> list[int | None]:
    """Draw a township's figures: near its share of the records', a part never above its whole; some are blank."""
    drawn: dict[str, int | None] = {}
    for indicator in indicators:
        most = figures[indicator].plausible_max // 3
        usual = near.get(indicator, 60 * townships) / townships
        value = min(int(rng.poisson(usual * rng.uniform(0.8, 1.3))), most)
        if indicator in PARTS:
            whole = drawn[PARTS[indicator]]
            value = 0 if whole is None else int(whole * rng.uniform(0.4, 1))
        blank = rng.random() < 0.03 and indicator not in FORM_STOCKS
        drawn[indicator] = None if blank or (indicator in PARTS and drawn[PARTS[indicator]] is None) else value
    return list(drawn.values())


def _written(
    indicators: Sequence[str], values: Sequence[int | None], catalog: Catalog, rng: np.random.Generator
) -> list[Cell]:
    return [
        _cell(value, catalog.indicators[indicator].unit, rng)
        for indicator, value in zip(indicators, values, strict=True)
    ]


def _cell(value: int | None, unit: str, rng: np.random.Generator) -> Cell:
    """Write a number as county offices do; whatever the writing, it means exactly this number."""
    if value is None:
        return None
    if not value:
        return _NONE[int(rng.integers(0, len(_NONE)))]
    ways: list[Cell] = [str(value), str(value).translate(_FULL_WIDTH), f"{value:,}", f"{value}{unit}", f"{value} "]
    if value >= _ROUND:
        ways.append(f"{value / _ROUND:.4f}万")
    return value if rng.random() < 0.8 else ways[int(rng.integers(0, len(ways)))]


def _earlier(form: Form, catalog: Catalog, rng: np.random.Generator) -> Form:
    """Return the report that a form replaces: lower figures, sent before; the form becomes the 修改稿."""
    rows = []
    for row in form.rows:
        values = [None if value is None else int(value) * 9 // 10 for value in row.values]
        rows.append(Row(row.township, list(values), _written(form.indicators, values, catalog, rng)))
    sent = form.reported
    before = Form(
        form.county, form.month, form.indicators, form.headers, rows, sent, form.kind, form.file,
        form.unit, form.period, form.reported_text, superseded=True,
    )  # fmt: skip
    before.add_up()
    form.reported = sent + timedelta(days=int(rng.integers(3, 25)))
    form.reported_text = f"填报时间：{form.reported.year}年{form.reported.month}月{form.reported.day}日"
    form.file += "（修改稿）"
    return before
