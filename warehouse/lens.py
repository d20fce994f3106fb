"""Show a roll-up less than there is: its inputs cut down to the units and periods that a change can reach.

The lens is a database in memory with a view for every table, under the same name. A statement that runs while it is in
use reads `mart.unit_period` and sees the rows of `needed` alone: the same SELECT makes a few rows or all of them.
Never cuts what has neither unit nor period, nor what no roll-up made, but for `core.observation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb

from catalog.models import Reach
from warehouse.statements import fill, literal, quote, table

_NAME = "lens"
_UNITS = ("org_code", "place_code", "county_code")  # the first of these that a table has says whose a row is
_PERIOD = "period"
_UNKNOWN = "'?'"  # whose or when nobody says: such rows are always seen
_ANY = "'*'"

# The tree as `mart.org_unit` has it: every code ever in force, the unit that it counts for, and that one's county (the
# unit itself, where it lies in none).
_PLACES = """
create or replace temp table place as
select old.code as org_code, own.code as own_code, coalesce(own.county_code, own.code) as county_code
from ref.org as old
inner join ref.org as own on old.unit_code = own.code -- n:1
"""
_CLIMBS = """
create or replace temp table climb as
select place.org_code, upper.code as unit_code
from place
inner join ref.org as own on place.own_code = own.code -- n:1
inner join ref.org as upper -- 1:n, the unit itself and all above it
    on upper.code in (own.code, own.county_code, own.prefecture_code) or upper.level = 'province'
"""
# What has changed (filled by whoever makes tables anew), which rows that reaches, and which rows those rest on.
_SCOPES = (
    "create or replace temp table changed (table_name varchar, org_code varchar, period varchar)",
    "create or replace temp table reached (unit varchar, label varchar)",
    "create or replace temp table needed (unit varchar, label varchar)",
)
_TEMPORARY = ("changed", "input", "reached", "needed", "place", "climb")
_REACHED = {
    "own": """
select distinct other.org_code, {label}
from input
inner join place on input.org_code = place.org_code -- n:1
inner join place as other on place.own_code = other.own_code -- 1:n, old codes too
""",
    "county": """
select distinct other.org_code, {label}
from input
inner join place on input.org_code = place.org_code -- n:1
inner join place as other on place.county_code = other.county_code -- 1:n
""",
    "path": """
select distinct other.org_code, {label}
from input
inner join climb on input.org_code = climb.org_code -- 1:n
inner join place as other on climb.unit_code = other.own_code -- 1:n, old codes too
""",
}
_NEEDED = {
    "own": "select unit, label from reached union select unit, '?' from reached union select '?', label from reached",
    "path": "select distinct '*', label from reached",
}
_NEEDED["county"] = _NEEDED["own"]

_INPUT = """
create or replace temp table input as
select distinct org_code, period from changed where list_contains($names, table_name)
"""
# Units that count for several, or beside the tree as they reported: there a change has no one place.
_SCATTERED = """
with scattered (code) as (
    select org_code from ref.org_share
    union
    select unit_code from ref.org_share
    union
    select org_code from ref.org_reported
)
select 1
from input
inner join place on input.org_code = place.org_code -- n:1
where place.county_code in (
    select home.county_code from scattered inner join place as home on scattered.code = home.org_code
)
limit 1
"""
_VAGUE = """
select
    bool_or(place.org_code is null),
    bool_or(input.period is null or length(input.period) > 7)
from input
left join place on input.org_code = place.org_code -- n:1
"""
# One label of a period, or of the span that a reach joins periods to. Other spans than months, quarters and years
# (2021-11-01/2026-06-12) lie in no one year.
_LABEL = {
    "own": "{period}",
    "year": "if(length({period}) <= 7, left({period}, 4), '?')",
    "any": "'*'",
}


@dataclass(frozen=True)
class Key:
    """The columns of a table that say whose and of what time a row is; None where it has no such column."""

    unit: str | None
    period: str | None


def key_of(columns: Iterable[str]) -> Key:
    """Find the key among a table's columns.

    >>> key_of(["county_code", "org_code", "period"])
    Key(unit='org_code', period='period')
    """
    known = set(columns)
    return Key(next((name for name in _UNITS if name in known), None), _PERIOD if _PERIOD in known else None)


def focus(con: duckdb.DuckDBPyConnection, reach: Reach, names: Iterable[str]) -> Reach | None:
    """Point the lens at what changes of the tables `names` can reach; return the reach taken, None for everything.

    Fills `reached` (unit, label): the rows to make anew; and `needed`: the rows that they rest on. A change at a time
    that is not known reaches any time; one at a place that is not known reaches everything, and so does one in a
    county where units were merged or split.
    """
    con.execute(_INPUT, {"names": sorted(names)})
    is_placeless, is_timeless = con.execute(_VAGUE).fetchall()[0]
    if is_placeless or con.execute(_SCATTERED).fetchall():
        return None
    taken = reach.model_copy(update={"periods": "any"}) if is_timeless and reach.periods != "any" else reach
    label = fill(_LABEL[taken.periods], period="coalesce(input.period, '?')")
    reached = fill(_REACHED[taken.units], label=label)
    con.execute(fill("create or replace temp table reached (unit, label) as {select}", select=reached))
    needed = _NEEDED[taken.units] + " union select '*', '?' union select '?', '?'"
    con.execute(fill("create or replace temp table needed (unit, label) as {select}", select=needed))
    con.execute(fill("set variable lens_units = {units}", units=literal(taken.units)))
    con.execute(fill("set variable lens_periods = {periods}", periods=literal(taken.periods)))
    return taken


def is_reached(key: Key, reach: Reach) -> str:
    """Return the condition that a row, told by its key, is one of `reached`."""
    label = fill(_LABEL[reach.periods], period=_or_unknown(key.period))
    return fill(
        "({unit}, {label}) in (select unit, label from temp.main.reached)", unit=_or_unknown(key.unit), label=label
    )


@contextmanager
def lens(con: duckdb.DuckDBPyConnection, columns: Mapping[str, Iterable[str]], made: Iterable[str]) -> Iterator[None]:
    """Hold the lens ready over the tables of `columns` (name to columns), of which `made` are roll-ups.

    Makes temp table `changed` (table_name, org_code, period), for its user to fill. Expects no open transaction.
    """
    (home,) = con.execute("select current_database()").fetchall()[0]
    cut = set(made)
    for statement in (_PLACES, _CLIMBS, *_SCOPES):
        con.execute(statement)
    con.execute(fill("attach ':memory:' as {lens}", lens=quote(_NAME)))
    try:
        for schema in sorted({name.partition(".")[0] for name in columns}):
            con.execute(fill("create schema if not exists {lens}.{schema}", lens=quote(_NAME), schema=quote(schema)))
        for name, known in columns.items():
            schema, _, plain = name.partition(".")
            source = f"{quote(home)}.{table(schema, plain)}"
            statement = "create view {lens}.{target} as select * from {source} as stored where {condition}"
            condition = _condition(name, key_of(known), source) if name in cut or name == "core.observation" else "true"
            con.execute(
                fill(statement, lens=quote(_NAME), target=table(schema, plain), source=source, condition=condition)
            )
        yield
    finally:
        con.execute(fill("use {home}", home=quote(home)))
        con.execute(fill("detach {lens}", lens=quote(_NAME)))
        for name in _TEMPORARY:
            con.execute(fill("drop table if exists temp.main.{name}", name=quote(name)))


@contextmanager
def through_lens(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let statements read through the lens."""
    (home,) = con.execute("select current_database()").fetchall()[0]
    con.execute(fill("use {lens}", lens=quote(_NAME)))
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # a transaction that failed takes no statement; `lens` goes home after it
            con.execute(fill("use {home}", home=quote(home)))


def _condition(name: str, key: Key, source: str) -> str:
    """Return the condition that a stored row is among `needed`; a form's figures are seen with all of their report."""
    unit = fill("if(getvariable('lens_units') = 'path', {any}, {unit})", any=_ANY, unit=_or_unknown(key.unit))
    kinds = [fill("when {kind} then {label}", kind=literal(kind), label=label) for kind, label in _LABEL.items()]
    cases = fill(" ".join(kinds), period=_or_unknown(key.period))
    label = fill("case getvariable('lens_periods') {cases} end", cases=cases)
    condition = fill("({unit}, {label}) in (select unit, label from temp.main.needed)", unit=unit, label=label)
    if name != "core.observation":
        return condition
    reports = "report_id in (select stored.report_id from {source} as stored where {condition})"
    return fill(reports, source=source, condition=condition)


def _or_unknown(column: str | None) -> str:
    return fill("coalesce({column}, {unknown})", column=quote(column), unknown=_UNKNOWN) if column else _UNKNOWN
