"""A made-up province walks the road: every true figure, every planted fault, every file is as its answers say."""

import csv
import json
import shutil

import pytest

from pipeline.comparing import compare
from warehouse.release import newest

from .conftest import daibiao

SMALL = ("--counties", "3", "--months", "2", "--records", "1500", "--seed", "3")
MISHAPS = ("--faults", "0.1", "--resubmitted", "0.3", "--missing", "0.2", "--late", "0.2", "--corrected", "0.05")


@pytest.fixture(scope="session")
def province(tmp_path_factory):
    """A small province with all kinds of mishaps, and a home in which it has been read once."""
    folder, home = tmp_path_factory.mktemp("made") / "province", tmp_path_factory.mktemp("province-home")
    daibiao("generate", "--out", folder, *SMALL, *MISHAPS, home=home, check=0)
    daibiao("run", "--landing", folder / "landing", "--json", home=home, check=1)
    return folder, home


def test_release_and_answers_agree(province):
    folder, home = province
    done = daibiao("compare", folder, home=home)
    assert done.returncode == 0, done.stdout
    found = json.loads(daibiao("compare", folder, "--json", home=home, check=0).stdout)
    assert found["values"] == found["values_found"] > 700
    assert found["faults"] == found["faults_found"] > 150
    assert found["files"] == found["files_as_expected"] > 30
    assert (found["false_alarms"], found["agrees"], found["differences"]) == (0, True, [])


def _change(folder, name, change):
    path = folder / "answers" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows = change(rows)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _other_value(rows):
    rows[5]["value"] = str(float(rows[5]["value"] or 0) + 1)
    return rows


def _other_source(rows):
    rows[5]["source"] = "prose"
    return rows


def _one_more(rows):
    return [*rows, {**rows[0], "indicator_code": "livelihood_projects", "period": "2026-05"}]


def _other_place(rows):
    planted = next(row for row in rows if row["rule"].startswith("Expect") and row["place"])
    planted["place"] += "0"
    return rows


def _other_status(rows):
    next(row for row in rows if row["status"] == "loaded" and not row["group"])["status"] = "rejected"
    return rows


def test_a_difference_ends_in_exit_code_1(province, tmp_path):
    folder, home = province
    shutil.copytree(folder / "answers", tmp_path / "answers")
    _change(tmp_path, "figures", _other_value)
    assert "应为" in daibiao("compare", tmp_path, home=home, check=1).stdout


@pytest.mark.parametrize(
    ("name", "change", "short", "said"),
    [
        ("figures", _other_value, "values_found", "应为"),
        ("figures", _other_source, "values_found", "来源应为 prose"),
        ("figures", lambda rows: rows[1:], None, "多出的数"),
        ("figures", _one_more, "values_found", "没有找到"),
        ("faults", _other_place, "faults_found", "没有找到"),
        ("faults", lambda rows: rows[1:], None, "误报"),
        ("deliveries", _other_status, "files_as_expected", "应为 rejected"),
    ],
)
def test_a_difference_is_found_and_told(province, tmp_path, name, change, short, said):
    folder, home = province
    shutil.copytree(folder / "answers", tmp_path / "answers")
    _change(tmp_path, name, change)
    found = compare(tmp_path / "answers", newest(home / "releases").path)
    assert any(said in difference for difference in found.differences)
    if short:
        whole = {"values_found": "values", "faults_found": "faults", "files_as_expected": "files"}[short]
        assert getattr(found, short) == getattr(found, whole) - 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--counties", "0"), "县区数"),
        (("--records", "10"), "记录太少"),
        (("--until", "2199-01"), "还没有过完"),
        (("--formats", "pdf"), "没有这种格式：pdf"),
    ],
)
def test_what_cannot_be_made_up_gets_a_sentence(tmp_path, arguments, said):
    done = daibiao("generate", "--out", tmp_path / "g", *SMALL, *arguments, home=tmp_path, check=2)
    assert said in done.stderr
    assert not (tmp_path / "g").exists()


def test_a_folder_that_holds_a_province_is_left_alone(province):
    folder, home = province
    assert "已有" in daibiao("generate", "--out", folder, *SMALL, home=home, check=2).stderr
