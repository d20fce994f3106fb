"""A small province with faults, one without, and ways to read their files that are none of the project's."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

import catalog
from generator import Options, generate

SMALL = {"counties": 3, "months": 2, "records": 900, "seed": 5}


@pytest.fixture(scope="session")
def facts():
    return catalog.load()


def make(out, **options):
    """Make a province up in `out` and return the folder."""
    generate(Options(**{**SMALL, **options}), out, catalog.load())
    return out


@pytest.fixture(scope="session")
def clean(tmp_path_factory):
    """A province without faults, all its records' files csv, all its forms xlsx."""
    options = {"faults": 0.0, "record_formats": ("csv",), "form_formats": ("xlsx",), "resubmitted": 0.0}
    return make(tmp_path_factory.mktemp("clean") / "province", corrected=0.0, **options)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory):
    """A province with many faults, in all formats."""
    return make(tmp_path_factory.mktemp("faulty") / "province", faults=0.1, records=3000, resubmitted=0.3)


def answers(province, name):
    """Return the rows of one file of answers."""
    with (province / "answers" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def table(path):
    """Return the rows of a file of records as lists of texts, the header first, and the line each begins on."""
    data = path.read_bytes()
    if path.suffix == ".xlsx":
        sheet = load_workbook(io.BytesIO(data))["导出"]
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        return rows, list(range(1, len(rows) + 1))
    if path.suffix == ".csv":
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        rows, lines, begin = [], [], 1
        reader = csv.reader(io.StringIO(text, newline=""))
        for row in reader:
            rows.append(row)
            lines.append(begin)
            begin = reader.line_num + 1
        return rows, lines
    text = data.decode("utf-8")
    if path.suffix == ".json":
        records = json.loads(text)["data"]["list"]
    else:
        records = [json.loads(line) for line in text.splitlines() if line.endswith("}")]
    header = list(records[0])
    body = [["" if record[name] is None else str(record[name]) for name in header] for record in records]
    return [header, *body], list(range(len(body) + 1))


def records(province, name):
    """Return all records of an export's files as dicts, corrections not among them."""
    found = []
    for path in sorted((province / "landing" / "联络站系统").glob(f"{name}*")):
        header, *rows = table(path)[0]
        found += [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]
    return found
