"""Rules of the cases (群众工单), beside those that every export has."""

from __future__ import annotations

import pandas as pd

from catalog import Catalog
from expectations.rules import Rule, Suite
from expectations.suites import standard

_RULES = (
    Rule(
        name="ExpectGradedCaseToBeClosed",
        severity="warning",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "closed_state_if_graded", "value_set": ("blank",)},
        reason="评价过的工单应已办结。",
        message="填了“评价”，却没有“办结时间”，这次评价不计入满意率。已办结的请补填办结时间，没有办结的请去掉评价。",
        column_name="closed_at",
        cell=standard.of_column("closed_at"),
    ),
    Rule(
        name="ExpectClosedCaseToBeAccepted",
        severity="warning",
        scope="row",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "accepted_state_if_closed", "value_set": ("blank",)},
        reason="办结的工单应有代表接单。",
        message="填了“办结时间”，却没有“接单时间”，接单环节计不到这一件。请补填代表接单的时间。",
        column_name="accepted_at",
        cell=standard.of_column("accepted_at"),
    ),
)


def suites(catalog: Catalog) -> tuple[Suite, ...]:
    """Return the suites of the cases."""
    return standard.suites(catalog, "case", _RULES, _derive)


def _derive(records: pd.DataFrame) -> pd.DataFrame:
    return records.assign(
        closed_state_if_graded=records["closed_at_state"].where(records["grade"].notna()),
        accepted_state_if_closed=records["accepted_at_state"].where(records["closed_at"].notna()),
    )
