"""What must hold of the arithmetic whatever counties report: the same facts told differently give the same marts."""

from decimal import Decimal

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rollups.test_rollups import ORDER, STATEMENTS, WORLD, create_sources, needed, rows_of

TOWNSHIPS = ("522301001", "522301002", "522301003")
MONTHS = [f"2026-{number:02}" for number in range(1, 13)]
MARTS = [f"mart.{level}_{grain}" for level in ("county", "province") for grain in ("month", "quarter", "year")]
FLOWS = ("station_visits", "disputes_mediated", "disputes_settled")

counts = st.integers(min_value=0, max_value=999)
# A county's months: of each the figures of three townships and three flows.
facts = st.lists(st.lists(st.tuples(counts, counts, counts), min_size=3, max_size=3), min_size=1, max_size=12)


def observation(org, indicator, period, value):
    return {
        "report_id": "R",
        "org_code": org,
        "indicator_code": indicator,
        "period": period,
        "grain": "month",
        "basis": "period",
        "state": "figure",
        "source": "form",
        "row_ref": "R#1:7",
        "is_current": "true",
        "value": value,
        "value_low": value,
        "value_high": value,
    }


def month_by_month(months):
    return [
        observation(town, flow, month, value)
        for month, towns in zip(MONTHS, months, strict=False)
        for town, values in zip(TOWNSHIPS, towns, strict=True)
        for flow, value in zip(FLOWS, values, strict=True)
    ]


def since_january(months):
    """Tell the same facts as 1月, 1-2月累计, … and, as forms do, the last of twelve as the year."""
    told = []
    sums = {}
    for place, (month, towns) in enumerate(zip(MONTHS, months, strict=False)):
        for town, values in zip(TOWNSHIPS, towns, strict=True):
            for flow, value in zip(FLOWS, values, strict=True):
                sums[town, flow] = sums.get((town, flow), 0) + value
                how = {"basis": "year_to_date"} if place else {}
                if place == 11:
                    how = {"period": "2026", "grain": "year"}
                told.append(observation(town, flow, month, sums[town, flow]) | how)
    return told


def rolled_up(observations, tables):
    """Return the rows of `tables`, rolled up from these observations alone."""
    con = duckdb.connect()
    given_rows = {name: rows_of(text, WORLD["defaults"].get(name, {})) for name, text in WORLD["given"].items()}
    create_sources(con, {**given_rows, "core.observation": observations})
    for name in [name for name in ORDER if any(name in needed(table, set()) for table in tables)]:
        con.execute(f"create table {name} as {STATEMENTS[name]}")
    return {table: con.execute(f"select * from {table} order by all").fetchall() for table in tables}


@settings(max_examples=8, deadline=None)
@given(facts)
def test_months_and_cumulative_figures_of_the_same_facts_give_the_same_marts(months):
    assert rolled_up(since_january(months), MARTS) == rolled_up(month_by_month(months), MARTS)


@settings(max_examples=8, deadline=None)
@given(facts, st.sets(st.integers(min_value=0, max_value=11)))
def test_steps_add_up_to_the_last_cumulative_figure_whatever_is_left_out(months, left_out):
    told = [row for row in since_january(months) if MONTHS.index(last_month(row)) not in left_out]
    con_rows = rolled_up(told, ["mart.cumulative_step", "mart.cumulative_point"])
    steps, points = con_rows["mart.cumulative_step"], con_rows["mart.cumulative_point"]
    series = {row[0] for row in points}
    for name in series:
        last = max((row for row in points if row[0] == name), key=lambda row: row[8])
        assert sum(row[11] for row in steps if row[0] == name) == last[9]


@settings(max_examples=8, deadline=None)
@given(facts, st.sets(st.integers(min_value=0, max_value=11)))
def test_a_running_year_is_its_latest_cumulative_figure(months, left_out):
    told = [row for row in since_january(months) if MONTHS.index(last_month(row)) not in left_out]
    if not told:
        return
    latest = max(map(last_month, told))
    expected = sum(row["value"] for row in told if row["indicator_code"] == FLOWS[0] and last_month(row) == latest)
    rows = rolled_up(told, ["mart.county_year"])["mart.county_year"]
    assert [row[6] for row in rows if row[2] == FLOWS[0]] == [Decimal(expected)]


def last_month(row):
    return "2026-12" if row["period"] == "2026" else row["period"]
