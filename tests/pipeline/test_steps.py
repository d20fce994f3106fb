"""Single steps: what a second try of a task finds, and what killed runs leave."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import duckdb
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


def test_a_name_that_is_not_utf8_is_read_and_stops_nobody(settings):
    source = LANDING / "兴义市" / "兴义市2026年5月份统计表.xls"
    name = os.fsdecode("兴义市报表.xls".encode("gb18030"))
    shutil.copy(source, settings.landing / name)
    shutil.copy(source, settings.landing / os.fsdecode(b"\xff.xls"))
    landed = steps.land(settings, NOW)
    assert len(landed.deliveries) == 3
    names = {delivery.file for delivery in steps.Archive(settings.archive).deliveries()}
    assert names & {"兴义市报表.xls", "\\xff.xls"}
    assert "完全相同" in dict(landed.left).popitem()[1]


def test_what_was_taken_is_known_again_without_being_read(settings, monkeypatch):
    steps.land(settings, NOW)
    monkeypatch.setattr(steps.Archive, "store", lambda *_: pytest.fail("read again"))
    assert len(steps.land(settings, NOW).deliveries) == 2


def test_a_damaged_delivery_is_rejected_and_stops_nobody(settings):
    ids = steps.land(settings, NOW).deliveries
    blob = next(settings.archive.glob(f"??/{ids[0]}*[0-9a-f]"))
    blob.chmod(0o600)
    blob.write_bytes(b"damaged")
    steps.load(settings, "run", steps.validate(settings, "run", steps.parse(settings, "run", ids)), NOW)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = dict(connection.execute("select delivery_id, status from ops.delivery").fetchall())
    assert found == {ids[0]: "rejected", ids[1]: "loaded"}


def test_a_landing_folder_that_was_named_is_not_made(settings):
    elsewhere = Settings.read(home=settings.home, landing=settings.home / "lnading", environment={})
    with pytest.raises(FileNotFoundError, match="lnading"):
        steps.land(elsewhere, NOW)


def test_a_phone_number_in_a_file_name_is_masked_in_the_ledger(settings):
    (settings.landing / "反映13012345678.txt").write_text("不是报表", encoding="utf-8")
    ids = steps.land(settings, NOW).deliveries
    steps.load(settings, "run", steps.validate(settings, "run", steps.parse(settings, "run", ids)), NOW)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        files = [name for (name,) in connection.execute("select file from ops.delivery").fetchall()]
    assert not [name for name in files if "13012345678" in name]
    assert [name for name in files if name.startswith("反映")]


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


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), MemoryError()])
def test_trouble_of_the_machine_is_no_fault_of_the_file(settings, monkeypatch, trouble):
    ids = steps.land(settings, NOW).deliveries
    with monkeypatch.context() as patch:
        patch.setattr(steps, "parse_file", lambda *_: (_ for _ in ()).throw(trouble))
        with pytest.raises(type(trouble)):
            steps.parse(settings, "run", ids)
    assert steps.land(settings, NOW).deliveries == ids
    validated = steps.validate(settings, "next", steps.parse(settings, "next", ids))
    assert steps.load(settings, "next", validated, NOW) == ["520102|2026-05", "520102|2026-06"]
