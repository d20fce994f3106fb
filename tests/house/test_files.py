"""Files and names: short, named for what they hold, and finished."""

import re

DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "tools", "stuff"}


def test_no_file_is_long(root, sources):
    lengths = {str(path): len((root / path).read_text().splitlines()) for path in sources}
    assert len(lengths) > 20
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_rollups_are_short(root):
    lengths = {p.name: len(p.read_text().splitlines()) for p in (root / "transforms/rollups").rglob("*.sql")}
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}


def test_no_module_is_a_drawer(sources):
    assert [path for path in sources if DRAWERS & {path.stem, *path.parts[:-1]}] == []


def test_nothing_is_left_to_do(root, sources):
    marks = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "raise Not" + "ImplementedError")))
    assert [path for path in sources if marks.search((root / path).read_text())] == []


def test_no_machine_is_named(root, sources):
    machine = re.compile(r"/(root|home)/\w|/work/(main|shared)")
    assert [path for path in sources if machine.search((root / path).read_text())] == []
