"""List what has landed and is ready to be taken.

Changes nothing: the landing folder belongs to those who deliver and may be read-only. What a file is cannot be told
here; only whether it is still in the making.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_UNFINISHED = frozenset({".part", ".partial", ".tmp", ".crdownload", ".filepart"})
_OF_THE_SYSTEM = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class LeftAlone:
    """A path that is not taken this time, and why, in Chinese."""

    path: Path
    reason_zh: str


@dataclass(frozen=True)
class Scan:
    """One look at the landing folder; both lists are sorted by path."""

    ready: tuple[Path, ...]
    left: tuple[LeftAlone, ...]


@dataclass(frozen=True)
class _Look:
    size: int
    mtime_ns: int


def scan(
    folder: Path,
    settle_seconds: float,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> Scan:
    """List the files under `folder` that are ready, and what is left alone.

    A file changed less than `settle_seconds` ago, or dated in the future, is looked at again after one sleep of that
    length, and is ready only if size and time are unchanged. Raises FileNotFoundError when there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"没有收件目录 {folder}：请核对 --landing（或 DAIBIAO_LANDING）。(No such folder.)")
    ready: list[Path] = []
    left: list[LeftAlone] = []
    fresh: dict[Path, _Look] = {}
    now = clock()
    for path, reason in _walk(folder):
        look = None if reason else _look(path)
        if reason:
            left.append(LeftAlone(path, reason))
        elif look is None:
            left.append(LeftAlone(path, "文件在查看时已被移走"))
        elif now - look.mtime_ns / 1e9 >= settle_seconds:
            ready.append(path)
        else:
            fresh[path] = look
    if fresh:
        sleep(settle_seconds)
    for path, look in fresh.items():
        if _look(path) == look:
            ready.append(path)
        else:
            left.append(LeftAlone(path, "文件仍在写入"))
    return Scan(tuple(sorted(ready)), tuple(sorted(left, key=lambda item: item.path)))


def name_of(path: Path, folder: Path) -> str:
    """Return the path below `folder` as text that can be stored and shown, whatever bytes the name is made of.

    Windows programs send names in GB18030; what is neither that nor UTF-8 is shown by its bytes.
    """
    raw = os.fsencode(path.relative_to(folder).as_posix())
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "backslashreplace")


def _walk(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield every file below `folder` with the reason to leave it alone, or None; a folder only with a reason."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield folder, f"文件夹无法读取（{error.strerror}）"
        return
    for entry in entries:
        path = Path(entry.path)
        reason = _reason(entry)
        if reason is None and entry.is_dir(follow_symlinks=False):
            yield from _walk(path)
        else:
            yield path, reason


def _reason(entry: os.DirEntry[str]) -> str | None:
    name = entry.name.lower()
    is_folder = entry.is_dir(follow_symlinks=False)
    reasons = {
        "符号链接，不跟随": entry.is_symlink(),
        "隐藏文件或文件夹": name.startswith("."),
        "办公软件的临时文件": name.startswith("~$"),
        "系统文件": name in _OF_THE_SYSTEM,
        "传输未完成的文件": not is_folder and Path(name).suffix in _UNFINISHED,
        "不是普通文件": not is_folder and not entry.is_file(follow_symlinks=False),
        "没有读取权限": not entry.is_symlink() and not os.access(entry.path, os.R_OK),
    }
    return next((reason for reason, applies in reasons.items() if applies), None)


def _look(path: Path) -> _Look | None:
    try:
        found = path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return _Look(found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None
