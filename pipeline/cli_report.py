"""The command `daibiao report`: writes the quality report of the newest release and tells where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.problems import told
from pipeline.settings import Settings

Home = Annotated[
    Path | None, typer.Option(help="The data folder; default DAIBIAO_HOME, else ./data.", show_default=False)
]


def report(home: Home = None) -> None:
    """Write the quality report (质量报告) of the newest release as a page, and print its path."""
    with told(home):
        from pipeline.pages import write_pages

        typer.echo(write_pages(Settings.read(home=home)))
