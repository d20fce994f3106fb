"""The samples, walked once for all tests of this folder by the command line itself."""

import csv
import json
import os
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
