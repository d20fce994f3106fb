"""The planted faults as data: `faults.yml`, laid out for one export.

Knows rules by their names only; what they ask for is the business of the suites.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field

from catalog import Column, Export
from catalog.models import Closed, Identifier

_FILE = Path(__file__).with_name("faults.yml")
Condition = Literal["filled", "blank", "positive"] | tuple[str, ...]


class Fault(Closed):
    """One way to break a record of one export; faults.yml says what each key does."""

    export: Identifier
    rule: str
    column: Identifier
    severity: Literal["critical", "warning"] = "warning"
    when: dict[Identifier, Condition] = Field(default_factory=dict)
    write: dict[Identifier, str] = Field(default_factory=dict)
    set: dict[Identifier, int | str | None] = Field(default_factory=dict)
    shift: dict[Identifier, int] = Field(default_factory=dict)
    after: dict[Identifier, tuple[Identifier, int]] = Field(default_factory=dict)
    add: dict[Identifier, int] = Field(default_factory=dict)
    copied: bool = Field(default=False, alias="copy")
    alone: bool = False
    elsewhere: bool = False
    unregistered: Identifier | None = None
    at_least: int = 1


class EachColumn(Closed):
    """A fault of every column of some types; critical where the column is required, unless a severity is given."""

    rule: str
    required: bool | None = None
    types: tuple[str, ...]
    write: str
    severity: Literal["critical", "warning"] | None = None


class Apart(Closed):
    """What keeps an export's faults of every column from breaking a second rule."""

    when: dict[Identifier, Condition] = Field(default_factory=dict)
    not_impossible: tuple[Identifier, ...] = ()
    blank_beside: dict[Identifier, Identifier] = Field(default_factory=dict)


class Faults(Closed):
    """All of faults.yml."""

    each_column: tuple[EachColumn, ...]
    apart: dict[Identifier, Apart]
    dated: tuple[Fault, ...]
    own: tuple[Fault, ...]


@cache
def _declared() -> Faults:
    content: Any = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return Faults.model_validate(content)


def faults_of(export: Export) -> list[Fault]:
    """Return every fault that can be planted in records of an export, those of single columns first."""
    declared = _declared()
    apart = declared.apart.get(export.export, Apart())
    faults = [
        _of_column(export, column, each, apart)
        for each in declared.each_column
        for column in export.stored_columns
        if _suits(column, each) and not (each.rule == "ExpectPossibleNumber" and column.name in apart.not_impossible)
    ]
    return faults + [fault for fault in (*declared.dated, *declared.own) if fault.export == export.export]


def _suits(column: Column, each: EachColumn) -> bool:
    return column.type in each.types and each.required in (None, column.required) and not column.personal


def _of_column(export: Export, column: Column, each: EachColumn, apart: Apart) -> Fault:
    beside = apart.blank_beside.get(column.name)
    return Fault(
        export=export.export,
        rule=each.rule,
        column=column.name,
        severity=each.severity or ("critical" if each.required else "warning"),
        when=apart.when,
        write={column.name: each.write} | ({beside: ""} if beside else {}),
    )
