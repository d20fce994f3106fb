from datetime import date

import pytest

from warehouse.duck import open_writer
from warehouse.query import QueryError, query


@pytest.fixture
def release_file(warehouse_file, catalog):
    with open_writer(warehouse_file, catalog) as con:
        con.execute(
            "create table mart.county_month as "
            "select '522301' as org_code, 590::decimal(18, 4) as value, 97.53::decimal(18, 4) as rate"
        )
    return warehouse_file


def test_columns_types_and_plain_numbers(release_file):
    columns, types, rows = query(
        release_file, "select *, date '2026-06-01' as d, [0.5, 2.0] as l, {'a': 1.0} as s from mart.county_month"
    )
    assert columns == ("org_code", "value", "rate", "d", "l", "s")
    assert types[:4] == ("VARCHAR", "DECIMAL(18,4)", "DECIMAL(18,4)", "DATE")
    assert rows == (("522301", 590, 97.53, date(2026, 6, 1), [0.5, 2], {"a": 1}),)
    assert isinstance(rows[0][1], int)


@pytest.mark.parametrize(("sql", "params"), [("select ? + 1", [1]), ("select $n + 1", {"n": 1})])
def test_parameters(release_file, sql, params):
    assert query(release_file, sql, params).rows == ((2,),)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("selec 1", "SQL 语法有误"),
        ("select * from mart.nowhere", "没有这个表"),
        ("select nothing from mart.county_month", "没有这个列"),
        ("select date '2026-13-01'", "数据类型转换失败"),
        ("select * from read_csv('/etc/passwd')", "只能读取本发布版"),
        ("delete from mart.county_month", "发布版只读"),
        ("select 1; select 2", "一次只能执行一条语句，这里有2条"),
        ("", "这里有0条"),
    ],
)
def test_errors_are_explained(release_file, sql, message):
    with pytest.raises(QueryError, match=message):
        query(release_file, sql)
