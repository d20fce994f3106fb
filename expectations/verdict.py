"""The verdict: what was checked, and what was found wrong; built a column at a time.

Does not act on it: whoever holds the rows sets aside those that `quarantined()` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.rules import Frames, Rule
from expectations.wording import fill

CHECKS = ("delivery_id", "suite", "rule", "severity", "rule_version", "checked", "failed")
FINDINGS = (
    "delivery_id",
    "table_id",
    "line",
    "cell",
    "suite",
    "rule",
    "severity",
    "scope",
    "column_name",
    "message",
)
Positions = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Verdict:
    """What a dataset's suites said.

    `checks`: one row a delivery and rule (delivery_id, suite, rule, severity, rule_version, checked, failed), those
    with nothing to check included. `findings`: one row a fault (delivery_id, table_id, line, cell, suite, rule,
    severity, scope, column_name, message); `line` is missing for faults of a whole table, `cell` where there is none
    to point at.
    """

    checks: pd.DataFrame
    findings: pd.DataFrame

    def quarantined(self) -> set[tuple[str, int | None]]:
        """Return the keys (table_id, line) of rows with a critical fault; line None stands for the whole table."""
        critical = self.findings[self.findings["severity"] == "critical"]
        row = critical["scope"] == "row"
        lines = critical.loc[row, ["table_id", "line"]].drop_duplicates()
        keys: set[tuple[str, int | None]] = {(table, None) for table in critical.loc[~row, "table_id"]}
        return keys | {(table, int(line)) for table, line in lines.itertuples(index=False, name=None)}


def findings_of(suite: str, rule: Rule, failing: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """Return one finding for each row of `failing`, the rows of the judged frame that break `rule`."""
    lines = failing["line"] if rule.scope == "row" else pd.Series(pd.NA, index=failing.index)
    return pd.DataFrame(
        {
            "delivery_id": failing["delivery_id"].astype("str"),
            "table_id": failing["table_id"].astype("str"),
            "line": lines.astype("Int64"),
            "cell": rule.cell(failing, frames).astype("str"),
            "suite": suite,
            "rule": rule.name,
            "severity": rule.severity,
            "scope": rule.scope,
            "column_name": fill(rule.column_name, failing),
            "message": fill(rule.message, failing),
        },
        columns=list(FINDINGS),
    )


def checks_of(
    suite: str, rule: Rule, version: str, frame: pd.DataFrame, failing: Positions, deliveries: Sequence[str]
) -> pd.DataFrame:
    """Count, for each delivery, the rows of `frame` that `rule` spoke about and those at the positions `failing`."""
    owner = frame["delivery_id"]
    spoken = owner.iloc[:0] if frame.empty else owner[rule.applies(frame)]
    return counted(suite, rule, version, deliveries, tally(spoken), tally(owner.iloc[failing]))


def tally(owners: pd.Series) -> dict[str, int]:
    """Count how often each delivery is named."""
    return {str(owner): int(number) for owner, number in owners.value_counts().items()}


def counted(
    suite: str,
    rule: Rule,
    version: str,
    deliveries: Sequence[str],
    checked: Mapping[str, int],
    failed: Mapping[str, int],
) -> pd.DataFrame:
    """Return one row a delivery: how many rows the rule spoke about, and how many of them broke it."""
    return pd.DataFrame(
        {
            "delivery_id": list(deliveries),
            "suite": suite,
            "rule": rule.name,
            "severity": rule.severity,
            "rule_version": version,
            "checked": [checked.get(delivery, 0) for delivery in deliveries],
            "failed": [failed.get(delivery, 0) for delivery in deliveries],
        },
        columns=list(CHECKS),
    )


def assemble(checks: Iterable[pd.DataFrame], findings: Iterable[pd.DataFrame]) -> Verdict:
    """Join the parts; rules of one name are counted together."""
    words = dict.fromkeys(("delivery_id", "suite", "rule", "severity", "rule_version"), "str")
    empty_checks = pd.DataFrame(columns=list(CHECKS)).astype({**words, "checked": "int64", "failed": "int64"})
    together = pd.concat([empty_checks, *checks], ignore_index=True)
    together = together.groupby(list(words), sort=False, as_index=False)[["checked", "failed"]].sum()
    empty = pd.DataFrame(columns=list(FINDINGS)).astype({**dict.fromkeys(FINDINGS, "str"), "line": "Int64"})
    return Verdict(checks=together, findings=pd.concat([empty, *findings], ignore_index=True))
