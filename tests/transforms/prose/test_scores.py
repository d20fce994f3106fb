"""How figures are scored against labels; how well labelled reports are read, where they lie beside the project."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.score_prose import MEASURES, rates, read_figures, read_labels, score
from catalog import load

REPORTS = Path(__file__).parents[4] / "shared" / "reports"
NUMBER, OWNED, MEASURED = MEASURES.values()
beside = pytest.mark.skipif(not REPORTS.is_dir(), reason="the labelled reports are not beside this checkout")


def row(value=40.0, org="兴义市", indicator="opinions_collected", unit="条"):
    number = {"doc": "a.txt", "value": value, "qualifier": "exact"}
    return number | {"org_name": org, "indicator_code": indicator, "unit": unit}


@pytest.mark.parametrize(
    ("columns", "agree"),
    [(NUMBER, 3), (OWNED, 2), (MEASURED, 1)],
    ids=["number", "owned", "measured"],
)
def test_each_measure_is_stricter_than_the_one_before(columns, agree):
    labels = [row(), row(23.0), row(12.0), row(7.0)]
    figures = [row(), row(23.0, unit="件"), row(12.0, org="安龙县"), row(8.0)]
    assert score(figures, labels, columns) == (agree, 4, 4)


def test_a_figure_is_matched_with_one_label_only():
    assert score([row(), row()], [row()], MEASURED) == (1, 2, 1)


def test_precision_recall_and_their_mean():
    assert rates(3, 4, 6) == (0.75, 0.5, pytest.approx(0.6))
    assert rates(0, 0, 0) == (1.0, 1.0, 0.0)


@pytest.fixture(scope="module")
def read():
    """Return a function that scores the columns of a measure over all reports: precision, recall, F1."""
    labels = read_labels(REPORTS / "labels.csv")
    figures = [row for name in {str(row["doc"]) for row in labels} for row in read_figures(REPORTS / name, load())]
    return lambda columns: rates(*score(figures, labels, columns))


@beside
def test_values_and_qualifiers_are_read_well(read):
    precision, _, f1 = read(NUMBER)
    assert precision >= 0.93
    assert f1 >= 0.93


@beside
def test_so_are_indicators_and_organisations(read):
    _, _, f1 = read(OWNED)
    assert f1 >= 0.85


def test_what_reads_the_scores_may_stop_reading(tmp_path):
    (tmp_path / "labels.csv").write_text("doc,org_name,indicator_code,value,qualifier,unit\n", encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.score_prose", str(tmp_path), "--misses"]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as scoring:
        scoring.stdout.close()
        assert (scoring.stderr.read(), scoring.wait()) == (b"", 0)
