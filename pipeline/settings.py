"""Settings: the one place that reads the environment.

Refuses to guess a value that cannot be read: a wrong number is an error that names its variable.
"""

from __future__ import annotations

import math
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
    pages_url: str = ""

    @classmethod
    def read(
        cls, home: Path | None = None, landing: Path | None = None, environment: Mapping[str, str] = os.environ
    ) -> Settings:
        """Return the settings; `home` and `landing` stand above the environment's.

        Variables: DAIBIAO_HOME, DAIBIAO_LANDING, DAIBIAO_SETTLE_SECONDS, DAIBIAO_KEEP_RELEASES,
        DAIBIAO_PAGES_URL (where `pages` is served, for the links in alerts; else where Airflow serves it, by
        AIRFLOW__API__BASE_URL; no links without either).
        Raises SettingsError for a value that is no number, a negative or an infinite one, and for a folder that no
        path can name.
        """
        chosen = home_folder(home, environment)
        named = landing or (Path(environment["DAIBIAO_LANDING"]) if environment.get("DAIBIAO_LANDING") else None)
        return cls(
            home=chosen,
            landing=_absolute(named) if named else chosen / "landing",
            settle_seconds=_number(environment, "DAIBIAO_SETTLE_SECONDS", cls.settle_seconds, least=0),
            keep_releases=_whole_number(environment, "DAIBIAO_KEEP_RELEASES", cls.keep_releases, least=1),
            pages_url=_pages_url(environment),
        )

    @property
    def owns_landing(self) -> bool:
        """Whether the landing folder is home's own, which is made when missing; one that was named never is."""
        return self.landing == self.home / "landing"

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
    def feedback(self) -> Path:
        """What goes back to the counties: their own files with marks, one folder a county."""
        return self.home / "feedback"

    @property
    def pages(self) -> Path:
        """Quality reports as pages, one a release."""
        return self.home / "pages"

    @property
    def outbox(self) -> Path:
        """The sender's own ledger of what has gone out."""
        return self.home / "outbox"

    @property
    def warehouse(self) -> Path:
        """The writer's DuckDB file; everybody else reads a release."""
        return self.home / self.warehouse_name

    @property
    def releases(self) -> Path:
        """Published, read-only copies of the warehouse."""
        return self.home / "releases"

    @property
    def as_of(self) -> Path:
        """What was known on earlier days, made from releases when somebody asks."""
        return self.home / "as-of"

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


def home_folder(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the data folder: `home`, else DAIBIAO_HOME, else ./data."""
    return _absolute(home or Path(environment.get("DAIBIAO_HOME") or DEFAULT_HOME))


def _pages_url(environment: Mapping[str, str]) -> str:
    given, airflow = environment.get("DAIBIAO_PAGES_URL"), environment.get("AIRFLOW__API__BASE_URL")
    return (given or (f"{airflow.rstrip('/')}/daibiao/pages" if airflow else "")).rstrip("/")


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().resolve()
    except (RuntimeError, ValueError):  # ~nobody, a link to itself, a null byte
        raise SettingsError(f"{str(path)!r} 不是可用的路径，请改正。(Not a usable path.)") from None


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
    if not least <= value < math.inf:
        raise SettingsError(
            f"环境变量 {name}={text!r} 须为不小于 {least:g} 的有限数，请改正。({name} is out of range.)"
        )
    return value


def _whole_number(environment: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        raise SettingsError(f"环境变量 {name}={text!r} 不是整数，请改正。({name} must be a whole number.)") from None
    if value < least:
        raise SettingsError(f"环境变量 {name}={text!r} 不能小于 {least}，请改正。({name} is too small.)")
    return value
