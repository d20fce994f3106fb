"""Work the answers out from the facts, with sums that a statistician can do by hand.

A second opinion on the pipeline: it shares no code with it, and takes nothing from it but the wording of the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from writer.counting import MONTHS, accounts_given, month_figures, year_figures
from writer.facts import Entry, ExportFile, Facts, FaultyRecord, FormFile, ProseFigure, ProseFile, Table, Written

QUARTER = "2026-Q2"
STOCKS = ("station_count", "room_count", "model_station_count", "legislative_contact_points")


@dataclass(frozen=True)
class Answer:
    """A figure: its value and interval, whom it comes from, and what the records alone would say."""

    value: float
    low: float
    high: float
    source: Literal["form", "records", "prose", "mixed"]
    records: float | None


Cube = dict[tuple[str, str, str], Answer]  # (organisation, indicator, period)


@dataclass(frozen=True)
class Delivery:
    """What is expected of one file. Of the files of a `group` any one may be the one that is loaded."""

    file: str
    dataset: str
    status: str
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_rejected: int
    group: str = ""


def form_figures(facts: Facts) -> dict[tuple[str, str, str], tuple[float, float, float]]:
    """Add up each accepted township row: (county, indicator, period) → value, low, high. Cumulative sheets stay out."""
    sums: dict[tuple[str, str, str], tuple[float, float, float]] = {}
    for table in _standing_tables(facts):
        if not table.county or not table.means or table.means.endswith("year_to_date"):
            continue
        for row in table.township_lines:
            if row_is_quarantined(row, facts):
                continue
            for (indicator, _), cell in zip(table.columns, row, strict=False):
                figure = _figure(cell)
                if figure is None or indicator in ("serial", "township", "remark", "unmapped"):
                    continue
                key = (table.county, indicator, table.means)
                before = sums.get(key, (0, 0, 0))
                sums[key] = (before[0] + figure[0], before[1] + figure[1], before[2] + figure[2])
    return {key: figure for key, figure in sums.items() if not key[1].endswith("_rate")}


def _standing_tables(facts: Facts) -> Iterator[Table]:
    for form in facts.forms:
        if not form.superseded_by:
            yield from (table for table in form.tables if not table.unread and not table_is_quarantined(table, facts))


def table_is_quarantined(table: Table, facts: Facts) -> bool:
    """Say whether no row of the table is taken over: a fault of its heading or of its 合计."""
    faults = [cell.fault for cell in table.total or () if isinstance(cell, Entry) and cell.fault]
    faults += [table.fault] if table.fault else []
    return any(facts.expected(fault) == "table quarantined" for fault in faults)


def row_is_quarantined(row: Iterable[Written], facts: Facts) -> bool:
    """Say whether any cell of the row breaks a rule that keeps the row out."""
    return any(isinstance(c, Entry) and c.fault and facts.expected(c.fault) == "row quarantined" for c in row)


def _figure(cell: Written) -> tuple[float, float, float] | None:
    """Return value, low and high of a cell; None for a blank and for a text."""
    if isinstance(cell, Entry):
        value = cell.v
        if value is None and isinstance(cell.w, int | float):
            value = cell.w
        if value is None:
            return None
        return (value, value if cell.low is None else cell.low, value if cell.high is None else cell.high)
    return (cell, cell, cell) if isinstance(cell, int | float) else None


def county_month(facts: Facts) -> Cube:
    """Choose for each county, indicator and month: what a report in prose says of the whole stands before records.

    The records know two or three townships of a county, never all of them.
    """
    cube = parts_month(facts)
    for report in facts.prose:
        for figure in report.figures if report.whole_of else ():
            key = (figure.org, figure.indicator, report.whole_of or "")
            told = cube.get(key)
            if told is None or told.source == "records":
                low, high = (figure.v if end is None else end for end in (figure.low, figure.high))
                cube[key] = Answer(figure.v, low, high, "prose", told and told.records)
    return dict(sorted(cube.items()))


def parts_month(facts: Facts) -> Cube:
    """Choose for each county, indicator and month: the form's figure where there is one, else the records'."""
    forms, records = form_figures(facts), month_figures(facts)
    cube: Cube = {}
    for key in sorted({*(key for key in forms if key[2] in MONTHS), *records}):
        counted = records.get(key)
        if key in forms:
            cube[key] = Answer(*forms[key], "form", counted)
        else:
            cube[key] = Answer(records[key], records[key], records[key], "records", counted)
    return cube


def county_quarter(facts: Facts) -> Cube:
    """Take a quarterly form's figure where there is one, else the months.

    Flows are added; a stock is what the last month says.
    """
    forms, months = form_figures(facts), parts_month(facts)
    cube: Cube = {}
    quarterly = {key for key in forms if key[2] == QUARTER}
    for county, indicator in sorted({key[:2] for key in [*quarterly, *months]}):
        parts = [months[county, indicator, month] for month in MONTHS if (county, indicator, month) in months]
        added = add(parts[-1:] if indicator in STOCKS else parts) if parts else None
        direct = forms.get((county, indicator, QUARTER))
        if direct:
            cube[county, indicator, QUARTER] = Answer(*direct, "form", added.records if added else None)
        elif added:
            cube[county, indicator, QUARTER] = added
    return cube


def county_year(facts: Facts) -> Cube:
    """Give what is counted by the year alone, of which no form speaks. Other figures of the year are not answered."""
    return {key: Answer(value, value, value, "records", value) for key, value in year_figures(facts).items()}


def month_of(day: str) -> str:
    """Return the month of a day."""
    return day[:7]


def quarter_of(day: str) -> str:
    """Return the quarter of a day.

    >>> quarter_of("2026-06-30")
    '2026-Q2'
    """
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def year_of(day: str) -> str:
    """Return the year of a day."""
    return day[:4]


def deputies_reporting(facts: Facts, org: Callable[[str], str], span: Callable[[str], str]) -> Cube:
    """Count the deputies who gave an account, each once for the `org` of their county and the `span` of the day."""
    deputies: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for county, day, deputy in accounts_given(facts):
        deputies[org(county), "deputies_reporting", span(day)].add(deputy)
    counts = {key: len(names) for key, names in deputies.items()}
    return {key: Answer(n, n, n, "records", n) for key, n in counts.items()}


def add(parts: list[Answer]) -> Answer:
    """Add figures up, with their intervals, and what their records say."""
    sources = {part.source for part in parts}
    counted = [part.records for part in parts if part.records is not None]
    return Answer(
        value=sum(part.value for part in parts),
        low=sum(part.low for part in parts),
        high=sum(part.high for part in parts),
        source=parts[0].source if len(sources) == 1 else "mixed",
        records=sum(counted) if counted else None,
    )


def roll_up(cube: Cube, parent: Callable[[str], str]) -> Cube:
    """Add every unit's figures to its parent's."""
    parts: dict[tuple[str, str, str], list[Answer]] = defaultdict(list)
    for (org, indicator, period), answer in cube.items():
        parts[parent(org), indicator, period].append(answer)
    return {key: add(parts[key]) for key in sorted(parts)}


def deliveries(facts: Facts) -> Iterator[Delivery]:
    """Yield what is expected of every file that is read."""
    for form in facts.forms:
        yield from _form_deliveries(form, facts)
    for export in facts.exports:
        yield from _export_deliveries(export, facts)
    for report in facts.prose:
        held, rows_in = len(report.figures) - len(prose_figures(report, facts)), len(report.figures)
        status = "superseded" if report.superseded_by else _status(rows_in, held)
        yield Delivery(report.file, "prose", status, rows_in, rows_in - held, held, 0)
    for other in facts.others:
        if facts.expected(other.fault) == "rejected":
            yield Delivery(other.file, "", "rejected", 0, 0, 0, 0)


def prose_figures(report: ProseFile, facts: Facts) -> list[ProseFigure]:
    """Return the figures of a report that are taken over."""
    return [f for f in report.figures if not (f.fault and facts.keeps_out(f.fault))]


def _form_deliveries(form: FormFile, facts: Facts) -> Iterator[Delivery]:
    rows_in = held = 0
    for table in form.tables:
        if table.unread:
            continue
        lines = table.township_lines
        rows_in += len(lines)
        whole = table_is_quarantined(table, facts)
        held += len(lines) if whole else sum(row_is_quarantined(row, facts) for row in lines)
    status = _status(rows_in, held)
    group = form.file if form.copies else ""
    if form.superseded_by:
        status = "superseded"
    yield Delivery(form.file, "county_table", status, rows_in, rows_in - held, held, 0, group)
    for copy in form.copies:
        yield Delivery(copy.file, "county_table", "duplicate", rows_in, 0, 0, rows_in, group)


def _export_deliveries(export: ExportFile, facts: Facts) -> Iterator[Delivery]:
    expected = [facts.expected(e.fault) for e in export.records if isinstance(e, FaultyRecord)]
    broken = facts.expected("broken_line") if export.broken else None
    expected += [broken] if broken else []
    rows_in = len(export.records) + bool(broken)
    held, refused = expected.count("row quarantined"), expected.count("rejected")
    status = _status(rows_in, held + refused)
    group = export.file if export.copies else ""
    yield Delivery(export.file, export.export, status, rows_in, rows_in - held - refused, held, refused, group)
    for copy in export.copies:
        yield Delivery(copy.file, export.export, "duplicate", rows_in, 0, 0, rows_in, group)


def _status(rows_in: int, not_loaded: int) -> str:
    if not not_loaded:
        return "loaded"
    return "partly_loaded" if not_loaded < rows_in else "rejected"
