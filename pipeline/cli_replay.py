"""`daibiao replay RULE`: which past verdicts of a rule today's code would turn."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.printing import print_json
from pipeline.problems import told
from pipeline.settings import Settings


def replay(
    rule: Annotated[str, typer.Argument(help="A rule of docs/suites.md, e.g. ExpectPlausibleSize.")],
    home: Annotated[
        Path | None, typer.Option(help="The data folder; default DAIBIAO_HOME, else ./data.", show_default=False)
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")
    ] = False,
    limit: Annotated[int, typer.Option(min=0, help="How many of the verdicts that turn to print.")] = 20,
) -> None:
    """Judge all past deliveries anew by today's rule, changing nothing, and show which verdicts would turn.

    Exit code 1 when any would, or when a file that was judged is not read any more.
    """
    with told(home):
        from pipeline.replaying import replay as judge_anew

        found = judge_anew(Settings.read(home=home), rule, datetime.now(UTC))
        if as_json:
            print_json(found.as_json(limit))
        else:
            for line in found.lines(limit):
                typer.echo(line)
        if found.turns:
            raise typer.Exit(1)
