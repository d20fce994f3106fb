"""How answers are printed: tables for people, JSON for programs, the account of a run as lines.

Prints what it is given to the letter: `[red]` in a value is text, never a colour.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from pipeline.run import Account
    from warehouse.recompute import RolledUp

_WIDEST = 2000
STATUSES = {
    "loaded": "已入库　",
    "partly_loaded": "部分入库",
    "rejected": "拒收　　",
    "duplicate": "重复　　",
    "superseded": "已被取代",
    "set_aside": "暂存　　",
}


def print_table(title: str | None, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as wide as its content: a long line that a terminal wraps is easier read than folded cells."""
    table = Table(title=None if title is None else Text(title), title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(Text(column), no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(width=_WIDEST)
    with console.capture() as shown:
        console.print(table)
    typer.echo(shown.get(), nl=False)


def print_json(content: object) -> None:
    """Print any value as valid JSON."""
    typer.echo(json.dumps(as_json(content), ensure_ascii=False, indent=1, allow_nan=False))


def print_account(account: Account) -> None:
    """Print what became of every file."""
    for file in account.files:
        rows = "行 {in}，入库 {loaded}，隔离 {quarantined}，拒收 {rejected}".format_map(file["rows"])
        typer.echo(f"{STATUSES[file['status']]}　{file['file']}（{rows}）")
        if file["reason"]:
            typer.echo(f"　　　　{file['reason']}")
    for item in account.left:
        typer.echo(f"未收　　{item['file']}（{item['reason']}）")
    typer.echo(f"此前已收 {account.known} 个文件；本次 {len(account.files)} 个，数字 {account.figures} 个。")
    if account.rolled_up:
        typer.echo(_rolled_up(account.rolled_up))
    typer.echo(f"新发布 {account.release}。" if account.release else "内容没有变化，未发布新版本。")
    if account.has_losses:
        typer.echo("退回清单（位置、原因、处理办法）在数据目录的 quarantine/ 中，用电子表格打开。")


def _rolled_up(done: RolledUp) -> str:
    """Say how much of the marts was made anew."""
    if done.is_full:
        return f"汇总：{len(done.tables)} 张表全部重算。"
    along = sum(made.reach is not None for made in done.made)
    rows = sum(made.rows for made in done.made)
    if not done.made:
        return "汇总：数据没有变动，各表未动。"
    whole = len(done.made) - along
    return f"汇总：沿路径重算 {along} 张表，整表重算 {whole} 张，未动 {len(done.left)} 张；有变动的 {rows} 行。"


def distinct(columns: Sequence[str]) -> list[str]:
    """Return column names that can be keys: a name that comes again gets a number.

    >>> distinct(["a", "a", "b", "a_1"])
    ['a', 'a_2', 'b', 'a_1']
    """
    names: list[str] = []
    for column in columns:
        name, number = column, 0
        while name in names or (number and name in columns):
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def as_json(value: object) -> object:
    r"""Return the value with nothing in it that JSON does not know.

    NaN and the infinities become null, bytes hexadecimal digits, dates and times ISO 8601; a mapping's keys text.

    >>> as_json({date(2026, 6, 1): [float("nan"), b"\xff", Decimal("1.0")]})
    {'2026-06-01': [None, 'ff', 1]}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal | float):
        if not math.isfinite(value):
            return None
        return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {_key(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(item) for item in value]
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def _key(key: object) -> str:
    plain = as_json(key)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
