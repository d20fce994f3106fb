"""Months made final, and their revisions, over marts of our own making."""

from datetime import UTC, datetime

import pytest

from warehouse.as_of import forget_decisions
from warehouse.finality import Decision, MonthError, decide, fingerprint, note_revisions

JULY = datetime(2026, 7, 12, 1, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
PLACES = {
    "county": [("522301", 100), ("520304", 50), ("520302", None)],
    "prefecture": [("522300", 100), ("520300", 50)],
    "province": [("520000", 150)],
}
DECISIONS = "select sequence, revision, decision, actor, n_changed from ops.month_decision order by period, sequence"


@pytest.fixture
def marts(con):
    """June and May: 兴义市 100, 播州区 50, 红花岗区 has not reported; the systems alone speak of April."""
    for level, rows in PLACES.items():
        con.execute(
            f"create table mart.{level}_month (org_code varchar, indicator_code varchar, period varchar, "
            "value decimal(18, 4), value_low decimal(18, 4), value_high decimal(18, 4), source varchar)"
        )
        for period, source in (("2026-04", "records"), ("2026-05", "form"), ("2026-06", "form")):
            for org, value in rows:
                row = [org, "station_visits", period, value, value, value, source]
                con.execute(f"insert into mart.{level}_month values (?, ?, ?, ?, ?, ?, ?)", row)
    return con


def set_june(con, org, level, value):
    con.execute(
        f"update mart.{level}_month set value = $2, value_low = $2, value_high = $2 "
        "where org_code = $1 and period = '2026-06'",
        [org, value],
    )


def approve(con, period="2026-06", now=JULY, **more):
    return decide(con, period, "approved", "省办公室", None, "R1", now, **more)


def reject(con, note="请核实", now=JULY):
    return decide(con, "2026-06", "rejected", "省办公室", note, "R1", now)


def kept(con, revision):
    rows = con.execute(
        "select org_code, value::int from ops.month_figure where period = '2026-06' and revision = ?", [revision]
    )
    return dict(rows.fetchall())


def test_what_is_approved_is_kept_as_it_stands(marts):
    assert approve(marts) == Decision("2026-06", 1, "approved", 0, is_new=True)
    assert kept(marts, 1) == {"522301": 100, "520304": 50, "522300": 100, "520300": 50, "520000": 150}
    assert marts.execute("select distinct table_name from ops.touched order by all").fetchall() == [
        ("ops.month_decision",),
        ("ops.month_figure",),
    ]


def test_the_same_approval_again_writes_nothing(marts):
    approve(marts)
    assert approve(marts, now=AUGUST) == Decision("2026-06", 1, "approved", 0, is_new=False)
    assert len(marts.execute(DECISIONS).fetchall()) == 1


def test_a_late_figure_makes_a_revision_once_and_an_approval_confirms_it(marts):
    approve(marts)
    approve(marts, "2026-05")
    assert note_revisions(marts, AUGUST) == []
    set_june(marts, "520302", "county", 30)
    set_june(marts, "520300", "prefecture", 80)
    set_june(marts, "520000", "province", 180)
    assert note_revisions(marts, AUGUST) == [Decision("2026-06", 2, "revised", 3, is_new=True)]
    assert kept(marts, 2) == {
        "522301": 100, "520304": 50, "520302": 30, "522300": 100, "520300": 80, "520000": 180,
    }  # fmt: skip
    assert kept(marts, 1)["520000"] == 150
    marts.execute("delete from ops.touched")
    assert note_revisions(marts, AUGUST) == []
    assert marts.execute("from ops.touched").fetchall() == []
    assert approve(marts, now=AUGUST) == Decision("2026-06", 2, "approved", 3, is_new=True)
    assert marts.execute(f"select * from ({DECISIONS}) where actor <> '省办公室' or revision = 2").fetchall() == [
        (2, 2, "revised", "系统", 3),
        (3, 2, "approved", "省办公室", 3),
    ]


def test_a_figure_that_goes_away_or_becomes_less_exact_is_a_change(marts):
    approve(marts)
    set_june(marts, "520304", "county", None)
    marts.execute("update mart.county_month set value_high = 110 where org_code = '522301' and period = '2026-06'")
    assert note_revisions(marts, AUGUST) == [Decision("2026-06", 2, "revised", 2, is_new=True)]


def test_an_approval_between_two_roll_ups_keeps_what_changed_as_the_next_revision(marts):
    approve(marts)
    set_june(marts, "522301", "county", 90)
    assert approve(marts, now=AUGUST) == Decision("2026-06", 2, "approved", 1, is_new=True)
    assert note_revisions(marts, AUGUST) == []


def test_a_month_that_was_sent_back_waits_for_its_approval(marts):
    assert reject(marts) == Decision("2026-06", 0, "rejected", 0, is_new=True)
    assert reject(marts) == Decision("2026-06", 0, "rejected", 0, is_new=False)
    assert reject(marts, note="还是不对").is_new
    assert approve(marts).revision == 1
    assert reject(marts, now=AUGUST) == Decision("2026-06", 1, "rejected", 0, is_new=True)
    set_june(marts, "522301", "county", 90)
    assert note_revisions(marts, AUGUST) == []  # its incident ends by an approval, not by a figure
    assert approve(marts, now=AUGUST) == Decision("2026-06", 2, "approved", 1, is_new=True)


def test_an_approval_after_a_rejection_ends_it_though_no_figure_changed(marts):
    approve(marts)
    reject(marts)
    assert approve(marts) == Decision("2026-06", 1, "approved", 0, is_new=True)


def test_what_was_not_seen_is_not_approved(marts):
    seen = fingerprint(marts, "2026-06")
    set_june(marts, "522301", "county", 90)
    with pytest.raises(MonthError, match="在提请之后又有变动"):
        approve(marts, seen=seen)
    assert marts.execute(DECISIONS).fetchall() == []
    assert approve(marts, seen=fingerprint(marts, "2026-06")).revision == 1
    assert fingerprint(marts, "2026-05") != fingerprint(marts, "2026-06")


@pytest.mark.parametrize(
    ("period", "now", "reason"),
    [
        ("2026-06", datetime(2026, 6, 30, 15, 59, tzinfo=UTC), "2026-06 尚未结束"),
        ("2026-04", JULY, "2026-04 没有任何单位报送"),
        ("2026-03", JULY, "2026-03 没有任何单位报送"),
        ("2026-13", JULY, "不是月份"),
        ("2026-Q2", JULY, "不是月份"),
        ("0001-01", JULY, "不在统计期表内"),
    ],
)
def test_what_cannot_be_final_is_refused(marts, period, now, reason):
    with pytest.raises(MonthError, match=reason):
        approve(marts, period, now)
    assert marts.execute(DECISIONS).fetchall() == []
    assert marts.execute("from ops.month_figure").fetchall() == []


def test_a_month_is_over_when_its_last_day_has_ended_in_guizhou(marts):
    assert approve(marts, now=datetime(2026, 6, 30, 16, 0, tzinfo=UTC)).revision == 1


def test_what_was_decided_later_was_not_known_before(marts):
    approve(marts)
    set_june(marts, "522301", "county", 90)
    note_revisions(marts, AUGUST)
    forget_decisions(marts, datetime(2026, 7, 31, 16, 0))
    assert marts.execute(DECISIONS).fetchall() == [(1, 1, "approved", "省办公室", 0)]
    assert (kept(marts, 1)["522301"], kept(marts, 2)) == (100, {})
