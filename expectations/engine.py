"""The one place that imports Great Expectations: late, into an ephemeral context, with everything that talks off.

Great Expectations judges on pandas and gives back the positions of all rows that fail. It is asked for positions, not
for key columns: those it looks up cell by cell, which takes fifteen times as long, and a line may hold many cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from expectations.rules import Rule
from expectations.verdict import Positions

if TYPE_CHECKING:
    from great_expectations.core.expectation_suite import ExpectationSuite
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

_COMPLETE = {"result_format": "COMPLETE", "return_unexpected_index_query": False}


class Engine:
    """A Great Expectations context that lives as long as one validation, and with it the frames it caches."""

    def __init__(self) -> None:
        import great_expectations as gx
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

        # Stores in memory and no documentation site: by default a folder for one is made and removed again.
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
        )
        self._context: EphemeralDataContext = gx.get_context(project_config=config, mode="ephemeral")

    def failing(self, name: str, rules: Sequence[Rule], frame: pd.DataFrame) -> list[Positions]:
        """Run the rules once over `frame` as suite `name`; return, rule by rule, the positions of the rows that fail.

        Raises RuntimeError when Great Expectations could not evaluate a rule: that is a fault of the suite, not of
        the data, and must not pass for either verdict.
        """
        if frame.empty or not rules:
            return [np.empty(0, dtype=np.int64) for _ in rules]
        needed = sorted({column for rule in rules for column in rule.columns})
        batch = self._context.data_sources.pandas_default.read_dataframe(frame[needed])
        outcome = batch.validate(expectation_suite(name, rules), result_format=_COMPLETE)
        by_number = {_number(result): result for result in outcome.results}
        return [_positions(rule, by_number[number]) for number, rule in enumerate(rules)]


def expectation_suite(name: str, rules: Sequence[Rule]) -> ExpectationSuite:
    """Return the Great Expectations suite of these rules: each keeps its name in `meta`, its severity and reason."""
    import great_expectations.expectations as gxe
    from great_expectations.core.expectation_suite import ExpectationSuite

    return ExpectationSuite(
        name=name,
        expectations=[
            getattr(gxe, rule.expectation)(
                **{key: list(value) if isinstance(value, tuple) else value for key, value in rule.arguments.items()},
                severity=rule.severity,
                description=rule.reason,
                meta={"rule": rule.name, "number": number},
            )
            for number, rule in enumerate(rules)
        ],
    )


def _number(result: Any) -> int:  # noqa: ANN401 - a result of Great Expectations, untyped inside
    return int(result.expectation_config.meta["number"])


def _positions(rule: Rule, result: Any) -> Positions:  # noqa: ANN401 - a result of Great Expectations, untyped inside
    if "unexpected_index_list" not in result.result:
        raise RuntimeError(f"{rule.name} {rule.columns}: could not be evaluated: {result.exception_info}")
    return np.asarray(result.result["unexpected_index_list"] or [], dtype=np.int64)
