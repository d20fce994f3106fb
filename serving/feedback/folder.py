"""Put what goes back into `<home>/feedback`, a folder a unit: each file whole or absent, old ones removed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from serving.feedback.asked import Asked
from serving.private_file import private_folder, write_whole

UNKNOWN = "未识别"
SYSTEMS = "联络站系统"  # exports speak of many units: their lists go to whoever keeps the systems
_LONGEST_STEM = 50
# Letters only: the name of a returned file must not seem to speak of another month or county.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_MARK = re.compile(r"（反馈[a-p]{8}）")
_OURS = re.compile(r".*（反馈[a-p]{8}）\.(?:xlsx|html|csv)", re.DOTALL)
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


def path_of(asked: Asked, suffix: str, nobodys: str = UNKNOWN) -> str:
    """Return where the answer to a delivery stands below the folder: `<code>_<unit>/<name>（反馈…）.xlsx`.

    What no unit sent goes to the folder `nobodys`.
    """
    folder = f"{asked.unit_code}_{asked.unit_name}" if asked.unit_code else nobodys
    stem = _NOT_IN_A_NAME.sub("_", _MARK.sub("", PurePosixPath(asked.file).stem))[:_LONGEST_STEM].strip(" .")
    return f"{folder}/{stem}（反馈{asked.delivery_id[:8].translate(_LETTERS)}）{suffix}"


def put_in_place(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files, by path below `folder`, and remove earlier ones of ours that are not among them.

    A file that holds the same already is not touched. Files of other people stay. Returns the paths, in order.
    """
    private_folder(folder)
    wanted = {folder / name: content for name, content in files.items()}
    for path, content in wanted.items():
        if path.is_file() and path.read_bytes() == content:
            continue
        write_whole(path, content)
    for path in sorted(folder.glob("*/*")):
        # What a killed process left half written has a dot before the name, and its number behind.
        name = re.sub(r"^\.(.*?)(?:\.\d+)?\.part$", r"\1", path.name)
        if _OURS.fullmatch(name.removesuffix(".part")) and path not in wanted:
            path.unlink()
    for unit in folder.iterdir():
        if unit.is_dir() and not any(unit.iterdir()):
            unit.rmdir()
    return sorted(wanted)
