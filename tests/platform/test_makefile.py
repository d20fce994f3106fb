"""The Makefile and .ci/run: what people and machines start first."""

import os
import re
import socket
import subprocess
import sys

import pytest

from pipeline.demo import airflow_environment
from pipeline.settings import Settings

TARGETS = {"help", "setup", "demo", "test", "test-slow", "check", "airflow", "bench", "lock", "clean"}


def make(root, *arguments, **environment):
    return subprocess.run(
        ["make", *arguments], cwd=root, env=os.environ | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def bare(root, tmp_path):
    """A folder with nothing but the Makefile."""
    (tmp_path / "Makefile").write_text((root / "Makefile").read_text())
    return tmp_path


def test_make_alone_lists_every_target(root):
    done = make(root)
    assert done.returncode == 0
    assert set(re.findall(r"^  make ([\w-]+) +\S", done.stdout, re.MULTILINE)) == TARGETS


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_target_is_explained_in_both_languages(root, target):
    (line,) = re.findall(rf"^{target}:.*## (.*)$", (root / "Makefile").read_text(), re.MULTILINE)
    chinese, english = line.rsplit(" · ", 1)
    assert re.search("[一-鿿]", chinese)
    assert english.isascii()


def test_setup_refuses_an_old_python_in_one_sentence(bare):
    old = bare / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.18"\nexit 1\n')
    old.chmod(0o755)
    done = make(bare, ".venv/bin/python", f"PYTHON={old}")
    assert done.returncode != 0
    assert "需要 3.11 至 3.14" in done.stderr
    assert "Python 3.8.18" in done.stderr
    assert not (bare / ".venv").exists()


def test_setup_says_when_venv_is_missing(bare):
    fit = bare / "fit-python"
    fit.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    fit.chmod(0o755)
    done = make(bare, ".venv/bin/python", f"PYTHON={fit}")
    assert done.returncode != 0
    assert "python3-venv" in done.stderr


def test_setup_takes_the_python_it_is_given(bare):
    done = make(bare, ".venv/bin/python", f"PYTHON={sys.executable}")
    assert done.returncode == 0, done.stderr
    assert (bare / ".venv/bin/pip").exists()


def test_clean_keeps_the_data_until_told(bare):
    (bare / "data/archive").mkdir(parents=True)
    (bare / "tests").mkdir()
    (bare / ".mypy_cache").mkdir()
    done = make(bare, "clean", CONFIRM="")
    assert "make clean CONFIRM=1" in done.stdout
    assert (bare / "data/archive").exists()
    assert not (bare / ".mypy_cache").exists()
    make(bare, "clean", "CONFIRM=1")
    assert not (bare / "data").exists()


def test_airflow_refuses_a_port_in_use_and_starts_nothing(root, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = make(root, "-o", ".venv/.project", "airflow", DAIBIAO_HOME=str(tmp_path), AIRFLOW_PORT=str(port))
    assert done.returncode != 0
    assert f"端口 {port} 已被占用" in done.stderr
    assert not (tmp_path / "airflow/airflow.db").exists()


def test_airflow_runs_the_dags_of_the_tree_as_compose_does(root, compose):
    text = (root / "Makefile").read_text()
    local = dict(re.findall(r"^airflow: export (AIRFLOW__\w+) := (.*)$", text, re.MULTILINE))
    container = compose["services"]["airflow-scheduler"]["environment"]
    for name in ("EXECUTOR", "LOAD_EXAMPLES", "DAGS_ARE_PAUSED_AT_CREATION", "DEFAULT_TIMEZONE"):
        assert local[f"AIRFLOW__CORE__{name}"] == container[f"AIRFLOW__CORE__{name}"]
    for name in ("DAGS_FOLDER", "PLUGINS_FOLDER"):
        in_tree = local[f"AIRFLOW__CORE__{name}"].removeprefix("$(CURDIR)/")
        assert container[f"AIRFLOW__CORE__{name}"] == f"/opt/daibiao/{in_tree}"
        assert (root / in_tree).is_dir()


def test_airflow_and_the_demo_are_one_airflow(root, tmp_path, monkeypatch):
    """The demo's runs are seen in the pages that `make airflow` opens on the same home: same DAGs, same database."""
    for name in [name for name in os.environ if name.startswith("AIRFLOW")]:  # those of other tests
        monkeypatch.delenv(name)
    text = (root / "Makefile").read_text().replace("$(CURDIR)", str(root)).replace("$(HOME_DIR)", str(tmp_path))
    local = dict(re.findall(r"^airflow: export (\w+) := (.*)$", text, re.MULTILINE))
    demo = airflow_environment(Settings(home=tmp_path, landing=tmp_path / "landing"))
    shared = [name for name in demo if name.startswith(("AIRFLOW__CORE__", "AIRFLOW__DATABASE__", "AIRFLOW_HOME"))]
    assert {name: demo[name] for name in shared} == {name: local.get(name) for name in shared}
    assert "AIRFLOW__CORE__DAGS_FOLDER" in shared


def test_ci_runs_the_gate_and_the_tests(root):
    script = root / ".ci/run"
    assert os.access(script, os.X_OK)
    assert script.read_text().endswith("make setup\nmake check\nmake test\n")
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_no_address_of_a_package_index_is_written_anywhere(root):
    """Every address in the platform's files is this machine or a service of the compose file."""
    here = {"localhost", "127.0.0.1", "airflow-apiserver"}
    names = ["Makefile", "Dockerfile", "docker-compose.yml", ".env.example", ".ci/run", "pyproject.toml"]
    for name in [*names, "requirements.lock"]:
        for host in re.findall(r"https?://([^\s/:'\"]+)", (root / name).read_text()):
            assert host in here, (name, host)
