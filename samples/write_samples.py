"""Write the sample landing folder and its answers: `.venv/bin/python samples/write_samples.py OUT`.

Writes `OUT/landing` and `OUT/answers` anew from `samples/facts`. The same facts give the same bytes on any machine.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, fields
from pathlib import Path

from writer import answers, broken, document, forms, rates, records
from writer.facts import Facts, OtherFile, read_facts, read_units
from writer.grid import Sheet
from writer.workbook import xlsx

HERE = Path(__file__).resolve().parent
DIVISIONS = HERE.parent / "catalog" / "org" / "divisions.csv"
ANSWER_COLUMNS = (
    "org_code",
    "org_name",
    "indicator_code",
    "period",
    "value",
    "value_low",
    "value_high",
    "source",
    "records_value",
)
PROSE_COLUMNS = ("file", "org_code", "indicator_code", "value", "value_low", "value_high", "qualifier", "unit")


def main() -> None:
    """Read the command line and write the samples."""
    parser = argparse.ArgumentParser(description="Write samples/landing and samples/answers from samples/facts.")
    parser.add_argument("out", type=Path, help="folder in which landing/ and answers/ are written anew")
    out: Path = parser.parse_args().out
    facts = read_facts(HERE / "facts")
    for folder in (out / "landing", out / "answers"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    count = 0
    for name, data in landing_files(facts):
        path = out / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        count += 1
    write_answers(facts, out / "answers")
    print(f"{count} files written to {out / 'landing'}, answers beside them")


def landing_files(facts: Facts) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every file that lands."""
    for form in facts.forms:
        yield form.file, forms.write_form(form.tables, form.format, form.encoding)
        for copy in form.copies:
            yield copy.file, forms.write_form(form.tables, copy.format, copy.encoding)
    for export in facts.exports:
        yield export.file, records.write_export(export, export.format, export.encoding, facts)
        for copy in export.copies:
            yield copy.file, records.write_export(export, copy.format, copy.encoding, facts)
    for report in facts.prose:
        yield report.file, document.docx_text(report.text) if report.format == "docx" else report.text.encode()
    for other in facts.others:
        yield other.file, other_file(other)


def other_file(other: OtherFile) -> bytes:
    """Return the bytes of a file that is not for us."""
    menu = Sheet("菜单", tuple(tuple(line.split()) for line in other.text.splitlines()))
    made: dict[str, Callable[[], bytes]] = {
        "text": lambda: other.text.encode(),
        "encrypted": broken.encrypted_book,
        "doc": broken.old_word_document,
        "pdf": broken.pdf_page,
        "png": broken.png_picture,
        "truncated": lambda: xlsx([menu])[:700],
        "menu": lambda: xlsx([menu]),
    }
    return made[other.make]()


def write_answers(facts: Facts, folder: Path) -> None:
    """Write every file of answers."""
    _write_figures(facts, folder)
    told = [
        [report.file, f.org, f.indicator, *map(_number, (f.v, _or(f.low, f.v), _or(f.high, f.v))), f.qualifier, f.unit]
        for report in sorted(facts.prose, key=lambda report: report.file)
        for f in answers.prose_figures(report, facts)
    ]
    _write_csv(folder / "prose.csv", PROSE_COLUMNS, told)
    delivered = sorted(answers.deliveries(facts), key=lambda delivery: delivery.file)
    names = [field.name for field in fields(answers.Delivery)]
    _write_csv(folder / "deliveries.csv", names, map(astuple, delivered))
    faults = sorted(planted(facts), key=lambda fault: fault.file)
    listed = [[f.file, f.place, f.rule, facts.rules[f.rule].zh, facts.expected(f.rule)] for f in faults]
    _write_csv(folder / "faults.csv", ("file", "place", "rule", "rule_zh", "expected"), listed)


def _write_figures(facts: Facts, folder: Path) -> None:
    """Write the answers of every level and grain."""
    units = read_units(DIVISIONS)

    def parent(code: str) -> str:
        return units[code][1] or code

    levels: dict[str, Callable[[str], str]] = {
        "county": str,
        "prefecture": parent,
        "province": lambda code: parent(parent(code)),
    }
    month_rates, quarter_rates = rates.county_rates(facts)
    months = (answers.county_month(facts), month_rates, answers.month_of)
    quarters = (answers.county_quarter(facts), quarter_rates, answers.quarter_of)
    years: tuple[answers.Cube, rates.Rates, Callable[[str], str]] = (answers.county_year(facts), {}, answers.year_of)
    for grain, (cube, rated, span) in {"month": months, "quarter": quarters, "year": years}.items():
        for level, org in levels.items():
            figures = answers.roll_up(cube, org) | answers.deputies_reporting(facts, org, span)
            rows = {
                key: [*map(_number, (a.value, a.low, a.high)), a.source, _number(a.records)]
                for key, a in figures.items()
                if key[1] not in rates.PARTS
            }
            for key, rate in rates.climb(rated, org).items():
                rows[key] = [_number(rate.percent), "", "", rate.source, ""]
            named = [[key[0], units[key[0]][0], *key[1:], *rows[key]] for key in sorted(rows)]
            _write_csv(folder / f"{level}_{grain}.csv", ANSWER_COLUMNS, named)


def planted(facts: Facts) -> Iterator[forms.PlantedFault]:
    """Yield every planted fault."""
    for form in facts.forms:
        yield from forms.planted_in(form)
    for export in facts.exports:
        yield from records.planted_in(export, facts)
    for report in facts.prose:
        if report.superseded_by:
            yield forms.PlantedFault(report.file, "", "resubmitted")
        for figure in report.figures:
            if figure.fault:
                yield forms.PlantedFault(report.file, figure.org, figure.fault)
    for other in facts.others:
        yield forms.PlantedFault(other.file, "", other.fault)


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def _write_csv(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
