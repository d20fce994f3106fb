"""`validate()`: each suite of a dataset, once, over all its deliveries.

Never loops over deliveries; who owns a row is counted afterwards. Forms and prose are judged as frames; records, of
which there may be millions, where they lie: one pass of SQL finds the rows that break a rule, and Great Expectations
judges those. A row that breaks nothing cannot change what it says of the others, but by being one of two alike, and
then both are among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from catalog import Catalog
from expectations.engine import Engine
from expectations.rules import Frames, RecordSuite, Rows, Suite, versions
from expectations.suites import suites_of
from expectations.verdict import Verdict, assemble, checks_of, counted, findings_of, tally
from expectations.violations import Violations


def validate(dataset: str, frames: Frames, catalog: Catalog, rows: Rows | None = None) -> Verdict:
    """Judge a dataset's deliveries by its suites.

    `frames` are the parser's, those of all deliveries concatenated, but for an export's `records`: they are in `rows`.
    Raises LookupError for a dataset that the catalog or `expectations/suites` does not know, RuntimeError when a rule
    cannot be evaluated or when SQL and Great Expectations disagree about a row.
    """
    deliveries = sorted(frames["header"]["delivery_id"].unique())
    engine = Engine()
    checks: list[pd.DataFrame] = []
    findings: list[pd.DataFrame] = []
    for suite in suites_of(dataset, catalog):
        if isinstance(suite, Suite):
            judged = _judge_frame(engine, suite, frames, deliveries)
        elif rows is not None:
            judged = _judge_records(engine, suite, frames, deliveries, rows)
        else:
            raise LookupError(f"{dataset}: its records are judged where they lie, and no place was given")
        for counts, found in judged:
            checks.append(counts)
            findings += [] if found is None else [found]
    return assemble(checks, findings)


# A rule's counts by delivery, and its findings where there are any.
Judged = Iterator[tuple[pd.DataFrame, pd.DataFrame | None]]


def _judge_frame(engine: Engine, suite: Suite, frames: Frames, deliveries: Sequence[str]) -> Judged:
    frame, version = suite.frame(frames), versions(suite.rules)
    for rule, failing in zip(suite.rules, engine.failing(suite.name, suite.rules, frame), strict=True):
        found = findings_of(suite.name, rule, frame.iloc[failing], frames) if len(failing) else None
        yield checks_of(suite.name, rule, version[rule.name, rule.severity], frame, failing, deliveries), found


def _judge_records(engine: Engine, suite: RecordSuite, frames: Frames, deliveries: Sequence[str], rows: Rows) -> Judged:
    suite.prepare(frames["header"], rows)
    found = Violations(suite, rows)
    broken = {number: at for number in range(len(suite.rules)) if len(at := found.failing(number))}
    judged = engine.failing(suite.name, [suite.rules[number] for number in broken], found.frame)
    said = dict(zip(broken, judged, strict=True))
    version = versions(suite.rules)
    for number, rule in enumerate(suite.rules):
        failing = found.frame.iloc[broken.get(number, [])]
        if number in broken and sorted(said[number]) != broken[number].tolist():
            raise RuntimeError(f"{rule.name} {rule.columns}: SQL and Great Expectations disagree")
        counts = counted(
            suite.name,
            rule,
            version[rule.name, rule.severity],
            deliveries,
            found.checked(number),
            tally(failing["delivery_id"]),
        )
        yield counts, None if failing.empty else findings_of(suite.name, rule, failing, frames)
