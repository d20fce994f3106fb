"""Write a made-up province: landing files, and the answers beside them. The same options give the same bytes.

Holds one file's records in memory at a time, and the tally of all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

import catalog
from generator import form_faults
from generator.answers import Answers, Delivered
from generator.batches import Batch, Lot
from generator.cases import cases
from generator.corrections import correct
from generator.deputies import performance
from generator.figures import Told, all_figures
from generator.forms import FORM, Form, draw_forms
from generator.meetings import activities, awards, inspections, trainings
from generator.options import Month, Options
from generator.plant import Planted, plant, whole
from generator.province import Ints, Province, choose, stream
from generator.record_files import Style, draw_style, places, write_records
from generator.sheets import WRITERS
from generator.stations import legislative_opinions, stations, visits
from generator.strays import strays, without_a_column
from generator.suggestions import fund_projects, suggestions
from generator.systems import Systems
from generator.tally import Tally
from generator.values import Flags
from generator.votes import livelihood_projects

_BEIJING = timezone(timedelta(hours=8))
_SYSTEMS = "联络站系统"
# The share of all records that each export of flows gets; stations come first and apart.
_SHARES = {
    "station_visit": 0.40,
    "case": 0.28,
    "suggestion": 0.05,
    "performance": 0.15,
    "training": 0.015,
    "inspection": 0.03,
    "legislative_opinion": 0.02,
    "award": 0.01,
    "activity": 0.025,
    "livelihood_project": 0.01,
    "fund_project": 0.01,
}
_BY_YEAR = ("livelihood_project", "fund_project")
_STATIONS = 0.02
_MOST_STATIONS = 600
# A vote needs some projects before anything can be said of it.
_FEWEST = {"livelihood_project": 24}
# This file is kept clean, and delivered twice.
_TWICE = "training"
# Not every file has a later one with corrections.
_CORRECTED_FILES = 0.4
Make = Callable[[Lot], Batch]
_MAKERS: dict[str, Make] = {
    "station": stations,
    "station_visit": visits,
    "case": cases,
    "suggestion": suggestions,
    "livelihood_project": livelihood_projects,
    "performance": performance,
    "training": trainings,
    "inspection": inspections,
    "legislative_opinion": legislative_opinions,
    "award": awards,
    "activity": activities,
}


@dataclass(frozen=True)
class Written:
    """What was written: files, records, true figures, planted faults."""

    files: int
    records: int
    figures: int
    faults: int


def generate(options: Options, out: Path, facts: catalog.Catalog) -> Written:
    """Write `out/landing` and `out/answers`.

    Raises FileExistsError when either is there already: what is made up never mixes with anything else.
    """
    landing = out / "landing"
    landing.mkdir(parents=True)
    number = min(int(options.records * _STATIONS), options.counties * _MOST_STATIONS)
    province = choose(facts.tree, options.counties, number)
    tally = Tally(options, province)
    with Answers(out / "answers") as answers:
        writer = _Writer(options, province, landing, answers, tally, facts)
        for lot in _lots(options, province):
            writer.records(lot)
        told = writer.forms()
        writer.strays()
        answers.write_systems(writer.systems.figures())
        figures = answers.write_figures(all_figures(options, province, tally, told))
        return Written(len(answers.files), writer.rows, figures, answers.faults)


def _lots(options: Options, province: Province) -> Iterator[Lot]:
    """Yield every file's share, those that others refer to first."""
    yield from _cut(Lot(options, province, "station", 0, province.stations, 0))
    flows = options.records - int(province.stations.sum())
    for export, share in _SHARES.items():
        sizes = _sizes(options, export, int(flows * share / sum(_SHARES.values())))
        spans: list[tuple[Month | None, str | None]] = [(month, None) for month in options.span]
        if export in _BY_YEAR:
            spans = [(None, year) for year in options.years]
        for (month, year), row in zip(spans, sizes, strict=True):
            yield from _cut(Lot(options, province, export, 0, row, 0, month, year))


def _sizes(options: Options, export: str, total: int) -> Ints:
    """Spread records over periods and counties, at least one to each."""
    periods = len(options.years) if export in _BY_YEAR else len(options.span)
    fewest = _FEWEST.get(export, 1)
    free = max(total - fewest * periods * options.counties, 0)
    weights = stream(options.seed, "sizes", export).dirichlet(np.full(periods * options.counties, 50.0))
    drawn = stream(options.seed, "drawn", export).multinomial(free, weights)
    return np.asarray(fewest + drawn.reshape(periods, options.counties), dtype=np.int64)


def _cut(lot: Lot) -> Iterator[Lot]:
    """Cut a lot between counties into parts of no more than `rows_per_file` rows, unless one county has more."""
    first, part = 0, 1
    while first < len(lot.sizes):
        rows = np.cumsum(lot.sizes[first:])
        count = max(int(np.searchsorted(rows, lot.options.rows_per_file, side="right")), 1)
        yield replace(lot, first=first, sizes=lot.sizes[first : first + count], part=part)
        first, part = first + count, part + 1


class _Writer:
    """Writes files, tallies what counts in them and notes what is to be found."""

    def __init__(
        self,
        options: Options,
        province: Province,
        landing: Path,
        answers: Answers,
        tally: Tally,
        facts: catalog.Catalog,
    ) -> None:
        self._options = options
        self._province = province
        self._landing = landing
        self._answers = answers
        self._tally = tally
        self.systems = Systems(tally)
        self._facts = facts
        # How many suggestions each county filed in each month: fund projects name them.
        self._filed = np.zeros((options.counties, options.months), dtype=np.int64)
        self.rows = 0

    def records(self, lot: Lot) -> None:
        """Make and write one file of records; a clean one is delivered a second time in another format."""
        export = self._facts.exports[lot.export]
        rng = stream(self._options.seed, "file", lot.export, lot.label, lot.part)
        twice = lot.export == _TWICE and lot.month == self._options.span[0] and lot.part == 1
        planted = plant(self._made(lot), export, 0 if twice else self._options.faults, rng)
        again = None if twice or rng.random() > _CORRECTED_FILES else correct(planted, self._options.corrected, rng)
        self._count(planted.batch, planted.counts & ~planted.replaced)
        style = draw_style(export, len(planted.batch), self._options.record_formats, rng)
        # Counties called by old names, codes or new ones: but one name a county in the file that comes twice.
        group = lot.export if twice else ""
        breaks = bool(self._options.faults) and not twice and rng.random() < 0.3
        self._write_records(planted, style, group, breaks=breaks)
        if twice:
            other = next((name for name in ("csv", "jsonl") if name != style.format), "csv")
            self._write_records(planted, replace(style, format=other), group, breaks=False, again="（补报）")
        if again:
            later = whole(again)
            self._count(again, later.counts)
            style = draw_style(export, len(again), self._options.record_formats, rng)
            self._write_records(later, style, "", breaks=False, again="（更正）")

    def _count(self, batch: Batch, counts: Flags) -> None:
        self._tally.add(batch, counts)
        self.systems.add(batch, counts)

    def _made(self, lot: Lot) -> Batch:
        if lot.export == "suggestion" and lot.month:
            self._filed[lot.first : lot.first + len(lot.sizes), self._options.span.index(lot.month)] = lot.sizes
        if lot.export == "fund_project":
            mine = [n for n, month in enumerate(self._options.span) if month.year == lot.year]
            return fund_projects(lot, self._filed[:, mine])
        return _MAKERS[lot.export](lot)

    def _write_records(self, planted: Planted, style: Style, group: str, *, breaks: bool, again: str = "") -> None:
        lot = planted.batch.lot
        export = self._facts.exports[lot.export]
        part = f"_{lot.part:02d}" if lot.part > 1 or len(lot.sizes) < self._options.counties else ""
        label = f"_{lot.label}" if lot.label else ""
        name = f"{_SYSTEMS}/{export.name_zh}{label}{part}{again}{style.ending}"
        path = self._path(name)
        file = write_records(path, planted, export, style, breaks=breaks)
        _date(path, (lot.month.end if lot.month else self._options.span[-1].end) + timedelta(days=8 if again else 3))
        self.rows += len(planted.batch)
        held = int((~planted.counts).sum()) + (file.broken is not None)
        rows = len(planted.batch) + (file.broken is not None)
        status = "partly_loaded" if held else "loaded"
        self._answers.files.append(Delivered(name, lot.export, status, rows, rows - held, held, group))
        for found in planted.found:
            where = places(style, planted.batch, file, found.column, found.rows)
            self._answers.many_faults(name, where, found.rule, found.severity)
        if file.broken is not None:
            self._answers.fault(name, f"line {file.broken}", "ExpectRecordToBeReadable", "critical")
        if group and again:
            self._answers.fault(name, "", "duplicate")

    def forms(self) -> dict[tuple[str, int], Told]:
        """Write the county forms; return what those that stand tell, by unit and month."""
        told: dict[tuple[str, int], Told] = {}
        counties, span = self._province.counties, self._options.span
        for form in draw_forms(self._options, counties, self._tally, self._facts):
            rng = stream(self._options.seed, "form faults", form.file)
            found = form_faults.plant(form, self._options.faults, self._facts, rng)
            self._write_form(form, found, copied=not found and rng.random() < self._options.resubmitted)
            if not form.superseded and not form.refused:
                told |= {(unit, span.index(form.month)): said for unit, said in form.told()}
        return told

    def _write_form(self, form: Form, found: list[form_faults.FormFault], *, copied: bool) -> None:
        ending, write = WRITERS[form.kind]
        name = form.file + ending
        data = write(form.page)
        self._put(name, data, form.reported)
        rows = len(form.rows)
        held = rows if form.refused else sum(not row.counts for row in form.rows)
        status = "partly_loaded" if held else "loaded"
        if form.refused or form.superseded:
            status = "rejected" if form.refused else "superseded"
        self._answers.files.append(Delivered(name, FORM, status, rows, rows - held, held))
        for fault in found:
            self._answers.fault(name, fault.place, fault.rule, fault.severity)
        if form.superseded:
            self._answers.fault(name, "", "superseded")
        if copied:
            again = f"{form.file}（最终版）{ending}"
            self._put(again, data, form.reported)
            self._answers.files.append(Delivered(again, FORM, "unseen"))
            self._answers.fault(again, "", "unseen")

    def strays(self) -> None:
        """Write the files that come to nothing, if there are to be faults at all."""
        if not self._options.faults:
            return
        day = self._options.span[-1].end + timedelta(days=4)
        for name, data in strays().items():
            self._put(name, data, day)
            self._answers.files.append(Delivered(name, "", "rejected"))
            self._answers.fault(name, "", "rejected")
        name, data = without_a_column()
        self._put(name, data, day)
        self._answers.files.append(Delivered(name, _TWICE, "rejected", 1, 0, 1))
        self._answers.fault(name, "", "ExpectRequiredColumns", "critical")

    def _put(self, name: str, data: bytes, day: date) -> None:
        path = self._path(name)
        path.write_bytes(data)
        _date(path, day)

    def _path(self, name: str) -> Path:
        path = self._landing / name
        path.parent.mkdir(exist_ok=True)
        return path


def _date(path: Path, day: date) -> None:
    """Give a file the time of the evening of its day, by the clock in Guizhou."""
    moment = datetime(day.year, day.month, day.day, 18, tzinfo=_BEIJING).timestamp()
    os.utime(path, (moment, moment))
