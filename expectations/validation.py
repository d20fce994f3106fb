"""`validate()`: each suite of a dataset, once, over the frames of all its deliveries.

Never loops over deliveries; who owns a row is counted afterwards.
"""

from __future__ import annotations

from catalog import Catalog
from expectations.engine import Engine
from expectations.rules import Frames
from expectations.suites import suites_of
from expectations.verdict import Verdict, assemble, checks_of, findings_of


def validate(dataset: str, frames: Frames, catalog: Catalog) -> Verdict:
    """Judge a dataset's frames by its suites.

    `frames` are the parser's, those of all deliveries concatenated. Raises LookupError for a dataset that the catalog
    or `expectations/suites` does not know, RuntimeError when a rule cannot be evaluated.
    """
    deliveries = sorted(frames["header"]["delivery_id"].unique())
    engine = Engine()
    checks, findings = [], []
    for suite in suites_of(dataset, catalog):
        frame = suite.frame(frames)
        for rule, failing in zip(suite.rules, engine.failing(suite, frame), strict=True):
            checks.append(checks_of(suite.name, rule, frame, failing, deliveries))
            if len(failing):
                findings.append(findings_of(suite.name, rule, frame.iloc[failing], frames))
    return assemble(checks, findings)
