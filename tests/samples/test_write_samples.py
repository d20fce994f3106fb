"""The committed samples are what the program writes, byte for byte, and small."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"


def _tree(folder: Path) -> dict[str, bytes]:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for part in ("landing", "answers")
        for path in (folder / part).rglob("*")
        if path.is_file()
    }
    assert files
    return files


def test_writing_anew_gives_the_committed_files_byte_for_byte(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, SAMPLES / "write_samples.py", tmp_path], capture_output=True, text=True, check=True
    )
    written, committed = _tree(tmp_path), _tree(SAMPLES)
    assert "54 files" in done.stdout
    assert sorted(written) == sorted(committed)
    assert [name for name in written if written[name] != committed[name]] == []


def test_writing_twice_leaves_nothing_of_before(tmp_path: Path) -> None:
    stray = tmp_path / "landing" / "stray.xlsx"
    stray.parent.mkdir()
    stray.write_bytes(b"old")
    subprocess.run([sys.executable, SAMPLES / "write_samples.py", tmp_path], capture_output=True, check=True)
    assert not stray.exists()


def test_the_samples_stay_under_a_megabyte() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 1_000_000


def test_the_readme_names_every_landed_file() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    landed = [path for path in (SAMPLES / "landing").rglob("*") if path.is_file()]
    assert [path.name for path in landed if f"`{path.relative_to(SAMPLES / 'landing').as_posix()}`" not in readme] == []


def test_the_writer_takes_nothing_from_the_pipeline() -> None:
    ours = ("catalog", "transforms", "expectations", "warehouse", "serving", "pipeline")
    for path in [SAMPLES / "write_samples.py", *(SAMPLES / "writer").glob("*.py")]:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [
            line
            for line in lines
            if line.startswith(tuple(f"{verb} {name}" for verb in ("from", "import") for name in ours))
        ] == []
