"""Score `daibiao extract` against labelled reports: precision, recall and F1, overall and by indicator.

    python -m benchmarks.score_prose REPORTS [LABELS] [--only GLOB] [--misses]

REPORTS is a folder of reports, LABELS a csv with the columns doc, org_name, indicator_code, value, qualifier, unit
(default: REPORTS/labels.csv). `--only '0*.txt'` scores some of the reports, `--misses` lists what differs.
A figure and a label are matched one to one within a report. Three measures, each stricter than the one before: value
and qualifier; indicator and organisation as well; the unit too.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import catalog
from transforms import read_document
from transforms.prose import extract

Key = tuple[object, ...]
MEASURES = {
    "值与修饰 · value and qualifier": ("doc", "value", "qualifier"),
    "及指标、单位名称 · and indicator, organisation": ("doc", "value", "qualifier", "indicator_code", "org_name"),
    "及计量单位 · and unit": ("doc", "value", "qualifier", "indicator_code", "org_name", "unit"),
}
Row = dict[str, object]


def read_labels(path: Path) -> list[Row]:
    """Return the labels, one row a figure."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{**row, "value": float(row["value"])} for row in csv.DictReader(file)]


def read_figures(path: Path, facts: catalog.Catalog) -> list[Row]:
    """Return what the extractor reads from a report, in the shape of labels."""
    document = read_document(path.read_bytes(), path.name)
    return [
        {
            "doc": path.name,
            "org_name": figure.place.name,
            "indicator_code": figure.indicator_code,
            "value": float(figure.value),
            "qualifier": figure.qualifier,
            "unit": figure.unit,
            "phrase": figure.phrase,
        }
        for figure in extract(document.text, facts, name=path.name).figures
    ]


def score(figures: Iterable[Row], labels: Iterable[Row], columns: tuple[str, ...]) -> tuple[int, int, int]:
    """Return how many figures and labels agree on the columns, how many figures there are, and how many labels."""
    read = Counter(tuple(row[column] for column in columns) for row in figures)
    wanted = Counter(tuple(row[column] for column in columns) for row in labels)
    return (read & wanted).total(), read.total(), wanted.total()


def rates(agree: int, read: int, wanted: int) -> tuple[float, float, float]:
    """Return precision, recall and F1; 1 where there was nothing to get wrong."""
    precision = agree / read if read else 1.0
    recall = agree / wanted if wanted else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if agree else 0.0


def line(name: str, agree: int, read: int, wanted: int) -> str:
    """Return a line of the table."""
    precision, recall, f1 = rates(agree, read, wanted)
    return f"{precision:9.3f} {recall:7.3f} {f1:7.3f} {agree:6} {read:6} {wanted:6}  {name}"


def print_scores(figures: list[Row], labels: list[Row]) -> None:
    """Print the three measures, then value, qualifier, indicator and organisation by indicator."""
    print("precision  recall      F1  agree   read labels")
    for name, columns in MEASURES.items():
        print(line(name, *score(figures, labels, columns)))
    print("按指标（值、修饰、指标、单位名称） · by indicator")
    strict = MEASURES["及指标、单位名称 · and indicator, organisation"]
    for indicator in sorted({str(row["indicator_code"]) for row in (*figures, *labels)}):
        of = [[row for row in rows if row["indicator_code"] == indicator] for rows in (figures, labels)]
        print(line(indicator, *score(of[0], of[1], strict)))


def print_misses(figures: list[Row], labels: list[Row]) -> None:
    """Print what was read and is no label (+), and labels that were not read (-), report by report."""
    columns = MEASURES["及计量单位 · and unit"]
    read = Counter(tuple(row[column] for column in columns) for row in figures)
    wanted = Counter(tuple(row[column] for column in columns) for row in labels)
    for sign, rows, other in (("+", figures, wanted - (wanted - read)), ("-", labels, read - (read - wanted))):
        left = Counter(other)
        for row in rows:
            key = tuple(row[column] for column in columns)
            if left[key] > 0:
                left[key] -= 1
            else:
                print(sign, *(row[column] for column in columns), row["phrase"], sep=" | ")


def main() -> None:
    """Score the reports of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=Path)
    parser.add_argument("labels", type=Path, nargs="?")
    parser.add_argument("--only", default="", help="score only reports whose names match this glob")
    parser.add_argument("--misses", action="store_true", help="print what was missed and what was read too much")
    wanted = parser.parse_args()
    labels = read_labels(wanted.labels or wanted.reports / "labels.csv")
    facts = catalog.load()
    names = sorted({str(row["doc"]) for row in labels if Path(str(row["doc"])).match(wanted.only or "*")})
    labels = [row for row in labels if row["doc"] in names]
    figures = [row for name in names for row in read_figures(wanted.reports / name, facts)]
    try:
        print_scores(figures, labels)
        if wanted.misses:
            print_misses(sorted(figures, key=lambda row: str(row["doc"])), labels)
        sys.stdout.flush()
    except BrokenPipeError:  # head has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
