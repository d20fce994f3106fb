"""The whole road over the samples, against answers that were worked out without it."""

from collections import Counter

import pytest

from .conftest import LANDING, answers, ask, daibiao

RULES = {
    "approximate_figure": "ExpectFiguresToBeExact",
}


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


@pytest.mark.parametrize(
    "table", ["county_month", "prefecture_month", "province_month", "county_quarter", "province_quarter"]
)
def test_the_marts_hold_the_answers(walked, table):
    home, _ = walked
    found = {(r["org_code"], r["indicator_code"], r["period"]): r for r in ask(f"from mart.{table}", home)}
    for row in answers(table):
        figure = found.pop((row["org_code"], row["indicator_code"], row["period"]))
        assert figure["source"] == row["source"], row
        for column in ("value", "value_low", "value_high", "records_value"):
            if row[column]:
                assert figure[column] == pytest.approx(float(row[column]), abs=1e-3), (column, row)
    months = {row["period"] for row in answers(table)}
    assert {key for key in found if key[2] in months} == set(), "figures that no answer knows"


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
    assert june["records_value"] == float(records["2026-06"]["value"])
    half = by["522301", "station_visits"]
    forms = [
        float(row["value"])
        for row in answers("county_month")
        if (row["org_code"], row["indicator_code"]) == ("522301", "station_visits")
    ]
    assert (half["form_nearness"], half["n_form_months"], half["form_period"]) == ("part", 2, "2026-05/2026-06")
    assert half["form_value"] == sum(forms)
