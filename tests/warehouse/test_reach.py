"""What the catalog says of how far a change travels is so, and whatever a load changes is marked."""

import duckdb
import pytest

from catalog.models import Reach
from warehouse.lens import focus, is_reached, key_of, lens, through_lens
from warehouse.statements import table

from .province import KINDS, REACHES, STATEMENTS, arrive


def unlike(con, name, reach, unit, period):
    """Count the rows of a unit and period that come out otherwise when a roll-up sees no more than its reach.

    Returns (rows, rows that differ).
    """
    con.execute("delete from changed")
    con.execute("insert into changed values ('cause', ?, ?)", [unit, period])
    taken = focus(con, reach, ["cause"])
    target = table(*name.split("."))
    condition = is_reached(key_of(columns_of(con)[name]), taken)
    with through_lens(con):
        con.execute(f"create or replace temp table fresh as select * from ({STATEMENTS[name]}) where {condition}")
    rows = con.execute("select count(*) from fresh").fetchone()[0]
    here, there = "select * from temp.main.fresh", f"select * from {target} where {condition}"
    off = con.execute(
        f"select count(*) from (({here} except all {there}) union all ({there} except all {here}))"
    ).fetchone()[0]
    return rows, off


def columns_of(con):
    names = "select schema_name || '.' || table_name, list(column_name) from duckdb_columns()"
    return dict(con.execute(f"{names} where not internal group by all").fetchall())


def some_places(con, name, number=4):
    """Units and periods of a roll-up's rows, here and there."""
    key = key_of(columns_of(con)[name])
    places = f"select distinct {key.unit} as unit, {key.period or 'null'} as period from {table(*name.split('.'))}"
    return con.execute(f"select * from ({places}) order by md5(concat(unit, period)) limit {number}").fetchall()


@pytest.mark.parametrize("name", REACHES)
def test_a_row_rests_on_no_more_than_its_reach_says(looked_through, name):
    """A roll-up's rows come out the same when it is shown nothing else."""
    for place in some_places(looked_through, name):
        rows, off = unlike(looked_through, name, REACHES[name], *place)
        assert rows
        assert off == 0, place


@pytest.fixture(scope="module")
def looked_through(filled):
    path, _ = filled
    with duckdb.connect() as con:
        con.execute(f"attach '{path}' as copy (read_only)")
        con.execute("copy from database copy to memory")
        con.execute("detach copy")
        with lens(con, columns_of(con), STATEMENTS):
            yield con


def test_every_roll_up_with_a_reach_has_rows_here(looked_through):
    assert [name for name in REACHES if not some_places(looked_through, name)] == []


@pytest.mark.parametrize(
    ("name", "units", "periods"),
    [
        ("mart.county_sum", "own", "own"),
        ("mart.unit_figure", "own", "own"),
        ("mart.quarter_of_months", "own", "own"),
        ("mart.score_history", "own", "year"),
    ],
)
def test_a_reach_that_is_too_narrow_shows(looked_through, name, units, periods):
    reach = Reach(units=units, periods=periods)
    assert any(unlike(looked_through, name, reach, *place)[1] for place in some_places(looked_through, name, 20))


BASE = """
select schema_name || '.' || table_name from duckdb_tables()
where schema_name in ('core', 'dq', 'ops') and table_name not in ('touched', 'rolled_up') and not internal
"""


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_load_changes_is_marked(two, kind):
    con, before, province = two
    con.execute("delete from ops.touched")
    arrive(con, province.deliver(kind))
    names = [name for (name,) in con.execute(BASE).fetchall()]
    marked = {name for (name,) in con.execute("select distinct table_name from ops.touched").fetchall()}
    changed = {name for name in names if rows_of(con, name) != rows_of(before, name)}
    assert changed <= marked
    assert "ops.delivery" in changed
    figures = {(row["org_code"], row["period"]) for row in changed_figures(con, before)}
    known = con.execute("select org_code, period from ops.touched where table_name = 'core.observation'").fetchall()
    assert figures <= set(known)


def rows_of(con, name):
    target = table(*name.split("."))
    return sorted(con.execute(f"select to_json(stored)::varchar from {target} as stored").fetchall())


def changed_figures(con, before):
    query = "select report_id, row_ref, indicator_code, is_current, org_code, period from core.observation"
    old = {tuple(row) for row in before.execute(query).fetchall()}
    return [{"org_code": row[4], "period": row[5]} for row in con.execute(query).fetchall() if tuple(row) not in old]
