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
    # 湄潭县: the quarterly form
    ("county_quarter", "520328", "voters_received", "2026-Q2", "6215", "6215", "6215", "form"),
    # 贵州省: 南明区's bills are all there are
    ("province_month", "520000", "bills_submitted", "2026-06", "10", "10", "10", "form"),
    # 盘州市's 18 of May and 21 of June
    ("province_quarter", "520000", "activity_count", "2026-Q2", "39", "39", "39", "form"),
]


@pytest.mark.parametrize(("name", "org", "indicator", "period", "value", "low", "high", "source"), BY_HAND)
def test_figure_worked_out_by_hand(
    name: str, org: str, indicator: str, period: str, value: str, low: str, high: str, source: str
) -> None:
    row = _answer(name, org, indicator, period)
    assert (row["value"], row["value_low"], row["value_high"], row["source"]) == (value, low, high, source)


@pytest.mark.parametrize(
    ("low", "high"), [("county_month", "prefecture_month"), ("prefecture_month", "province_month")]
)
def test_levels_add_up(low: str, high: str) -> None:
    parents = {}
    with (SAMPLES.parent / "catalog/org/divisions.csv").open(encoding="utf-8", newline="") as lines:
        parents = {row["code"]: row["parent"] for row in csv.DictReader(lines)}
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in _rows(low):
        sums[parents[row["org_code"]], row["indicator_code"], row["period"]] += float(row["value"])
    upper = [row for row in _rows(high) if not row["indicator_code"].endswith("_rate")]
    assert len(upper) > 20
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
