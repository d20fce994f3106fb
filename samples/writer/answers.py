"""Work the answers out from the facts, with sums that a statistician can do by hand.

A second opinion on the pipeline: it shares no code with it, and takes nothing from it but the wording of the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from writer.facts import Entry, ExportFile, Facts, FaultyRecord, FormFile, ProseFigure, ProseFile, Table, Written

MONTHS = ("2026-05", "2026-06")
QUARTER = "2026-Q2"
STOCKS = ("station_count", "room_count", "model_station_count", "legislative_contact_points")
_NOT_LOADED = ("row quarantined", "table quarantined", "rejected")


@dataclass(frozen=True)
class Answer:
    """A figure: its value and interval, whom it comes from, and what the records alone would say."""

    value: float
    low: float
    high: float
    source: Literal["form", "records", "mixed"]
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


Named = Mapping[str, str | int | None]


def accepted_records(facts: Facts, export: str) -> list[Named]:
    """Return the records that are taken over, by column name; of several versions the one with the latest date."""
    latest: dict[str, Named] = {}
    for delivered in facts.exports:
        if delivered.export != export:
            continue
        for entry in delivered.records:
            if isinstance(entry, FaultyRecord) and facts.expected(entry.fault) in _NOT_LOADED:
                continue
            values = entry.record if isinstance(entry, FaultyRecord) else entry
            named = {n: facts.spelt(v) for n, v in zip(delivered.headers, values, strict=True)}
            key = str(values[0])
            if key not in latest or _version(named) >= _version(latest[key]):
                latest[key] = named
    return list(latest.values())


def _version(record: Named) -> str:
    return max((str(value) for name, value in record.items() if value and name.endswith(("_on", "_at"))), default="")


def record_figures(facts: Facts) -> dict[tuple[str, str, str], float]:
    """Count the records: (county, indicator, month) → figure. Nothing is counted where there is no record."""
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    counted = {"station_visit": _visit_counts, "case": _case_counts, "station": _station_counts}
    for export, counts in counted.items():
        for record in accepted_records(facts, export):
            county = facts.county(record["county_code"])
            for indicator, when, number in counts(record):
                if county and when:
                    sums[county, indicator, str(when)[:7]] += number
    return {key: value for key, value in sums.items() if key[2] in MONTHS}


Counted = tuple[str, str | int | None, int]  # indicator, the day on which it counts, how much


def _visit_counts(visit: Named) -> Iterator[Counted]:
    yield "station_visits", visit["visited_on"], 1
    yield "voters_received", visit["visited_on"], int(visit["people_received"] or 0)


def _case_counts(case: Named) -> Iterator[Counted]:
    opened, closed = case["opened_at"], case["closed_at"]
    if case["case_kind"] == "意见建议":
        yield "opinions_collected", opened, 1
        yield "opinions_resolved", closed, 1
    elif case["case_kind"] == "矛盾纠纷":
        yield "disputes_mediated", opened, 1
        yield "disputes_settled", opened if closed else None, 1
    else:
        yield "problems_solved", closed, 1
    if case["grade"]:
        yield "rated", closed, 1
    if case["grade"] in ("满意", "基本满意"):
        yield "satisfied", closed, 1


def _station_counts(station: Named) -> Iterator[Counted]:
    for month in MONTHS:
        if _stands(station, month):
            for indicator in _station_indicators(station):
                yield indicator, month, 1


def _stands(station: Named, month: str) -> bool:
    """Say whether the station is open at the month's end; the 31st compares rightly with any day of a shorter month."""
    end = f"{month}-31"
    return str(station["opened_on"]) <= end and not (station["closed_on"] and str(station["closed_on"]) <= end)


def _station_indicators(station: Named) -> Iterator[str]:
    kinds = {
        "联络站": "station_count",
        "联络室": "room_count",
        "联络点": "room_count",
        "立法联系点": "legislative_contact_points",
    }
    if indicator := kinds.get(str(station["station_kind"])):
        yield indicator
    if station["is_model"] == "是":
        yield "model_station_count"


def county_month(facts: Facts) -> Cube:
    """Choose for each county, indicator and month: the form's figure where there is one, else the records'."""
    forms, records = form_figures(facts), record_figures(facts)
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
    forms, months = form_figures(facts), county_month(facts)
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
    return [f for f in report.figures if not (f.fault and facts.expected(f.fault) in _NOT_LOADED)]


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
