"""The command line `daibiao` (代表).

Exit codes: 0 done; 1 done, but something was rejected or quarantined, or a correction no longer fits; 2 usage or system
error; 130 interrupted; 141 nobody read on (`| head`). Never a traceback: a sentence says what, and what to do;
`<home>/error.log` keeps the rest.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import cli_incident, cli_month, cli_report
from pipeline.cli_outbox import outbox
from pipeline.cli_replay import replay
from pipeline.printing import distinct, print_account, print_json, print_table
from pipeline.problems import told
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.run import Account
    from warehouse.release import Published

app = typer.Typer(
    help="代表在行动统计仓库：收件、解析、校验、入库、汇总、发布。The deputies-in-action statistics warehouse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(cli_report.report)

app.add_typer(cli_incident.app, name="incident")
app.add_typer(cli_month.app, name="month")

Home = Annotated[
    Path | None, typer.Option(help="The data folder; default DAIBIAO_HOME, else ./data.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="Answer with what was known at the end of this day (2026-07-31) in Guizhou.",
        show_default=False,
    ),
]
DEMO_HOME = Path("data/demo")
WHERE_NEXT = """
接下来看 · where to look next（命令在 .venv/bin/ 中；--home HOME 指演示数据）
  各县报送情况      daibiao status 2026-06 --home HOME
  每个文件的下落    daibiao query "select file, status, reason from ops.delivery order by file" --home HOME
  发现的问题        daibiao query "select file, cell, severity, message from dq.finding" --home HOME
  一个数字的来历    daibiao explain mart.province_month voters_received 2026-06 --home HOME
  问题单            daibiao incident list --home HOME
  待发的告警        daibiao outbox --home HOME
  质量报告（网页）  daibiao report --home HOME
  网页与自动收件    make airflow"""


@app.command()
def demo(home: Annotated[Path, typer.Option(help="The data folder of the demo.")] = DEMO_HOME) -> None:
    """Walk the whole road on samples/ through real Airflow DAG runs, then print the provincial table."""
    with told(home):
        from pipeline.demo import SAMPLES, walk_the_road
        from serving.province import province_table

        settings = Settings.read(home=home, landing=SAMPLES)
        walk_the_road(settings, typer.echo)
        release = _newest(settings)
        table = province_table(release)
        title = "贵州省 · 逐月汇总（括号内：已报县数/应报县数） · mart.province_month"
        print_table(title, ["指标", "单位", *table.months], table.rows)
        if table.note:
            typer.echo(table.note)
        typer.echo(WHERE_NEXT.replace("HOME", str(home)))


@app.command()
def run(
    landing: Annotated[Path | None, typer.Option(help="The landing folder; default <home>/landing.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Walk the same road without Airflow for all that has landed, and print what became of every file."""
    with told(home):
        from pipeline.run import run as walk

        _walk_and_tell(walk, Settings.read(home=home, landing=landing), as_json)


@app.command()
def rebuild(home: Home = None, as_json: Json = False) -> None:
    """Build the warehouse anew from the archive; the old one stands until the new one is whole."""
    with told(home):
        from pipeline.run import rebuild as walk

        _walk_and_tell(walk, Settings.read(home=home), as_json)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help='One SQL statement, e.g. "from mart.province_month".')],
    home: Home = None,
    as_of: AsOf = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV (UTF-8) with a header.")] = False,
) -> None:
    """Answer an SQL query from the newest release, read-only; a load that runs meanwhile does not matter."""
    with told(home):
        from warehouse.query import query as ask

        result = ask(_release(Settings.read(home=home), as_of), sql)
        if as_json:
            names = distinct(result.columns)
            print_json([dict(zip(names, row, strict=True)) for row in result.rows])
        elif as_csv:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(result.columns)
            writer.writerows(result.rows)
        else:
            rows_as_text = [["" if value is None else str(value) for value in row] for row in result.rows]
            print_table(None, result.columns, rows_as_text)


@app.command()
def status(
    period: Annotated[str | None, typer.Argument(help="2026-06, 2026-Q2 or 2026; default the latest reported.")] = None,
    home: Home = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Show who has reported a period, who was late or excused, and what was held back."""
    with told(home):
        from serving.standing import newest_period, standings

        release = _release(Settings.read(home=home), as_of)
        asked = period or newest_period(release)
        if asked is None and as_of:
            raise LookupError(f"截至 {as_of}，还没有收到任何县的报表。(No reports by then.)")
        if asked is None:
            raise LookupError("还没有收到任何县的报表：请把报表放进收件目录，再运行 daibiao run。(No reports yet.)")
        found = standings(release, asked)
        if not found:
            raise LookupError(f"没有统计期 {asked}：请写成 2026-06、2026-Q2 或 2026。(Unknown period.)")
        if as_json:
            print_json([vars(standing) for standing in found])
            return
        rows = [
            [s.prefecture, s.county, s.state, str(s.reported_on or ""), str(s.due_date or ""), str(s.rows_quarantined)]
            for s in found
        ]
        reported = sum(standing.has_reported for standing in found)
        owing = sum(standing.state != "免报" for standing in found)
        title = f"{asked} 报送情况：已报 {reported} / {owing}"
        print_table(title, ["市州", "县区", "状态", "首次填报", "期限", "退回行数"], rows)


@app.command()
def explain(
    table: Annotated[str, typer.Argument(help="A mart, e.g. mart.province_month.")],
    key: Annotated[list[str], typer.Argument(help="[ORG] INDICATOR PERIOD; the province needs no ORG.")],
    home: Home = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Walk a figure back to the values it was made of, and to their files and cells."""
    with told(home):
        from serving.explain import explain as walk_back
        from serving.explain import lines

        found = walk_back(_release(Settings.read(home=home), as_of), table, key)
        if as_json:
            print_json(found.as_json())
        else:
            for line in lines(found):
                typer.echo(line)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="A report in prose: txt, md, docx or html.", show_default=False)],
    why: Annotated[bool, typer.Option("--why", help="Print also what was passed over, and why.")] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write the text with its figures marked to this page.", show_default=False)
    ] = None,
    published: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of publication, where the report does not name it."),
    ] = None,
) -> None:
    """Read the figures out of a report in prose: one JSON object a line, with its place in the text."""
    with told(None):
        import catalog
        from pipeline.extracting import read_report, write_page

        reading = read_report(file, catalog.load(), published.date() if published else None)
        if html:
            typer.echo(f"标注页已写入 {write_page(reading, html, file)}", err=True)
        for line in (*reading.figures(), *(reading.dropped() if why else ())):
            typer.echo(json.dumps(line, ensure_ascii=False, allow_nan=False))


@app.command()
def generate(
    out: Annotated[Path, typer.Option(help="A folder for landing/ and answers/; neither may be there yet.")],
    counties: Annotated[int, typer.Option(help="How many counties report, 1 to 88.")] = 88,
    months: Annotated[int, typer.Option(help="How many months they report.")] = 6,
    until: Annotated[str, typer.Option(help="The last of the months; it must be over.")] = "2026-06",
    records: Annotated[int, typer.Option(help="How many records, over all twelve exports.")] = 200_000,
    seed: Annotated[int, typer.Option(help="The same seed and options give the same bytes.")] = 7,
    faults: Annotated[float, typer.Option(help="The share of record rows and of form cells with a fault.")] = 0.02,
    late: Annotated[float, typer.Option(help="The share of forms that come late.")] = 0.05,
    missing: Annotated[float, typer.Option(help="The share of forms that never come.")] = 0.03,
    resubmitted: Annotated[float, typer.Option(help="The share of forms that are corrected later.")] = 0.04,
    corrected: Annotated[float, typer.Option(help="The share of records that come again with other content.")] = 0.01,
    formats: Annotated[str, typer.Option(help="Formats of the records' files.")] = "csv,csv-gb18030,xlsx,json,jsonl",
    forms: Annotated[str, typer.Option(help="Formats of the forms.")] = "xlsx,csv,csv-gb18030,docx,html",
    rows_per_file: Annotated[int, typer.Option(help="Files of records are cut at this size.")] = 500_000,
) -> None:
    """Make up a province of any size: landing files with planted faults, and the true answers beside them."""
    with told(None):
        from pipeline.generating import generate_province

        chosen = {
            "counties": counties,
            "months": months,
            "until": until,
            "records": records,
            "seed": seed,
            "faults": faults,
            "late": late,
            "missing": missing,
            "resubmitted": resubmitted,
            "corrected": corrected,
            "record_formats": tuple(formats.split(",")),
            "form_formats": tuple(forms.split(",")),
            "rows_per_file": rows_per_file,
        }
        typer.echo(generate_province(chosen, out, datetime.now(UTC)))


@app.command()
def compare(
    generated: Annotated[Path, typer.Argument(help="The folder that `generate` wrote.", show_default=False)],
    home: Home = None,
    as_json: Json = False,
    most: Annotated[int, typer.Option(help="How many differences to print.")] = 20,
) -> None:
    """Hold the newest release against the true answers of a made-up province: values, faults, files."""
    with told(home):
        from pipeline.comparing import compare as hold_against

        found = hold_against(generated / "answers", _newest(Settings.read(home=home)))
        if as_json:
            print_json(found.as_json(most))
        else:
            for line in found.lines(most):
                typer.echo(line)
        if not found.agrees:
            raise typer.Exit(1)


app.command()(outbox)
app.command()(replay)


def _walk_and_tell(walk: Callable[[Settings, datetime], Account], settings: Settings, as_json: bool) -> None:
    account = walk(settings, datetime.now(UTC))
    if as_json:
        print_json(account.as_json())
    else:
        print_account(account)
    for correction in account.corrections:
        typer.echo(correction["message"], err=True)
    if account.has_losses or account.corrections:
        raise typer.Exit(1)


def _release(settings: Settings, as_of: str | None) -> Path:
    """Return the file to answer from: the newest release, or what of it was known on the day `as_of`."""
    if as_of is None:
        return _newest(settings)
    from pipeline.as_of import known_on, read_day

    day = read_day(as_of)
    return known_on(settings, _published(settings), day)


def _newest(settings: Settings) -> Path:
    return _published(settings).path


def _published(settings: Settings) -> Published:
    from pipeline.published import published

    return published(settings)


if __name__ == "__main__":
    app()
