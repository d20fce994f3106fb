"""What is unusual but lawful, or cannot be told from one file: none of the exports' own rules speaks."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.expectations.judging import validate

# export, how many records, columns changed (a list: the records one after the other; no list: all of them)
LAWFUL = {
    "a table without a single hotline number": ("case", 2, {"hotline_code": None, "hotline_code_state": "blank"}),
    "a case of another channel without a hotline number": (
        "case",
        2,
        {"channel": ["12345", "扫码"], "hotline_code": ["RX1", None], "hotline_code_state": ["ok", "blank"]},
    ),
    "a station opened anew under its old name": (
        "station",
        2,
        {"station_name": "黄草街道代表联络站"},
    ),
    "two stations of one name in two townships": (
        "station",
        2,
        {"station_name": "代表联络站", "closed_on": None, "township_code": ["522301001", "522301002"]},
    ),
    "two deputies at one station on one day": (
        "station_visit",
        2,
        {"visited_on": pd.Timestamp("2026-06-01"), "deputy_key": ["9f86d081884c7d65", "60303ae22b998861"]},
    ),
    "two visits of deputies that nobody named": (
        "station_visit",
        2,
        {"visited_on": pd.Timestamp("2026-06-01"), "deputy_key": None},
    ),
    "nobody came and nothing was taken": ("station_visit", 2, {"people_received": 0, "opinions_taken": 0}),
    "a key suggestion that is not yet answered": (
        "suggestion",
        2,
        dict.fromkeys(("answered_on", "supervised_on", "applied_on", "result", "deputy_grade"))
        | {f"{name}_state": "blank" for name in ("answered_on", "supervised_on", "applied_on", "result")},
    ),
    "suggestions without a bundle": ("suggestion", 2, {"bundle_code": None, "bundle_code_state": "blank"}),
    "followed up on the day of the assignment": ("suggestion", 2, {"supervised_on": pd.Timestamp("2026-01-20")}),
    "three suggestions filed on one day": (
        "performance",
        3,
        {"acted_on": pd.Timestamp("2026-06-01"), "action_kind": "提建议"},
    ),
    "a meeting, a visit and an account on one day": (
        "performance",
        3,
        {"acted_on": pd.Timestamp("2026-06-01"), "action_kind": ["出席会议", "进站", "述职"]},
    ),
    "a prefecture's deputy who acts in two counties": (
        "performance",
        2,
        {"deputy_level": "市", "county_code": ["522301", "522302"]},
    ),
    "two deputies of two counties": (
        "performance",
        2,
        {"deputy_code": ["DB1", "DB2"], "deputy_level": ["县", "乡"], "county_code": ["522301", "522302"]},
    ),
    "nothing but chosen projects under way": (
        "livelihood_project",
        2,
        {"stage": "完成", "is_chosen": True, "progress": 100.0, "votes_for": [60, 45], "votes_against": [15, 20]},
    ),
    "votes of two townships": (
        "livelihood_project",
        2,
        {"township_code": ["522301001", "522301002"], "votes_for": [30, 70], "votes_against": [5, 80]},
    ),
    "a chosen and an unchosen project with as many votes": (
        "livelihood_project",
        2,
        {"votes_for": 40, "votes_against": 30, "votes_abstain": 10},
    ),
    "candidates before the vote": (
        "livelihood_project",
        2,
        {"stage": ["征集", "候选"], "is_chosen": [None, False]}
        | dict.fromkeys(("votes_for", "votes_against", "votes_abstain", "votes_satisfied"))
        | dict.fromkeys(("votes_largely_satisfied", "votes_dissatisfied")),
    ),
    "as many dissatisfied as satisfied": (
        "livelihood_project",
        1,
        {"votes_dissatisfied": 30, "is_looked_back": False},
    ),
    "a budget warning without a deputy": ("inspection", 2, {"inspection_kind": "预算预警", "participants": 0}),
    "findings that are not yet settled": ("inspection", 2, {"problems_settled": [0, None]}),
    "a model case without people": (
        "award",
        2,
        {"award_kind": "典型案例", "people": None, "people_state": "blank"},
    ),
    "the largest that is plausible": ("fund_project", 1, {"amount_wan": 100_000.0, "beneficiaries": 2_000_000}),
}


@pytest.mark.parametrize(("export", "count", "changes"), LAWFUL.values(), ids=LAWFUL)
def test_what_is_lawful_raises_nothing(export, count, changes, export_frames, catalog):
    frames = export_frames(export, count=count)
    for column, value in changes.items():
        values = value if isinstance(value, list) else [value] * count
        frames["records"][column] = pd.Series(values, dtype=frames["records"][column].dtype)
    assert validate(export, frames, catalog).findings[["rule", "line"]].values.tolist() == []


def test_of_three_totals_the_one_that_differs_is_named(export_frames, catalog):
    frames = export_frames("livelihood_project", count=3)
    records = frames["records"]
    records["stage"], records["is_chosen"], records["progress"] = ["测评", "票决", "票决"], [True, False, False], 100.0
    for name, votes in {"votes_for": [60, 25, 31], "votes_against": [15, 40, 40], "votes_abstain": [5, 15, 10]}.items():
        records[name] = pd.array(votes, dtype="Int64")
    records.loc[2, ["votes_satisfied", "votes_largely_satisfied", "votes_dissatisfied"]] = None
    findings = validate("livelihood_project", frames, catalog).findings
    assert findings[["rule", "line"]].values.tolist() == [["ExpectVotesCastToAgree", 4]]


def test_a_vote_without_a_choice_is_said_once(export_frames, catalog):
    frames = export_frames("livelihood_project", count=4)
    records = frames["records"]
    records["stage"], records["is_chosen"] = "票决", True
    for name in ("votes_satisfied", "votes_largely_satisfied", "votes_dissatisfied"):
        records[name] = pd.array([None] * 4, dtype="Int64")
    for name, votes in {"votes_for": 60, "votes_against": 15, "votes_abstain": 5}.items():
        records[name] = pd.array([votes] * 4, dtype="Int64")
    findings = validate("livelihood_project", frames, catalog).findings
    assert findings[["rule", "line"]].values.tolist() == [["ExpectMoreCandidatesThanPlaces", 2]]


def test_a_visit_told_three_times_is_twice_too_many(export_frames, catalog):
    frames = export_frames("station_visit", count=3)
    frames["records"]["visited_on"] = pd.Series([pd.Timestamp("2026-06-01")] * 3, dtype="datetime64[us]")
    findings = validate("station_visit", frames, catalog).findings
    assert findings[["rule", "line"]].values.tolist() == [["ExpectVisitToldOnce", 3], ["ExpectVisitToldOnce", 4]]
    assert all("与 工单!A2 是同一名代表" in message for message in findings["message"])
