"""Keep every delivery for ever, under the hash of its bytes.

Adds and reads; never changes or deletes what it keeps, and never touches the landed file. The first sight of some bytes
names the delivery: the same bytes under another name, or on another day, are the same delivery.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.errors import WarehouseError
from warehouse.landing import name_of

_CHUNK = 1 << 20
_INCOMING = ".incoming"
_ABANDONED_AFTER_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Delivery:
    """One delivered file: `delivery_id` is the first 16 hex digits of its sha256; times are UTC.

    `file` is its path relative to the landing folder when it was first seen; `delivered_at` its modification time.
    """

    delivery_id: str
    sha256: str
    file: str
    size_bytes: int
    delivered_at: datetime
    received_at: datetime


@dataclass(frozen=True)
class Stored:
    """What became of a file that was handed in: its delivery, and whether the archive had not known it before."""

    delivery: Delivery
    is_new: bool


class ArchiveDamagedError(WarehouseError):
    """A file of the archive is missing, or no longer has the bytes that its name promises."""


class Archive:
    """The archive below `root`: `<first two hex>/<sha256>` and, beside it, `<sha256>.json`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / _INCOMING
        _make_private(root)
        _make_private(self._incoming)

    def store(self, path: Path, received_at: datetime, landing: Path | None = None) -> Stored | None:
        """Copy a landed file in, and return its delivery; None when it changed or went away under the copy.

        `received_at` is timezone-aware. The file is recorded by its path relative to `landing`, or else by its name.
        """
        self._clear_abandoned()
        handle, name = tempfile.mkstemp(dir=self._incoming)
        copy = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                copied = _copy(path, target.fileno())
            if copied is None:
                return None
            sha256, before = copied
            return self._keep(copy, sha256, name_of(path, landing or path.parent), before, received_at)
        finally:
            copy.unlink(missing_ok=True)

    def known(self) -> Collection[tuple[str, int, datetime]]:
        """Return what every delivery looked like when it landed: name, size and time, by which to know it again."""
        kept = (found for found in self.deliveries() if self._blob(found.sha256).exists())
        return {(found.file, found.size_bytes, found.delivered_at) for found in kept}

    def verify(self) -> None:
        """Raise ArchiveDamagedError for the first delivery whose bytes are gone or are not those delivered."""
        for delivery in self.deliveries():
            self.read(delivery.delivery_id)

    def deliveries(self) -> list[Delivery]:
        """List all deliveries by (received_at, delivery_id)."""
        found = [_read_sidecar(path) for path in self._root.glob("[0-9a-f][0-9a-f]/*.json")]
        return sorted(found, key=lambda delivery: (delivery.received_at, delivery.delivery_id))

    def read(self, delivery_id: str) -> bytes:
        """Return the bytes of a delivery.

        Raises KeyError for an unknown delivery, ArchiveDamagedError when the bytes are gone or are not those delivered.
        """
        sidecars = list(self._root.glob(f"{delivery_id[:2]}/{delivery_id}*.json"))
        if len(sidecars) != 1:
            raise KeyError(delivery_id)
        delivery = _read_sidecar(sidecars[0])
        blob = self._blob(delivery.sha256)
        if not blob.is_file():
            raise ArchiveDamagedError(f"归档缺少文件 {delivery.file}（{delivery_id}）：请从备份恢复 {blob}。")
        data = blob.read_bytes()
        if hashlib.sha256(data).hexdigest() != delivery.sha256:
            raise ArchiveDamagedError(f"归档文件 {delivery.file}（{delivery_id}）内容已损坏：请从备份恢复 {blob}。")
        return data

    def _blob(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _keep(self, copy: Path, sha256: str, file: str, before: os.stat_result, received_at: datetime) -> Stored:
        """Move the copy in, then record it; a blob without a sidecar, left by a crash, is simply put in again."""
        blob = self._blob(sha256)
        sidecar = blob.with_suffix(".json")
        if sidecar.exists() and blob.exists():
            return Stored(_read_sidecar(sidecar), is_new=False)
        _make_private(blob.parent)
        copy.chmod(0o400)
        copy.replace(blob)
        _sync_folder(blob.parent)
        delivery = Delivery(
            delivery_id=sha256[:16],
            sha256=sha256,
            file=file,
            size_bytes=before.st_size,
            delivered_at=delivered_at(before),
            received_at=received_at.astimezone(UTC),
        )
        is_new = self._record(delivery, sidecar)
        return Stored(delivery if is_new else _read_sidecar(sidecar), is_new)

    def _record(self, delivery: Delivery, sidecar: Path) -> bool:
        """Write the sidecar whole, unless there is one; of two writers at once, the first wins."""
        content = {
            "file": delivery.file,
            "size_bytes": delivery.size_bytes,
            "delivered_at": delivery.delivered_at.isoformat(),
            "received_at": delivery.received_at.isoformat(),
            "sha256": delivery.sha256,
        }
        handle, name = tempfile.mkstemp(dir=self._incoming)
        written = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as target:
                json.dump(content, target, ensure_ascii=False, indent=1)
                target.flush()
                os.fsync(target.fileno())
            written.chmod(0o400)
            # A hard link, unlike a rename, fails when the name is taken.
            sidecar.hardlink_to(written)
        except FileExistsError:
            return False
        finally:
            written.unlink(missing_ok=True)
        _sync_folder(sidecar.parent)
        return True

    def _clear_abandoned(self) -> None:
        """Remove the temporary files of killed runs, once they are too old to be anybody's."""
        oldest = time.time() - _ABANDONED_AFTER_SECONDS
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()


def delivered_at(looked: os.stat_result) -> datetime:
    """Return the time of a landed file's last change, to the microsecond, in UTC."""
    return datetime.fromtimestamp(looked.st_mtime_ns // 1000 / 1e6, UTC)


def _copy(path: Path, target: int) -> tuple[str, os.stat_result] | None:
    """Copy a file to an open descriptor, to the disk; return hash and stat, None when it did not hold still."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as source:
            before = os.fstat(source.fileno())
            left = before.st_size  # and no further: a file that grows all the time would never end
            while chunk := source.read(min(_CHUNK, left)):
                digest.update(chunk)
                _write_all(target, chunk)
                left -= len(chunk)
        after = path.stat()
    except FileNotFoundError:
        return None
    os.fsync(target)
    same = (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)
    if not same or os.fstat(target).st_size != before.st_size:
        return None
    return digest.hexdigest(), before


def _write_all(target: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(target, rest) :]


def _read_sidecar(path: Path) -> Delivery:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Delivery(
            delivery_id=content["sha256"][:16],
            sha256=content["sha256"],
            file=content["file"],
            size_bytes=content["size_bytes"],
            delivered_at=datetime.fromisoformat(content["delivered_at"]),
            received_at=datetime.fromisoformat(content["received_at"]),
        )
    except (ValueError, KeyError) as error:
        raise ArchiveDamagedError(
            f"归档说明 {path} 已损坏：请从备份恢复它；没有备份而原文件还在收件目录中的，删去它后重新收件。"
        ) from error


def _make_private(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
