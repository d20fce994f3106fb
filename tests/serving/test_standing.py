"""Who has reported, who was late: one row a county, as the roll-up has it."""

from datetime import date

import pytest

import catalog
from catalog.reporting import DutyException
from serving.standing import newest_period, standings
from warehouse.query import query


def _of(release, period, county):
    rows = standings(release, period)
    (row,) = [row for row in rows if row.county_code == county]
    assert len(rows) == len({row.county_code for row in rows}) == 88
    return row.state, row.reported_on, row.rows_quarantined


@pytest.mark.parametrize(
    ("period", "due", "sent"),
    [
        ("2026-03", "2026-04-05", "2026-04-03"),
        ("2026-Q1", "2026-04-10", "2026-04-03"),
        ("2025", "2026-01-20", "2026-01-03"),
    ],
)
def test_a_correction_does_not_make_a_county_late(made, period, due, sent):
    def fill(maker):
        maker.report("first", "522301", period, on=sent, held=7, complete=False, newer="second")
        maker.report("second", "522301", period, on="2026-08-03", held=2)

    release = made(fill)
    assert _of(release, period, "522301") == ("按时", date.fromisoformat(sent), 2)
    assert _of(release, period, "520102") == ("未报", None, 0)
    assert str(standings(release, period)[0].due_date) == due


@pytest.mark.parametrize("period", ["2026-03", "2026-Q1"])
def test_an_old_code_and_several_reports_make_one_row(made, period):
    """遵义县 (520321) became 播州区 (520304)."""

    def fill(maker):
        maker.report("old", "520321", period, on="2026-05-01", held=1, complete=False)
        maker.report("new", "520304", period, on="2026-05-02", held=2, complete=False)

    assert _of(made(fill), period, "520304") == ("迟报（有缺）", date(2026, 5, 1), 3)


@pytest.mark.parametrize("period", ["2026-03", "2026-Q1"])
def test_a_report_in_prose_is_not_the_county_s_form(made, period):
    def fill(maker):
        maker.report("form", "522301", "2026-01", on="2026-02-03")
        maker.report("prose", "522301", period, on="2026-04-03", held=1, form="prose")

    release = made(fill)
    assert _of(release, period, "522301") == ("未报", None, 0)
    assert newest_period(release) == "2026-01"


def test_the_mart_and_the_standings_agree(made):
    def fill(maker):
        maker.report("a", "522301", "2026-03", on="2026-04-05")
        maker.report("b", "520102", "2026-03", on="2026-04-06", complete=False)
        maker.report("c", "520103", "2026-03")

    release = made(fill)
    sql = "select n_reported, n_on_time, n_complete from mart.reporting_rate_month where level = 'province'"
    states = [row.state for row in standings(release, "2026-03")]
    reported = [state for state in states if state != "未报"]
    on_time = [state for state in reported if state.startswith("按时")]
    complete = [state for state in reported if not state.endswith("（有缺）")]
    assert query(release, sql).rows == ((len(reported), len(on_time), len(complete)),) == ((3, 1, 2),)


def test_the_newest_period_is_a_month_if_there_is_one(made):
    def fill(maker):
        maker.report("a", "522301", "2026-Q1", on="2026-04-05")
        maker.report("b", "522301", "2026-02", on="2026-03-05")

    assert newest_period(made(fill)) == "2026-02"


def test_without_months_the_newest_other_period_counts(made):
    assert newest_period(made(lambda maker: maker.report("a", "522301", "2026-Q1", on="2026-04-05"))) == "2026-Q1"


def test_nothing_reported_nothing_newest(made):
    release = made(lambda maker: None)
    assert newest_period(release) is None
    assert {row.state for row in standings(release, "2026-03")} == {"未报"}
    assert standings(release, "2026-13") == []


def _granted(**exceptions):
    told = {"duty": "county_table_month", "period": "2026-06", "requester": "县人大办", "reason": "洪涝灾害"}
    entries = tuple(DutyException.model_validate(told | {"id": name} | entry) for name, entry in exceptions.items())
    return {"calendar": catalog.load().calendar.model_copy(update={"exceptions": entries})}


def test_what_was_granted_decides_who_is_late_and_who_is_excused(made):
    """兴义市 may send until 20 December; 册亨县 need not send; 兴仁市 has no leave."""

    def fill(maker):
        maker.report("later", "522301", "2026-06", on="2026-07-20")
        maker.report("late", "522302", "2026-06", on="2026-07-20")

    release = made(
        fill,
        **_granted(
            later={"unit": "522301", "due": date(2026, 7, 20), "expires": date(2026, 7, 20)},
            waived={"unit": "522327", "waived": True, "expires": date(2026, 12, 31)},
        ),
    )
    assert _of(release, "2026-06", "522301") == ("按时", date(2026, 7, 20), 0)
    assert _of(release, "2026-06", "522302") == ("迟报", date(2026, 7, 20), 0)
    assert _of(release, "2026-06", "522327") == ("免报", None, 0)
    assert _of(release, "2026-06", "522328") == ("未报", None, 0)
    due = {row.county_code: row.due_date for row in standings(release, "2026-06")}
    assert (due["522301"], due["522302"]) == (date(2026, 7, 20), date(2026, 7, 5))


def test_a_nil_report_and_one_to_date_are_reports(made):
    def fill(maker):
        maker.report("nil", "522301", "2026-06", on="2026-07-03", is_nil=True)
        maker.report("late nil", "522302", "2026-06", on="2026-07-09", is_nil=True)
        maker.report("to date", "520304", "2026-06", on="2026-07-03", basis="year_to_date")

    release = made(fill)
    assert _of(release, "2026-06", "522301")[0] == "按时（零报告）"
    assert _of(release, "2026-06", "522302")[0] == "迟报（零报告）"
    assert _of(release, "2026-06", "520304") == ("按时（累计）", date(2026, 7, 3), 0)
    assert sum(row.has_reported for row in standings(release, "2026-06")) == 3
