"""One pass of SQL over many records: which rows break which rule, and how many rows each rule spoke about.

Holds no rule: the conditions are made from the very arguments that Great Expectations is given. Refuses an expectation
that it cannot tell in SQL, rather than letting it pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from string import Formatter, Template
from typing import Any

import numpy as np

from expectations.rules import RecordSuite, Rows, Rule
from expectations.verdict import Positions

# Every row once: who owns it, which rules spoke about it and which it broke, as bits; of a row that broke one, all
# that its finding tells. What is wrong with a row is kept with it, so that nothing has to be joined to find it again.
_JUDGED = Template("""
with row_judged as (
    select
        *,
        $spoken as spoken,
        $broken as broken
    from ($rows)
)

select
    delivery_id,
    spoken,
    broken,
    case when broken > 0 then {$needed} end as told
from row_judged
""")
_SPOKEN = "select delivery_id, spoken::varchar as bits, count(*) as number from judged group by all"
_BROKEN = """
select broken::varchar as broken_bits, unnest(told)
from judged
where broken > 0
order by told.delivery_id, told.table_id, told.line
"""
_ALWAYS = ("delivery_id", "table_id", "line", "source_ref")
_MOST_RULES = 120


class Violations:
    """What a pass over the records found: `frame` holds the rows that break a rule, `checked` counts by delivery."""

    def __init__(self, suite: RecordSuite, rows: Rows) -> None:
        """Judge every record once. Raises LookupError for an expectation that cannot be told in SQL."""
        if len(suite.rules) > _MOST_RULES:
            raise LookupError(f"{suite.name}: {len(suite.rules)} rules, more than the bits of a number hold")
        statement = _JUDGED.substitute(
            rows=suite.select,
            spoken=_bits([spoken_about(rule) for rule in suite.rules]),
            broken=_bits([suite.conditions.get(rule.name) or broken(rule) for rule in suite.rules]),
            needed=", ".join(f"{name}: {name}" for name in needed(suite.rules)),
        )
        rows.keep("judged", statement)
        spoken = rows.ask(_SPOKEN)
        self._spoken = list(zip(spoken["delivery_id"], map(int, spoken["bits"]), spoken["number"], strict=True))
        self.frame = rows.ask(_BROKEN)
        self._broken = [int(bits) for bits in self.frame.pop("broken_bits")]

    def failing(self, number: int) -> Positions:
        """Return the positions in `frame` of the rows that break rule `number`."""
        return np.array([place for place, bits in enumerate(self._broken) if bits >> number & 1], dtype=np.int64)

    def checked(self, number: int) -> Mapping[str, int]:
        """Count, by delivery, the rows that rule `number` spoke about."""
        counted: Counter[str] = Counter()
        for owner, bits, rows in self._spoken:
            counted[owner] += int(rows) if bits >> number & 1 else 0
        return counted


def needed(rules: Sequence[Rule]) -> list[str]:
    """List the columns that the rules read, that their sentences quote and that a finding is placed by."""
    names = dict.fromkeys(_ALWAYS)
    for rule in rules:
        names |= dict.fromkeys(rule.columns)
        for template in (rule.message, rule.column_name):
            names |= dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name)
    return list(names)


def spoken_about(rule: Rule) -> str:
    """Return the condition for a row that a rule speaks about."""
    if rule.judges_missing:
        return "true"
    return " and ".join(f"{name} is not null" for name in rule.columns)


def broken(rule: Rule) -> str:
    """Return the condition for a row that breaks a rule, as Great Expectations would find it.

    Raises LookupError for an expectation that is not among those told here.
    """
    if rule.expectation not in _CONDITIONS:
        raise LookupError(f"{rule.name}: {rule.expectation} is not among the expectations told in SQL")
    return _CONDITIONS[rule.expectation](rule.arguments)


def literal(value: object) -> str:
    """Return a value of a rule's arguments as an SQL literal.

    >>> literal("o'clock"), literal(True), literal(0.5)
    ("'o''clock'", 'true', '0.5')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


def _bits(conditions: Sequence[str]) -> str:
    """Add up a bit for each condition that holds; one that is not known to hold has none."""
    kind = "ubigint" if len(conditions) < 64 else "uhugeint"
    parts = [f"case when {test} then {1 << n}::{kind} else 0::{kind} end" for n, test in enumerate(conditions)]
    return "\n        + ".join(parts or [f"0::{kind}"])


def _among(arguments: Mapping[str, Any]) -> str:
    return f"{arguments['column']} in ({', '.join(map(literal, arguments['value_set']))})"


def _not_between(arguments: Mapping[str, Any]) -> str:
    column, parts = arguments["column"], []
    if (least := arguments.get("min_value")) is not None:
        parts.append(f"{column} {'<=' if arguments.get('strict_min') else '<'} {literal(least)}")
    if (most := arguments.get("max_value")) is not None:
        parts.append(f"{column} {'>=' if arguments.get('strict_max') else '>'} {literal(most)}")
    return " or ".join(parts)


def _not_greater(arguments: Mapping[str, Any]) -> str:
    sign = "<" if arguments.get("or_equal") else "<="
    return f"{arguments['column_A']} {sign} {arguments['column_B']}"


def _told_again(arguments: Mapping[str, Any]) -> str:
    names = ", ".join(arguments["column_list"])
    filled = " and ".join(f"{name} is not null" for name in arguments["column_list"])
    return f"{filled} and count(*) over (partition by {names}) > 1"


_CONDITIONS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "ExpectColumnValuesToNotBeInSet": _among,
    "ExpectColumnValuesToBeInSet": lambda arguments: f"not {_among(arguments)}",
    "ExpectColumnValuesToBeBetween": _not_between,
    "ExpectColumnPairValuesAToBeGreaterThanB": _not_greater,
    "ExpectColumnPairValuesToBeEqual": lambda arguments: f"{arguments['column_A']} <> {arguments['column_B']}",
    "ExpectCompoundColumnsToBeUnique": _told_again,
    "ExpectColumnValuesToNotBeNull": lambda arguments: f"{arguments['column']} is null",
}
