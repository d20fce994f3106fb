"""The answers hold what the written files say, counted once more with nothing but the csv module."""

import unicodedata
from collections import Counter, defaultdict

from openpyxl import load_workbook

from generator.faults import faults_of

from .conftest import answers, make, records, table


def _figures(province, level, indicator):
    rows = answers(province, "figures")
    return {(r["org_code"], r["period"]): r for r in rows if (r["level"], r["indicator_code"]) == (level, indicator)}


def _first(record, *headers):
    return next(record[name] for name in headers if name in record)


def _month(day):
    return day[:7].replace("/", "-")


def _county(facts, text):
    return facts.tree.resolve(text, level="county").code


def test_visits_and_people_received(clean, facts):
    visits, people = Counter(), Counter()
    for record in records(clean, "进站履职记录"):
        county = _county(facts, _first(record, "所属县区", "县（市、区）"))
        month = _month(_first(record, "进站日期", "履职日期"))
        visits[county, month] += 1
        people[county, month] += int(_first(record, "接待人数", "接待人次"))
    for indicator, counted in (("station_visits", visits), ("voters_received", people)):
        figures = _figures(clean, "county", indicator)
        assert len(counted) == 6
        for key, number in counted.items():
            assert float(figures[key]["records_value"]) == number, (indicator, key)


def test_visits_of_a_township_are_those_to_its_stations(clean, facts):
    township, visits = {}, Counter()
    for record in records(clean, "联络站台账"):
        county = _county(facts, _first(record, "所属县区", "县（市、区）"))
        place = facts.tree.resolve(_first(record, "所属乡镇", "乡镇（街道）"), level="township", within=county).code
        township[_first(record, "站点编码", "站点ID", "站点编号")] = place
    for record in records(clean, "进站履职记录"):
        month = _month(_first(record, "进站日期", "履职日期"))
        visits[township[_first(record, "站点编码", "站点编号")], month] += 1
    figures = _figures(clean, "township", "station_visits")
    assert len(visits) > 20
    for key, number in visits.items():
        assert float(figures[key]["records_value"]) == number, key


def test_money_of_the_fund_is_exact_at_every_level(clean, facts):
    hundredths, projects = Counter(), Counter()
    for record in records(clean, "建议办理专项资金"):
        county = _county(facts, _first(record, "所属县区", "县（市、区）"))
        whole, cents = _first(record, "金额(万元)", "资金额").split(".")
        for org in (county, county[:4] + "00", "520000"):
            hundredths[org] += int(whole) * 100 + int(cents)
            projects[org] += 1
    for level in ("county", "prefecture", "province"):
        money, number = _figures(clean, level, "funds_wan"), _figures(clean, level, "fund_projects")
        assert money
        assert {key[1] for key in money} == {"2026"}
        for org, period in money:
            assert money[org, period]["value"] == f"{hundredths[org] / 100:.2f}".rstrip("0").rstrip(".")
            assert int(number[org, period]["value"]) == projects[org]


def test_deputies_are_counted_once_in_every_unit_and_period(tmp_path, facts):
    options = {"counties": 18, "months": 3, "records": 20_000, "faults": 0.0, "corrected": 0.0}
    province = make(tmp_path / "g", record_formats=("csv",), **options)
    met = defaultdict(set)
    for record in records(province, "代表履职积分"):
        if _first(record, "履职类型", "积分项目") in ("述职", "述职评议"):
            county = _county(facts, _first(record, "所属县区", "县（市、区）"))
            month = _month(_first(record, "日期", "发生日期"))
            for org in (county, county[:4] + "00", "520000"):
                for period in (month, "2026-Q2", "2026"):
                    met[org, period].add(_first(record, "代表编号", "代表编码"))
    for level in ("county", "prefecture", "province"):
        figures = _figures(province, level, "deputies_reporting")
        assert figures
        for key, row in figures.items():
            assert int(row["value"]) == len(met[key]), key
    counties = _figures(province, "county", "deputies_reporting")
    added = sum(int(row["value"]) for (_, period), row in counties.items() if period == "2026-Q2")
    assert int(_figures(province, "province", "deputies_reporting")["520000", "2026-Q2"]["value"]) < added


def test_stations_open_at_the_end_of_each_month(clean, facts):
    count = Counter()
    for record in records(clean, "联络站台账"):
        if _first(record, "站点类型", "站点类别") not in ("联络站", "代表联络站"):
            continue
        county = _county(facts, _first(record, "所属县区", "县（市、区）"))
        opened, closed = _first(record, "建成日期", "成立日期"), _first(record, "撤销日期", "撤站日期")
        for month, end in (("2026-05", "2026-05-31"), ("2026-06", "2026-06-30")):
            opened, closed = opened.replace("/", "-"), closed.replace("/", "-")
            count[county, month] += opened <= end and not (closed and closed <= end)
    figures = _figures(clean, "county", "station_count")
    for key, number in count.items():
        row = figures[key]
        assert int(row["records_value"]) == number, key


def _number(cell):
    """Read a cell as a clerk would: digits whatever their width, 无 as 0, a blank as nothing."""
    text = unicodedata.normalize("NFKC", str("" if cell is None else cell)).replace(",", "").strip()
    if text in ("无", "—", "未开展"):
        return 0
    digits = text.rstrip("人次条件个场名期")
    return int(digits) if digits else None


def test_a_form_stands_and_the_records_are_kept_beside(clean, facts):
    checked = 0
    known = {name: figure.indicator for figure in facts.forms["county_table"].figures for name in figure.headers}
    for path in (clean / "landing").glob("*/*统计表.xlsx"):
        rows = list(load_workbook(path).active.iter_rows(values_only=True))
        county = _county(facts, path.parent.name)
        month = f"{path.name.split('年')[0][-4:]}-0{path.name.split('年')[1][0]}"
        for column, header in enumerate(rows[2]):
            indicator = known.get(str(header).split("（")[0]) or known.get(str(header))
            numbers = [_number(row[column]) for row in rows[3:-3]] if indicator else []
            if any(number is not None for number in numbers):
                figure = _figures(clean, "county", indicator)[county, month]
                assert (figure["source"], int(figure["value"])) == ("form", sum(filter(None, numbers))), path.name
                checked += 1
    assert checked >= 10


def test_every_planted_fault_has_its_place(faulty):
    known = {row["file"]: row for row in answers(faulty, "deliveries")}
    on_disk = {str(p.relative_to(faulty / "landing")) for p in (faulty / "landing").rglob("*") if p.is_file()}
    assert set(known) == on_disk
    rows = answers(faulty, "faults")
    assert len(rows) > 200
    assert {row["file"] for row in rows} <= on_disk
    for row in rows:
        assert row["severity"] in ("critical", "warning") or not row["rule"].startswith("Expect")


def test_every_declared_rule_is_planted_somewhere(tmp_path, facts):
    province = make(tmp_path / "g", counties=9, months=4, records=40_000, faults=0.2, seed=8)
    declared = {fault.rule for export in facts.exports.values() for fault in faults_of(export)}
    planted = {row["rule"] for row in answers(province, "faults")}
    assert len(declared) > 60
    assert declared <= planted
    files = {"rejected", "duplicate", "superseded", "ExpectRequiredColumns", "ExpectRecordToBeReadable"}
    assert files <= planted


def test_a_blank_stands_where_the_fault_says(faulty):
    """Every planted blank of a required field, seen through csv, openpyxl and json."""
    seen = 0
    for row in answers(faulty, "faults"):
        if row["rule"] != "ExpectRequiredFieldFilled":
            continue
        rows, lines = table(faulty / "landing" / row["file"])
        rest = row["place"].partition(" ")[2]
        if "!" in row["place"]:
            cell = row["place"].split("!")[1]
            letters = cell.rstrip("0123456789")
            line, column = int(cell[len(letters) :]), ord(letters[-1]) - ord("A") + 26 * (len(letters) - 1)
        elif " col " in rest:
            line, column = int(rest.split()[0]), int(rest.split()[2]) - 1
        else:
            line, column = int(rest.split()[0]), rows[0].index(rest.split(" ", 1)[1])
        assert rows[lines.index(line)][column] == "", row
        seen += 1
    assert seen > 20


def test_rows_add_up_in_every_file(faulty):
    for row in answers(faulty, "deliveries"):
        assert int(row["rows_in"]) == int(row["rows_loaded"]) + int(row["rows_quarantined"]), row
