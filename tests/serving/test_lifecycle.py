"""What becomes of an incident, by the program and by people."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from serving.incident import incidents_of
from serving.lifecycle import ActionRefusedError, act, escalations, muted, mutings, what_happened
from tests.serving import incidents_made_up as made_up
from tests.serving.incidents_made_up import FACTS, NOW, event, facts, fault
from warehouse.journal import Mended

DAY = timedelta(days=1)


def happened(found, journal=(), mended=None, at=NOW, known=FACTS):
    causes = {matter.root_cause: matter for matter in found}
    events = what_happened(causes, incidents_of(journal), mended or {}, at, known)
    return [(item.incident_id, item.sequence, item.kind, item.state, item.note) for item in events]


def one(*journal):
    (incident,) = incidents_of(journal).values()
    return incident


def test_a_new_cause_opens_an_incident_with_an_owner_and_a_deadline():
    (opened,) = what_happened({"x": fault()}, {}, {}, NOW, FACTS)
    assert (opened.incident_id, opened.sequence, opened.kind, opened.state) == ("2026-00001", 1, "opened", "open")
    assert (opened.owner, opened.due_on, opened.actor) == ("黔西南州人大办", date(2026, 7, 9), "系统")


def test_incidents_are_numbered_on():
    assert happened([fault(), fault("520304")], [event(fault())]) == [("2026-00002", 1, "opened", "open", None)]


def test_nothing_happens_where_nothing_has_changed():
    assert happened([fault()], [event(fault())]) == []


def test_more_findings_change_it_and_it_stays_as_it_is():
    journal = [event(fault()), event(fault(), sequence=2, kind="acknowledged", state="acknowledged", actor="州人大办")]
    assert happened([fault(n=3)], journal) == [("2026-00001", 3, "changed", "acknowledged", None)]


def test_the_corrected_file_ends_it_and_is_named():
    mended = {("522301", "2026-06"): Mended("兴义市/六月（改）.xlsx", NOW - DAY)}
    assert happened([], [event(fault())], mended) == [
        ("2026-00001", 2, "resolved", "resolved", "已收到《六月（改）.xlsx》")
    ]


def test_what_ends_without_a_new_file_says_so():
    of_before = {("522301", "2026-06"): Mended("522301.xlsx", NOW - DAY)}
    assert happened([], [event(fault())], of_before)[0][4] == "问题已不存在"


def test_the_corrected_file_may_have_the_name_it_had():
    mended = {("522301", "2026-06"): Mended("522301.xlsx", NOW + DAY)}
    assert happened([], [event(fault())], mended, NOW + DAY)[0][4] == "已收到《522301.xlsx》"


def test_what_gets_worse_than_an_office_knows_begins_a_new_round():
    asked = fault(is_must_fix=False)
    known = [event(asked), event(asked, sequence=2, kind="acknowledged", state="acknowledged", actor="州人大办")]
    assert happened([fault(n=40)], known)[0][2:4] == ("reopened", "reopened")
    assert happened([fault(n=40)], [event(asked)])[0][2] == "reopened"
    # More of the same is not worse.
    assert happened([fault(n=40, is_must_fix=False)], known)[0][2:4] == ("changed", "acknowledged")


def test_more_counties_are_news_to_whoever_sees_to_a_wide_incident():
    wide = "wide|late_report|county_month|2026-06|522300"
    few = fault("522300", "late_report", root_cause=wide)
    more = fault("522300", "late_report", root_cause=wide, n=2)
    more = replace(more, members=more.members.replace("522300", "522301"))
    assert happened([more], [event(few)])[0][2] == "changed"
    known = [event(few), event(few, sequence=2, kind="acknowledged", state="acknowledged", actor="州人大办")]
    assert happened([more], known)[0][2] == "reopened"


def test_a_month_that_is_sent_back_again_is_told_again():
    first = fault("520000", "rejected_month", "month_rejected")
    again = replace(first, members=first.members.replace("不对", "缺三县"))
    assert happened([again], [event(first)])[0][2] == "reopened"


def test_another_office_takes_over_when_the_routes_change():
    (taken,) = what_happened(
        {fault().root_cause: fault()}, incidents_of([event(fault(), owner="省人大办")]), {}, NOW, FACTS
    )
    assert (taken.kind, taken.state, taken.owner) == ("changed", "open", "黔西南州人大办")


def test_an_accepted_explanation_ends_it():
    journal = [
        event(fault(is_must_fix=False)),
        event(fault(is_must_fix=False), sequence=2, kind="explained", state="explained"),
    ]
    assert happened([], journal)[0][2:] == ("resolved", "resolved", "说明已采用")


def test_what_comes_back_is_the_same_incident_reopened_with_a_new_deadline():
    journal = [event(fault()), event(fault(), sequence=2, kind="resolved", state="resolved")]
    (again,) = what_happened({fault().root_cause: fault()}, incidents_of(journal), {}, NOW + 30 * DAY, FACTS)
    assert (again.incident_id, again.kind, again.due_on) == ("2026-00001", "reopened", date(2026, 8, 8))


def test_what_an_office_closed_stays_closed_until_it_changes():
    closed = [event(fault()), event(fault(), sequence=2, kind="resolved", state="resolved", actor="州人大办")]
    assert happened([fault()], closed) == []
    assert happened([fault(n=2)], closed)[0][2] == "reopened"


@pytest.mark.parametrize(
    ("kind", "state", "leads_to"),
    [("acknowledged", "open", "acknowledged"), ("explained", "open", "explained"), ("resolved", "returned", "resolved"),
     ("returned", "resolved", "returned"), ("returned", "explained", "returned")],
)  # fmt: skip
def test_what_an_office_may_do(kind, state, leads_to):
    incident = one(event(fault(is_must_fix=False), state=state))
    done = act(incident, kind, "兴义市人大办", "已核实", NOW)
    assert (done.sequence, done.kind, done.state, done.actor, done.note) == (
        2,
        kind,
        leads_to,
        "兴义市人大办",
        "已核实",
    )


@pytest.mark.parametrize(
    ("kind", "state", "must"),
    [("acknowledged", "resolved", False), ("returned", "open", False), ("explained", "resolved", False),
     ("explained", "open", True), ("resolved", "resolved", False)],
)  # fmt: skip
def test_what_an_office_may_not_do(kind, state, must):
    with pytest.raises(ActionRefusedError):
        act(one(event(fault(is_must_fix=must), state=state)), kind, "兴义市人大办", "已核实", NOW)


def risen(days, *more, known=FACTS):
    journal = [event(fault()), *more]
    return [item.note for item in escalations(incidents_of(journal).values(), NOW + days * DAY, known)]


def test_what_is_not_ended_rises_by_age_one_level_at_a_time_and_once():
    # Told to the prefecture; after the county's 5 days and the prefecture's 10 it is the province's.
    assert risen(14) == []
    assert risen(15) == ["贵州省"]
    assert risen(99, event(fault(), sequence=2, kind="escalated", note="贵州省")) == []
    assert risen(99, event(fault(), sequence=2, kind="resolved", state="resolved")) == []


def test_a_new_round_is_counted_anew_and_levels_have_a_day_between_them():
    ended = event(fault(), sequence=2, kind="resolved", state="resolved", at=NOW + DAY)
    again = event(fault(), sequence=3, kind="reopened", state="reopened", at=NOW + 60 * DAY)
    assert risen(60, ended, again) == []
    assert risen(74, ended, again) == []
    assert risen(75, ended, again) == ["贵州省"]
    # It rose in the round before: that does not count for this one.
    rose = event(fault(), sequence=2, kind="escalated", note="贵州省", at=NOW + 15 * DAY)
    later = event(fault(), sequence=3, kind="reopened", state="reopened", at=NOW + 60 * DAY)
    assert risen(75, rose, later) == ["贵州省"]
    near = FACTS.alerts.routes[2].model_copy(update={"unit": "522301", "id": "xingyi"})
    known = facts(routes=(*FACTS.alerts.routes, near))
    assert risen(99, known=known) == [FACTS.tree["522300"].name]
    rose = event(fault(), sequence=2, kind="escalated", note=FACTS.tree["522300"].name, at=NOW + 99 * DAY)
    assert risen(99, rose, known=known) == []
    assert risen(100, rose, known=known) == ["贵州省"]


def test_days_under_a_mute_window_do_not_count_as_age():
    known = facts(mutes=(made_up.muted("522301", "2026-07-07", "2026-07-16"),))
    assert risen(15, known=known) == []
    assert risen(25, known=known) == ["贵州省"]


def test_a_mute_window_is_written_down_once_for_each_open_incident_below_its_unit():
    known = facts(mutes=(made_up.muted("522300", "2026-07-01", "2026-07-10"),))
    assert [item.note for item in mutings([one(event(fault()))], NOW, known)] == ["renewal"]
    assert mutings([one(event(fault()), event(fault(), sequence=2, kind="muted", note="renewal"))], NOW, known) == []
    assert mutings([one(event(fault("520304")))], NOW, known) == []
    assert muted("522301", date(2026, 7, 11), known) is None
