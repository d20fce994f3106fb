"""`validate()`: each suite of a dataset, once, over all its deliveries.

Never loops over deliveries; who owns a row is counted afterwards. Forms and prose are judged as frames; records, of
which there may be millions, where they lie: one pass of SQL finds the rows that break a rule, and Great Expectations
judges those. A row that breaks nothing cannot change what it says of the others, but by being one of two alike, and
then both are among them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from catalog import Catalog
from expectations.engine import Engine
from expectations.rules import Frames, RecordSuite, Rows, Suite
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
        if isinstance(suite, RecordSuite):
            if rows is None:
                raise LookupError(f"{dataset}: its records are judged where they lie, and no place was given")
            _judge_records(engine, suite, frames, rows, deliveries, checks, findings)
        else:
            _judge_frame(engine, suite, frames, deliveries, checks, findings)
    return assemble(checks, findings)


def _judge_frame(
    engine: Engine,
    suite: Suite,
    frames: Frames,
    deliveries: Sequence[str],
    checks: list[pd.DataFrame],
    findings: list[pd.DataFrame],
) -> None:
    frame = suite.frame(frames)
    for rule, failing in zip(suite.rules, engine.failing(suite.name, suite.rules, frame), strict=True):
        checks.append(checks_of(suite.name, rule, frame, failing, deliveries))
        if len(failing):
            findings.append(findings_of(suite.name, rule, frame.iloc[failing], frames))


def _judge_records(
    engine: Engine,
    suite: RecordSuite,
    frames: Frames,
    rows: Rows,
    deliveries: Sequence[str],
    checks: list[pd.DataFrame],
    findings: list[pd.DataFrame],
) -> None:
    suite.prepare(frames["header"], rows)
    found = Violations(suite, rows)
    broken = {number: at for number in range(len(suite.rules)) if len(at := found.failing(number))}
    judged = engine.failing(suite.name, [suite.rules[number] for number in broken], found.frame)
    said = dict(zip(broken, judged, strict=True))
    owners = found.frame["delivery_id"]
    for number, rule in enumerate(suite.rules):
        failing = broken.get(number)
        if failing is not None and sorted(said[number]) != failing.tolist():
            raise RuntimeError(f"{rule.name} {rule.columns}: SQL and Great Expectations disagree")
        failed = {} if failing is None else tally(owners.iloc[failing])
        checks.append(counted(suite.name, rule, deliveries, found.checked(number), failed))
        if failing is not None:
            findings.append(findings_of(suite.name, rule, found.frame.iloc[failing], frames))
