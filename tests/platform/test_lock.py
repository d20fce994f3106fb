"""requirements.lock: hashes and no addresses, and every dependency that pyproject.toml names."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def pins(root):
    """Name → the requirement lines that pin it (one for each environment marker)."""
    text = (root / "requirements.lock").read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        requirement, *hashes = line.split(" --hash=")
        parsed = Requirement(requirement)
        found.setdefault(canonicalize_name(parsed.name), []).append((parsed, hashes))
    return found


@pytest.fixture(scope="module")
def named(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    return [Requirement(line) for line in lines]


def test_holds_no_address(root):
    text = (root / "requirements.lock").read_text()
    assert not re.search(r"://|^\s*--(?!hash)|^-[ief]\b| @ ", text, re.MULTILINE)


def test_every_pin_is_exact_and_hashed(pins):
    assert len(pins) > 100
    for name, lines in pins.items():
        for requirement, hashes in lines:
            assert [s.operator for s in requirement.specifier] == ["=="], name
            assert hashes, name
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", value) for value in hashes), name


def test_pins_what_the_project_names(pins, named):
    for requirement in named:
        lines = pins[canonicalize_name(requirement.name)]
        for pinned, _ in lines:
            (specifier,) = pinned.specifier
            assert requirement.specifier.contains(specifier.version), requirement
