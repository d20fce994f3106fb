"""The lexicon of prose: its groups are put in place, and a slip in any of its files is refused by name."""

import shutil
from datetime import date

import pytest
import yaml
from pydantic import ValidationError

from catalog import load
from catalog.lexicon import Lexicon, Refusal, Units
from catalog.load import FOLDER

CATALOG = load()


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "catalog"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def lexicon(**sense):
    return Lexicon.model_validate(
        {
            "groups": {"pieces": ["条", "件"], "collect": ["收集", "征集"]},
            "senses": [{"indicator": "opinions_collected", "units": ["$pieces"], **sense}],
            "second_facts": [],
            "follows": [],
        }
    )


def test_a_group_stands_for_its_words_in_their_order_and_no_word_stands_twice():
    sense = lexicon(verbs=["听取", "$collect", "征集"], units=["个", "$pieces"]).senses[0]
    assert sense.verbs == ("听取", "收集", "征集")
    assert sense.units == ("个", "条", "件")


def test_a_sense_says_little_unless_told():
    sense = lexicon().senses[0]
    assert (sense.needs, sense.side, sense.weight, sense.reach, sense.objects, sense.not_after) == (
        "object", "both", 0, 5, (), (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("slip", "message"),
    [
        ({"objects": ["$no_such"]}, "no group no_such"),
        ({"verb": ["收集"]}, "verb"),
        ({"units": []}, "units"),
        ({"needs": "noun"}, "needs"),
        ({"side": "above"}, "side"),
        ({"reach": -1}, "reach"),
        ({"indicator": "意见"}, "indicator"),
    ],
)
def test_a_slip_in_a_sense_is_refused_by_name(slip, message):
    with pytest.raises(ValidationError, match=message):
        lexicon(**slip)


def test_a_lexicon_without_groups_is_refused():
    with pytest.raises(ValidationError, match="no groups"):
        Lexicon.model_validate({"senses": [], "second_facts": []})


@pytest.mark.parametrize("place", ["before", "number", "after", "clause", "unless"])
def test_a_pattern_that_cannot_be_compiled_is_refused_by_name(place):
    with pytest.raises(ValidationError, match=r"not a regular expression: \(个"):
        Refusal.model_validate({"reason": "date", "zh": "日期", "after": "年", place: "(个"})


def test_a_refusal_without_a_pattern_is_refused():
    with pytest.raises(ValidationError, match="date: a refusal without a pattern"):
        Refusal.model_validate({"reason": "date", "zh": "日期", "unless": "共"})


def test_the_longest_unit_comes_first():
    units = Units(counted=("人", "人次"), measured=("亩",), spellings={"人/次": "人次"})
    assert units.all == ("人/次", "人次", "亩", "人")


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("lexicon", lambda c: c["senses"][0].update(indicator="no_such"), "lexicon: unknown indicator: no_such"),
        ("lexicon", lambda c: c["senses"][0].update(not_after=["nobody"]), "lexicon: unknown indicator: nobody"),
        ("lexicon", lambda c: c["second_facts"][0].update(of="no_such"), "lexicon: unknown indicator: no_such"),
        ("lexicon", lambda c: c["second_facts"][0].update(gives="no_such"), "lexicon: unknown indicator: no_such"),
        ("lexicon", lambda c: c["follows"][0].update(after="no_such"), "lexicon: unknown indicator: no_such"),
        ("lexicon", lambda c: c["senses"][0].update(units=["次", "回合"]), "lexicon: unknown unit: 回合"),
        ("lexicon", lambda c: c["groups"].pop("pieces"), "no group pieces"),
        ("not_statistics", lambda c: c[0].update(after="(年"), "not a regular expression"),
        ("not_statistics", lambda c: c.append({"reason": "date", "zh": "日期"}), "without a pattern"),
        ("units", lambda c: c.update(spelling={}), "spelling"),
    ],
)
def test_a_slip_in_a_file_is_refused_by_name(folder, file, change, message):
    path = folder / f"prose/{file}.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises((ValueError, ValidationError), match=message):
        load(folder)


def test_amounts_in_large_units_of_money_are_no_slip():
    assert {"元", "万元", "亿元"} <= {unit for sense in CATALOG.prose.lexicon.senses for unit in sense.units}


@pytest.mark.parametrize(("day", "start"), [("2021-11-01", date(2021, 11, 1)), ("", None)])
def test_the_day_the_programme_began_may_be_left_open(folder, day, start):
    (folder / "prose/programme.yml").write_text(f"start: {day}\n", encoding="utf-8")
    assert load(folder).prose.programme_start == start
