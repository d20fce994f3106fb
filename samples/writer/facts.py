"""Read the facts: frozen, closed models of the YAML files in `samples/facts`.

Refuses a key it does not know and a fault without a rule.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from writer.grid import Content, Formula

Outcome = Literal[
    "rejected",
    "row quarantined",
    "table quarantined",
    "warning",
    "info",
    "left alone",
    "duplicate",
    "superseded",
]


Value = str | int | float | None
ExportName = Literal[
    "station",
    "station_visit",
    "case",
    "suggestion",
    "livelihood_project",
    "performance",
    "training",
    "inspection",
    "legislative_opinion",
    "fund_project",
    "award",
    "activity",
]

# Where the number's column is not named after the export.
_KEYS = {"station_visit": "visit_code", "livelihood_project": "project_code", "legislative_opinion": "opinion_code"}


class Closed(BaseModel):
    """Base of every model here: frozen, and closed to keys it does not declare."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _PlainLoader(yaml.SafeLoader):
    """A YAML loader that leaves dates alone: facts hold them as they are written."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Rule(Closed):
    """A kind of fault: its keyword, what it means in Chinese, what is expected to come of it."""

    zh: str
    expected: Outcome


class Entry(Closed):
    """A cell whose writing is not simply its value.

    `w` is written; `v` is what it means, between `low` and `high`; `f` is a formula whose last result is `v`; `fault`
    is the rule that the cell breaks.
    """

    w: str | int | float | None = None
    v: float | None = None
    low: float | None = None
    high: float | None = None
    f: str | None = None
    fault: str | None = None

    @property
    def content(self) -> Content:
        """What stands in the cell."""
        if self.f is None or self.v is None:
            return self.w
        return Formula(self.f, int(self.v) if self.v == int(self.v) else self.v)


Written = Entry | int | float | str | None


class Table(Closed):
    """One sheet of a county form. `columns` pairs what a column holds with its header; `group/leaf` is a merged one.

    A column holds an indicator's code, or `serial`, `township`, `remark`, or `unmapped`: no indicator of the catalog.
    `means` is the period: `2026-06`, `2026-Q2`, or `2026-06 year_to_date`. `unread` says why the sheet does not count.
    """

    sheet: str
    title: str = "贵州省“高质量发展，代表在行动”活动情况统计表"
    heading: Literal["merged", "lines", "cells"] = "merged"
    unit: str
    period: str | None
    reported: str
    county: str | None
    means: str | None
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Written, ...], ...]
    total: tuple[Written, ...] | None = None
    foot: tuple[str, ...] = ()
    hidden: bool = False
    unread: str | None = None
    fault: str | None = None

    @property
    def township_lines(self) -> list[tuple[Written, ...]]:
        """The rows that count as rows in: townships, or the 合计 where nothing else is given."""
        lines = [row for row in self.rows if row]
        return lines or [row for row in (self.total,) if row]


class Copy(Closed):
    """The same content once more, under another name or in another format."""

    file: str
    format: str
    encoding: str = "utf-8"


class FormFile(Closed):
    """One delivered county form."""

    file: str
    format: Literal["xlsx", "xls", "csv", "docx", "html"]
    encoding: str = "utf-8"
    shows: str
    copies: tuple[Copy, ...] = ()
    superseded_by: str | None = None
    tables: tuple[Table, ...]


class FaultyRecord(Closed):
    """A record, the rule it breaks, and the column in which that shows."""

    fault: str
    at: str
    record: tuple[Value, ...]


class ExportFile(Closed):
    """One delivered export. `headers` are the columns in order, each with the header this system gives it.

    `unmapped` columns come last, filled with a constant. `broken` is a line of a jsonl file that is no JSON.
    """

    file: str
    export: ExportName
    format: Literal["xlsx", "csv", "json", "jsonl"]
    encoding: str = "utf-8"
    sheet: str = "导出"
    shows: str
    copies: tuple[Copy, ...] = ()
    dates: Literal["text", "slashes", "cells"] = "text"
    personal: bool = True
    headers: dict[str, str]
    unmapped: dict[str, str] = Field(default_factory=dict)
    records: tuple[FaultyRecord | tuple[Value, ...], ...]
    broken: str | None = None

    @property
    def key(self) -> str:
        """The column that holds a record's number."""
        return _KEYS.get(self.export, f"{self.export}_code")


class OtherFile(Closed):
    """A file that is no data, or not for us: how it is made, and what is expected to come of it."""

    file: str
    make: Literal["text", "encrypted", "doc", "pdf", "png", "truncated", "menu"]
    fault: str
    shows: str
    text: str = ""


class ProseFigure(Closed):
    """A figure that stands in a report's text: of the unit `org` (its code; its name where it is not ours).

    It is `v`, at least `low`, at most `high`: `v` where they are not given.
    """

    org: str
    indicator: str
    v: float
    low: float | None = None
    high: float | None = None
    qualifier: Literal["at_least", "at_most", "about"] | None = None
    unit: str
    fault: str | None = None


class ProseFile(Closed):
    """A report in prose: its text, the figures that stand in it, and the made-up `names` of people in it.

    Figures of a report that is `whole_of` a month count the county with all below it (全市各级) in that month.
    """

    file: str
    format: Literal["txt", "docx"]
    shows: str
    text: str
    figures: tuple[ProseFigure, ...]
    names: tuple[str, ...] = ()
    superseded_by: str | None = None
    whole_of: str | None = None


class Facts(Closed):
    """All that the samples say."""

    rules: dict[str, Rule]
    counties: dict[str, tuple[str, ...]]
    spellings: dict[str, str]
    forms: tuple[FormFile, ...]
    exports: tuple[ExportFile, ...]
    prose: tuple[ProseFile, ...]
    others: tuple[OtherFile, ...]

    def expected(self, rule: str) -> Outcome:
        """Return what is expected of a fault; KeyError for a rule that is not declared."""
        return self.rules[rule].expected

    def keeps_out(self, rule: str) -> bool:
        """Say whether a fault keeps its record or figure from being taken over."""
        return self.expected(rule) in ("row quarantined", "table quarantined", "rejected")

    def county(self, written: Value) -> str | None:
        """Return the code of a county in any spelling the samples use; None for a county that does not exist."""
        return next((code for code, names in self.counties.items() if str(written) in (code, *names)), None)

    def spelt(self, written: Value) -> Value:
        """Return the agreed word for what a system wrote."""
        return self.spellings.get(written, written) if isinstance(written, str) else written


def read_facts(folder: Path) -> Facts:
    """Read every facts file of the folder. Raises pydantic.ValidationError, naming the entry that is wrong."""
    read: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yml")):
        for key, value in _yaml(path).items():
            read[key] = read.get(key, []) + value if isinstance(value, list) else read.get(key, {}) | value
    return Facts.model_validate(read)


def _yaml(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds; the models check it
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)  # noqa: S506 - a SafeLoader with less in it


def read_units(path: Path) -> dict[str, tuple[str, str | None]]:
    """Return name and parent of every unit in divisions.csv, by code."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: (row["name"], row["parent"] or None) for row in csv.DictReader(lines)}


def day(text: str) -> date:
    """Return the day of a fact's ISO date or time."""
    return date.fromisoformat(text[:10])
