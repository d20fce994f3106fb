"""Files for people, each whole or absent, and for nobody but the account that runs this (0700 and 0600)."""

from __future__ import annotations

import os
from pathlib import Path


def private_folder(folder: Path) -> Path:
    """Make a folder that its owner alone can open, and close one that was left open; return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever reads it, after a power cut too, finds all of it or what was there before."""
    private_folder(path.parent)
    building = path.with_name(f".{path.name}.{os.getpid()}.part")  # the plugin serves nothing that starts with a dot
    descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    building.replace(path)
