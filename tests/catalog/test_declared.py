"""Corrections and explanations: what may be declared, and what is refused by name."""

from datetime import date
from decimal import Decimal

import pytest
import yaml
from pydantic import ValidationError

from catalog import load
from catalog.declared import Correction, Explanation
from catalog.load import FOLDER

CORRECTION = {
    "id": "zero_too_many",
    "unit": "522301001",
    "indicator": "station_visits",
    "period": "2026-06",
    "from": 4100,
    "to": 410.5,
    "reason": "多录入一个零",
    "who": "兴义市人大办",
    "declared_on": date(2026, 7, 15),
    "expires": date(2026, 9, 30),
}
EXPLANATION = {
    "id": "closed_for_repair",
    "unit": "522301",
    "indicator": "station_visits",
    "period": "2026-Q2",
    "text": "站点装修停用",
    "who": "兴义市人大常委会办公室",
    "said_on": date(2026, 7, 15),
    "expires": date(2026, 9, 30),
}


def test_a_correction_is_exact_and_of_the_period_unless_it_says_so():
    read = Correction.model_validate(CORRECTION)
    assert (read.value_from, read.value_to, read.basis) == (Decimal(4100), Decimal("410.5"), "period")


@pytest.mark.parametrize(("period", "first"), [("2026-06", (6, 1)), ("2026-Q2", (4, 1)), ("2026", (1, 1))])
def test_a_period_begins_with_its_first_month(period, first):
    assert Explanation.model_validate(EXPLANATION | {"period": period}).period_start == date(2026, *first)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"froom": 1}, "froom"),
        ({"unit": 522301001}, "unit"),
        ({"unit": "5223"}, "unit"),
        ({"period": "2026-13"}, "period"),
        ({"period": "2026-08"}, "早于统计期"),
        ({"to": 4100}, "from 与 to 相同"),
        ({"to": -1}, "to"),
        ({"to": 0.00001}, "decimal places"),
        ({"from": None}, "from"),
        ({"who": "张三"}, "不写个人姓名"),
        ({"who": "兴义市人大办张三"}, "不写个人姓名"),
        ({"reason": ""}, "reason"),
        ({"reason": "已电话13800000000核实"}, "电话或证件号码"),
        ({"reason": "两\n行"}, "reason"),
        ({"expires": date(2026, 7, 14)}, "早于 2026-07-15"),
        ({"basis": "as_of"}, "basis"),
        ({"basis": "year_to_date", "period": "2026-Q2"}, "截止月份"),
        ({"id": "zero too many"}, "id"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        Correction.model_validate(CORRECTION | change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": "身份证522301199001011234"}, "电话或证件号码"),
        ({"said_on": date(2026, 3, 31)}, "早于统计期"),
        ({"rule": "no such rule"}, "rule"),
        ({"value": 3}, "value"),
    ],
)
def test_an_explanation_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        Explanation.model_validate(EXPLANATION | change)


@pytest.fixture
def declare(tmp_path):
    """Return a function that loads a catalog with just these entries."""

    def make(corrections=(), explanations=()):
        folder = tmp_path / "catalog"
        folder.mkdir()
        for path in FOLDER.iterdir():
            (folder / path.name).symlink_to(path)
        for name, entries in (("corrections", corrections), ("explanations", explanations)):
            (folder / f"{name}.yml").unlink()
            (folder / f"{name}.yml").write_text(yaml.safe_dump([*entries], allow_unicode=True), encoding="utf-8")
        return load(folder)

    return make


def test_entries_of_two_cells_and_of_two_wrong_values_of_one_cell_stand_beside_each_other(declare):
    other = CORRECTION | {"id": "other_cell", "unit": "522301002"}
    again = CORRECTION | {"id": "again", "from": 41000}
    cumulative = CORRECTION | {"id": "cumulative", "basis": "year_to_date"}
    loaded = declare([CORRECTION, other, again, cumulative], [EXPLANATION])
    assert [entry.id for entry in loaded.corrections] == ["zero_too_many", "other_cell", "again", "cumulative"]
    assert [entry.text for entry in loaded.explanations] == ["站点装修停用"]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([CORRECTION | {"unit": "522399"}], "corrections.yml: 没有这个单位代码: 522399"),
        ([CORRECTION | {"indicator": "no_such"}], "corrections.yml: 没有这个指标: no_such"),
        ([CORRECTION | {"period": "2014-06"}], "corrections.yml: 统计期早于 2015 年: zero_too_many"),
        ([CORRECTION | {"unit": "522300"}], "不能更正市州或全省: zero_too_many"),
        ([CORRECTION, CORRECTION | {"to": 41}], "id 重复: zero_too_many"),
        ([CORRECTION, CORRECTION | {"id": "twice", "to": 41}], "同一个数更正了两次: twice, zero_too_many"),
        (
            [CORRECTION | {"unit": "520321"}, CORRECTION | {"id": "new_code", "unit": "520304"}],
            "同一个数更正了两次: new_code, zero_too_many",
        ),
    ],
)
def test_corrections_that_fit_nothing_or_contradict_each_other_are_refused(declare, entries, message):
    with pytest.raises(ValueError, match=message):
        declare(entries)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "999999"}, "explanations.yml: 没有这个单位代码"),
        ({"indicator": "x"}, "explanations.yml: 没有这个指标"),
    ],
)
def test_explanations_that_fit_nothing_are_refused(declare, change, message):
    with pytest.raises(ValueError, match=message):
        declare(explanations=[EXPLANATION | change])


def test_a_prefecture_may_explain_its_own_figure(declare):
    assert declare(explanations=[EXPLANATION | {"unit": "522300"}]).explanations[0].unit == "522300"
