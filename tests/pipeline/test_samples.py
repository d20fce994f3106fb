"""The whole road over the samples, against answers that were worked out without it."""

from collections import Counter

import pytest

from .conftest import LANDING, answers, ask, daibiao

# What each planted fault of an export is called in the findings.
RULES = {
    "adopted_above_given": "ExpectAdoptedNotAboveGiven",
    "amount_of_zero": "ExpectAmountNotZero",
    "answered_without_result": "ExpectResultOfAnsweredSuggestion",
    "award_without_people": "ExpectPeopleOfAward",
    "broken_line": "ExpectRecordToBeReadable",
    "code_not_listed": "ExpectCodeToBeAllowedIfGiven",
    "date_in_future": "ExpectDateNotInFuture",
    "dates_out_of_order": "ExpectDatesInOrder",
    "deputy_of_two_levels": "ExpectDeputyToHaveOneLevel",
    "duplicate_record_id": "ExpectRecordIdToBeUnique",
    "fund_without_suggestion": "ExpectSuggestionOfFundProject",
    "hotline_number_missing": "ExpectHotlineNumber",
    "impossible_number": "ExpectPossibleNumber",
    "key_not_followed_up": "ExpectKeySuggestionToBeSupervised",
    "lone_bundle": "ExpectBundleOfSeveral",
    "look_back_missing": "ExpectLookBackWhereDissatisfied",
    "missing_required": "ExpectRequiredFieldFilled",
    "model_without_eight": "ExpectModelStationToMeetEight",
    "negative_amount": "ExpectAmountNotNegative",
    "negative_number": "ExpectCountNotNegative",
    "no_contact_point": "ExpectContactPoint",
    "nobody_took_part": "ExpectSomebodyToTakePart",
    "progress_above_hundred": "ExpectProgressWithinHundred",
    "repeated_record": "ExpectRecordNotToBeRepeated",
    "scored_twice": "ExpectActionScoredOnce",
    "settled_above_found": "ExpectSettledNotAboveFound",
    "station_not_registered": "ExpectStationToBeRegistered",
    "suggestion_not_registered": "ExpectSuggestionToBeRegistered",
    "too_many_points": "ExpectPlausiblePoints",
    "too_many_sessions": "ExpectPlausibleSessions",
    "too_many_suggestions": "ExpectPlausibleSuggestionsMade",
    "township_not_in_county": "ExpectTownshipToBeKnownIfGiven",
    "unknown_county": "ExpectCountyToBeKnown",
    "unreadable_count": "ExpectFieldToBeReadable",
    "unreadable_number": "ExpectFieldToBeReadable",
    "value_not_allowed": "ExpectCodeToBeAllowed",
    "votes_disagree": "ExpectVotesCastToAgree",
    "year_in_future": "ExpectYearNotInFuture",
}
EXPORTS = {
    "代表建议",
    "代表履职积分",
    "学习培训",
    "建议办理专项资金",
    "民生实事项目",
    "活动记录",
    "监督活动",
    "立法意见",
    "表彰与典型案例",
}
SILENT = {"unmapped_header", "corrected_later", "same_content", "file_in_the_making"}


def test_every_row_is_accounted_for(walked):
    _, account = walked
    for file in account["files"]:
        rows = file["rows"]
        assert rows["in"] == rows["loaded"] + rows["quarantined"] + rows["rejected"], file["file"]


def test_each_file_ends_as_expected(walked):
    _, account = walked
    found = {file["file"]: file for file in account["files"]}
    groups = Counter()
    for row in answers("deliveries"):
        if row["group"]:
            groups[row["group"]] += 1
            continue
        file = found[row["file"]]
        assert (file["dataset"] or "", file["status"]) == (row["dataset"], row["status"]), row["file"]
        keys = ("in", "loaded", "quarantined", "rejected")
        assert [file["rows"][key] for key in keys] == [int(row[f"rows_{key}"]) for key in keys], row["file"]
    for group, size in groups.items():
        members = {row["file"] for row in answers("deliveries") if row["group"] == group}
        statuses = Counter(found[name]["status"] for name in members if name in found)
        renamed = sum(item["file"] in members for item in account["left_alone"])
        assert statuses == {"loaded": 1, "duplicate": size - 1 - renamed} or statuses == {"loaded": 1}, group


def test_files_in_the_making_are_left_alone_and_said_so(walked):
    _, account = walked
    left = {item["file"] for item in account["left_alone"]}
    expected = {row["file"] for row in answers("faults") if row["expected"] == "left alone"}
    assert expected <= left


def test_the_exports_have_the_planted_findings_and_no_others(walked):
    home, _ = walked
    columns = "file, cell, rule, severity"
    found = Counter(
        tuple(row.values()) for row in ask(f"select {columns} from dq.finding where file like '联络站系统/%'", home)
    )
    planted = Counter()
    for row in answers("faults"):
        if not row["file"].startswith("联络站系统/") or row["rule"] in SILENT:
            continue
        # a link that leads nowhere is told of the record, not of the cell
        place = " ".join(row["place"].split()[:2]) if row["rule"].endswith("_not_registered") else row["place"]
        severity = "critical" if row["expected"] == "row quarantined" else row["expected"]
        planted[row["file"], place, RULES[row["rule"]], severity] += 1
    assert found == planted
    assert {file.split("/")[1].split("_")[0] for file, *_, severity in planted if severity == "critical"} >= EXPORTS
    assert {file.split("/")[1].split("_")[0] for file, *_, severity in planted if severity == "warning"} >= EXPORTS


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
@pytest.mark.parametrize("level", ["county", "prefecture", "province"])
def test_the_marts_hold_the_answers(walked, level, grain):
    home, _ = walked
    table = f"{level}_{grain}"
    found = {(r["org_code"], r["indicator_code"], r["period"]): r for r in ask(f"from mart.{table}", home)}
    for row in answers(table):
        figure = found.pop((row["org_code"], row["indicator_code"], row["period"]))
        assert figure["source"] == row["source"], row
        for column in ("value", "value_low", "value_high", "records_value"):
            if row[column]:
                assert figure[column] == pytest.approx(float(row[column]), abs=1e-3), (column, row)
    periods = {row["period"] for row in answers(table)}
    # of a year only what is counted by the year, and different deputies, is answered
    indicators = {row["indicator_code"] for row in answers(table) if grain == "year"}
    unknown = {key for key in found if key[2] in periods and (not indicators or key[1] in indicators)}
    assert unknown == set(), "figures that no answer knows"


def test_a_second_run_changes_nothing(walked):
    home, account = walked
    before = ask("select * exclude (loaded_at) from ops.delivery order by delivery_id", home)
    done = daibiao("run", "--landing", LANDING, "--json", home=home, check=0)
    assert '"release": null' in done.stdout
    assert '"files": []' in done.stdout
    assert ask("select * exclude (loaded_at) from ops.delivery order by delivery_id", home) == before
    assert [path.name for path in (home / "releases").iterdir()] == [account["release"]]


def test_prose_is_read_figure_by_figure(walked):
    home, _ = walked
    columns = "observation.org_code, indicator_code, value, value_low, value_high, qualifier, observation.unit"
    sql = f"select file, {columns} from core.observation as observation join ops.delivery using (delivery_id)"
    found = Counter(tuple(row.values()) for row in ask(f"{sql} where source = 'prose'", home))
    rows = [list(row.values()) for row in answers("prose")]
    expected = Counter((*row[:3], *(float(value) for value in row[3:6]), row[6] or None, row[7]) for row in rows)
    assert found == expected


def test_a_corrected_report_in_prose_replaces_the_first_and_the_name_of_a_deputy_is_cut_out(walked):
    home, _ = walked
    sql = "select value, phrase from core.observation where source = 'prose' and is_current and {}"
    assert ask(sql.format("org_code = '522301' and indicator_code = 'station_visits'"), home) == [
        {"value": 1200, "phrase": "兴义市各级人大组织代表进站履职1200余人次"}
    ]
    (other,) = ask(sql.format("indicator_code = 'other'"), home)
    assert other["value"] == 30
    assert other["phrase"].endswith("养殖基地提供30余个就业岗位")


def test_prose_stands_beside_form_and_records(walked):
    """凯里市's June has records only; of the half-year that 兴义市 tells, two months are there by forms."""
    home, _ = walked
    by = {(row["org_code"], row["indicator_code"]): row for row in ask("from mart.side_by_side", home)}
    june = by["522601", "opinions_collected"]
    records = {
        row["period"]: row
        for row in answers("county_month")
        if row["org_code"] == "522601" and row["indicator_code"] == "opinions_collected"
    }
    assert (june["value"], june["form_nearness"], june["form_value"]) == (95, "none", None)
    assert (june["records_nearness"], june["records_period"]) == ("same", "2026-06")
    assert june["records_value"] == float(records["2026-06"]["records_value"])
    half = by["522301", "station_visits"]
    forms = [
        float(row["value"])
        for row in answers("county_month")
        if (row["org_code"], row["indicator_code"]) == ("522301", "station_visits")
    ]
    assert (half["form_nearness"], half["n_form_months"], half["form_period"]) == ("part", 2, "2026-05/2026-06")
    assert half["form_value"] == sum(forms)
