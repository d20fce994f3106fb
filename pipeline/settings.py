"""Settings: the one place that reads the environment.

Refuses to guess a value that cannot be read: a wrong number is an error that names its variable.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOME = Path("data")


class SettingsError(ValueError):
    """A setting cannot be used; the message names the variable and says what to write."""


@dataclass(frozen=True)
class Settings:
    """Where the data lives and how the road behaves. Paths are absolute."""

    home: Path
    landing: Path
    settle_seconds: float = 3.0
    keep_releases: int = 5
    warehouse_name: str = "warehouse.duckdb"

    @classmethod
    def read(
        cls, home: Path | None = None, landing: Path | None = None, environment: Mapping[str, str] = os.environ
    ) -> Settings:
        """Return the settings; `home` and `landing` stand above the environment's.

        Variables: DAIBIAO_HOME, DAIBIAO_LANDING, DAIBIAO_SETTLE_SECONDS, DAIBIAO_KEEP_RELEASES.
        Raises SettingsError for a value that is no number, or a negative one.
        """
        chosen = (home or Path(environment.get("DAIBIAO_HOME") or DEFAULT_HOME)).expanduser().resolve()
        named = landing or (Path(environment["DAIBIAO_LANDING"]) if environment.get("DAIBIAO_LANDING") else None)
        return cls(
            home=chosen,
            landing=named.expanduser().resolve() if named else chosen / "landing",
            settle_seconds=_number(environment, "DAIBIAO_SETTLE_SECONDS", cls.settle_seconds, least=0),
            keep_releases=int(_number(environment, "DAIBIAO_KEEP_RELEASES", cls.keep_releases, least=1)),
        )

    @property
    def archive(self) -> Path:
        """Every delivery ever seen, by content hash: the truth from which all else can be rebuilt."""
        return self.home / "archive"

    @property
    def work(self) -> Path:
        """Masked intermediate files of runs that have not ended."""
        return self.home / "work"

    @property
    def quarantine(self) -> Path:
        """Lists of what was held back and why, one per delivery, for people."""
        return self.home / "quarantine"

    @property
    def warehouse(self) -> Path:
        """The writer's DuckDB file; everybody else reads a release."""
        return self.home / self.warehouse_name

    @property
    def releases(self) -> Path:
        """Published, read-only copies of the warehouse."""
        return self.home / "releases"

    def mask_key(self, environment: Mapping[str, str] = os.environ) -> bytes:
        """Return the key that personal columns are hashed with: DAIBIAO_MASK_KEY, else one made once under home.

        The key decides the hashes: whoever restores an archive elsewhere brings `mask.key` along.
        """
        if given := environment.get("DAIBIAO_MASK_KEY"):
            return given.encode()
        path = self.home / "mask.key"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return _make_key(path)


def _make_key(path: Path) -> bytes:
    """Write a new key whole or not at all, so that two tasks that start together end with the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another task was first; its key is the key
        os.link(mine, path)
    mine.unlink()
    return path.read_bytes()


def _number(environment: Mapping[str, str], name: str, default: float, least: float) -> float:
    text = environment.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise SettingsError(f"环境变量 {name}={text!r} 不是数字，请改正。({name} must be a number.)") from None
    if not value >= least:
        raise SettingsError(f"环境变量 {name}={text!r} 不能小于 {least:g}，请改正。({name} is too small.)")
    return value
