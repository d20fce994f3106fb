from dataclasses import replace

import pytest

from catalog.models import Described, Table
from warehouse.tables import TableMismatchError, chinese_views, describe, ensure_exports


def with_column(catalog, name, changes):
    case = catalog.exports["case"]
    columns = tuple(column.model_copy(update=changes) if column.name == name else column for column in case.columns)
    return replace(catalog, exports={"case": case.model_copy(update={"columns": columns})})


def columns(con, table):
    return dict(
        con.execute("select column_name, data_type from duckdb_columns() where table_name = ?", [table]).fetchall()
    )


def test_an_exports_table_has_its_stored_columns_and_where_they_came_from(con):
    stored = columns(con, "case")
    assert stored["opened_at"] == "TIMESTAMP"
    assert stored["steps_done"] == "BIGINT"
    assert stored["case_code"] == stored["source_ref"] == "VARCHAR"
    assert not {"citizen_name", "citizen_phone", "citizen_id", "content"} & set(stored)
    assert columns(con, "station")["is_model"] == "BOOLEAN"
    assert columns(con, "station_visit")["people_received"] == "BIGINT"


def test_a_column_new_in_the_catalog_is_added(con, catalog):
    con.execute("insert into core.\"case\" (case_code) values ('G1')")
    ensure_exports(con, with_column(catalog, "department", {"name": "office"}))
    assert columns(con, "case")["office"] == "VARCHAR"
    assert con.execute('select case_code, office from core."case"').fetchall() == [("G1", None)]


def test_a_changed_type_is_refused(con, catalog):
    with pytest.raises(TableMismatchError, match=r"core\.case 的列 department 库中类型为 VARCHAR，目录中为 DATE"):
        ensure_exports(con, with_column(catalog, "department", {"type": "date"}))


def test_comments_are_chinese_then_english(con, catalog):
    missing = describe(con, catalog)
    comments = dict(
        con.execute("select column_name, comment from duckdb_columns() where table_name = 'case'").fetchall()
    )
    assert comments["grade"] == "评价 · grade given (评单)"
    assert con.execute("select comment from duckdb_tables() where table_name = 'delivery'").fetchone() == (
        "来件台账 · deliveries",
    )
    assert con.execute("select comment from duckdb_tables() where table_name = 'case'").fetchone() == (
        "群众工单 · cases of the closed loop (群众扫码、代表接单、部门办单、人大评单)",
    )
    assert "core.observation" in missing
    assert "ops.delivery" not in missing
    assert "core.observation.org_code" not in missing


def test_quotes_in_words_do_no_harm(con, catalog):
    words = Table(zh="甲'乙", en='a"b; drop table ops.delivery')
    describe(con, replace(catalog, tables={"ops.delivery": words}))
    assert con.execute("select comment from duckdb_tables() where table_name = 'delivery'").fetchone() == (
        "甲'乙 · a\"b; drop table ops.delivery",
    )


def test_marts_have_chinese_views(con, catalog):
    con.execute("create table mart.county_month as select '522301' as org_code, 590 as value, 1 as other")
    con.execute("create table mart.undescribed as select 1 as a")
    assert chinese_views(con, catalog) == ["县级月度"]
    assert con.execute('select "单位编码", "数值", other from zh."县级月度"').fetchall() == [("522301", 590, 1)]
    assert chinese_views(con, catalog) == ["县级月度"]


def test_two_columns_of_one_name_are_refused(con, catalog):
    con.execute("create table mart.county_month as select '522301' as org_code, 590 as value")
    same = replace(catalog, columns={"org_code": Described(zh="数值", en="code")})
    with pytest.raises(TableMismatchError, match=r"mart\.county_month 中文名称重复：数值"):
        chinese_views(con, same)
