"""Count the records of the exports: what adds up by month or by year, and the people who never do.

Refuses nothing and repairs nothing: a record that a planted fault keeps out is not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from writer.facts import Facts, FaultyRecord, Value

MONTHS = ("2026-05", "2026-06")

Named = Mapping[str, Value]
Counted = tuple[str, Value, float]  # indicator, the day (or year) on which it counts, how much
Figures = dict[tuple[str, str, str], float]  # (county, indicator, month or year)

_SURVEYS = ("调研", "视察", "执法检查", "专题询问", "工作评议", "专项监督")


def accepted_records(facts: Facts, export: str) -> list[Named]:
    """Return the records that are taken over, by column name; of several versions the one with the latest date."""
    latest: dict[str, Named] = {}
    for delivered in facts.exports:
        if delivered.export != export:
            continue
        for entry in delivered.records:
            if isinstance(entry, FaultyRecord) and facts.keeps_out(entry.fault):
                continue
            values = entry.record if isinstance(entry, FaultyRecord) else entry
            named = {n: facts.spelt(v) for n, v in zip(delivered.headers, values, strict=True)}
            key = str(named[delivered.key])
            if key not in latest or _version(named) >= _version(latest[key]):
                latest[key] = named
    return list(latest.values())


def _version(record: Named) -> str:
    return max((str(value) for name, value in record.items() if value and name.endswith(("_on", "_at"))), default="")


def month_figures(facts: Facts) -> Figures:
    """Count the records by month. Nothing is counted where there is no record."""
    return {key: value for key, value in _sums(facts, _BY_DAY, 7).items() if key[2] in MONTHS}


def year_figures(facts: Facts) -> Figures:
    """Count the records that know no more than a year."""
    return _sums(facts, _BY_YEAR, 4)


def _sums(facts: Facts, counted: Mapping[str, Callable[[Named], Iterator[Counted]]], length: int) -> Figures:
    sums: Figures = defaultdict(float)
    for export, counts in counted.items():
        for record in accepted_records(facts, export):
            county = facts.county(record["county_code"])
            for indicator, when, number in counts(record):
                if county and when:
                    sums[county, indicator, str(when)[:length]] += number
    return dict(sums)


def accounts_given(facts: Facts) -> Iterator[tuple[str, str, str]]:
    """Yield county, day and deputy of each account given (述职)."""
    for action in accepted_records(facts, "performance"):
        county = facts.county(action["county_code"])
        if county and action["action_kind"] == "述职":
            yield county, str(action["acted_on"]), str(action["deputy_code"])


def _number(value: Value) -> float:
    """Return a number, 0 for a blank."""
    return float(value or 0)


def _visit_counts(visit: Named) -> Iterator[Counted]:
    yield "station_visits", visit["visited_on"], 1
    yield "voters_received", visit["visited_on"], _number(visit["people_received"])


def _case_counts(case: Named) -> Iterator[Counted]:
    opened, closed = case["opened_at"], case["closed_at"]
    if case["case_kind"] == "意见建议":
        yield "opinions_collected", opened, 1
        yield "opinions_resolved", closed, 1
    elif case["case_kind"] == "矛盾纠纷":
        yield "disputes_mediated", opened, 1
        yield "disputes_settled", opened if closed else None, 1
    else:
        yield "problems_solved", closed, 1
    if case["grade"]:
        yield "rated", closed, 1
    if case["grade"] in ("满意", "基本满意"):
        yield "satisfied", closed, 1


def _station_counts(station: Named) -> Iterator[Counted]:
    for month in MONTHS:
        if _stands(station, month):
            for indicator in _station_indicators(station):
                yield indicator, month, 1


def _stands(station: Named, month: str) -> bool:
    """Say whether the station is open at the month's end; the 31st compares rightly with any day of a shorter month."""
    end = f"{month}-31"
    return str(station["opened_on"]) <= end and not (station["closed_on"] and str(station["closed_on"]) <= end)


def _station_indicators(station: Named) -> Iterator[str]:
    kinds = {
        "联络站": "station_count",
        "联络室": "room_count",
        "联络点": "room_count",
        "立法联系点": "legislative_contact_points",
    }
    if indicator := kinds.get(str(station["station_kind"])):
        yield indicator
    if station["is_model"] == "是":
        yield "model_station_count"


def _suggestion_counts(suggestion: Named) -> Iterator[Counted]:
    yield "bills_submitted", suggestion["filed_on"], 1
    yield "bills_closed", suggestion["answered_on"], 1
    if suggestion["result"] == "A":
        yield "bills_class_a", suggestion["answered_on"], 1


def _performance_counts(action: Named) -> Iterator[Counted]:
    yield "performance_points", action["acted_on"], _number(action["points"])


def _training_counts(training: Named) -> Iterator[Counted]:
    yield "training_sessions", training["held_on"], 1
    yield "training_attendees", training["held_on"], _number(training["attendees"])


def _inspection_counts(inspection: Named) -> Iterator[Counted]:
    if inspection["inspection_kind"] in _SURVEYS:
        yield "inspections", inspection["held_on"], 1
        yield "inspection_participants", inspection["held_on"], _number(inspection["participants"])
    elif inspection["inspection_kind"] == "庭审旁听":
        yield "court_hearings", inspection["held_on"], 1


def _opinion_counts(opinion: Named) -> Iterator[Counted]:
    yield "legislative_opinions", opinion["given_on"], _number(opinion["opinions"])


def _award_counts(award: Named) -> Iterator[Counted]:
    if award["award_kind"] == "表彰" and award["people"] is not None:
        yield "awards", award["awarded_on"], _number(award["people"])


def _activity_counts(activity: Named) -> Iterator[Counted]:
    yield "activity_count", activity["held_on"], 1
    yield "activity_participants", activity["held_on"], _number(activity["participants"])


def _livelihood_counts(project: Named) -> Iterator[Counted]:
    if project["is_chosen"] == "是":
        yield "livelihood_projects", project["year"], 1
        yield "investment_wan", project["year"], _number(project["investment_wan"])


def _fund_counts(project: Named) -> Iterator[Counted]:
    yield "fund_projects", project["year"], 1
    yield "funds_wan", project["year"], _number(project["amount_wan"])
    if project["beneficiaries"] is not None:
        yield "beneficiaries", project["year"], _number(project["beneficiaries"])


_BY_DAY: dict[str, Callable[[Named], Iterator[Counted]]] = {
    "station_visit": _visit_counts,
    "case": _case_counts,
    "station": _station_counts,
    "suggestion": _suggestion_counts,
    "performance": _performance_counts,
    "training": _training_counts,
    "inspection": _inspection_counts,
    "legislative_opinion": _opinion_counts,
    "award": _award_counts,
    "activity": _activity_counts,
}
_BY_YEAR: dict[str, Callable[[Named], Iterator[Counted]]] = {
    "livelihood_project": _livelihood_counts,
    "fund_project": _fund_counts,
}
