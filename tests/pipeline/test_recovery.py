"""A killed run, a rebuild and a run in two halves all end in the same release as an undisturbed run."""

import json
import os
import shutil
import signal
import subprocess
import sys

import duckdb
import pytest

from .conftest import LANDING, ROOT, daibiao

# Dies inside the transaction of the n-th delivery, after its rows were inserted and before they are committed.
KILLED = """
import os, signal, sys
import warehouse.load as load
from pipeline.cli import app

left = [int(sys.argv.pop(1))]
settle = load._settle

def dying(*arguments):
    settle(*arguments)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)

load._settle = dying
app()
"""


def _content(home):
    """Return the content hash of the newest release, and of each of its tables."""
    newest = max((home / "releases").iterdir())
    manifest = json.loads((newest / "manifest.json").read_text(encoding="utf-8"))
    return manifest["content_hash"], manifest["tables"]


@pytest.mark.parametrize("nth", [1, 9])
def test_a_run_killed_in_mid_load_and_run_again_gives_the_same_release(few, tmp_path, nth):
    landing, undisturbed = few
    environment = os.environ | {"DAIBIAO_SETTLE_SECONDS": "0"}
    arguments = ["run", "--landing", str(landing), "--home", str(tmp_path)]
    killed = subprocess.run([sys.executable, "-c", KILLED, str(nth), *arguments], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "releases").exists()
    assert daibiao("run", "--landing", landing, home=tmp_path).returncode in (0, 1)  # 1 if what is left has findings
    assert _content(tmp_path) == _content(undisturbed)


def test_a_rebuild_after_a_kill_is_not_undone_by_the_dead_ones_log(few, tmp_path):
    landing, undisturbed = few
    environment = os.environ | {"DAIBIAO_SETTLE_SECONDS": "0"}
    arguments = ["run", "--landing", str(landing), "--home", str(tmp_path)]
    subprocess.run([sys.executable, "-c", KILLED, "9", *arguments], env=environment, check=False)
    assert (tmp_path / "warehouse.duckdb.wal").exists()
    daibiao("rebuild", home=tmp_path, check=1)
    assert _content(tmp_path) == _content(undisturbed)
    daibiao("run", "--landing", landing, home=tmp_path, check=0)


def test_a_rebuild_refuses_a_damaged_archive(walked, tmp_path):
    shutil.copytree(walked[0], tmp_path, dirs_exist_ok=True)
    blob = next(path for path in (tmp_path / "archive").glob("??/*") if not path.suffix)
    blob.chmod(0o600)
    blob.write_bytes(b"damaged")
    before = _content(tmp_path)
    assert "已损坏" in daibiao("rebuild", home=tmp_path, check=2).stderr
    assert _content(tmp_path) == before


def test_a_home_whose_warehouse_was_never_finished_recovers(tmp_path):
    duckdb.connect(str(tmp_path / "warehouse.duckdb")).close()
    (tmp_path / "landing").mkdir()
    daibiao("run", home=tmp_path, check=0)


def test_lists_of_what_was_held_back_come_back(walked, tmp_path):
    shutil.copytree(walked[0], tmp_path, dirs_exist_ok=True)
    names = sorted(path.name for path in (tmp_path / "quarantine").iterdir())
    assert names
    shutil.rmtree(tmp_path / "quarantine")
    daibiao("run", "--landing", LANDING, home=tmp_path, check=0)
    assert sorted(path.name for path in (tmp_path / "quarantine").iterdir()) == names


def test_a_rebuild_from_the_archive_comes_out_equal(walked, rebuilt):
    home, _ = rebuilt
    assert (home / "warehouse.duckdb").exists()
    assert _content(home) == _content(walked[0])
    assert not list(home.glob("*rebuilding*"))


def test_files_that_come_in_two_halves_give_the_same_figures(walked, tmp_path):
    landing = tmp_path / "landing"
    files = sorted(path for path in LANDING.rglob("*") if path.is_file())
    for half in (files[1::2], files[::2]):
        for path in half:
            target = landing / path.relative_to(LANDING)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        daibiao("run", "--landing", landing, home=tmp_path / "home", check=1)
    marts = {name: facts for name, facts in _content(walked[0])[1].items() if name.startswith("mart.")}
    assert marts
    assert {n: f for n, f in _content(tmp_path / "home")[1].items() if n.startswith("mart.")} == marts


def test_a_bug_in_reading_one_file_does_not_stop_the_others(tmp_path, monkeypatch):
    from pipeline import steps
    from pipeline.settings import Settings

    shutil.copytree(ROOT / "samples" / "landing" / "南明区", tmp_path / "landing")
    real = steps.parse_file

    def faulty(data, name, *rest):
        if "5月" in name:
            raise ZeroDivisionError("张三 13900000000")
        return real(data, name, *rest)

    monkeypatch.setattr(steps, "parse_file", faulty)
    settings = Settings.read(home=tmp_path, environment={"DAIBIAO_SETTLE_SECONDS": "0"})
    from datetime import UTC, datetime

    from pipeline.run import run

    account = run(settings, datetime(2026, 11, 22, tzinfo=UTC))
    states = {file["file"]: (file["status"], file["reason"]) for file in account.files}
    assert {status for status, _ in states.values()} == {"loaded", "rejected"}
    (reason,) = (reason for status, reason in states.values() if status == "rejected")
    assert "ZeroDivisionError" in reason
    assert "张三" not in reason
