"""The command line `daibiao` (代表).

Exit codes: 0 done; 1 done, but something was rejected or quarantined; 2 usage or system error. Never a bare traceback
for what a person can put right: a sentence says what, and what to do.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from pipeline.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pipeline.run import Account

app = typer.Typer(
    help="代表在行动统计仓库：收件、解析、校验、入库、汇总、发布。The deputies-in-action statistics warehouse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Home = Annotated[
    Path | None, typer.Option(help="The data folder; default DAIBIAO_HOME, else ./data.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
DEMO_HOME = Path("data/demo")
_WIDEST = 2000
STATUSES = {
    "loaded": "已入库　",
    "partly_loaded": "部分入库",
    "rejected": "拒收　　",
    "duplicate": "重复　　",
    "superseded": "已被取代",
    "set_aside": "暂存　　",
}
WHERE_NEXT = """
接下来看 · where to look next（命令在 .venv/bin/ 中；--home HOME 指演示数据）
  各县报送情况      daibiao status 2026-06 --home HOME
  每个文件的下落    daibiao query "select file, status, reason from ops.delivery order by file" --home HOME
  发现的问题        daibiao query "select file, cell, severity, message from dq.finding" --home HOME
  一个数字的来历    daibiao explain mart.province_month voters_received 2026-06 --home HOME
  网页与自动收件    make airflow"""


@app.command()
def demo(home: Annotated[Path, typer.Option(help="The data folder of the demo.")] = DEMO_HOME) -> None:
    """Walk the whole road on samples/ through real Airflow DAG runs, then print the provincial table."""
    from pipeline.demo import SAMPLES, walk_the_road
    from serving.province import province_table

    console = Console()
    with _told():
        settings = Settings.read(home=home, landing=SAMPLES)
        walk_the_road(settings, console.print)
        release = _newest(settings)
        table = province_table(release)
        title = "贵州省 · 逐月汇总（括号内：已报县数/应报县数） · mart.province_month"
        _print_table(title, ["指标", "单位", *table.months], table.rows)
        console.print(WHERE_NEXT.replace("HOME", str(home)), soft_wrap=True, highlight=False)


@app.command()
def run(
    landing: Annotated[Path | None, typer.Option(help="The landing folder; default <home>/landing.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Walk the same road without Airflow for all that has landed, and print what became of every file."""
    from pipeline.run import run as walk

    _walk_and_tell(walk, home, landing, as_json)


@app.command()
def rebuild(home: Home = None, as_json: Json = False) -> None:
    """Build the warehouse anew from the archive; the old one stands until the new one is whole."""
    from pipeline.run import rebuild as walk

    _walk_and_tell(walk, home, None, as_json)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help='One SQL statement, e.g. "from mart.province_month".')],
    home: Home = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV (UTF-8) with a header.")] = False,
) -> None:
    """Answer an SQL query from the newest release, read-only; a load that runs meanwhile does not matter."""
    from warehouse.query import query as ask

    with _told():
        result = ask(_newest(Settings.read(home=home)), sql)
        if as_json:
            rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
            _print_json(rows)
        elif as_csv:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(result.columns)
            writer.writerows(result.rows)
        else:
            rows_as_text = [["" if value is None else str(value) for value in row] for row in result.rows]
            _print_table(None, result.columns, rows_as_text)


@app.command()
def status(
    period: Annotated[str | None, typer.Argument(help="2026-06, 2026-Q2 or 2026; default the latest reported.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show who has reported a period, who was late, and what was held back."""
    from serving.standing import newest_period, standings

    with _told():
        release = _newest(Settings.read(home=home))
        asked = period or newest_period(release)
        if asked is None:
            raise LookupError(
                "还没有收到任何县的报表：请把报表放进收件目录，再运行 daibiao run。(No reports yet.)"
            )
        found = standings(release, asked)
        if not found:
            raise LookupError(f"没有统计期 {asked}：请写成 2026-06、2026-Q2 或 2026。(Unknown period.)")
        if as_json:
            _print_json([vars(standing) for standing in found])
            return
        rows = [
            [s.prefecture, s.county, s.state, str(s.reported_on or ""), str(s.due_date or ""), str(s.rows_quarantined)]
            for s in found
        ]
        reported = sum(standing.state != "未报" for standing in found)
        title = f"{asked} 报送情况：已报 {reported} / {len(found)}"
        _print_table(title, ["市州", "县区", "状态", "首次填报", "期限", "退回行数"], rows)


@app.command()
def explain(
    table: Annotated[str, typer.Argument(help="A mart, e.g. mart.province_month.")],
    key: Annotated[list[str], typer.Argument(help="[ORG] INDICATOR PERIOD; the province needs no ORG.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Walk a figure back to the values it was made of, and to their files and cells."""
    from serving.explain import explain as walk_back
    from serving.explain import lines

    with _told():
        found = walk_back(_newest(Settings.read(home=home)), table, key)
        if as_json:
            _print_json(found.as_json())
        else:
            for line in lines(found):
                typer.echo(line)


def _walk_and_tell(
    walk: Callable[[Settings, datetime], Account],
    home: Path | None,
    landing: Path | None,
    as_json: bool,
) -> None:
    with _told():
        account = walk(Settings.read(home=home, landing=landing), datetime.now(UTC))
        if as_json:
            _print_json(account.as_json())
        else:
            _print_account(Console(), account)
    if account.has_losses:
        raise typer.Exit(1)


@contextmanager
def _told() -> Iterator[None]:
    """Turn the errors a person can act on into one sentence on stderr and exit code 2."""
    from pipeline.demo import DemoError
    from warehouse.errors import WarehouseError

    try:
        yield
    except (SettingsError, DemoError, LookupError, OSError, WarehouseError) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(2) from problem


def _newest(settings: Settings) -> Path:
    from warehouse.release import newest

    release = newest(settings.releases)
    if release is None:
        raise LookupError(
            f"{settings.releases} 中还没有发布：请先运行 daibiao run（或 make demo），或用 --home 指明数据目录。"
        )
    return release.path


def _print_account(console: Console, account: Account) -> None:
    def tell(line: str) -> None:
        console.print(line, soft_wrap=True, highlight=False, markup=False)

    for file in account.files:
        rows = "行 {in}，入库 {loaded}，隔离 {quarantined}，拒收 {rejected}".format_map(file["rows"])
        tell(f"{STATUSES[file['status']]}　{file['file']}（{rows}）")
        if file["reason"]:
            tell(f"　　　　{file['reason']}")
    for item in account.left:
        tell(f"未收　　{item['file']}（{item['reason']}）")
    tell(f"此前已收 {account.known} 个文件；本次 {len(account.files)} 个，数字 {account.figures} 个。")
    tell(f"新发布 {account.release}。" if account.release else "内容没有变化，未发布新版本。")
    if account.has_losses:
        tell("退回清单（位置、原因、处理办法）在数据目录的 quarantine/ 中，用电子表格打开。")


def _print_table(title: str | None, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as wide as its content: a long line that a terminal wraps is easier read than folded cells."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(str(column), no_wrap=True)
    for row in rows:
        table.add_row(*row)
    Console(width=_WIDEST).print(table)


def _print_json(content: object) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


if __name__ == "__main__":
    app()
