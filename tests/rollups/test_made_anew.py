"""The roll-ups, views among them, can be made anew in a warehouse that has them."""

import duckdb

import catalog
from transforms import rollup_sql
from warehouse.migrate import migrate
from warehouse.reference import refill
from warehouse.rollup import roll_up
from warehouse.tables import ensure_exports


def test_every_rollup_is_made_a_second_time():
    facts = catalog.load()
    statements, views = rollup_sql.statements(facts), rollup_sql.views_of(facts)
    with duckdb.connect() as con:
        migrate(con)
        refill(con, facts)
        ensure_exports(con, facts)
        first = roll_up(con, statements, views)
        assert sorted(roll_up(con, statements, views)) == sorted(first)
        assert set(first) == set(statements)
