"""Coverage: an export appears by being in the catalog."""

from dataclasses import replace

import duckdb
import pytest

import catalog
from catalog.models import Export
from transforms import coverage
from warehouse.migrate import migrate
from warehouse.reference import refill
from warehouse.tables import ensure_exports

FACTS = catalog.load()
THIRTEENTH = Export.model_validate(
    {
        "export": "letter",
        "name_zh": "群众来信",
        "name_en": "letters",
        "system": 13,
        "key": "letter_code",
        "columns": [
            {"name": "letter_code", "zh": "来信编号", "en": "code", "headers": ["来信编号"], "required": True},
            {"name": "county_code", "zh": "所属县区", "en": "county", "headers": ["所属县区"], "type": "county"},
            {"name": "case_code", "zh": "工单编号", "en": "case", "headers": ["工单编号"], "references": "case"},
            {"name": "old_code", "zh": "原工单编号", "en": "old", "headers": ["原工单"], "references": "case"},
        ],
    }
)


@pytest.fixture
def con():
    facts = replace(FACTS, exports={**FACTS.exports, "letter": THIRTEENTH})
    with duckdb.connect() as connection:
        migrate(connection)
        refill(connection, facts)
        ensure_exports(connection, facts)
        connection.execute("create table mart.unit_period (indicator_code varchar, value decimal(18, 4))")
        connection.execute(f"create table mart.coverage as {coverage.coverage(facts)}")
        yield connection


def test_every_export_has_a_row_and_so_has_a_thirteenth(con):
    rows = con.execute("select system, export, records, indicators from mart.coverage order by system").fetchall()
    assert rows == sorted((e.system, e.export, 0, 0) for e in [*FACTS.exports.values(), THIRTEENTH])


def test_an_export_without_measures_has_records_and_links_but_no_dates(con):
    con.execute("insert into core.\"case\" (case_code) values ('G1')")
    con.execute(
        "insert into core.letter (letter_code, case_code, old_code) values ('L1', 'G1', 'G8'), ('L2', 'G9', null)"
    )
    facts = replace(FACTS, exports={**FACTS.exports, "letter": THIRTEENTH})
    (row,) = con.execute(f"select * from ({coverage.coverage(facts)}) where export = 'letter'").fetchall()
    assert row == (13, "群众来信", "letter", 2, 0, 0, 0, None, None, 2)
