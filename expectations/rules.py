"""What a rule is: a named Great Expectations check, its severity and the sentence a county clerk reads.

Holds no check of its own: every rule names one of Great Expectations' classes, which does the judging. Conditions
("only where …") are not written here either: a suite's frame leaves a cell missing where its rule does not apply, and
missing cells are skipped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import pandas as pd

Severity = Literal["critical", "warning", "info"]
Scope = Literal["row", "table"]
Frames = Mapping[str, pd.DataFrame]
Locate = Callable[[pd.DataFrame, Frames], pd.Series]

_JUDGES_MISSING_CELLS = frozenset({"ExpectColumnValuesToBeNull", "ExpectColumnValuesToNotBeNull"})


def at(column: str) -> Locate:
    """Take the cell of a finding from `column` of the judged frame."""
    return lambda rows, _: rows[column]


def nowhere(rows: pd.DataFrame, _: Frames) -> pd.Series:
    """Give findings no cell: what they miss stands nowhere on the sheet."""
    return pd.Series(None, index=rows.index, dtype="str")


@dataclass(frozen=True)
class Rule:
    """One named expectation (规则).

    `expectation` is the Great Expectations class and `arguments` what it is given. `reason` says in one Chinese
    sentence what is expected; `message` what is wrong with this very value and what to do, with `{column}` for what
    the judged frame holds. `column_name` (a template too) is the column or indicator a finding is about, `cell` finds
    its place in the file. A rule may judge several columns: then several `Rule`s share name, severity and reason.

    `revision` is raised by hand when the code that makes the judged frame changes what is judged; `rests_on` is what
    else decides and can be written down: limits of the catalog that the frame brings along, SQL of derived columns.
    """

    name: str
    severity: Severity
    scope: Scope
    expectation: str
    arguments: Mapping[str, Any]
    reason: str
    message: str
    column_name: str
    cell: Locate = nowhere
    revision: int = 1
    rests_on: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The rule's version (规则版本): its revision and a short hash of what decides a verdict.

        That is the expectation, its arguments, severity, scope and what it rests on; the wording decides nothing.
        """
        decides = [self.expectation, self.arguments, self.severity, self.scope, self.rests_on]
        text = json.dumps(decides, ensure_ascii=False, sort_keys=True, default=str)
        return _version(self.revision, text)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the frame that the expectation reads."""
        named = [self.arguments[key] for key in ("column", "column_A", "column_B") if key in self.arguments]
        return (*named, *self.arguments.get("column_list", ()))

    @property
    def judges_missing(self) -> bool:
        """Whether the rule looks for empty cells, and so speaks about every row."""
        return self.expectation in _JUDGES_MISSING_CELLS

    def applies(self, frame: pd.DataFrame) -> pd.Series:
        """Mark the rows the rule speaks about: those with every cell it reads; all, if it looks for empty cells."""
        if self.judges_missing:
            return pd.Series(True, index=frame.index)
        return frame[list(self.columns)].notna().all(axis=1)


def versions(rules: Iterable[Rule]) -> dict[tuple[str, Severity], str]:
    """Return a version for each (name, severity); rules that share both are counted together, and so are versions."""
    shared: dict[tuple[str, Severity], list[Rule]] = {}
    for rule in rules:
        shared.setdefault((rule.name, rule.severity), []).append(rule)
    return {key: _together(several) for key, several in shared.items()}


def resting_on(rules: Iterable[Rule], facts: Mapping[str, Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Return the rules, each resting on what `facts` has under its name. Raises LookupError for a name of none."""
    told = tuple(replace(rule, rests_on={**rule.rests_on, **facts.get(rule.name, {})}) for rule in rules)
    if strange := sorted(set(facts) - {rule.name for rule in told}):
        raise LookupError(f"no such rule: {', '.join(strange)}")
    return told


def _together(rules: Iterable[Rule]) -> str:
    distinct = {rule.version: rule.revision for rule in rules}
    if len(distinct) == 1:
        return next(iter(distinct))
    return _version(max(distinct.values()), " ".join(sorted(distinct)))


def _version(revision: int, text: str) -> str:
    return f"{revision}.{hashlib.sha256(text.encode()).hexdigest()[:8]}"


class Rows(Protocol):
    """Where the records of a dataset lie, too many for a frame: an SQL engine (DuckDB's dialect) with a table `record`.

    `record` holds the parser's records of all deliveries to judge.
    """

    def give(self, name: str, frame: pd.DataFrame) -> None:
        """Put a small frame beside the records as table `name`."""

    def keep(self, name: str, select: str) -> None:
        """Keep what a SELECT returns as table `name`, in place of an earlier one."""

    def ask(self, select: str) -> pd.DataFrame:
        """Return what a SELECT returns."""


@dataclass(frozen=True)
class RecordSuite:
    """Rules that judge records where they lie, in one pass of SQL.

    `select` is the SELECT of the judged rows out of `record` and the tables that `prepare` puts beside it: the records'
    columns and those derived from them, among them delivery_id, table_id, line and source_ref. A rule is broken by the
    rows for which its expectation, told in SQL, fails; Great Expectations then judges those rows and must agree.
    `conditions` names, by rule, a column that tells the same at less cost.
    """

    name: str
    select: str
    prepare: Callable[[pd.DataFrame, Rows], None]
    rules: tuple[Rule, ...]
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """Rules that judge one frame, made by `make` from the dataset's frames, above all from the one called `source`.

    The frame keeps delivery_id, table_id and line of its source.
    """

    name: str
    source: str
    make: Callable[[Frames], pd.DataFrame]
    rules: tuple[Rule, ...]

    def frame(self, frames: Frames) -> pd.DataFrame:
        """Return the frame to judge, numbered from 0; an empty source is handed on as it is."""
        source = frames[self.source]
        return source if source.empty else self.make(frames).reset_index(drop=True)


def not_below(upper: str, lower: str) -> dict[str, Any]:
    """Return the arguments of `ExpectColumnPairValuesAToBeGreaterThanB` for: `upper` ≥ `lower` where both are given."""
    return {"column_A": upper, "column_B": lower, "or_equal": True, "ignore_row_if": "either_value_is_missing"}


def equal(one: str, other: str) -> dict[str, Any]:
    """Return the arguments of `ExpectColumnPairValuesToBeEqual` for: equal where both are given."""
    return {"column_A": one, "column_B": other, "ignore_row_if": "either_value_is_missing"}


def unique(*columns: str) -> dict[str, Any]:
    """Return the arguments of `ExpectCompoundColumnsToBeUnique` for: no two rows alike where all are given."""
    return {"column_list": columns, "ignore_row_if": "any_value_is_missing"}
