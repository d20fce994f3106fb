import hashlib
import json
import os
import stat
from datetime import UTC, datetime

import pytest

from warehouse.archive import Archive, ArchiveDamagedError

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 4, tzinfo=UTC)
CONTENT = "兴义市".encode()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def landing(tmp_path):
    folder = tmp_path / "landing"
    (folder / "兴义市").mkdir(parents=True)
    path = folder / "兴义市" / "六月.csv"
    path.write_bytes(CONTENT)
    os.utime(path, (1782867600, 1782867600))  # 2026-07-01 01:00 UTC
    return folder


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "archive")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_keeps_bytes_and_origin(tmp_path, landing, archive):
    stored = archive.store(landing / "兴义市" / "六月.csv", NOW, landing)
    assert stored.is_new
    delivery = stored.delivery
    assert (delivery.delivery_id, delivery.sha256, delivery.size_bytes) == (SHA256[:16], SHA256, len(CONTENT))
    assert delivery.file == "兴义市/六月.csv"
    assert delivery.delivered_at == datetime(2026, 7, 1, 1, tzinfo=UTC)
    assert delivery.received_at == NOW
    assert archive.read(delivery.delivery_id) == CONTENT
    assert archive.deliveries() == [delivery]
    assert (tmp_path / "archive" / SHA256[:2] / SHA256).read_bytes() == CONTENT
    assert not list((tmp_path / "archive" / ".incoming").iterdir())


def test_is_closed_to_everybody_else_and_read_only(tmp_path, landing, archive):
    old = os.umask(0)
    try:
        archive.store(landing / "兴义市" / "六月.csv", NOW, landing)
    finally:
        os.umask(old)
    folder = tmp_path / "archive" / SHA256[:2]
    assert mode(tmp_path / "archive") == mode(folder) == 0o700
    assert mode(folder / SHA256) == mode(folder / f"{SHA256}.json") == 0o400


def test_same_bytes_under_another_name_are_the_same_delivery(landing, archive):
    first = archive.store(landing / "兴义市" / "六月.csv", NOW, landing)
    other = landing / "again.csv"
    other.write_bytes(CONTENT)
    again = archive.store(other, LATER, landing)
    assert again.delivery == first.delivery
    assert not again.is_new
    assert len(archive.deliveries()) == 1


def test_landing_may_be_read_only_and_is_not_changed(landing, archive):
    path = landing / "兴义市" / "六月.csv"
    path.chmod(0o444)
    path.parent.chmod(0o555)
    before = path.stat()
    archive.store(path, NOW, landing)
    after = path.stat()
    assert (before.st_mtime_ns, before.st_size, before.st_mode) == (after.st_mtime_ns, after.st_size, after.st_mode)
    path.parent.chmod(0o755)


def test_a_file_that_changes_under_the_copy_is_left_alone(tmp_path, landing, archive, monkeypatch):
    path = landing / "兴义市" / "六月.csv"
    monkeypatch.setattr("warehouse.archive._write_all", lambda target, chunk: (os.write(target, chunk), grow(path)))
    assert archive.store(path, NOW, landing) is None
    assert archive.deliveries() == []
    assert not list((tmp_path / "archive" / ".incoming").iterdir())


def grow(path):
    with path.open("ab") as file:
        file.write(b"more")


def test_a_file_that_went_away_is_left_alone(landing, archive):
    assert archive.store(landing / "gone.csv", NOW, landing) is None


def test_a_crash_before_the_sidecar_is_healed(tmp_path, landing, archive, monkeypatch):
    path = landing / "兴义市" / "六月.csv"

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Archive, "_record", crash)
        with pytest.raises(KeyboardInterrupt):
            archive.store(path, NOW, landing)
    assert (tmp_path / "archive" / SHA256[:2] / SHA256).exists()
    assert archive.deliveries() == []
    assert archive.store(path, LATER, landing).is_new
    assert archive.read(SHA256[:16]) == CONTENT


def test_the_first_sidecar_wins(tmp_path, landing, archive):
    path = landing / "兴义市" / "六月.csv"
    first = archive.store(path, NOW, landing).delivery
    (tmp_path / "archive" / SHA256[:2] / SHA256).unlink()
    again = archive.store(path, LATER, landing)
    assert (again.delivery, again.is_new) == (first, False)
    assert archive.read(first.delivery_id) == CONTENT


def test_damage_is_noticed(tmp_path, landing, archive):
    archive.store(landing / "兴义市" / "六月.csv", NOW, landing)
    blob = tmp_path / "archive" / SHA256[:2] / SHA256
    blob.chmod(0o600)
    blob.write_bytes(b"something else")
    with pytest.raises(ArchiveDamagedError, match="内容已损坏"):
        archive.read(SHA256[:16])
    blob.unlink()
    with pytest.raises(ArchiveDamagedError, match="归档缺少文件 兴义市/六月"):
        archive.read(SHA256[:16])


def test_unknown_delivery(archive):
    with pytest.raises(KeyError):
        archive.read("0123456789abcdef")


def test_deliveries_come_in_the_order_received(tmp_path, landing, archive):
    for number, received_at in enumerate([LATER, NOW, NOW]):
        path = landing / f"{number}.csv"
        path.write_bytes(str(number).encode())
        archive.store(path, received_at, landing)
    found = archive.deliveries()
    assert [delivery.received_at for delivery in found] == [NOW, NOW, LATER]
    assert found[0].delivery_id < found[1].delivery_id
    sidecars = list((tmp_path / "archive").glob("??/*.json"))
    assert {json.loads(path.read_text())["file"] for path in sidecars} == {"0.csv", "1.csv", "2.csv"}


def test_what_killed_runs_left_is_cleared_after_a_day(tmp_path, landing, archive):
    young, old = (tmp_path / "archive" / ".incoming" / name for name in ("young", "old"))
    for path in (young, old):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    archive.store(landing / "兴义市" / "六月.csv", NOW, landing)
    assert young.exists()
    assert not old.exists()
