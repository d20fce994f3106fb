"""The roll-ups, by cases that a statistician can check by hand: `<table>.yml` beside this file holds given and expect.

A case runs the SELECTs from the tables it gives up to the table it expects, on DuckDB in memory.
"""

import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pytest
import sqlglot
import yaml
from sqlglot import exp

import catalog
from catalog import Org, OrgTree
from catalog.comparable import Comparable
from transforms import rollup_sql
from warehouse.tables import SQL_TYPES

HERE = Path(__file__).parent
WORLD = yaml.safe_load((HERE / "world.yml").read_text(encoding="utf-8"))
FACTS = catalog.load()
STATEMENTS = rollup_sql.statements(FACTS)
FROM = re.compile(r'(?:from|join)\s+([a-z]+)\."?([a-z_]+)')
SOURCES = {name: {".".join(found) for found in FROM.findall(sql)} for name, sql in STATEMENTS.items()}
READS = {name: sources & set(STATEMENTS) for name, sources in SOURCES.items()}
ORDER = list(TopologicalSorter(READS).static_order())
FILES = {
    **{f"mart.{path.stem}": path for path in sorted(HERE.glob("*.yml")) if path.stem != "world"},
    **{f"dq.{path.stem}": path for path in sorted((HERE / "dq").glob("*.yml"))},
}
CASES = [
    pytest.param(table, case, id=f"{table}: {case['case']}")
    for table, path in FILES.items()
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
TYPES = (
    (r"(is|has)_\w+", "boolean"),
    (r"\w+_at|known_until", "timestamp"),
    (r"(\w+_(on|date)|(period|span)_(start|end)|valid_(from|to))", "date"),
    (r"(n_\w+|preference|turn|days_off|rows_quarantined|period_number|rank_in_\w+)", "bigint"),
    (r"(other_)?paragraph_number|characters|sequence|revision|system", "bigint"),
    (r"dq\.(alike_figure|alike_report|shared_paragraph)\.place", "bigint"),
    (r"value\w*|earlier_\w+|share_equal|\w+_value|bound_\w+|(\w+_)?change|completeness|robust_z", "decimal(18, 4)"),
    (r"mart\.\w+\.(numerator|denominator)", "decimal(18, 4)"),
    (r"(admitted|possible)_\w+|(\w+_)?difference|tolerance|(\w+_)?share", "decimal(18, 4)"),
    (r"mart\.judged_pair\.weight", "bigint"),
    (r"(due|remind)_days", "integer"),
    (r"days(_\w+)?", "decimal(18, 6)"),
    (r"weight", "decimal(9, 4)"),
    (
        r"mart\.case_place\.(opened|accepted|assigned|closed|graded|satisfied|dissatisfied|overdue|disputes\w*)",
        "bigint",
    ),
)


@pytest.mark.parametrize(("table", "case"), CASES)
def test_case(table, case):
    con = duckdb.connect()
    given = {**WORLD["given"], **case.get("given", {})}
    rows = {name: rows_of(text, WORLD["defaults"].get(name, {})) for name, text in given.items()}
    steps = needed(table, stop_at=set(given))
    read = set(case.get("given", ())).union(*(SOURCES[name] for name in steps))
    create_sources(con, {**rows, **units_in_time(case)}, read)
    for name in steps:
        con.execute(f"create table {name} as {STATEMENTS[name]}")
    expected = rows_of(case["expect"], {})
    columns = ", ".join(f'"{column}"' for column in heading(case["expect"]))
    found = con.execute(f"select {columns} from {table} where {case.get('where', 'true')}").fetchall()
    assert Counter(tuple(map(written, row)) for row in found) == Counter(tuple(row.values()) for row in expected)


def heading(text):
    return text.splitlines()[0].split()


def rows_of(text, defaults):
    """Read a table written as text; `-` and missing columns without a default are null."""
    rows = []
    for line in text.splitlines()[1:]:
        values = line.split()
        assert len(values) == len(heading(text)), f"not as many values as columns: {line}"
        row = dict(zip(heading(text), values, strict=True))
        for column, default in defaults.items():
            copied = row.get(default[1:]) if str(default).startswith("=") else str(default)
            row.setdefault(column, copied.lower() if copied in {"True", "False"} else copied)
        rows.append({column: None if value == "-" else value for column, value in row.items()})
    return rows


def units_in_time(case):
    """Lay out the world's units, with those of the case and its history (as in history.yml), as the tables of ref."""
    if "history" not in case:
        return {}
    ended = [Org.model_validate(row) for row in yaml.safe_load(case["history"])]
    listed = rows_of(WORLD["given"]["ref.org"], {}) + rows_of(case.get("units", "\n"), {})
    gone = {org.code for org in ended if org.successor != org.code}
    current = [
        Org(code=row["code"], name=row["name"], level=row["level"], parent=row["parent_code"])
        for row in listed
        if not row.get("valid_to") and row["code"] not in gone
    ]
    units = Comparable(OrgTree(current, ended, {}).history, case.get("comparable_on"))
    return {
        "ref.org": [*units.org_rows()],
        "ref.org_share": [*units.share_rows()],
        "ref.org_reported": [*units.reported_rows()],
        "ref.org_term": [*units.term_rows()],
    }


def written(value):
    """Write a found value the way the cases do."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return None if value is None else str(value)


def needed(table, stop_at):
    """List the roll-ups to build for `table`, in order, from those that are given."""
    wanted, queue = set(), [table]
    while queue:
        name = queue.pop()
        if name not in stop_at and name not in wanted:
            wanted.add(name)
            queue += READS[name]
    return [name for name in ORDER if name in wanted]


def create_sources(con, given, read=None):
    """Create every table that is no roll-up, and the roll-ups that are given, with the columns that the catalog names.

    Of all of them only those in `read`, where it is given: a case needs few.
    """
    for schema in ("ref", "core", "ops", "mart", "dq"):
        con.execute(f"create schema {schema}")
    exports = {f"core.{export}" for export in FACTS.exports}
    for name in sorted(set(FACTS.tables) | exports):
        if name in STATEMENTS and name not in given:
            continue
        if read is not None and name not in read:
            continue
        columns = [*column_names(name)]
        types = ", ".join(f'"{column}" {type_of(name, column)}' for column in columns)
        schema, table = name.split(".")
        con.execute(f'create table {schema}."{table}" ({types})')
        rows = given.get(name, [])
        for row in rows:
            assert set(row) <= set(columns), f"{name} has no column {set(row) - set(columns)}"
        if rows:
            places = ", ".join([f"({', '.join('?' * len(columns))})"] * len(rows))
            con.execute(
                f'insert into {schema}."{table}" values {places}', [row.get(c) for row in rows for c in columns]
            )


def column_names(name):
    described = FACTS.tables.get(name)
    export = FACTS.exports.get(name.removeprefix("core."))
    own = [*(column.name for column in export.stored_columns), "delivered_at"] if export else []
    return dict.fromkeys([*own, *(described.columns if described else ())])


def type_of(table, column):
    export = FACTS.exports.get(table.removeprefix("core."))
    if export and column in {own.name for own in export.columns}:
        return SQL_TYPES[export.column(column).type]
    names = (column, f"{table}.{column}")
    return next((kind for pattern, kind in TYPES if any(re.fullmatch(pattern, name) for name in names)), "varchar")


def test_every_rollup_has_cases():
    assert {table for table, _ in (case.values for case in CASES)} == set(STATEMENTS)


def test_every_file_is_a_table_of_the_catalog():
    assert {name for name in FACTS.tables if name.startswith("mart.")} <= set(STATEMENTS) <= set(FACTS.tables)


def test_columns_are_those_that_the_catalog_describes():
    con = duckdb.connect()
    create_sources(con, {})
    for name in ORDER:
        con.execute(f"create table {name} as {STATEMENTS[name]}")
        found = [row[0] for row in con.execute(f"describe {name}").fetchall()]
        assert found == [*FACTS.tables[name].columns], name


def test_tables_that_are_stacked_have_the_same_columns_and_types():
    """`select *` is only stacked where columns, order and types agree."""
    con = duckdb.connect()
    create_sources(con, {})
    shapes = {}
    for name in ORDER:
        con.execute(f"create table {name} as {STATEMENTS[name]}")
        shapes[name] = [row[0] for row in con.execute(f"describe {name}").fetchall()]
    assert shapes["mart.source_figure"] == shapes["mart.rate_part"]
    summed = ("county_sum", "prefecture_sum", "distinct_tree", "own_period", "tree_period")
    assert {name: shapes[f"mart.{name}"] for name in summed} == dict.fromkeys(summed, shapes["mart.unit_period"])
    assert shapes["mart.inclusive_figure"] == [*shapes["mart.unit_period"], "turn", "row_ref"]
    assert shapes["mart.compared_own"] == shapes["mart.compared_sum"]
    assert shapes["mart.source_claim"] == shapes["mart.tree_claim"]
    stacked = ("unit_month", "quarter_of_months", "unit_quarter", "year_of_quarters", "year_so_far", "distinct_unit")
    assert {name: shapes[f"mart.{name}"] for name in stacked} == dict.fromkeys(stacked, shapes["mart.unit_figure"])


FORBIDDEN = (exp.Pivot, exp.Qualify, exp.GenerateSeries, exp.PercentileCont, exp.PercentileDisc, exp.Quantile)


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_is_one_that_spark_runs_too(name):
    (tree,) = sqlglot.parse(STATEMENTS[name], read="duckdb")
    assert isinstance(tree, exp.Select)
    assert not [node for node in tree.walk() if isinstance(node, FORBIDDEN)]
    assert not [star for star in tree.find_all(exp.Star) if star.args.get("except_") or star.args.get("replace")]
    assert not [join for join in tree.find_all(exp.Join) if join.method == "ASOF" or join.args.get("using")]
    assert not [call for call in tree.find_all(exp.ArrayAgg) if call.find(exp.Order)]
    assert not re.search(r"\b(now|current_date|current_timestamp|random)\b", STATEMENTS[name])
    spark = sqlglot.transpile(
        STATEMENTS[name], read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert sqlglot.parse(spark[0], read="spark")
    assert not re.search(r"\w\[[^]]*\+ 1\]", spark[0]), "Spark's lists count from 0"


@pytest.mark.parametrize("path", sorted(rollup_sql.FOLDER.glob("*/*.sql")), ids=lambda path: path.stem)
def test_file_starts_with_name_grain_and_additivity(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"-- {path.parent.name}.{path.stem}"
    assert lines[1].startswith("-- grain: ")
    assert lines[2].startswith("-- additivity: ")
    assert len(lines) < 60
    joins = [line for line in lines if re.search(r"\bjoin\b", line) and not line.strip().startswith("--")]
    assert [line for line in joins if not re.search(r"-- (\d|n|one row|four rows)", line)] == []


# Pages and the roll-ups whose first case is a worked example of theirs.
EXAMPLES = {
    "rollups.md": ["county_month"],
    "methodology.md": [
        "cumulative_step",
        "prefecture_period",
        "told_period",
        "revision",
        "figure_history",
        "org_place",
        "unit_series",
        "standing_figure",
        "dq/repeated_report",
        "dq/repeated_paragraph",
        "dq/unusual_figure",
    ],
}


@pytest.mark.parametrize(("page", "table"), [(page, table) for page in EXAMPLES for table in EXAMPLES[page]])
def test_the_worked_example_of_the_documentation_is_the_case_that_is_run(page, table):
    lines = (HERE.parents[1] / "docs" / page).read_text(encoding="utf-8").splitlines()
    example = yaml.safe_load((HERE / f"{table}.yml").read_text(encoding="utf-8"))[0]
    texts = [example.get("history", ""), *example.get("given", {}).values(), example["expect"]]
    assert [line for text in texts for line in text.splitlines() if line not in lines] == []


def test_the_documentation_names_every_step():
    page = (HERE.parents[1] / "docs" / "rollups.md").read_text(encoding="utf-8")
    steps = [name for name in STATEMENTS if not re.search(r"_(month|quarter|year)$", name) or name == "mart.unit_month"]
    assert [name for name in steps if name.removeprefix("mart.") not in page] == []
