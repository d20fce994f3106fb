"""Make a province up for the command line: check what was asked for, write it, say what was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import catalog
from generator import Options, generate
from pipeline.settings import SettingsError

_GUIZHOU = ZoneInfo("Asia/Shanghai")


def generate_province(chosen: Mapping[str, Any], out: Path, now: datetime) -> str:
    """Write the province and return a sentence about it.

    Raises SettingsError, in Chinese, for what cannot be made: wrong numbers, a month that is not over by `now`, a
    folder that holds a province already.
    """
    try:
        options = Options(**chosen)
    except ValueError as problem:
        raise SettingsError(f"{problem}(Bad options.)") from problem
    if options.span[-1].end >= now.astimezone(_GUIZHOU).date():
        raise SettingsError(f"{options.until} 还没有过完：请用 --until 另选一个月。(The month is not over.)")
    if taken := [name for name in ("landing", "answers") if (out / name).exists()]:
        raise SettingsError(f"{out} 中已有 {'、'.join(taken)}：请另选一个文件夹。(The folder is taken.)")
    written = generate(options, out, catalog.load())
    return (
        f"已写入 {out}：文件 {written.files} 个，记录 {written.records} 条，真值 {written.figures} 个，"
        f"埋入差错 {written.faults} 处。\n"
        f"接下来：daibiao run --landing {out / 'landing'} --home HOME，再 daibiao compare {out} --home HOME"
    )
