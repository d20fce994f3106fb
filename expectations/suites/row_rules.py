"""Short ways to write an export's own rule about one record; each returns a `Rule` that points at one stored column.

Holds no rule of its own, and quotes no value: a message names columns, and places in the file where that helps.
"""

from __future__ import annotations

from collections.abc import Sequence

from expectations.rules import Rule, Severity, not_below
from expectations.suites import standard

_SLIP = "请核对有没有多写一位，或把一个月的数填成了一次。"


def never(
    name: str,
    column: str,
    judged: str,
    values: Sequence[object],
    *,
    reason: str,
    message: str,
    severity: Severity = "warning",
) -> Rule:
    """Expect `judged`, a stored or derived column, to hold none of `values`; the cell shown is that of `column`."""
    return standard.row_rule(
        name=name,
        severity=severity,
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": judged, "value_set": tuple(values)},
        reason=reason,
        message=message,
        column=column,
    )


def filled(name: str, column: str, judged: str, *, reason: str, message: str, severity: Severity = "warning") -> Rule:
    """Expect a state `judged` (NULL where nothing is asked) not to be blank."""
    return never(name, column, judged, ("blank",), reason=reason, message=message, severity=severity)


def between(
    name: str,
    column: str,
    judged: str,
    least: float | None,
    most: float | None,
    *,
    reason: str,
    message: str,
    severity: Severity = "warning",
) -> Rule:
    """Expect a number from `least` to `most`, both included; None leaves that end open."""
    return standard.row_rule(
        name=name,
        severity=severity,
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": judged, "min_value": least, "max_value": most},
        reason=reason,
        message=message,
        column=column,
    )


def plausible(name: str, column: str, zh: str, most: int, unit: str, *, of: str, advice: str = _SLIP) -> Rule:
    """Expect column `zh` of one record (`of`: 一次进站) not to exceed `most`; what no record can hold is not judged."""
    return between(
        name,
        column,
        standard.possible(column),
        None,
        most,
        reason=f"{of}的“{zh}”一般不超过 {most} {unit}。",
        message=f"“{zh}”超过 {most} {unit}，{of}难以有这么多。{advice}",
    )


def ordered(
    name: str,
    column: str,
    upper: str,
    lower: str,
    *,
    reason: str,
    message: str,
    severity: Severity = "warning",
    or_equal: bool = True,
) -> Rule:
    """Expect `upper` ≥ `lower` (or > without `or_equal`) where both are given: numbers, or dates."""
    return standard.row_rule(
        name=name,
        severity=severity,
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments=not_below(upper, lower) | {"or_equal": or_equal},
        reason=reason,
        message=message,
        column=column,
    )


def somebody(column: str, zh: str, judged: str | None = None) -> Rule:
    """Expect that somebody took part: a record of what was held, with nobody there, is likely a plan."""
    return never(
        "ExpectSomebodyToTakePart",
        column,
        judged or column,
        (0,),
        reason="举办了的活动、培训应有人参加。",
        message=f"“{zh}”是 0。没有举办的请删去这条记录，举办了的请补填人次。",
    )


def amounts(column: str, zh: str, most: int) -> tuple[Rule, Rule]:
    """Expect an amount of money in 万元 from 0 to `most`: below is refused, above is likely written in 元."""
    above = plausible(
        "ExpectPlausibleAmount", column, zh, most, "万元", of="一个项目", advice="请核对是不是把元填成了万元。"
    )
    below = between(
        "ExpectAmountNotNegative",
        column,
        standard.possible(column),
        0,
        None,
        severity="critical",
        reason="金额不应小于零。",
        message=f"“{zh}”小于 0。请核对，改正后重新导出。",
    )
    return below, above
