"""`daibiao month`: what the DAG `month_final` does, from a terminal. Exit codes are those of `daibiao`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.printing import print_json, print_table
from pipeline.problems import told
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.finalising import Evidence
    from warehouse.finality import Decision

app = typer.Typer(
    help="Make a month final (月度定稿): look at the evidence, approve or send back, list the revisions.",
    no_args_is_help=True,
)

Month = Annotated[str, typer.Argument(help="The month, such as 2026-06.", show_default=False)]
Who = Annotated[str, typer.Option(help="Who decided: an office or a user name.", show_default=False)]
Note = Annotated[str | None, typer.Option(help="What is to be said with it (备注).", show_default=False)]
Home = Annotated[
    Path | None, typer.Option(help="The data folder; default DAIBIAO_HOME, else ./data.", show_default=False)
]
_DONE = {"approved": "已定稿", "rejected": "已退回"}


@app.command()
def evidence(period: Month, home: Home = None) -> None:
    """Print the evidence that the approval shows, as Markdown, from the newest release."""
    with told(home):
        from pipeline import finalising

        typer.echo(finalising.gather(Settings.read(home=home), period, datetime.now(UTC)).body)


@app.command()
def approve(period: Month, who: Who, note: Note = None, home: Home = None) -> None:
    """Approve a month as the newest release shows it, and publish a release that says so."""
    with told(home):
        from pipeline import finalising

        _decide_and_publish(finalising.approve, period, who, note, home)


@app.command()
def reject(period: Month, who: Who, note: Note = None, home: Home = None) -> None:
    """Send a month back (退回), and publish a release that says so."""
    with told(home):
        from pipeline import finalising

        _decide_and_publish(finalising.reject, period, who, note, home)


@app.command()
def revisions(
    period: Month,
    home: Home = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")
    ] = False,
) -> None:
    """List what each revision of a month changed after it was final."""
    with told(home):
        from pipeline import finalising

        found = finalising.revisions(Settings.read(home=home), period)
        if as_json:
            print_json(found)
        elif not found:
            typer.echo(f"{period} 没有定稿后的修订。")
        else:
            rows = [["—" if value is None else str(value) for value in row.values()] for row in found]
            title = f"{period} 定稿后的修订 · mart.month_revision"
            print_table(title, ["版次", "层级", "单位", "指标", "修订前", "修订后", "变动"], rows)


def _decide_and_publish(
    decide: Callable[[Settings, Evidence, str, str | None, datetime], Decision],
    period: str,
    who: str,
    note: str | None,
    home: Path | None,
) -> None:
    from pipeline import attending, finalising, pages, steps

    settings, now = Settings.read(home=home), datetime.now(UTC)
    decision = decide(settings, finalising.gather(settings, period, now), who, note, now)
    steps.roll_up(settings)
    attending.attend(settings, now)
    release = steps.publish(settings, now)
    pages.write_pages(settings)
    version = f"，第 {decision.revision} 版" if decision.revision else ""
    again = "" if decision.is_new else "（此前已有同样的决定，未重复记录）"
    typer.echo(f"{period} {_DONE[decision.decision]}{version}{again}。发布：{release or '内容未变，沿用原发布'}")
