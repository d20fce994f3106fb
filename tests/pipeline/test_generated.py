"""A made-up province walks the road: every true figure, every planted fault, every file is as its answers say."""

import csv
import json
import shutil

import duckdb
import pytest

from pipeline.comparing import compare
from warehouse.release import newest

from .conftest import daibiao

SMALL = ("--counties", "3", "--months", "2", "--records", "1500", "--seed", "3")
MISHAPS = ("--faults", "0.1", "--resubmitted", "0.3", "--missing", "0.2", "--late", "0.2", "--corrected", "0.05")


@pytest.fixture(scope="session")
def province(tmp_path_factory):
    """A small province with all kinds of mishaps, and a home in which it has been read once."""
    folder, home = tmp_path_factory.mktemp("made") / "province", tmp_path_factory.mktemp("province-home")
    daibiao("generate", "--out", folder, *SMALL, *MISHAPS, home=home, check=0)
    daibiao("run", "--landing", folder / "landing", "--json", home=home, check=1)
    return folder, home


def test_release_and_answers_agree(province):
    folder, home = province
    done = daibiao("compare", folder, home=home)
    assert done.returncode == 0, done.stdout
    found = json.loads(daibiao("compare", folder, "--json", home=home, check=0).stdout)
    assert found["values"] == found["values_found"] > 700
    assert found["system_values"] == found["system_values_found"] > 100
    assert found["faults"] == found["faults_found"] > 150
    assert found["files"] == found["files_as_expected"] > 30
    assert (found["false_alarms"], found["values_extra"], found["files_extra"]) == (0, 0, 0)
    assert (found["agrees"], found["differences"]) == (True, [])


def _change(folder, name, change):
    path = folder / "answers" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows = change(rows)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _other_value(rows):
    rows[5]["value"] = str(float(rows[5]["value"] or 0) + 1)
    return rows


def _other_source(rows):
    rows[5]["source"] = "prose"
    return rows


def _one_more(rows):
    return [*rows, {**rows[0], "indicator_code": "livelihood_projects", "period": "2026-05"}]


def _other_place(rows):
    planted = next(row for row in rows if row["rule"].startswith("Expect") and row["place"])
    planted["place"] += "0"
    return rows


def _other_status(rows):
    next(row for row in rows if row["status"] == "loaded" and not row["group"])["status"] = "rejected"
    return rows


def _other_severity(rows):
    planted = next(row for row in rows if row["rule"].startswith("Expect"))
    planted["severity"] = "warning" if planted["severity"] == "critical" else "critical"
    return rows


def _other_dataset(rows):
    next(row for row in rows if row["dataset"] == "training")["dataset"] = "award"
    return rows


def _more_rows_in_a_group(rows):
    for row in rows:
        row["rows_in"] = str(int(row["rows_in"]) + bool(row["group"]))
    return rows


def _other_median(rows):
    row = next(row for row in rows if row["column"] == "median_days_total" and row["value"])
    row["value"] = str(float(row["value"]) + 0.0002)
    return rows


def _one_never_sent(rows):
    return [*rows, {**rows[0], "file": "联络站系统/没有送来.csv"}]


def test_a_difference_ends_in_exit_code_1(province, tmp_path):
    folder, home = province
    shutil.copytree(folder / "answers", tmp_path / "answers")
    _change(tmp_path, "figures", _other_value)
    assert "应为" in daibiao("compare", tmp_path, home=home, check=1).stdout


@pytest.mark.parametrize(
    ("name", "change", "short", "said"),
    [
        ("figures", _other_value, "values_found", "应为"),
        ("figures", _other_source, "values_found", "来源应为 prose"),
        ("figures", lambda rows: rows[1:], None, "多出的数"),
        ("figures", lambda rows: [*rows, rows[0]], "values_found", "答案里有两行"),
        ("figures", _one_more, "values_found", "没有找到"),
        ("marts", _other_value, "system_values_found", "应为"),
        ("marts", _other_median, "system_values_found", "median_days_total：应为"),
        ("marts", lambda rows: rows[1:], None, "coverage"),
        ("faults", _other_place, "faults_found", "没有找到"),
        ("faults", _other_severity, "faults_found", "误报"),
        ("faults", lambda rows: rows[1:], None, "误报"),
        ("deliveries", _other_status, "files_as_expected", "应为 rejected"),
        ("deliveries", _other_dataset, "files_as_expected", "应属于 award"),
        ("deliveries", _more_rows_in_a_group, "files_as_expected", "rows_in 应为"),
        ("deliveries", _one_never_sent, "files_as_expected", "没有收件"),
        ("deliveries", lambda rows: rows[1:], None, "答案里没有这个文件"),
    ],
)
def test_a_difference_is_found_and_told(province, tmp_path, name, change, short, said):
    folder, home = province
    shutil.copytree(folder / "answers", tmp_path / "answers")
    _change(tmp_path, name, change)
    found = compare(tmp_path / "answers", newest(home / "releases").path)
    assert any(said in difference for difference in found.differences)
    assert not found.agrees
    if short:
        whole = {"files_as_expected": "files"}.get(short, short.removesuffix("_found"))
        assert getattr(found, short) == getattr(found, whole) - 1


_FLOW = "(select * from mart.county_month where indicator_code = 'station_visits' order by all limit 1)"
_STOCK = "(select * from mart.province_month where indicator_code = 'station_count' order by all limit 1)"
_DELIVERY = "(select * from ops.delivery where status = 'loaded' and dataset <> 'training' order by file limit 1)"
# What is done to a release; how many more or fewer true values, extra values, files and extra files that makes.
_TAMPERED = {
    "a figure twice": (f"insert into mart.county_month from {_FLOW}", (-1, 1, 0, 0), "同一个数有 2 行"),
    "a figure twice, unlike": (
        f"insert into mart.county_month select * replace (value + 1 as value) from {_FLOW}",
        (-1, 1, 0, 0),
        "同一个数有 2 行",
    ),
    "a flow of another year": (
        f"insert into mart.county_month select * replace ('2019-03' as period) from {_FLOW}",
        (0, 1, 0, 0),
        "2019-03：多出的数",
    ),
    "a stock behind the last month": (
        f"insert into mart.province_month select * replace ('2026-07' as period) from {_STOCK}",
        (0, 1, 0, 0),
        "2026-07：多出的数",
    ),
    "a month among the years": (f"insert into mart.county_year from {_FLOW}", (0, 1, 0, 0), "county_year"),
    "a unit of another level": (
        f"insert into mart.province_month by name from {_FLOW}",
        (0, 1, 0, 0),
        "province_month",
    ),
    "a unit's month twice in a system's table": (
        "insert into mart.fund_year (select * from mart.fund_year where level = 'province' limit 1)",
        (0, 2, 0, 0),
        "amount_wan：同一个数有 2 行",
    ),
    "a month of a system's table that nobody knows": (
        "insert into mart.visit_month (select * replace ('2019-03' as period) from mart.visit_month"
        " where level = 'county' limit 1)",
        (0, 2, 0, 0),
        "2019-03 deputies_present：多出的数",
    ),
    "a delivery that nobody sent": (
        f"insert into ops.delivery select * replace ('x' as delivery_id, '不相识.csv' as file) from {_DELIVERY}",
        (0, 0, 0, 1),
        "不相识.csv：答案里没有这个文件",
    ),
    "a delivery twice": (
        f"insert into ops.delivery select * replace ('x' as delivery_id) from {_DELIVERY}",
        (0, 0, 0, 1),
        "收件 2 次",
    ),
    "a delivery lost": (
        f"delete from ops.delivery where file in (select file from {_DELIVERY})",
        (0, 0, -1, 0),
        "没有收件",
    ),
}


@pytest.mark.parametrize(("change", "counts", "said"), _TAMPERED.values(), ids=_TAMPERED.keys())
def test_a_release_that_says_more_or_less_is_found(province, tmp_path, change, counts, said):
    folder, home = province
    release = tmp_path / "daibiao.duckdb"
    shutil.copyfile(newest(home / "releases").path, release)
    with duckdb.connect(release) as con:
        con.execute(change)
    found = compare(folder / "answers", release)
    assert any(said in difference for difference in found.differences)
    assert not found.agrees
    values, files = found.values_found - found.values, found.files_as_expected - found.files
    assert (values, found.values_extra, files, found.files_extra) == counts


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--counties", "0"), "县区数"),
        (("--records", "10"), "记录太少"),
        (("--until", "2199-01"), "还没有过完"),
        (("--formats", "pdf"), "没有这种格式：pdf"),
    ],
)
def test_what_cannot_be_made_up_gets_a_sentence(tmp_path, arguments, said):
    done = daibiao("generate", "--out", tmp_path / "g", *SMALL, *arguments, home=tmp_path, check=2)
    assert said in done.stderr
    assert not (tmp_path / "g").exists()


def test_a_folder_that_holds_a_province_is_left_alone(province):
    folder, home = province
    assert "已有" in daibiao("generate", "--out", folder, *SMALL, home=home, check=2).stderr
