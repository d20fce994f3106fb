"""Whatever tree the figures are put on, the province's total is the same, and so is every record's count."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest
import yaml

from tests.rollups.test_rollups import STATEMENTS, WORLD, create_sources, needed, rows_of, units_in_time

ENDED = """
code       name    level     parent_code  valid_to    change    successors
522391     甲县    county    522300       2026-02-28  merged    522392
522393     乙县    county    522300       2026-02-28  merged    522392
522392     丁县    county    522300       2026-04-30  absorbed  522301
522391001  一镇    township  522391       2026-02-28  moved     522301001
520391     丙县    county    520300       2026-03-31  split     520302:0.75,520304:0.25
520391001  二镇    township  520391       2026-03-31  split     520304001:-,520304002:-
522301101  团溪镇  township  522301       2026-05-31  moved     520302001
522301002  西乡    township  522301       2026-01-31  renamed   522301002
"""
PLACES = [
    "522391", "522393", "522392", "522391001", "520391", "520391001", "522301101", "522301001", "522301002", "522301",
    "520302001", "520304001", "520304002",
]  # fmt: skip
DAYS = [None, *(date(2026, month, 15) for month in range(1, 8)), date(1999, 1, 1)]


def history():
    """Return the units that ended the way history.yml has them."""
    rows = []
    for row in rows_of(ENDED.strip(), {}):
        row["parent"] = row.pop("parent_code")
        if ":" in row["successors"]:
            parts = (part.split(":") for part in row["successors"].split(","))
            row["successors"] = {code: None if share == "-" else share for code, share in parts}
        else:
            row["successor"] = row.pop("successors")
        rows.append(row)
    return yaml.safe_dump(rows)


@pytest.fixture(params=DAYS, ids=str)
def con(request):
    """A warehouse in which each place reported a number of its own and has a station, on the tree of one day."""
    con = duckdb.connect()
    given = {name: rows_of(text, WORLD["defaults"].get(name, {})) for name, text in WORLD["given"].items()}
    months = [f"2026-0{month}" for month in range(1, 8)]
    cells = [
        f"{place[:6]}/{month} {place} {month} {month}-01 station_visits {2**number}"
        for month in months
        for number, place in enumerate(PLACES)
    ]
    text = "report_id org_code period period_start indicator_code value\n" + "\n".join(cells)
    given["core.observation"] = rows_of(text, WORLD["defaults"]["core.observation"])
    counties = sorted({place[:6] for place in PLACES})
    reports = "report_id county_code period\n" + "\n".join(
        f"{c}/{month} {c} {month}" for month in months for c in counties
    )
    given["core.report"] = rows_of(reports, WORLD["defaults"]["core.report"])
    stations = "station_code county_code township_code opened_on\n" + "\n".join(
        f"S{place} {place[:6]} {place if len(place) == 9 else '-'} 2026-01-01" for place in PLACES
    )
    given["core.station"] = rows_of(stations, WORLD["defaults"]["core.station"])
    create_sources(con, {**given, **units_in_time({"history": history(), "comparable_on": request.param})})
    for table in ("mart.province_month", "mart.county_month", "mart.township_month", "mart.station_month"):
        for name in needed(table, stop_at=set(given)):
            con.execute(f"create or replace table {name} as {STATEMENTS[name]}")
    return con


def test_the_province_has_the_same_total_on_every_tree(con):
    totals = con.execute(
        "select distinct value from mart.province_month where indicator_code = 'station_visits'"
    ).fetchall()
    assert totals == [(Decimal(2 ** len(PLACES) - 1),)]
    counties = con.execute(
        "select distinct sum(value) from mart.county_month where indicator_code = 'station_visits' group by period"
    ).fetchall()
    assert counties == totals


def test_every_station_is_counted_once(con):
    (counted,) = con.execute(
        "select sum(value) from mart.recorded_figure "
        "where indicator_code = 'station_count' and period = '2026-03' and org_code not like '~%'"
    ).fetchone()
    assert counted == len(PLACES)
    per_level = con.execute(
        "select level, sum(in_force) from mart.station_month "
        "where period = '2026-03' and level <> 'township' group by level"
    ).fetchall()
    assert sorted(per_level) == [(level, len(PLACES)) for level in ("county", "prefecture", "province")]


def test_a_code_counts_for_others_by_weights_that_are_together_one(con):
    for scope in ("adds", "stays"):
        wrong = con.execute(
            "select org_code, sum(weight) from mart.org_place where unit_code not like '~%' and scope in ('all', ?) "
            "group by org_code having sum(weight) <> 1",
            [scope],
        ).fetchall()
        assert wrong == []
    assert con.execute(
        "select count(*) from (select org_code from mart.org_unit group by org_code, unit_code having count(*) > 1)"
    ).fetchone() == (0,)
