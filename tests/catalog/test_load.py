"""The catalog's files agree with one another, and a slip in one of them is refused by name."""

import shutil

import pytest
import yaml
from pydantic import ValidationError

from catalog import load
from catalog.load import FOLDER

CATALOG = load()


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "catalog"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def _change(path, change):
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_every_indicator_is_used():
    used = {figure.indicator for form in CATALOG.forms.values() for figure in form.figures}
    used |= {measure.indicator for export in CATALOG.exports.values() for measure in export.measures}
    used |= {part for indicator in CATALOG.indicators.values() for part in (indicator.numerator, indicator.denominator)}
    assert set(CATALOG.indicators) - used == set()


def test_kinds_decide_how_indicators_add_up():
    visits, stations = CATALOG.indicators["station_visits"], CATALOG.indicators["station_count"]
    rate = CATALOG.indicators["disputes_resolution_rate"]
    assert (visits.over_time, visits.over_tree) == ("sum", "sum")
    assert (stations.over_time, stations.over_tree) == ("last", "sum")
    assert (rate.over_time, rate.numerator, rate.denominator) == ("rebuild", "disputes_settled", "disputes_mediated")


def test_no_export_keeps_a_name_phone_identity_number_or_text():
    case = CATALOG.exports["case"]
    kept = {column.name for column in case.stored_columns}
    assert kept.isdisjoint({"citizen_name", "citizen_phone", "citizen_id", "content"})


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("forms/county_table.yml", lambda c: c.update(tite_words=[]), "tite_words"),
        ("forms/county_table.yml", lambda c: c["figures"][0].update(indicator="no_such"), "no_such"),
        ("forms/county_table.yml", lambda c: c["figures"][0]["headers"].append("办结"), "办结"),
        ("forms/county_table.yml", lambda c: c["at_most"].append({"part": "rated", "whole": "awards"}), "rated"),
        ("exports/case.yml", lambda c: c.update(key="no_such"), "no_such"),
        ("exports/case.yml", lambda c: c["columns"][0].update(name="drop table"), "drop table"),
        ("exports/case.yml", lambda c: c["columns"][0].update(references="no_such"), "no_such"),
        (
            "exports/case.yml",
            lambda c: c["measures"].append({"indicator": "station_count", "when": "opened_at"}),
            "kind",
        ),
        ("exports/station.yml", lambda c: c["columns"].append(c["columns"][0]), "twice"),
        ("parameters.yml", lambda c: c["parameters"].update(case_due_days=0), "case_due_days"),
    ],
)
def test_a_slip_is_refused_by_name(folder, file, change, message):
    _change(folder / file, change)
    with pytest.raises((ValueError, ValidationError), match=message):
        load(folder)


def test_a_stock_that_is_to_be_summed_is_refused(folder):
    path = folder / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("stock,last", "stock,sum"), encoding="utf-8")
    with pytest.raises(ValidationError, match="stock aggregates"):
        load(folder)
