import os
import time

import pytest

from warehouse.landing import scan


def put(path, content=b"x", age=3600):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    when = time.time() - age
    os.utime(path, (when, when))
    return path


def never(seconds):
    raise AssertionError("nothing here needs a second look")


def reasons(found, folder):
    return {item.path.relative_to(folder).as_posix(): item.reason_zh for item in found.left}


def test_finds_files_in_sub_folders_sorted(tmp_path):
    paths = [put(tmp_path / name) for name in ("b/2.xlsx", "a/九月/1.csv", "c.docx")]
    found = scan(tmp_path, 5, sleep=never)
    assert found.ready == tuple(sorted(paths))
    assert found.left == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("报表.xlsx.part", "传输未完成"),
        ("报表.TMP", "传输未完成"),
        ("报表.crdownload", "传输未完成"),
        ("报表.filepart", "传输未完成"),
        ("报表.partial", "传输未完成"),
        ("~$报表.xlsx", "临时文件"),
        (".报表.xlsx", "隐藏"),
        ("Thumbs.db", "系统文件"),
        ("desktop.ini", "系统文件"),
    ],
)
def test_leaves_files_in_the_making_alone(tmp_path, name, reason):
    put(tmp_path / name)
    found = scan(tmp_path, 5, sleep=never)
    assert found.ready == ()
    assert reason in reasons(found, tmp_path)[name]


def test_does_not_look_into_hidden_folders_or_follow_links(tmp_path):
    put(tmp_path / ".sync" / "old.xlsx")
    put(tmp_path / "real.xlsx")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "real.xlsx")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    found = scan(tmp_path, 5, sleep=never)
    assert found.ready == (tmp_path / "real.xlsx",)
    assert set(reasons(found, tmp_path)) == {".sync", "link.xlsx", "loop", "pipe"}


def test_a_growing_file_is_left_and_a_resting_one_taken_after_one_sleep(tmp_path):
    growing = put(tmp_path / "growing.xlsx", age=1)
    touched = put(tmp_path / "touched.xlsx", age=1)
    gone = put(tmp_path / "gone.xlsx", age=1)
    resting = put(tmp_path / "resting.xlsx", age=1)
    ahead = put(tmp_path / "clock ahead.xlsx", age=-500)
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        with growing.open("ab") as file:
            file.write(b"more")
        os.utime(touched, (1, 1))
        gone.unlink()

    found = scan(tmp_path, 5, sleep=sleep)
    assert slept == [5]
    assert found.ready == (ahead, resting)
    assert reasons(found, tmp_path) == dict.fromkeys(["growing.xlsx", "touched.xlsx", "gone.xlsx"], "文件仍在写入")


def test_an_empty_file_is_looked_at_twice_like_any_other(tmp_path):
    young, old = put(tmp_path / "young.csv", b"", age=1), put(tmp_path / "old.csv", b"", age=60)
    written = put(tmp_path / "written.csv", b"", age=1)
    found = scan(tmp_path, 5, sleep=lambda _: written.write_bytes(b"1"))
    assert found.ready == (old, young)
    assert reasons(found, tmp_path) == {"written.csv": "文件仍在写入"}


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="没有收件目录"):
        scan(tmp_path / "nowhere", 5)
