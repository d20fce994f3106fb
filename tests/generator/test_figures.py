"""How the true figures come about, on three counties that a statistician can work out by hand."""

import numpy as np
import pytest

from generator.batches import Lot
from generator.figures import Told, all_figures
from generator.meetings import awards
from generator.options import Options
from generator.province import choose
from generator.tally import Tally

# 2026-01 to 2026-04: the first quarter and a month of the second.
OPTIONS = Options(counties=3, months=4, records=900, until="2026-04")


@pytest.fixture
def province(facts):
    return choose(facts.tree, 3, 60)


@pytest.fixture
def worked_out(province):
    """Return a function that works figures out from records by indicator and forms, as (value, source, beside)."""

    def figures(recorded, forms=None):
        tally = Tally(OPTIONS, province)
        for indicator, counties in recorded.items():
            table = [*counties, *([[None] * len(counties[0])] * (len(province.units) - 3))]
            tally.sums[indicator] = 100 * np.array([[value or 0 for value in row] for row in table])
            tally.spoken[indicator] = np.array([[value is not None for value in row] for row in table]).astype(int)
        rows = all_figures(OPTIONS, province, tally, forms or {})
        return {(org, indicator, period): tuple(rest) for _, org, indicator, period, *rest in rows}

    return lambda recorded, forms=None: {
        key: (value, source, beside) for key, (source, value, beside) in figures(recorded, forms).items()
    }


def test_the_form_stands_and_months_add_up(worked_out, province):
    here = province.counties[0].code
    visits = [[10, 20, None, 5], [1, None, None, None], [None, None, None, None]]
    found = worked_out({"station_visits": visits}, {(here, 1): Told({"station_visits": 2500}, {})})
    assert found[here, "station_visits", "2026-01"] == ("10", "records", "10")
    assert found[here, "station_visits", "2026-02"] == ("25", "form", "20")
    assert (here, "station_visits", "2026-03") not in found
    assert found[here, "station_visits", "2026-Q1"] == ("35", "mixed", "30")
    assert found[here, "station_visits", "2026"] == ("40", "mixed", "35")
    assert found["520000", "station_visits", "2026-01"] == ("11", "records", "11")
    assert found["520000", "station_visits", "2026"] == ("41", "mixed", "36")


def test_a_stock_takes_the_last_month_there_is(worked_out, province):
    here = province.counties[1].code
    stations = [[None] * 4, [4, 5, 6, 7], [None] * 4]
    found = worked_out({"station_count": stations}, {(here, 2): Told({"station_count": 900}, {})})
    assert found[here, "station_count", "2026-Q1"] == ("9", "form", "6")
    assert found[here, "station_count", "2026"] == ("7", "records", "7")


def test_a_rate_is_rebuilt_from_added_parts(worked_out, province):
    here = province.counties[2].code
    empty = [None] * 4
    closed, filed = [empty, [1, None, None, None], [1, 9, None, None]], [empty, [4, 0, None, None], [10, 10, 5, None]]
    found = worked_out({"bills_closed": closed, "bills_submitted": filed})
    assert found[here, "bills_closed_rate", "2026-01"][0] == "10"
    assert found[here, "bills_closed_rate", "2026-02"][0] == "90"
    assert found[here, "bills_closed_rate", "2026-Q1"][0] == "40"
    assert found["520000", "bills_closed_rate", "2026-01"][0] == "14.2857"
    assert found[province.counties[1].code, "bills_closed_rate", "2026-02"][0] == ""


def test_parts_of_a_form_stand_before_those_of_records(worked_out, province):
    here = province.counties[0].code
    told = Told({"bills_closed": 300, "bills_submitted": 600}, {"bills_closed_rate": (300, 600)})
    recorded = {"bills_closed": [[1] * 4, [1] * 4, [1] * 4], "bills_submitted": [[4] * 4, [4] * 4, [4] * 4]}
    found = worked_out(recorded, {(here, 0): told})
    assert found[here, "bills_closed_rate", "2026-01"][:2] == ("50", "form")
    assert found[here, "bills_closed_rate", "2026-02"][:2] == ("25", "records")
    # 3 + 1 + 1 of 6 + 4 + 4
    assert found[here, "bills_closed_rate", "2026-Q1"][:2] == ("35.7143", "mixed")


def test_what_is_answered_without_a_filing_counts_in_longer_periods_and_above(worked_out, province):
    here, there = province.counties[0].code, province.counties[1].code
    closed = [[None, 10, None, 2], [None, 10, None, None], [None] * 4]
    filed = [[10, None, None, None], [None, 40, None, None], [None] * 4]
    found = worked_out({"bills_closed": closed, "bills_submitted": filed})
    assert found[here, "bills_closed_rate", "2026-01"][0] == "0"
    assert found[here, "bills_closed_rate", "2026-02"] == ("", "records", "")
    assert (here, "bills_closed_rate", "2026-03") not in found
    assert found[here, "bills_closed_rate", "2026-Q1"][0] == "100"
    assert found[here, "bills_closed_rate", "2026-Q2"][0] == ""
    # 10 + 2 of 10; above the county 10 + 10 of 40, then 10 + 2 + 10 of 10 + 40
    assert found[here, "bills_closed_rate", "2026"][0] == "120"
    assert found[there, "bills_closed_rate", "2026-02"][0] == "25"
    assert found["520000", "bills_closed_rate", "2026-02"][0] == "50"
    assert found["520000", "bills_closed_rate", "2026"][0] == "44"


def test_answers_on_record_are_added_to_the_parts_of_a_form(worked_out, province):
    here = province.counties[0].code
    told = Told({"bills_closed": 300, "bills_submitted": 600}, {"bills_closed_rate": (300, 600)})
    nobody = [None] * 4
    recorded = {"bills_closed": [[None, 1, None, None], nobody, nobody], "bills_submitted": [nobody, nobody, nobody]}
    found = worked_out(recorded, {(here, 0): told})
    assert found[here, "bills_closed_rate", "2026-02"][:2] == ("", "records")
    # 3 + 1 of 6
    assert found[here, "bills_closed_rate", "2026-Q1"][:2] == ("66.6667", "mixed")


def test_figures_of_a_year_have_no_months(worked_out, province):
    found = worked_out({"funds_wan": [[12.5], [None], [3]]})
    keys = {key for key in found if key[1] == "funds_wan"}
    assert {key[2] for key in keys} == {"2026"}
    assert found["520000", "funds_wan", "2026"][0] == "15.5"


def test_awards_without_a_number_of_people_count_nothing(province):
    lot = Lot(OPTIONS, province, "award", 0, np.array([4, 0, 0]), 1, OPTIONS.span[0])
    batch = awards(lot)
    none = np.iinfo(np.int64).min
    batch.columns["people"].data[:] = [7, none, 3, 5]
    batch.columns["award_kind"].data[:] = [0, 0, 0, 1]
    tally = Tally(OPTIONS, province)
    tally.add(batch, np.array([True, True, True, True]))
    assert tally.value("awards", 0, 0) == 1000
    assert tally.value("awards", 1, 0) is None
    tally.add(batch, np.array([False, True, False, False]))
    assert tally.value("awards", 0, 0) == 1000
