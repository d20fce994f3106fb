"""The answers, against sums done by hand and against one another."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

SAMPLES = Path(__file__).parents[2] / "samples"
ANSWERS = SAMPLES / "answers"


def _rows(name: str) -> list[dict[str, str]]:
    with (ANSWERS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _answer(name: str, org: str, indicator: str, period: str) -> dict[str, str]:
    [row] = [
        row
        for row in _rows(name)
        if (row["org_code"], row["indicator_code"], row["period"]) == (org, indicator, period)
    ]
    return row


# Added up by hand from facts/forms.yml.
BY_HAND = [
    # 兴义市: the 合计 of the form, once, though the form lies there three times
    ("county_month", "522301", "voters_received", "2026-06", "4260", "4260", "4260", "form"),
    # 兴仁市: 1250 + 1200余 + 610 + 1.2万; low 1250+1200+610+11500, high 1250+1300+610+12500
    ("county_month", "522302", "voters_received", "2026-05", "15060", "14560", "15660", "form"),
    # 1305 + 近500 + 580 + 700多
    ("county_month", "522302", "voters_received", "2026-06", "3085", "2985", "3185", "form"),
    # 102 + 91 + 约60 + 58
    ("county_month", "522302", "station_visits", "2026-06", "311", "306", "316", "form"),
    # 播州区: the revised 120 + 77 + 58 + 92, and its form's 5 stations, not the register's 2
    ("county_month", "520304", "station_visits", "2026-06", "347", "347", "347", "form"),
    ("county_month", "520304", "station_count", "2026-06", "5", "5", "5", "form"),
    ("county_month", "520304", "station_count", "2026-05", "2", "2", "2", "records"),
    # 盘州市: the month, not the half-year's 2075; one of two stations closed on 18 June
    ("county_month", "520281", "station_visits", "2026-06", "377", "377", "377", "form"),
    ("county_month", "520281", "station_count", "2026-05", "2", "2", "2", "records"),
    ("county_month", "520281", "station_count", "2026-06", "1", "1", "1", "records"),
    # 南明区: the rows 555 + 490 + 1385 + 380, not the wrong 合计 of 2910; 9 of 12 bills closed
    ("county_month", "520102", "voters_received", "2026-06", "2810", "2810", "2810", "form"),
    ("county_month", "520102", "bills_closed_rate", "2026-05", "75", "", "", "form"),
    # the quarter's rate is 16 of 22, not the mean of 75 and 70
    ("county_quarter", "520102", "bills_closed_rate", "2026-Q2", "72.7273", "", "", "form"),
    # 黔西南州: 4 of 6 in 兴义市 and 3 of 4 in 兴仁市 are 7 of 10, not the mean of 66.7 and 75
    ("prefecture_month", "522300", "satisfaction_rate", "2026-06", "70", "", "", "records"),
    # 黔西市: four rows are left: 86 + 79 + 36 + 35
    ("county_month", "520581", "station_visits", "2026-06", "236", "236", "236", "form"),
    ("county_month", "520581", "opinions_resolved", "2026-06", "87", "87", "87", "form"),
    # 汇川区: the lone 合计
    ("county_month", "520303", "voters_received", "2026-06", "3120", "3120", "3120", "form"),
    # 凯里市 sent no form: its report says 全市各级 2100余, which stands before the records
    ("county_month", "522601", "voters_received", "2026-06", "2100", "2100", "2200", "prose"),
    # 湄潭县: the quarterly form
    ("county_quarter", "520328", "voters_received", "2026-Q2", "6215", "6215", "6215", "form"),
    # 贵州省: the 10 of 南明区's form, not its one record; and one record each of 兴义市, 兴仁市, 黔西市 and 湄潭县
    ("province_month", "520000", "bills_submitted", "2026-06", "14", "14", "14", "mixed"),
    # 盘州市's form: 18 of May and 21 of June; on record: two of 兴义市,
    # one each of 兴仁市, 湄潭县, 凯里市, 黔西市, 汇川区
    ("province_quarter", "520000", "activity_count", "2026-Q2", "46", "46", "46", "mixed"),
]
# Added up by hand from the records of facts/{suggestions,projects,performance,activities,opinions}.yml.
RECORDS_BY_HAND = [
    # 播州区: filed in May, answered in June by the correction of July
    ("county_month", "520304", "bills_closed", "2026-06", "1"),
    # 兴义市: 001, 002, 003 and 202606001 are answered in June; A are 001 and 003
    ("county_month", "522301", "bills_closed", "2026-06", "4"),
    ("county_month", "522301", "bills_class_a_rate", "2026-06", "50"),
    # 盘州市: answered without a class, 0 of 1
    ("county_month", "520281", "bills_class_a_rate", "2026-06", "0"),
    # 兴义市: four of six were chosen: 860 + 425.5 + 120 + 36
    ("county_year", "522301", "livelihood_projects", "2026", "4"),
    ("county_year", "522301", "investment_wan", "2026", "1441.5"),
    # 播州区 in 2025: 310 + 150.25 + 75, the last without a look-back
    ("county_year", "520304", "investment_wan", "2025", "535.25"),
    # 湄潭县's one chosen project is 120 % done: held back; 南明区 chose two
    ("province_year", "520000", "livelihood_projects", "2026", "6"),
    # 35.5 + 20 + 48 + 15.25 + 60 + 12 + 80 + 26 + 10 + 0
    ("province_year", "520000", "funds_wan", "2026", "306.75"),
    ("province_year", "520000", "fund_projects", "2026", "10"),
    # 12000 + 8000 of 兴义市, 2600 of 兴仁市
    ("prefecture_year", "522300", "beneficiaries", "2026", "22600"),
    # 兴义市: 10 + 8 + 10 + 12
    ("county_month", "522301", "performance_points", "2026-05", "40"),
    # 黔西市: the 150 points are a warning only
    ("county_month", "520581", "performance_points", "2026-05", "150"),
    # 120 + 46
    ("county_month", "522301", "training_attendees", "2026-05", "166"),
    # 兴义市: the hearings of 11 and 18 June, and no survey beside them
    ("county_month", "522301", "court_hearings", "2026-06", "2"),
    # 14 + 9 of May and 7 of June
    ("county_quarter", "522301", "legislative_opinions", "2026-Q2", "30"),
    # 南明区: 18 + 11; that of which more was adopted than given is held back
    ("county_month", "520102", "legislative_opinions", "2026-06", "29"),
    # 盘州市: the award of 4, not the model case of 3
    ("county_month", "520281", "awards", "2026-06", "4"),
    ("county_month", "520102", "awards", "2026-06", "0"),
]
# Different deputies, told off by hand from facts/performance.yml.
DEPUTIES_BY_HAND = [
    # 兴义市: 101 (twice), 102, 009 in May; 101 and 103 in June; four in all
    ("county_month", "522301", "2026-05", "3"),
    ("county_month", "522301", "2026-06", "2"),
    ("county_quarter", "522301", "2026-Q2", "4"),
    # 黔西南州: 009 gave one in 兴义市 and two in 兴仁市, so that 4 + 2 are 5
    ("prefecture_month", "522300", "2026-05", "3"),
    ("prefecture_quarter", "522300", "2026-Q2", "5"),
    # 遵义市 in June: 007 in 播州区 and in 湄潭县
    ("prefecture_month", "520300", "2026-06", "1"),
    # 101, 102, 103, 009, 201, 0401, 007, 凯里市's 101
    ("province_month", "520000", "2026-06", "6"),
    ("province_quarter", "520000", "2026-Q2", "8"),
    ("province_year", "520000", "2026", "8"),
]


@pytest.mark.parametrize(("name", "org", "indicator", "period", "value", "low", "high", "source"), BY_HAND)
def test_figure_worked_out_by_hand(
    name: str, org: str, indicator: str, period: str, value: str, low: str, high: str, source: str
) -> None:
    row = _answer(name, org, indicator, period)
    assert (row["value"], row["value_low"], row["value_high"], row["source"]) == (value, low, high, source)


@pytest.mark.parametrize(("name", "org", "indicator", "period", "value"), RECORDS_BY_HAND)
def test_records_counted_by_hand(name: str, org: str, indicator: str, period: str, value: str) -> None:
    row = _answer(name, org, indicator, period)
    assert (row["value"], row["source"]) == (value, "records")


@pytest.mark.parametrize(("name", "org", "period", "value"), DEPUTIES_BY_HAND)
def test_deputies_are_counted_once(name: str, org: str, period: str, value: str) -> None:
    row = _answer(name, org, "deputies_reporting", period)
    assert [row[column] for column in ("value", "value_low", "value_high", "records_value")] == [value] * 4


def test_a_projects_year_is_no_month() -> None:
    yearly = {"livelihood_projects", "investment_wan", "funds_wan", "fund_projects", "beneficiaries"}
    assert {row["indicator_code"] for row in _rows("county_year")} == yearly | {"deputies_reporting"}
    for name in ("county_month", "county_quarter", "province_month", "province_quarter"):
        assert not yearly & {row["indicator_code"] for row in _rows(name)}


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (f"{low}_{grain}", f"{high}_{grain}")
        for grain in ("month", "quarter", "year")
        for low, high in (("county", "prefecture"), ("prefecture", "province"))
    ],
)
def test_levels_add_up(low: str, high: str) -> None:
    parents = {}
    with (SAMPLES.parent / "catalog/org/divisions.csv").open(encoding="utf-8", newline="") as lines:
        parents = {row["code"]: row["parent"] for row in csv.DictReader(lines)}
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in _rows(low):
        sums[parents[row["org_code"]], row["indicator_code"], row["period"]] += float(row["value"] or 0)
    upper = [row for row in _rows(high) if not row["indicator_code"].endswith(("_rate", "deputies_reporting"))]
    assert len(upper) > (20 if "year" not in high else 5)
    for row in upper:
        assert float(row["value"]) == sums[row["org_code"], row["indicator_code"], row["period"]]


def test_names_are_those_of_the_tree() -> None:
    with (SAMPLES.parent / "catalog/org/divisions.csv").open(encoding="utf-8", newline="") as lines:
        names = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    rows = [*_rows("county_month"), *_rows("prefecture_month")]
    assert {row["org_code"] for row in rows} >= {"522301", "522601", "520100"}
    assert all(names[row["org_code"]] == row["org_name"] for row in rows)


def test_every_stated_total_is_the_sum_of_its_rows_but_the_planted_one() -> None:
    forms = yaml.safe_load((SAMPLES / "facts/forms.yml").read_text(encoding="utf-8"))["forms"]
    wrong, checked = [], 0
    for form in forms:
        for table in form["tables"]:
            if not table.get("total") or not table["rows"]:
                continue
            for n, (holds, _) in enumerate(table["columns"]):
                if holds in ("serial", "township", "remark") or holds.endswith("_rate"):
                    continue
                checked += 1
                if _value(table["total"][n]) != sum(_value(row[n]) for row in table["rows"] if row):
                    wrong.append((form["file"], holds))
    assert wrong == [("南明区/贵阳市南明区2026年6月活动情况统计表.csv", "voters_received")]
    assert checked > 80


def _value(cell: object) -> float:
    if isinstance(cell, dict):
        return float(cell["v"] if "v" in cell else cell["w"])
    return float(cell or 0)  # type: ignore[arg-type]


def test_rows_in_are_accounted_for_and_every_landed_file_has_an_answer() -> None:
    rows = _rows("deliveries")
    for row in rows:
        parts = [int(row[f"rows_{part}"]) for part in ("loaded", "quarantined", "rejected")]
        assert int(row["rows_in"]) == sum(parts), row["file"]
    landed = {p.relative_to(SAMPLES / "landing").as_posix() for p in (SAMPLES / "landing").rglob("*") if p.is_file()}
    left_alone = {row["file"] for row in _rows("faults") if row["expected"] == "left alone"}
    assert {row["file"] for row in rows} | left_alone == landed
    assert len(left_alone) == 4
    assert {row["status"] for row in rows} == {
        "loaded",
        "partly_loaded",
        "rejected",
        "duplicate",
        "superseded",
    }


def test_every_kind_of_fault_is_planted() -> None:
    rules = yaml.safe_load((SAMPLES / "facts/rules.yml").read_text(encoding="utf-8"))["rules"]
    assert {row["rule"] for row in _rows("faults")} == set(rules)


def test_a_quarantined_row_is_counted_in_its_file() -> None:
    planted: dict[str, set[str]] = defaultdict(set)
    for row in _rows("faults"):
        if row["expected"] == "row quarantined":
            planted[row["file"]].add(row["place"])
    quarantined = {row["file"]: int(row["rows_quarantined"]) for row in _rows("deliveries")}
    assert planted
    assert {file: len(places) for file, places in planted.items()} == {file: quarantined[file] for file in planted}
