"""What a person is told when a command cannot go on, and where an engineer finds the rest.

Never tells or logs the message of an unexpected error: it may quote a delivered file, and with it somebody's name.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import typer

from pipeline.settings import SettingsError, home_folder

LOG = "error.log"
_CANNOT = {
    errno.ENOENT: "找不到 {path}：请核对路径。(Not found.)",
    errno.EACCES: "没有权限读取或写入 {path}：请检查文件和文件夹的权限。(Permission denied.)",
    errno.EPERM: "没有权限读取或写入 {path}：请检查文件和文件夹的权限。(Permission denied.)",
    errno.EROFS: "无法写入 {path}：磁盘只读。(The disk is read-only.)",
    errno.ENOSPC: "无法写入 {path}：磁盘已满，请清理后重试。(The disk is full.)",
    errno.EDQUOT: "无法写入 {path}：磁盘配额已满，请清理后重试。(The quota is used up.)",
    errno.EFBIG: "无法写入 {path}：文件超过了允许的大小。(The file is too large.)",
    errno.EISDIR: "无法读取或写入 {path}：它是文件夹，不是文件。(It is a folder.)",
    errno.ENOTDIR: "无法读取或写入 {path}：路径中有一段是文件，不是文件夹。(A part of the path is no folder.)",
    errno.EEXIST: "无法建立 {path}：同名文件已经存在。(It is there already.)",
    errno.EIO: "无法读取或写入 {path}：磁盘出错，请联系系统管理员。(The disk fails.)",
}
_FULL = "No space left on device"  # DuckDB tells the system's error in its message only


@contextmanager
def told(home: Path | None) -> Iterator[None]:
    """End a command that fails with one sentence on stderr and exit code 2, never with a traceback.

    What is not a person's mistake goes to `<home>/error.log`. Interrupted: 130; nobody reads on (`| head`): 141; both
    without a word.
    """
    try:
        yield
        sys.stdout.flush()
    except (typer.Exit, typer.Abort):
        raise
    except BrokenPipeError:
        _drop_output()
        raise typer.Exit(141) from None
    except Exception as problem:  # noqa: BLE001 - the last place that can turn it into a sentence
        if _is_interrupt(problem):
            raise typer.Exit(130) from None
        if isinstance(problem, OSError):
            _drop_output()
        typer.echo(_sentence(problem, home), err=True)
        raise typer.Exit(2) from None


def _sentence(problem: Exception, home: Path | None) -> str:
    from pipeline.demo import DemoError
    from warehouse.errors import WarehouseError

    if isinstance(problem, SettingsError | DemoError | WarehouseError) or type(problem) is LookupError:
        return str(problem)
    if type(problem) is FileNotFoundError and problem.errno is None:
        return str(problem)  # our own words
    log = _log(problem, home)
    rest = f"详情见 {log}，" if log else ""
    if isinstance(problem, OSError) and problem.errno is not None:
        paths = " → ".join(os.fsdecode(name) for name in (problem.filename, problem.filename2) if name is not None)
        known = _CANNOT.get(problem.errno, "无法读取或写入 {path}：{code}。(Cannot read or write.)")
        code = errno.errorcode.get(problem.errno, str(problem.errno))
        return known.format(path=paths or "文件或输出", code=code)
    kind = f"{type(problem).__name__}，{place(problem)}"
    if type(problem).__module__ in {"duckdb", "_duckdb"}:
        if _FULL in str(problem):
            return "无法写入数据库：磁盘已满，请清理后重试。(The disk is full.)"
        return f"数据库未能完成操作（{kind}）：文件可能已损坏，{rest}请联系数据工程师。(The database failed.)"
    return f"程序意外出错（{kind}）：{rest}请联系数据工程师。(Unexpected error.)"


def place(problem: BaseException) -> str:
    """Name the innermost line of ours that the error passed."""
    frames = traceback.extract_tb(problem.__traceback__)
    if not frames:
        return "位置不明"
    root = str(Path(__file__).parents[1])
    ours = [f for f in frames if f.filename.startswith(root) and "site-packages" not in f.filename]
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name} 第 {frame.lineno} 行"


def _log(problem: BaseException, home: Path | None) -> Path | None:
    """Append where the error came from, without messages and values; return the log, None where none can be written."""
    lines = [f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} daibiao\n"]
    link: BaseException | None = problem
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines += [f"{type(link).__module__}.{type(link).__qualname__}\n", *traceback.format_tb(link.__traceback__)]
        link = link.__cause__ or link.__context__
    try:
        path = home_folder(home) / LOG
        if not path.parent.is_dir():  # a mistyped home is not made
            return None
        with path.open("a", encoding="utf-8") as log:
            log.write("".join([*lines, "\n"]))
    except (OSError, SettingsError):
        return None
    return path


def _is_interrupt(problem: Exception) -> bool:
    """Tell whether it is DuckDB's word for Ctrl-C, which it raises in place of KeyboardInterrupt."""
    return type(problem) is RuntimeError and str(problem) == "Query interrupted"


def _drop_output() -> None:
    """Let what nobody can take any more go nowhere, so that Python does not complain about it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
