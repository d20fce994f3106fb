"""The image: built from what is in the tree, run by nobody in particular."""

import fnmatch
import re
import tomllib

import pytest


@pytest.fixture
def instructions(root):
    text = re.sub(r"^#.*\n", "", (root / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [line.split(maxsplit=1) for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def copied(instructions):
    return {word for name, rest in instructions if name == "COPY" for word in rest.split()[:-1]}


def test_copied_sources_exist(root, instructions):
    assert [source for source in copied(instructions) if not (root / source).exists()] == []


def test_every_package_and_the_dags_are_copied(root, instructions):
    packages = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    top = {name for name in packages if "." not in name}
    assert copied(instructions) == {*top, "dags", "requirements.lock", "pyproject.toml"}


def test_copied_sources_pass_the_dockerignore(root, instructions):
    lines = [line for line in (root / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert copied(instructions) == allowed
    assert not any(fnmatch.fnmatch(name, pattern) for name in ("data", ".env", ".git") for pattern in allowed)


def test_runs_as_a_user_without_rights(instructions):
    users = [rest for name, rest in instructions if name == "USER"]
    assert users == ["${DAIBIAO_UID}:0"]
    assert ["ARG", "DAIBIAO_UID=50000"] in instructions


def test_dependencies_are_installed_by_hash(instructions):
    installs = [rest for name, rest in instructions if name == "RUN" and "pip install" in rest]
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)


def test_build_arguments_are_those_compose_gives(compose, instructions):
    declared = {rest.split("=")[0] for name, rest in instructions if name == "ARG"}
    for name, service in compose["services"].items():
        if "build" in service:
            assert set(service["build"]["args"]) == declared, name
