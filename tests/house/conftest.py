import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def packages() -> list[str]:
    return PACKAGES


@pytest.fixture(scope="session")
def sources() -> list[Path]:
    """Every .py and .sql file of the project, relative to its root."""
    folders = [*PACKAGES, "dags", "tests", "samples", "benchmarks"]
    return sorted(p.relative_to(ROOT) for f in folders for s in ("py", "sql") for p in (ROOT / f).rglob(f"*.{s}"))


@pytest.fixture(scope="session")
def trees(sources) -> dict[Path, ast.Module]:
    """The parsed modules of our packages and of dags/."""
    ours = {*PACKAGES, "dags"}
    return {p: ast.parse((ROOT / p).read_text()) for p in sources if p.suffix == ".py" and p.parts[0] in ours}


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of attributes, else an empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module or name that a file imports, dotted: `from os import environ` is `os.environ`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.fixture(scope="session")
def imports(trees) -> dict[Path, set[str]]:
    """File → every dotted name it imports."""
    return {path: set(imported(tree)) for path, tree in trees.items()}


@pytest.fixture(scope="session")
def used(trees, imports) -> dict[Path, set[str]]:
    """File → every dotted name it imports or mentions."""
    return {
        path: imports[path] | {dotted(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for path, tree in trees.items()
    }


@pytest.fixture(scope="session")
def called(trees) -> dict[Path, set[str]]:
    """File → every dotted name it calls."""
    return {
        path: {dotted(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for path, tree in trees.items()
    }
