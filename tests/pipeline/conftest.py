"""The samples, walked once for all tests of this folder by the command line itself. What is shared is only read."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LANDING = ROOT / "samples" / "landing"


def daibiao(*arguments, home, check=None):
    """Run the command line in a process of its own and return it, with what it printed."""
    environment = os.environ | {"DAIBIAO_HOME": str(home), "DAIBIAO_SETTLE_SECONDS": "0", "COLUMNS": "200"}
    command = [str(Path(sys.executable).parent / "daibiao"), *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if check is not None:
        assert done.returncode == check, done.stderr
    return done


def ask(sql, home):
    """Return the rows of a query to the newest release, as dicts."""
    return json.loads(daibiao("query", sql, "--json", home=home, check=0).stdout)


def answers(name):
    """Return the rows of `samples/answers/<name>.csv`."""
    with (ROOT / "samples" / "answers" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="session")
def walked(tmp_path_factory):
    """A home in which the samples have been read once, and the account of that run."""
    home = tmp_path_factory.mktemp("walked")
    done = daibiao("run", "--landing", LANDING, "--json", home=home, check=1)
    return home, json.loads(done.stdout)


@pytest.fixture(scope="session")
def rebuilt(walked, tmp_path_factory):
    """A copy of that home whose warehouse was lost and made anew from the archive, and what the command line said."""
    home = tmp_path_factory.mktemp("rebuilt")
    shutil.copytree(walked[0], home, dirs_exist_ok=True)
    (home / "warehouse.duckdb").unlink()
    return home, daibiao("rebuild", home=home, check=1)


# Forms that replace one another, a workbook of two months, prose, exports with faults and a corrected record.
FEW = ("兴义市", "播州区", "凯里市", "联络站系统/群众工单_202605.csv", "联络站系统/群众工单_补报20260710.json")


@pytest.fixture(scope="session")
def few(tmp_path_factory):
    """A landing folder with a part of the samples, and a home in which they have been read once."""
    landing, home = tmp_path_factory.mktemp("few") / "landing", tmp_path_factory.mktemp("few-home")
    for name in FEW:
        source, target = LANDING / name, landing / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)
    daibiao("run", "--landing", landing, home=home, check=1)
    return landing, home
