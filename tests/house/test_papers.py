"""Papers: README is short, and every path and target that README and docs/ name exists."""

import re

import pytest

PAPERS = ("README.md", "CONTRIBUTING.md", "docs/operations.md")


def code(path):
    """What a paper marks as code: spans and indented or fenced blocks."""
    text = path.read_text()
    return [*re.findall(r"```.*?\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)]


def test_papers_are_there(root):
    assert [name for name in PAPERS if not (root / name).exists()] == []


def test_readme_is_short(root):
    assert len((root / "README.md").read_text().splitlines()) < 120


def test_paths_in_the_readmes_table_exist(root):
    rows = re.findall(r"^\|[^|]*`([\w./-]+)`[^|]*\|", (root / "README.md").read_text(), re.MULTILINE)
    paths = [row for row in rows if "/" in row or "." in row]
    assert paths
    assert [path for path in paths if not (root / path).exists()] == []


@pytest.mark.parametrize("name", PAPERS)
def test_make_targets_that_are_named_exist(root, name):
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(code(root / name))))
    assert named
    assert named <= targets


@pytest.mark.parametrize("name", PAPERS)
def test_links_lead_somewhere(root, name):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", (root / name).read_text()):
        assert ((root / name).parent / target).exists(), target


def test_decisions_are_numbered_and_have_three_parts(root):
    decisions = sorted((root / "docs/adr").glob("*.md"))
    assert [path.name[:5] for path in decisions] == [f"{n:04}-" for n in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]} "), path
        assert [text.count(f"**{part}.**") for part in ("Context", "Decision", "Consequences")] == [1, 1, 1], path
        assert len(text.splitlines()) < 60, path
