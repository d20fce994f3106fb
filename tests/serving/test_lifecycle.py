"""What becomes of an incident, by the program and by people."""

from datetime import date, timedelta

import pytest

from serving.incident import incidents_of
from serving.lifecycle import ActionRefusedError, act, escalations, muted, mutings, what_happened
from tests.serving import incidents_made_up as made_up
from tests.serving.incidents_made_up import FACTS, NOW, event, facts, fault

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
    mended = {("522301", "2026-06"): "兴义市/六月（改）.xlsx"}
    assert happened([], [event(fault())], mended) == [
        ("2026-00001", 2, "resolved", "resolved", "已收到《六月（改）.xlsx》")
    ]


def test_what_ends_without_a_new_file_says_so():
    mended = {("522301", "2026-06"): "522301.xlsx"}
    assert happened([], [event(fault())], mended)[0][4] == "问题已不存在"


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


def test_a_mute_window_is_written_down_once_for_each_open_incident_below_its_unit():
    known = facts(mutes=(made_up.muted("522300", "2026-07-01", "2026-07-10"),))
    assert [item.note for item in mutings([one(event(fault()))], NOW, known)] == ["renewal"]
    assert mutings([one(event(fault()), event(fault(), sequence=2, kind="muted", note="renewal"))], NOW, known) == []
    assert mutings([one(event(fault("520304")))], NOW, known) == []
    assert muted("522301", date(2026, 7, 11), known) is None
