"""Who is told what, and when."""

import json
from datetime import date, datetime, timedelta

import pytest

from serving.causes import matters
from serving.incident import incidents_of
from serving.routing import escalation_path, messages, nearest
from tests.serving.incidents_made_up import FACTS, NOW, event, facts, fault
from warehouse.journal import Due, Told

DAY = timedelta(days=1)


def written(*journal, due=(), told=(), digested=None, is_muted=None, at=NOW, known=FACTS):
    incidents = list(incidents_of(journal).values())
    return messages(incidents, due, Told(frozenset(told), digested or {}), is_muted or {}, at, known)


def keys(*journal, **how):
    return [message.message_key for message in written(*journal, **how)]


@pytest.mark.parametrize(
    ("org", "system", "routes"),
    [
        ("522301", None, ["qianxinan"]),
        ("520304", None, ["province"]),
        ("520304", 3, ["hotline"]),
        ("520000", 2, ["province"]),
        ("522301001", None, ["qianxinan"]),
    ],
)
def test_the_nearest_route_that_takes_the_system(org, system, routes):
    assert [route.id for route in nearest(fault(org, system=system), FACTS)[1]] == routes


def test_the_way_up_leaves_out_units_without_a_route():
    assert escalation_path(fault(), FACTS) == [("520000", 15)]
    assert escalation_path(fault("520304"), FACTS) == []


def test_an_open_incident_is_told_once():
    told = keys(event(fault()))
    assert told == ["opened|2026-00001|dca00b13|0|qianxinan|robot"]
    assert keys(event(fault()), told=told) == []
    assert keys(event(fault()), event(fault(n=9), sequence=2, kind="changed"), told=told) == []


def test_its_end_is_told_to_whoever_was_told_of_it():
    ended = (
        event(fault()),
        event(fault(), sequence=2, kind="resolved", state="resolved", at=NOW + DAY, note="已收到《改》"),
    )
    told = {"opened|2026-00001|dca00b13|0|qianxinan|robot"}
    (message,) = written(*ended, told=told)
    assert (message.message_key, message.kind) == ("resolved|2026-00001|dca00b13|0|qianxinan|robot", "resolved")
    content = json.loads(message.content)
    assert content["title"].startswith("【已解决】")
    assert [line for line in content["lines"] if line[0] in {"处理结果", "用时"}] == [
        ["处理结果", "已收到《改》"],
        ["用时", "24.0 小时"],
    ]
    assert keys(*ended) == []  # nobody had been told


def test_what_comes_back_or_is_returned_is_told_again_and_so_is_its_end():
    told = {"opened|2026-00001|dca00b13|0|qianxinan|robot", "resolved|2026-00001|dca00b13|0|qianxinan|robot"}
    ended = (event(fault()), event(fault(), sequence=2, kind="resolved", state="resolved"))
    again = event(fault(), sequence=3, kind="reopened", state="reopened")
    returned = event(fault(), sequence=3, kind="returned", state="returned", actor="州人大办", note="说明不清")
    assert keys(*ended, again, told=told) == ["opened|2026-00001|dca00b13|1|qianxinan|robot"]
    (message,) = written(*ended, returned, told=told)
    assert "（已退回）" in json.loads(message.content)["title"]
    assert ["退回原因", "说明不清"] in json.loads(message.content)["lines"]


def test_an_escalated_incident_is_told_above_once():
    risen = (event(fault()), event(fault(), sequence=2, kind="escalated", note="贵州省"))
    told = {"opened|2026-00001|dca00b13|0|qianxinan|robot"}
    assert keys(*risen, told=told) == ["escalated|2026-00001|dca00b13|0|520000|province|mail"]
    assert keys(*risen, told=told | {"escalated|2026-00001|dca00b13|0|520000|province|mail"}) == []


@pytest.mark.parametrize(
    ("at", "not_before"),
    [
        (datetime(2026, 7, 6, 2, 0), datetime(2026, 7, 6, 2, 0)),
        (datetime(2026, 7, 6, 14, 0), datetime(2026, 7, 7, 0, 0)),  # 22:00 in Guizhou
        (datetime(2026, 7, 6, 23, 59), datetime(2026, 7, 7, 0, 0)),  # 07:59
        (datetime(2026, 7, 7, 0, 0), datetime(2026, 7, 7, 0, 0)),
    ],
)
def test_at_night_messages_wait_for_the_morning(at, not_before):
    assert {message.not_before for message in written(event(fault(), at=at), at=at)} == {not_before}


def test_who_is_muted_is_not_told_until_the_window_is_over():
    assert keys(event(fault()), is_muted={"522301": True}) == []
    assert keys(event(fault()), is_muted={"522301": False}) == ["opened|2026-00001|dca00b13|0|qianxinan|robot"]


def test_reminders_are_one_message_a_route_with_all_its_units():
    due = [Due("county_month", org, "2026-06", date(2026, 7, 8)) for org in ("522301", "522302", "520304")]
    found = {message.message_key: json.loads(message.content) for message in written(due=due)}
    assert list(found) == [
        "reminder|county_month|2026-06|2026-07-08|qianxinan|robot",
        "reminder|county_month|2026-06|2026-07-08|province|mail",
    ]
    assert found["reminder|county_month|2026-06|2026-07-08|qianxinan|robot"]["items"] == ["兴义市", "兴仁市"]
    later = [*due, Due("county_month", "522302", "2026-06", date(2026, 7, 15))]
    assert keys(due=later, told=found) == ["reminder|county_month|2026-06|2026-07-15|qianxinan|robot"]
    assert keys(due=due, told=found) == []


def test_the_digest_tells_what_is_not_told_at_once_and_what_is_overdue():
    known = facts(at_once=("late_report",))
    assert keys(event(fault()), at=datetime(2026, 7, 6, 0, 29), known=known) == []  # 08:29
    (first,) = written(event(fault()), known=known)
    assert first.message_key == "digest|2026-07-06|qianxinan|robot"
    turns = {"qianxinan": frozenset(json.loads(first.content)["turns"])}
    assert keys(event(fault()), told=[first.message_key], known=known) == []
    assert keys(event(fault()), digested=turns, at=NOW + DAY, known=known) == []  # neither new nor overdue
    again = (event(fault()), event(fault(), sequence=2, kind="reopened", state="reopened", at=NOW + DAY))
    assert keys(*again, digested=turns, at=NOW + DAY, known=known) == ["digest|2026-07-07|qianxinan|robot"]
    (overdue,) = written(event(fault()), digested=turns, at=NOW + 4 * DAY, known=known)
    content = json.loads(overdue.content)
    assert content["lines"] == [["未解决", "1 件"], ["新增", "0 件"], ["已过期限", "1 件"]]
    assert "已过期限 2026年7月9日" in content["items"][0]


def test_what_was_muted_when_the_digest_came_is_in_the_next():
    known = facts(at_once=())
    assert keys(event(fault()), is_muted={"522301": True}, known=known) == []
    assert keys(event(fault()), at=NOW + 2 * DAY, known=known) == ["digest|2026-07-08|qianxinan|robot"]


def test_a_new_channel_hears_of_what_is_open_and_not_of_what_has_long_ended():
    both = FACTS.alerts.routes[2].model_copy(update={"channels": ("robot", "mail")})
    known = facts(routes=(*FACTS.alerts.routes[:2], both))
    told = keys(event(fault()))
    assert keys(event(fault()), told=told, known=known) == [told[0].replace("|robot", "|mail")]
    ended = (event(fault()), event(fault(), sequence=2, kind="resolved", state="resolved", at=NOW + DAY))
    assert keys(*ended, told=[*told, *keys(*ended, told=told)], known=known) == []


def test_whoever_it_rose_to_hears_of_its_end():
    risen = (event(fault()), event(fault(), sequence=2, kind="escalated", note="贵州省"))
    told = keys(*risen)
    ended = (*risen, event(fault(), sequence=3, kind="resolved", state="resolved", at=NOW + DAY))
    assert {key.split("|")[4] for key in keys(*ended, told=told)} == {"qianxinan", "province"}


def test_a_message_says_what_where_how_bad_what_to_do_and_by_when():
    (message,) = written(event(fault(n=40)))
    content = json.loads(message.content)
    assert content["lines"] == [
        ["单位", "兴义市"],
        ["统计期", "2026年6月"],
        ["文件", "《522301.xlsx》"],
        ["位置", "统计表!B5 等 40 处"],
        ["处理办法", "请按退回工作簿中的“问题清单”改正后重新报送；标“请核实”的，可在“说明”表中说明。"],
        ["期限", "2026年7月9日"],
        ["问题单", "2026-00001"],
    ]
    assert content["items"] == ["统计表!B5：ExpectCountToBeWhole 不对"] * 20
    assert content["page"] == "quality/latest.html#2026-00001"


def test_the_name_of_a_file_that_nobody_knows_is_not_told():
    unknown = fault(
        "520000", rule="unusable_file", period=None, file="张三的事.pdf", root_cause="bad_file|张三的事.pdf"
    )
    (matter,) = matters([unknown], (), FACTS).values()
    (message,) = written(event(matter))
    assert "张三" not in message.content
    assert matter.title == "收到一份无法识别、不能使用的文件"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"rule": "unusable_file"}, "请按规定的表样"),
        ({"system": 3}, "请在系统中改正"),
        ({"root_cause": "bad_file|prose|522301|2026-06"}, "请按退回页面"),
        ({"cause": "late_report"}, "请尽快报送"),
    ],
)
def test_what_to_do_fits_what_went_back(said, words):
    (message,) = written(event(fault(**said)))
    assert dict(json.loads(message.content)["lines"])["处理办法"].startswith(words)


def test_where_no_route_leads_nobody_is_told():
    elsewhere = FACTS.alerts.routes[2].model_copy(update={"unit": "520300"})
    assert written(event(fault()), known=facts(routes=(elsewhere,))) == []
