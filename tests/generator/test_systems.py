"""What tables of single systems must show, counted once more from the written files with nothing but the csv module."""

from collections import Counter, defaultdict
from datetime import datetime
from statistics import median

import pytest

from .conftest import answers, make, records


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """A province in which two counties share a prefecture and deputies, without faults, all its records' files csv."""
    options = {"counties": 18, "months": 2, "records": 12_000, "faults": 0.0, "corrected": 0.0}
    return make(tmp_path_factory.mktemp("wide") / "province", record_formats=("csv",), **options)


@pytest.fixture(scope="module")
def marts(wide):
    """The answers by table and column: values by unit and period."""
    found = defaultdict(dict)
    for row in answers(wide, "marts"):
        found[row["mart"], row["column"]][row["org_code"], row["period"]] = row["value"]
    return found


def _first(record, *headers):
    return next(record[name] for name in headers if name in record)


def _month(day):
    return day[:7].replace("/", "-")


@pytest.fixture(scope="module")
def above(facts):
    """Return a function that names the county of a record and the units above it."""

    def units(record):
        name = _first(record, "所属县区", "县（市、区）")
        code = facts.tree.resolve(name, level="county").code
        return code, code[:4] + "00", "520000"

    return units


def test_deputies_present_and_active_are_different_people(wide, marts, above):
    present, active, points, visits = defaultdict(set), defaultdict(set), Counter(), Counter()
    for record in records(wide, "进站履职记录"):
        for unit in above(record):
            place = unit, _month(_first(record, "进站日期", "履职日期"))
            visits[place] += 1
            present[place].add(_first(record, "代表姓名", "姓名"))
    for record in records(wide, "代表履职积分"):
        for unit in above(record):
            place = unit, _month(_first(record, "日期", "发生日期"))
            points[place] += float(_first(record, "积分", "履职积分"))
            active[place].add(_first(record, "代表编号", "代表编码"))
    june = [met for place, met in present.items() if place[1] == "2026-06" and place[0][4:] != "00"]
    assert len(present["520000", "2026-06"]) < sum(map(len, june))
    assert marts["visit_month", "visits"] == {place: str(number) for place, number in visits.items()}
    assert marts["visit_month", "deputies_present"] == {place: str(len(met)) for place, met in present.items()}
    assert marts["performance_month", "active_deputies"] == {place: str(len(met)) for place, met in active.items()}
    assert {place: float(value) for place, value in marts["performance_month", "points"].items()} == points


def test_cases_count_where_they_were_opened_and_the_median_is_theirs(wide, marts, above):
    opened, days = Counter(), defaultdict(list)
    for record in records(wide, "群众工单"):
        begin, end = _first(record, "提交时间", "扫码时间"), _first(record, "办结时间", "完成时间")
        took = _moment(end) - _moment(begin) if end else None
        for unit in above(record):
            place = unit, _month(begin)
            opened[place] += 1
            if took is not None:
                days[place].append(took.total_seconds() / 86400)
    assert marts["case_funnel_month", "opened"] == {place: str(number) for place, number in opened.items()}
    closed = {place: str(len(days[place])) for place in opened}
    assert marts["case_funnel_month", "closed"] == closed
    medians = {place: median(days[place]) if days[place] else None for place in opened}
    shown = marts["case_funnel_month", "median_days_total"]
    assert {place: float(value) if value else None for place, value in shown.items()} == {
        place: value if value is None else pytest.approx(value, abs=1e-4) for place, value in medians.items()
    }


def _moment(text):
    return datetime.fromisoformat(text.replace("/", "-"))


def test_a_bundle_is_one_matter(wide, marts, above):
    filed, answered, matters = Counter(), Counter(), defaultdict(set)
    for number, record in enumerate(records(wide, "代表建议")):
        for unit in above(record):
            place = unit, _month(_first(record, "提出日期", "提交日期"))
            filed[place] += 1
            answered[place] += bool(_first(record, "答复日期", "办结日期"))
            matters[place].add(_first(record, "打包编号", "打包督办编号") or number)
    assert marts["suggestion_month", "filed"] == {place: str(number) for place, number in filed.items()}
    assert marts["suggestion_month", "answered"] == {place: str(number) for place, number in answered.items()}
    assert marts["suggestion_month", "matters"] == {place: str(len(those)) for place, those in matters.items()}
    assert sum(map(len, matters.values())) < filed.total()


def test_projects_and_money_of_the_fund(wide, marts, above):
    projects, money = Counter(), Counter()
    for record in records(wide, "建议办理专项资金"):
        for unit in above(record):
            projects[unit, "2026"] += 1
            money[unit, "2026"] += round(100 * float(_first(record, "金额(万元)", "资金额")))
    assert marts["fund_year", "projects"] == {place: str(number) for place, number in projects.items()}
    assert {place: round(100 * float(value)) for place, value in marts["fund_year", "amount_wan"].items()} == money


def test_records_of_every_export_are_those_that_count(faulty):
    loaded = Counter()
    for row in answers(faulty, "deliveries"):
        if row["status"] in ("loaded", "partly_loaded") and row["dataset"] != "county_table" and not row["group"]:
            loaded[row["dataset"]] += 0 if "（更正）" in row["file"] else int(row["rows_loaded"])
    loaded["training"] += sum(int(r["rows_loaded"]) for r in answers(faulty, "deliveries") if r["group"]) // 2
    found = {row["org_code"]: int(row["value"]) for row in answers(faulty, "marts") if row["mart"] == "coverage"}
    assert found == dict(loaded)
    assert len(found) == 12
