import pytest

from warehouse.rollup import RollUpError, order, roll_up

COUNTY = "select 1 as n -- from mart.nowhere\nfrom ref.parameter where name <> 'from mart.nowhere' limit 1"
PROVINCE = """
with
county as (select * from mart.county_month),
"case" as (select count(*) as cases from core."case")
select sum(county.n) as n from county cross join "case"
"""


def test_tables_come_after_those_they_read(con):
    statements = {"mart.a_province": PROVINCE, "mart.county_month": COUNTY}
    assert roll_up(con, statements) == ["mart.county_month", "mart.a_province"]
    assert con.execute("select n from mart.a_province").fetchall() == [(1,)]


def test_twice_replaces(con):
    for _ in range(2):
        roll_up(con, {"mart.county_month": COUNTY})
    assert con.execute("select count(*) from mart.county_month").fetchone() == (1,)


def test_a_mart_that_is_no_longer_made_is_dropped(con):
    roll_up(con, {"mart.county_month": COUNTY, "mart.old": "select 1 as n"})
    roll_up(con, {"mart.county_month": COUNTY})
    assert con.execute("select table_name from duckdb_tables() where schema_name = 'mart'").fetchall() == [
        ("county_month",)
    ]


def test_an_unknown_table_is_named(con):
    with pytest.raises(RollUpError, match=r"汇总 mart\.b 引用了不存在的表：mart\.missing"):
        order(con, {"mart.b": "select * from mart.missing"})


def test_a_circle_is_named(con):
    with pytest.raises(RollUpError, match="成环"):
        order(con, {"mart.a": "select * from mart.b", "mart.b": "select * from mart.a"})


def test_all_or_nothing(con):
    roll_up(con, {"mart.county_month": "select 1 as n"})
    bad = {"mart.county_month": "select 2 as n", "mart.z": "select missing from mart.county_month"}
    with pytest.raises(RollUpError, match=r"汇总 mart\.z 执行失败"):
        roll_up(con, bad)
    assert con.execute("select n from mart.county_month").fetchall() == [(1,)]


def test_broken_sql_is_named(con):
    with pytest.raises(RollUpError, match=r"汇总 mart\.a 的 SQL 无法解析"):
        order(con, {"mart.a": "selec 1"})


def test_a_roll_up_may_stand_in_dq_beside_what_suites_said(con):
    roll_up(con, {"dq.level_gap": "select 1 as n"})
    roll_up(con, {"mart.county_month": COUNTY})
    assert con.execute("select count(*) from dq.level_gap").fetchone() == (1,)
    assert con.execute("select count(*) from dq.finding").fetchone() == (0,)


def test_a_table_comes_after_the_view_it_reads_also_when_that_is_there_already(con):
    statements = {"mart.a": "select n from mart.z", "mart.z": "select 1 as n from core.report"}
    for _ in range(2):
        assert roll_up(con, statements, views={"mart.z"}) == ["mart.z", "mart.a"]
