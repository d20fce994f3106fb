"""Bring the marts up to date with what was loaded, making anew no more than a change can reach.

A roll-up is left alone when nothing that it reads has changed. Where it has, and the catalog says how far a change
travels (`Table.reach`), only those units and periods are made anew, by the same SELECT over rows cut down to them; else
the whole table. In both cases the rows are compared with those before: what differs is replaced, and is all that has
changed for the tables that read this one. So what a table passes on is never assumed, only seen.

Everything is made anew when the statements, the catalog's tables or the programs are not those the marts were made
with. Never guesses: a change whose unit nobody knows reaches everything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from catalog.models import Reach
from warehouse import touched
from warehouse.lens import Key, focus, is_reached, key_of, lens, through_lens
from warehouse.rollup import RollUpError, graph, in_order, kinds, make
from warehouse.statements import fill, literal, quote, table, transaction

_COLUMNS = """
select schema_name || '.' || table_name, list(column_name order by column_index)
from duckdb_columns()
where database_name = current_database() and not internal
group by all
"""
_TOUCHED = "insert into changed select distinct table_name, org_code, period from ops.touched"
_FRESH = "create or replace temp table fresh as select * from (\n{select}\n) as made where {condition}"
# Rows that came (1) and rows that went (-1), as often as they did; one that changed is both.
_DIFFERENCE = """
create or replace temp table difference as
select {unit}::varchar as org_code, {period}::varchar as period, came
from (
    select * exclude (came), sum(came) as came
    from (
        select *, 1 as came from fresh
        union all
        select *, -1 as came from {target} where {condition}
    ) as side
    group by all
    having sum(came) <> 0
) as changed_row
"""
_CHANGED = "insert into changed select distinct {name}, org_code, period from difference"
_PASSED_ON = """
insert into changed
select distinct {name}, {unit}, {period} from changed where list_contains($names, table_name)
"""
_TOLD = """
select
    coalesce(sum(came) filter (where came > 0), 0)::bigint, coalesce(-sum(came) filter (where came < 0), 0)::bigint,
    coalesce(list(distinct org_code order by org_code), []), coalesce(list(distinct period order by period), [])
from difference
"""
_DELETE = "delete from {target} where {condition}"
_INSERT = "insert into {target} select * from fresh where {condition}"
_DIFFERS = """
({unit}, {period}) in (select coalesce(org_code, '?'), coalesce(period, '?') from difference)
"""
_KEYLESS = "select 1 from {target} where {vague} limit 1"
_TEMPORARY = ("fresh", "difference")


@dataclass(frozen=True)
class Made:
    """A table that was made anew: where (`reach`, None for whole), and what differs now.

    `rows` counts rows that are new or other than before, `gone` those that were there before and are not. `units` and
    `periods` are theirs; both are empty where nothing differs, or the table has no such column.
    """

    table: str
    reach: Reach | None
    rows: int
    gone: int
    units: tuple[str, ...]
    periods: tuple[str, ...]


@dataclass(frozen=True)
class RolledUp:
    """What a roll-up did: `is_full` when every table was made anew without a look at what was there.

    Else `made` has those that were looked at, `left` those left alone, both in the order of making.
    """

    is_full: bool
    tables: tuple[str, ...]
    made: tuple[Made, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def renewed(self) -> list[str]:
        """The tables that were made anew, in the order of making."""
        return list(self.tables) if self.is_full else [made.table for made in self.made]

    def as_json(self) -> dict[str, object]:
        """Return plain data: tables made whole, along the path of the change (with what differs now), left alone."""
        along = {made.table: made for made in self.made if made.reach}
        return {
            "whole": list(self.tables) if self.is_full else [made.table for made in self.made if not made.reach],
            "along_the_path": {
                name: {"rows": made.rows, "gone": made.gone, "units": list(made.units), "periods": list(made.periods)}
                for name, made in along.items()
            },
            "left_alone": list(self.left),
        }


def bring_up_to_date(
    con: duckdb.DuckDBPyConnection,
    statements: Mapping[str, str],
    views: Collection[str] = (),
    reaches: Mapping[str, Reach] | None = None,
) -> RolledUp:
    """Bring every table of `statements` up to date, in one transaction; say what was done.

    `reaches` says how far a change travels into a roll-up; one without is made whole. The outcome is that of
    `warehouse.rollup.roll_up`, row by row. Raises RollUpError as that does.
    """
    reaches = reaches or {}
    reads = graph(con, statements)
    ordered = in_order(reads, statements)
    made_with = touched.signature(con, statements, views, reaches)
    stored = kinds(con)
    is_known = touched.recorded(con) == made_with
    if not is_known or any(stored.get(name) != ("view" if name in views else "table") for name in ordered):
        with transaction(con):
            make(con, statements, views, ordered)
            touched.record(con, made_with)
        return RolledUp(is_full=True, tables=tuple(ordered))
    columns = dict(con.execute(_COLUMNS).fetchall())
    reader = _Reader(con, statements, {name: key_of(columns[name]) for name in ordered})
    seen = {name for made in reaches if made in reads for name in reads[made]}
    left, made = [], []
    try:
        with lens(con, {name: columns[name] for name in seen}, statements), transaction(con):
            con.execute(_TOUCHED)
            changed = {name for (name,) in con.execute("select distinct table_name from changed").fetchall()}
            for name in ordered:
                causes = reads[name] & changed
                if not causes:
                    left.append(name)
                    continue
                if name in views:
                    _pass_on(con, name, reaches.get(name), causes)
                    changed.add(name)
                    left.append(name)
                    continue
                outcome = reader.renew(name, reaches.get(name), causes)
                made.append(outcome)
                if outcome.rows or outcome.gone:
                    changed.add(name)
            touched.record(con, made_with)
    finally:
        for temporary in _TEMPORARY:
            con.execute(fill("drop table if exists temp.main.{name}", name=quote(temporary)))
    return RolledUp(is_full=False, tables=tuple(ordered), made=tuple(made), left=tuple(left))


@dataclass(frozen=True)
class _Reader:
    con: duckdb.DuckDBPyConnection
    statements: Mapping[str, str]
    keys: Mapping[str, Key]

    def renew(self, name: str, reach: Reach | None, causes: Collection[str]) -> Made:
        """Make a table anew as far as changes of the tables `causes` reach, replace what differs, and say what did."""
        con, key = self.con, self.keys[name]
        target = table(*name.split("."))
        taken = focus(con, reach, causes) if reach and _tells(con, target, key, reach) else None
        if taken:
            # A row that does not say whose it is would be lost here: then the table is made whole.
            condition = fill("({reached} or {vague})", reached=is_reached(key, taken), vague=_vague(key, taken))
            with through_lens(con):
                self._make_fresh(name, condition)
            taken = taken if _tells(con, "fresh", key, taken) else None
        if not taken:
            self._make_fresh(name, "true")
        condition = is_reached(key, taken) if taken else "true"
        unit, period = key.unit or "null", key.period or "null"
        con.execute(fill(_DIFFERENCE, unit=unit, period=period, target=target, condition=condition))
        rows, gone, units, periods = con.execute(_TOLD).fetchall()[0]
        if rows or gone:
            con.execute(fill(_CHANGED, name=literal(name)))
            texts = {"unit": f"coalesce({unit}::varchar, '?')", "period": f"coalesce({period}::varchar, '?')"}
            differs = fill(_DIFFERS, **texts)
            con.execute(fill(_DELETE, target=target, condition=differs))
            con.execute(fill(_INSERT, target=target, condition=differs))
        return Made(name, taken, rows, gone, tuple(units), tuple(periods))

    def _make_fresh(self, name: str, condition: str) -> None:
        try:
            self.con.execute(fill(_FRESH, select=self.statements[name], condition=condition))
        except duckdb.Error as error:
            raise RollUpError(f"汇总 {name} 执行失败：{error}") from error


def _pass_on(con: duckdb.DuckDBPyConnection, name: str, reach: Reach | None, causes: Collection[str]) -> None:
    """Mark what may differ in a view, which holds no rows to compare: what it reads, as far as that goes."""
    unit = "org_code" if reach and reach.units == "own" else "null"
    period = "period" if reach and reach.periods == "own" else "null"
    con.execute(fill(_PASSED_ON, name=literal(name), unit=unit, period=period), {"names": sorted(causes)})


def _tells(con: duckdb.DuckDBPyConnection, target: str, key: Key, reach: Reach) -> bool:
    """Say whether every row of a table tells whose it is, and of what time where the reach asks for it."""
    return not con.execute(fill(_KEYLESS, target=target, vague=_vague(key, reach))).fetchall()


def _vague(key: Key, reach: Reach) -> str:
    """Return the condition that a row does not tell whose it is, or of what time where the reach asks for it."""
    asked = [key.unit or "null"] if reach.periods == "any" else [key.unit or "null", key.period or "null"]
    return " or ".join(f"{column} is null" for column in asked)
