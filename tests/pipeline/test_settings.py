"""Settings: what stands above what, what is refused, and the key that is made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.settings import Settings, SettingsError


def test_an_option_stands_above_the_environment(tmp_path):
    environment = {"DAIBIAO_HOME": "/elsewhere", "DAIBIAO_LANDING": "/inbox", "DAIBIAO_KEEP_RELEASES": "2"}
    settings = Settings.read(home=tmp_path, environment=environment)
    assert settings.home == tmp_path
    assert settings.landing == Path("/inbox")
    assert settings.keep_releases == 2


def test_defaults_lie_below_the_working_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = Settings.read(environment={})
    assert settings.home == tmp_path / "data"
    assert settings.landing == tmp_path / "data" / "landing"


def test_an_empty_variable_is_no_value():
    settings = Settings.read(environment={"DAIBIAO_HOME": "", "DAIBIAO_SETTLE_SECONDS": ""})
    assert settings.settle_seconds == 3.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DAIBIAO_SETTLE_SECONDS", "soon"),
        ("DAIBIAO_SETTLE_SECONDS", "-1"),
        ("DAIBIAO_SETTLE_SECONDS", "nan"),
        ("DAIBIAO_SETTLE_SECONDS", "inf"),
        ("DAIBIAO_KEEP_RELEASES", "0"),
        ("DAIBIAO_KEEP_RELEASES", "inf"),
        ("DAIBIAO_KEEP_RELEASES", "2.5"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name, value):
    with pytest.raises(SettingsError, match=name):
        Settings.read(environment={name: value})


def test_tasks_that_start_together_end_with_one_key(tmp_path):
    settings = Settings.read(home=tmp_path, environment={})
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: settings.mask_key({}), range(32)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mask.key"]
    assert stat.S_IMODE((tmp_path / "mask.key").stat().st_mode) == 0o400


def test_a_key_that_is_given_is_not_written_down(tmp_path):
    settings = Settings.read(home=tmp_path, environment={})
    assert settings.mask_key({"DAIBIAO_MASK_KEY": "secret"}) == b"secret"
    assert list(tmp_path.iterdir()) == []


def test_only_home_s_own_landing_folder_is_ours_to_make(tmp_path):
    assert Settings.read(home=tmp_path, environment={}).owns_landing
    assert Settings.read(home=tmp_path, landing=tmp_path / "landing", environment={}).owns_landing
    assert not Settings.read(home=tmp_path, landing=tmp_path / "inbox", environment={}).owns_landing
    assert not Settings.read(home=tmp_path, environment={"DAIBIAO_LANDING": "/inbox"}).owns_landing


def test_a_folder_that_no_path_can_name_is_refused():
    with pytest.raises(SettingsError, match="~nobody-of-that-name"):
        Settings.read(home=Path("~nobody-of-that-name/data"), environment={})


@pytest.mark.parametrize(
    ("given", "airflow", "pages"),
    [
        (None, None, ""),
        ("", "", ""),
        ("https://pages.example/", "https://airflow.example", "https://pages.example"),
        (None, "https://airflow.example/", "https://airflow.example/daibiao/pages"),
        ("", "https://one.example/airflow", "https://one.example/airflow/daibiao/pages"),
    ],
)
def test_links_lead_to_where_airflow_serves_the_pages_unless_told_otherwise(given, airflow, pages):
    environment = {"DAIBIAO_PAGES_URL": given, "AIRFLOW__API__BASE_URL": airflow}
    there = {name: value for name, value in environment.items() if value is not None}
    assert Settings.read(environment=there).pages_url == pages
