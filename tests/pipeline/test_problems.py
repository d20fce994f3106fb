"""What is said when a command cannot go on, what is kept of it, and what never is."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from pipeline.problems import told

from .conftest import daibiao

DAIBIAO = Path(sys.executable).parent / "daibiao"


def _failing(home, problem, capsys):
    """Return what is said of the problem on stderr."""
    with pytest.raises(typer.Exit) as ended, told(home):
        raise problem
    assert ended.value.exit_code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize("kind", [KeyError, ValueError, RuntimeError, MemoryError, AttributeError])
def test_an_unexpected_error_is_told_and_kept_without_its_message(tmp_path, capsys, kind):
    try:
        try:
            raise TypeError("张三 13800000000")
        except TypeError as cause:
            raise kind("李四 13900000000") from cause
    except kind as problem:
        said = _failing(tmp_path, problem, capsys)
    kept = (tmp_path / "error.log").read_text(encoding="utf-8")
    assert kind.__name__ in said
    assert "test_problems.py 第" in said
    assert "请联系数据工程师" in said
    assert str(tmp_path / "error.log") in said
    assert f"builtins.{kind.__name__}" in kept
    assert "builtins.TypeError" in kept
    assert 'test_problems.py", line' in kept
    for text in (said, *(line for line in kept.splitlines() if not line.startswith("    "))):  # code is quoted below
        assert "1380" not in text
        assert "李四" not in text


def test_the_log_is_appended_to(tmp_path, capsys):
    _failing(tmp_path, ValueError("a"), capsys)
    _failing(tmp_path, IndexError("b"), capsys)
    kept = (tmp_path / "error.log").read_text(encoding="utf-8")
    assert kept.index("ValueError") < kept.index("IndexError")


def test_no_home_is_made_for_a_log(tmp_path, capsys):
    said = _failing(tmp_path / "typo", ValueError("a"), capsys)
    assert "error.log" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "无法写入 /data/x：磁盘已满"),
        (errno.EACCES, "没有权限读取或写入 /data/x"),
        (errno.ENOENT, "找不到 /data/x"),
        (errno.EROFS, "无法写入 /data/x：磁盘只读"),
        (errno.ELOOP, "无法读取或写入 /data/x：ELOOP"),
    ],
)
def test_an_error_of_the_system_is_told_in_chinese(tmp_path, capsys, code, words):
    said = _failing(tmp_path, OSError(code, "English words", "/data/x"), capsys)
    assert words in said
    assert "English words" not in said
    assert "Errno" not in said


def test_our_own_words_are_told_as_they_are(tmp_path, capsys):
    assert _failing(tmp_path, FileNotFoundError("没有数据文件"), capsys) == "没有数据文件\n"
    assert _failing(tmp_path, LookupError("没有统计期"), capsys) == "没有统计期\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "message", "words"),
    [
        ("IOException", "Could not write file: No space left on device", "磁盘已满"),
        ("ConstraintException", "duplicate key 张三", "数据库未能完成操作（ConstraintException"),
    ],
)
def test_an_error_of_duckdb_is_told_without_its_message(tmp_path, capsys, kind, message, words):
    import duckdb

    said = _failing(tmp_path, getattr(duckdb, kind)(message), capsys)
    assert words in said
    assert message not in said
    assert "张三" not in (tmp_path / "error.log").read_text(encoding="utf-8")


def test_a_damaged_warehouse_gets_a_sentence(tmp_path):
    (tmp_path / "warehouse.duckdb").write_bytes(b"no database" * 1000)
    done = daibiao("run", home=tmp_path, check=2)
    assert "文件可能已损坏" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_that_is_a_file_gets_a_sentence(tmp_path):
    home = tmp_path / "home"
    home.touch()
    done = daibiao("run", home=home, check=2)
    assert str(home) in done.stderr
    assert "Errno" not in done.stderr


def test_nobody_reading_on_ends_quietly(walked):
    command = [DAIBIAO, "query", "--csv", "select * from range(300000)", "--home", walked[0]]
    for more in ([], ["--json"]):
        with subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            running.stdout.readline()
            running.stdout.close()
            assert running.stderr.read() == b""
        assert running.returncode in {0, 141}


def test_an_interrupt_ends_quietly_with_130(tmp_path, capsys):
    with pytest.raises(typer.Exit) as ended, told(tmp_path):
        raise RuntimeError("Query interrupted")  # DuckDB's word for Ctrl-C
    assert ended.value.exit_code == 130
    with pytest.raises(KeyboardInterrupt), told(tmp_path):  # Typer makes it 130
        raise KeyboardInterrupt
    assert capsys.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_an_output_that_takes_no_more_is_told(walked):
    with Path("/dev/full").open("w") as full:
        command = [DAIBIAO, "query", "--csv", "select 1", "--home", walked[0]]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "无法写入 文件或输出：磁盘已满，请清理后重试。(The disk is full.)\n"
