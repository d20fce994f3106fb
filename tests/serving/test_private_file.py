"""What is written for people is whole or absent, and nobody else's to read, whatever the umask and who came first."""

import os
import stat

import pytest

from serving.feedback.folder import put_in_place
from serving.ledger import hold
from serving.private_file import private_folder, write_whole


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def open_handed():
    before = os.umask(0)
    yield
    os.umask(before)


def test_folders_and_files_are_private_and_a_folder_left_open_is_closed(tmp_path):
    (tmp_path / "pages").mkdir(mode=0o755)
    write_whole(tmp_path / "pages" / "a.html", b"1")
    assert (mode(tmp_path / "pages"), mode(tmp_path / "pages" / "a.html")) == (0o700, 0o600)
    assert mode(private_folder(tmp_path / "new")) == 0o700


def test_a_file_that_could_not_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "a.html"
    write_whole(path, b"before")

    def full(_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    assert all(left.name.startswith(".") for left in tmp_path.iterdir() if left != path)


def test_what_goes_back_and_the_outbox_are_private(tmp_path):
    (file,) = put_in_place(tmp_path / "feedback", {"522301_兴义市/a（反馈abcdefgh）.xlsx": b"PK"})
    with hold(tmp_path / "outbox" / "ledger.sqlite"):
        pass
    assert mode(file) == 0o600
    assert {mode(folder) for folder in (file.parent, file.parents[1], tmp_path / "outbox")} == {0o700}


def test_what_a_killed_process_left_half_written_goes(tmp_path):
    left = tmp_path / "兴义市" / ".a（反馈abcdefgh）.xlsx.77.part"
    left.parent.mkdir()
    left.write_bytes(b"PK")
    put_in_place(tmp_path, {})
    assert list(tmp_path.iterdir()) == []
