"""What the catalog knows beside the tree for reading prose: units elsewhere, township names, words around names."""

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


def test_units_elsewhere_know_what_they_lie_in():
    by_code = {org.code: org for org in CATALOG.elsewhere}
    assert by_code["330521"].name == "德清县"
    assert by_code[by_code["330521"].parent].name == "湖州市"
    assert {org.level for org in CATALOG.elsewhere} == {"province", "prefecture", "county"}


def test_the_counties_of_municipalities_lie_right_below_them():
    by_code = {org.code: org for org in CATALOG.elsewhere}
    assert (by_code["110105"].name, by_code["110105"].parent) == ("朝阳区", "110000")
    assert not [org.name for org in CATALOG.elsewhere if org.name in {"市辖区", "县", "省直辖县级行政区划"}]


def test_no_unit_elsewhere_is_in_the_tree():
    assert not [org.code for org in CATALOG.elsewhere if org.code.startswith("52")]


def test_township_names_end_like_townships():
    assert "新市镇" in CATALOG.township_names
    assert {name[-1] for name in CATALOG.township_names} == set("镇乡道木")


def test_a_unit_elsewhere_below_nothing_is_refused(folder):
    with (folder / "org/elsewhere.csv").open("a", encoding="utf-8") as lines:
        lines.write("990101,某县,county,990100\n")
    with pytest.raises(ValueError, match="990100"):
        load(folder)


def test_a_misspelt_list_of_words_is_refused(folder):
    path = folder / "prose/places.yml"
    words = yaml.safe_load(path.read_text(encoding="utf-8"))
    words["everydays"] = words.pop("everyday")
    path.write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ValidationError, match="everydays"):
        load(folder)
