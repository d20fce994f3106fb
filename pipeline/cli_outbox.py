"""`daibiao outbox` (待发箱): what was told, what waits, and why something did not go out."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated

import typer

from pipeline.printing import print_json, print_table
from pipeline.problems import told
from pipeline.settings import Settings

_GUIZHOU = timezone(timedelta(hours=8))


def outbox(
    home: Annotated[
        Path | None, typer.Option(help="The data folder; default DAIBIAO_HOME, else ./data.", show_default=False)
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")
    ] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what has not gone out.")] = False,
) -> None:
    """Show the alerts of the newest release: which went out, which wait and until when, and what went wrong."""
    with told(home):
        from pipeline.published import published
        from pipeline.sending import ledger_file
        from serving.outbox import listed

        settings = Settings.read(home=home)
        release = published(settings)
        shown = [
            entry
            for entry in listed(release.path, ledger_file(settings))
            if not waiting or entry.state in {"待发", "失败"}
        ]
        if as_json:
            print_json([vars(entry) for entry in shown])
            return
        rows = [
            [
                str(entry.number),
                entry.kind,
                entry.title,
                entry.channel,
                entry.state,
                _clock(entry.sent_at or entry.next_try_at),
                entry.last_error or "",
            ]
            for entry in shown
        ]
        print_table("待发箱", ["编号", "类别", "标题", "渠道", "状态", "发出/下次尝试", "最近一次失败"], rows)


def _clock(time: datetime | None) -> str:
    return f"{time.astimezone(_GUIZHOU):%Y-%m-%d %H:%M}" if time else ""
