"""Faults are planted where they are declared, and only rows that are still good count."""

import numpy as np
import pytest

from generator.batches import Lot
from generator.corrections import correct
from generator.deputies import performance
from generator.faults import faults_of
from generator.meetings import trainings
from generator.options import Options
from generator.plant import plant, whole
from generator.province import choose, stream

OPTIONS = Options(counties=3, months=1, records=900, seed=2)


@pytest.fixture
def lot(facts):
    def made(export, size):
        province = choose(facts.tree, 3, 60)
        return Lot(OPTIONS, province, export, 0, np.full(3, size), 1, OPTIONS.span[0])

    return made


def _planted(facts, batch, share=0.3):
    return plant(batch, facts.exports[batch.lot.export], share, stream(1, "test"))


def test_critical_rows_do_not_count_and_warned_ones_do(facts, lot):
    planted = _planted(facts, trainings(lot("training", 200)))
    for found in planted.found:
        assert planted.counts[found.rows].tolist() == [found.severity == "warning"] * len(found.rows), found.rule
    assert 150 < sum(len(found.rows) for found in planted.found) < 220
    untouched = ~planted.touched
    assert planted.counts[untouched].all()


def test_no_row_gets_two_faults(facts, lot):
    planted = _planted(facts, trainings(lot("training", 200)))
    rows = np.concatenate([found.rows for found in planted.found])
    assert len(rows) == len(set(rows.tolist()))


def test_what_is_written_is_what_the_fault_says(facts, lot):
    planted = _planted(facts, trainings(lot("training", 200)))
    attendees, held_on = planted.written("attendees").to_pylist(), planted.written("held_on").to_pylist()
    by_rule = {(found.rule, found.column): found.rows.tolist() for found in planted.found}
    assert {attendees[n] for n in by_rule["ExpectCountNotNegative", "attendees"]} == {"-3"}
    assert {attendees[n] for n in by_rule["ExpectPlausibleAttendees", "attendees"]} == {"6000"}
    assert {attendees[n] for n in by_rule["ExpectSomebodyToTakePart", "attendees"]} == {"0"}
    assert {held_on[n] for n in by_rule["ExpectRequiredFieldFilled", "held_on"]} == {""}
    assert all(held_on[n] > "2090" for n in by_rule["ExpectDateNotInFuture", "held_on"])
    assert all(held_on[n] < "2015" for n in by_rule["ExpectDateNotTooEarly", "held_on"])
    codes = planted.written("training_code").to_pylist()
    twice = by_rule["ExpectRecordIdToBeUnique", "training_code"]
    assert sorted(codes.count(codes[n]) for n in twice) == [2] * len(twice)


def test_repeated_records_repeat_a_good_one_in_every_word(facts, lot):
    planted = _planted(facts, trainings(lot("training", 200)))
    (repeated,) = [found.rows for found in planted.found if found.rule == "ExpectRecordNotToBeRepeated"]
    written = [planted.written(name).to_pylist() for name in planted.batch.columns]
    lines = list(zip(*written, strict=True))
    assert len(repeated) > 0
    for n in repeated:
        assert lines.count(lines[n]) == 2
        assert n > lines.index(lines[n])


def test_rows_that_others_name_stay(facts, lot):
    batch = trainings(lot("training", 200))
    batch.referred[:] = True
    planted = _planted(facts, batch)
    assert planted.counts[: len(batch)].all()
    assert any(found.severity == "warning" for found in planted.found)


def test_a_share_of_nothing_changes_nothing(facts, lot):
    batch = trainings(lot("training", 200))
    before = {name: column.text().to_pylist() for name, column in batch.columns.items()}
    planted = _planted(facts, batch, share=0.0)
    assert planted.found == []
    assert {name: planted.written(name).to_pylist() for name in batch.columns} == before


def test_every_rule_of_an_export_is_planted_when_there_are_rows_enough(facts, lot):
    planted = _planted(facts, performance(lot("performance", 800)))
    declared = {fault.rule for fault in faults_of(facts.exports["performance"])}
    assert declared <= {found.rule for found in planted.found}


def test_a_deputy_of_two_levels_is_told_once(facts, lot):
    planted = _planted(facts, performance(lot("performance", 800)))
    levels = planted.written("deputy_level").to_pylist()
    codes = planted.written("deputy_code").to_pylist()
    (rows,) = [found.rows for found in planted.found if found.rule == "ExpectDeputyToHaveOneLevel"]
    for n in rows:
        others = {levels[m] for m, code in enumerate(codes) if code == codes[n] and m != n}
        assert levels[n] == "市"
        assert others <= {"县", "乡"}
        assert len(others) == 1


def test_no_deputy_scores_twice_for_a_kind_on_a_day(facts, lot):
    batch = performance(lot("performance", 3000))
    written = {name: batch.columns[name].text().to_pylist() for name in ("deputy_code", "acted_on", "action_kind")}
    scored = [line for line in zip(*written.values(), strict=True) if line[2] != "联系群众"]
    assert len(scored) > 8000
    assert len(scored) == len(set(scored))


def test_a_correction_takes_the_place_of_what_was_first_told(facts, lot):
    planted = whole(trainings(lot("training", 100)))
    later = correct(planted, 0.1, stream(1, "test"))
    assert len(later) == planted.replaced.sum() == 30
    codes = planted.written("training_code").to_pylist()
    first = dict(zip(codes, planted.batch.columns["attendees"].data.tolist(), strict=True))
    for code, number in zip(
        later.columns["training_code"].text().to_pylist(), later.columns["attendees"].data.tolist(), strict=True
    ):
        assert number == first[code] + 5
