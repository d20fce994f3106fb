"""Where a figure came from: a rate ends in its parts, a quarter in its own cells or in its months."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.declared import Correction, Explanation
from serving.explain import explain, lines

TOWN = "522301001"


def _cells(*cells):
    return [(cell.unit, cell.value, cell.cell) for cell in cells]


def test_a_rate_ends_in_the_cells_of_its_parts(made):
    def fill(maker):
        maker.report("form", "522301", "2026-06")
        maker.cell("form", TOWN, "bills_closed", 3, "表!C6")
        maker.cell("form", TOWN, "bills_submitted", 4, "表!D6")
        maker.cell("form", TOWN, "bills_closed_rate", 80, "表!E6")

    figure = explain(made(fill), "mart.county_month", ("522301", "bills_closed_rate", "2026-06"))
    assert (figure.value, figure.numerator, figure.denominator) == (75, 3, 4)
    assert [(part.indicator_code, part.value) for part in figure.parts] == [("bills_closed", 3), ("bills_submitted", 4)]
    assert [_cells(*part.cells) for part in figure.parts] == [[(TOWN, 3, "表!C6")], [(TOWN, 4, "表!D6")]]
    assert _cells(*figure.cells) == [(TOWN, 80, "表!E6")]
    told = list(lines(figure))
    assert "分子 3，分母 4" in told[0]
    assert told[1].startswith("  缺报：")
    assert told[2:6] == [
        "  分子 代表建议办结件数：3",
        f"    {TOWN}：3 ← form.xlsx 表!C6",
        "  分母 代表议案建议件数：4",
        f"    {TOWN}：4 ← form.xlsx 表!D6",
    ]
    assert figure.as_json()["parts"][0]["cells"][0]["cell"] == "表!C6"


def test_the_province_s_rate_is_walked_down_to_the_parts(made):
    def fill(maker):
        maker.report("form", "522301", "2026-06")
        maker.cell("form", TOWN, "bills_closed", 3, "表!C6")
        maker.cell("form", TOWN, "bills_submitted", 4, "表!D6")

    province = explain(made(fill), "mart.province_month", ("bills_closed_rate", "2026-06"))
    (prefecture,) = province.below
    (county,) = prefecture.below
    assert (province.parts, prefecture.parts) == ((), ())
    assert (province.numerator, prefecture.denominator) == (3, 4)
    assert len(county.parts) == 2


def test_a_bare_percent_has_no_parts(made):
    def fill(maker):
        maker.report("form", "522301", "2026-06")
        maker.cell("form", "522301", "bills_closed_rate", 80, "表!E6")

    figure = explain(made(fill), "mart.county_month", ("522301", "bills_closed_rate", "2026-06"))
    assert (figure.value, figure.parts) == (80, ())
    assert _cells(*figure.cells) == [("522301", 80, "表!E6")]


@pytest.mark.parametrize("own", [None, 9])
def test_a_quarter_goes_to_its_months_unless_its_own_form_speaks(made, own):
    def fill(maker):
        maker.report("form", "522301", "2026-Q2")
        maker.cell("form", TOWN, "voters_received", own, "季!C6")
        maker.report("june", "522301", "2026-06")
        maker.cell("june", TOWN, "voters_received", 5, "月!C6")

    figure = explain(made(fill), "mart.county_quarter", ("522301", "voters_received", "2026-Q2"))
    assert figure.value == (own or 5)
    assert [month.period for month in figure.below] == ([] if own else ["2026-06"])
    assert _cells(*figure.cells) == [(TOWN, own, "季!C6")]


def test_a_quarter_s_rate_goes_to_its_months_where_its_form_has_but_a_percent(made):
    def fill(maker):
        maker.report("form", "522301", "2026-Q2")
        maker.cell("form", TOWN, "bills_closed_rate", 99, "季!E6")
        maker.report("june", "522301", "2026-06")
        maker.cell("june", TOWN, "bills_closed", 3, "月!C6")
        maker.cell("june", TOWN, "bills_submitted", 4, "月!D6")

    figure = explain(made(fill), "mart.county_quarter", ("522301", "bills_closed_rate", "2026-Q2"))
    assert (figure.value, figure.parts) == (75, ())
    (june,) = figure.below
    assert [_cells(*part.cells) for part in june.parts] == [[(TOWN, 3, "月!C6")], [(TOWN, 4, "月!D6")]]


def test_a_quarter_s_rate_of_its_own_form_ends_in_that_form(made):
    def fill(maker):
        maker.report("form", "522301", "2026-Q2")
        maker.cell("form", TOWN, "bills_closed", 3, "季!C6")
        maker.cell("form", TOWN, "bills_submitted", 4, "季!D6")

    figure = explain(made(fill), "mart.county_quarter", ("522301", "bills_closed_rate", "2026-Q2"))
    assert figure.below == ()
    assert [_cells(*part.cells) for part in figure.parts] == [[(TOWN, 3, "季!C6")], [(TOWN, 4, "季!D6")]]


def _june_told_twice(maker):
    maker.report("form", "522301", "2026-06")
    maker.cell("form", TOWN, "voters_received", 5, "月!C6")
    maker.report("prose", "522301", "2026-06", form="prose")
    maker.cell("prose", "522301", "voters_received", 9, "chars 1-9")


def test_a_figure_in_prose_is_no_cell_of_a_form_and_is_told_beside(made):
    figure = explain(made(_june_told_twice), "mart.county_month", ("522301", "voters_received", "2026-06"))
    assert (figure.value, _cells(*figure.cells)) == (5, [(TOWN, 5, "月!C6")])
    assert _cells(*figure.prose) == [("522301", 9, "chars 1-9")]
    assert list(lines(figure))[-1] == "  另见文字报告（不计入）：9 ← prose.xlsx chars 1-9"
    assert figure.as_json()["prose"][0]["cell"] == "chars 1-9"


@pytest.mark.parametrize("key", [("522301", "voters_received"), ("522301", "voters_received", "2026-06")])
def test_prose_is_walked_back_to_its_file_with_form_and_records_beside(made, key):
    beside = explain(made(_june_told_twice), "mart.side_by_side", key)
    (told,) = beside.told
    assert (beside.org_name, told.value, told.file, told.cell) == ("兴义市", 9, "prose.xlsx", "chars 1-9")
    assert (told.form.value, told.form.period, told.form.nearness, told.form.n_reported) == (5, "2026-06", "same", 1)
    assert (told.records.value, told.records.nearness) == (None, "none")
    townships = told.n_expected
    assert list(lines(beside)) == [
        "兴义市 接待选民群众人次（人次）",
        "  文字报告 9（本期 2026-06） ← prose.xlsx chars 1-9",
        f"    报表 5（2026-06，同期，1/1 个月，已报 1/{townships}）",
        "    系统 —（没有可比的数）",
    ]
    assert beside.as_json()["told"][0]["form"]["value"] == 5


def test_nothing_in_prose_and_a_key_of_another_length_are_told(made):
    release = made(_june_told_twice)
    with pytest.raises(LookupError, match=r"没有 520102 voters_received：请核对"):
        explain(release, "side_by_side", ("520102", "voters_received"))
    with pytest.raises(LookupError, match="请依次写明"):
        explain(release, "mart.side_by_side", ("520102",))


def test_a_year_s_figure_of_records_that_know_no_months_ends_in_their_files(made):
    def fill(maker):
        maker.report("L", "522301", "2026")
        for code, chosen in (("L1", True), ("L2", True), ("L3", False)):
            maker.connection.execute(
                "insert into core.livelihood_project (project_code, year, county_code, is_chosen, delivery_id) "
                "values (?, 2026, '522301', ?, 'L')",
                [code, chosen],
            )

    figure = explain(made(fill), "mart.county_year", ("522301", "livelihood_projects", "2026"))
    assert (figure.value, figure.source, figure.below, figure.records) == (2, "records", (), (("L.xlsx", 2),))


ZERO_TOO_MANY = Correction.model_validate(
    {
        "id": "zero_too_many",
        "unit": TOWN,
        "indicator": "voters_received",
        "period": "2026-06",
        "from": 50,
        "to": 5,
        "reason": "多录入一个零",
        "who": "兴义市人大办",
        "declared_on": date(2026, 12, 1),
        "expires": date(2026, 12, 31),
    }
)


def _answer(number, **changes):
    entry = {
        "id": f"answer_{number}",
        "unit": "522301",
        "indicator": "voters_received",
        "period": "2026-06",
        "text": f"说明之{number}",
        "who": "兴义市人大办",
        "said_on": date(2026, 11, 1),
        "expires": date(2026, 12, 31),
    }
    return Explanation.model_validate(entry | changes)


def _fifty(maker):
    maker.report("form", "522301", "2026-06")
    maker.cell("form", TOWN, "voters_received", 50, "月!C6")
    maker.cell("form", TOWN, "station_visits", 50, "月!D6")


def test_a_corrected_cell_says_what_the_form_has_and_why_it_counts_as_something_else(made):
    release = made(_fifty, corrections=(ZERO_TOO_MANY,))
    figure = explain(release, "mart.county_month", ("522301", "voters_received", "2026-06"))
    assert (figure.value, _cells(*figure.cells)) == (5, [(TOWN, 50, "月!C6")])
    assert list(lines(figure))[-1] == (
        f"  {TOWN}：原报 50，更正为 5：多录入一个零（兴义市人大办，至 2026-12-31） ← form.xlsx 月!C6"
    )
    assert figure.as_json()["cells"][0]["corrected_to"] == 5
    other = explain(release, "mart.county_month", ("522301", "station_visits", "2026-06"))
    assert (other.value, other.cells[0].correction) == (50, None)
    province = explain(release, "mart.province_month", ("voters_received", "2026-06"))
    assert province.value == 5


def test_a_correction_that_no_longer_fits_is_not_told_of_the_cell(made):
    stale = ZERO_TOO_MANY.model_copy(update={"value_from": Decimal(60)})
    figure = explain(made(_fifty, corrections=(stale,)), "mart.county_month", ("522301", "voters_received", "2026-06"))
    assert (figure.value, figure.cells[0].correction) == (50, None)


def test_explanations_in_force_are_told_of_the_unit_s_own_figure(made):
    said = (
        _answer(1),
        _answer(2),
        _answer(3, expires=date(2026, 11, 30)),
        _answer(4, indicator="station_visits"),
        _answer(5, unit="520102"),
    )
    province = explain(made(_fifty, explanations=said), "mart.province_month", ("voters_received", "2026-06"))
    (prefecture,) = province.below
    (county,) = prefecture.below
    wanted = "说明之1（兴义市人大办，至 2026-12-31）；说明之2（兴义市人大办，至 2026-12-31）"
    assert [figure.explanation for figure in (province, prefecture, county)] == [None, None, wanted]
    assert list(lines(county))[1] == f"  说明：{wanted}"
    assert county.as_json()["explanation"] == wanted


def test_a_month_by_difference_ends_in_both_cumulative_cells(made):
    def fill(maker):
        for name, period, value in (("may", "2026-05", 100), ("june", "2026-06", 140)):
            maker.report(name, "522301", period, basis="year_to_date")
            maker.cell(name, TOWN, "station_visits", value, "表!C6")

    figure = explain(made(fill), "mart.county_month", ("522301", "station_visits", "2026-06"))
    assert (figure.value, figure.cells) == (40, ())
    told = [line for line in lines(figure) if "累计" in line]
    assert told == [
        f"  取自累计数，{TOWN}（2026-05 累计）：100 ← may.xlsx 表!C6",
        f"  取自累计数，{TOWN}（2026-06 累计）：140 ← june.xlsx 表!C6",
    ]
    assert [cell["value"] for cell in figure.as_json()["to_date"]] == [100, 140]


def test_a_running_year_ends_in_its_latest_cumulative_cells(made):
    def fill(maker):
        for name, period, value in (("may", "2026-05", 100), ("june", "2026-06", 140)):
            maker.report(name, "522301", period, basis="year_to_date")
            maker.cell(name, TOWN, "station_visits", value, "表!C6")

    figure = explain(made(fill), "mart.county_year", ("522301", "station_visits", "2026"))
    assert (figure.value, [cell.file for cell in figure.to_date]) == (140, ["june.xlsx"])


def test_a_figure_with_all_below_is_walked_back_to_the_report_it_stands_in(made):
    def fill(maker):
        maker.report("form", "522301", "2026-06")
        maker.cell("form", TOWN, "voters_received", 300, "表!C6")
        maker.report("told", "522301", "2026-06", form="prose")
        maker.cell("told", "522301", "voters_received", 2000, "chars 3-9", inclusive=True)

    figure = explain(made(fill), "mart.county_month", ("522301", "voters_received", "2026-06"))
    assert (figure.value, figure.source) == (2000, "prose")
    assert "  取自文字报告（含下级）：2000 ← told.xlsx chars 3-9" in list(lines(figure))
