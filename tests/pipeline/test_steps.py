"""Single steps: what a second try of a task finds, and what killed runs leave."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from pipeline import steps
from pipeline.settings import Settings

from .conftest import LANDING

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    shutil.copytree(LANDING / "南明区", tmp_path / "landing")
    return Settings.read(home=tmp_path, environment={"DAIBIAO_SETTLE_SECONDS": "0"})


@pytest.fixture
def validated(settings):
    ids = steps.land(settings, NOW).deliveries
    return steps.validate(settings, "run", steps.parse(settings, "run", ids))


def test_load_names_the_partitions_it_touched_and_cleans_up(settings, validated):
    assert steps.load(settings, "run", validated, NOW) == ["520102|2026-05", "520102|2026-06"]
    assert list(settings.work.iterdir()) == []


def test_a_second_try_of_a_load_that_had_ended_has_nothing_to_do(settings, validated):
    steps.load(settings, "run", validated, NOW)
    assert steps.load(settings, "run", validated, NOW) == [steps.NO_PERIOD]


def test_a_second_try_of_a_load_that_died_in_the_middle_ends_it(settings, validated, monkeypatch):
    real, left = steps.load_delivery, [1]

    def dying(*arguments):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return real(*arguments)

    monkeypatch.setattr(steps, "load_delivery", dying)
    with pytest.raises(KeyboardInterrupt):
        steps.load(settings, "run", validated, NOW)
    monkeypatch.setattr(steps, "load_delivery", real)
    assert steps.load(settings, "run", validated, NOW) == ["520102|2026-05", "520102|2026-06"]


def test_a_load_whose_work_folder_is_gone_does_not_pass_for_done(settings, validated):
    shutil.rmtree(settings.work / "run")
    with pytest.raises(FileNotFoundError):
        steps.load(settings, "run", validated, NOW)


def test_what_a_killed_run_left_is_swept_after_two_days(settings):
    for name, days in (("killed", 3), ("under-way", 1)):
        folder = settings.work / name
        folder.mkdir(parents=True)
        then = (NOW - timedelta(days=days)).timestamp()
        os.utime(folder, (then, then))
    steps.land(settings, NOW)
    assert [folder.name for folder in settings.work.iterdir()] == ["under-way"]


def test_each_intake_takes_its_own_and_what_nobody_can_read_goes_to_the_reports(settings):
    shutil.copy(LANDING / "其他" / "活动照片.xlsx", settings.landing)
    shutil.copy(LANDING / "联络站系统" / "群众工单_202605.csv", settings.landing)
    reports = steps.land(settings, NOW, family="county_reports").deliveries
    exports = steps.land(settings, NOW, family="station_exports").deliveries
    assert len(reports) == 3
    assert len(exports) == 1
    assert set(reports) | set(exports) == set(steps.land(settings, NOW).deliveries)
