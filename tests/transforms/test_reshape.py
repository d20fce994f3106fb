"""What was accepted and what was held back: no row is lost between the two."""

import json

import pandas as pd
import pytest

from catalog import load
from transforms import reshape

CATALOG = load()


@pytest.fixture
def frames():
    keys = [("d#1", 5), ("d#1", 6), ("d#2", 5)]
    rows = pd.DataFrame(
        [(t, line, f"表!B{line}", name) for (t, line), name in zip(keys, ["甲镇", "乙镇", "丙镇"], strict=True)],
        columns=["table_id", "line", "source_ref", "org_text"],
    ).assign(delivery_id="d", org_code="522301001")
    figures = rows.assign(
        indicator_code="station_visits", text=["1", "若干", "3"], state=["figure", "unreadable", "blank"],
        value=[1.0, None, None], value_low=[1.0, None, None], value_high=[1.0, None, None], qualifier=None,
    ).drop(columns="org_text")  # fmt: skip
    header = pd.DataFrame({"table_id": ["d#1", "d#2"]}).assign(
        delivery_id="d", form="county_table", sheet="表", county_code="522301", grain="month",
        period=["2026-06", "2026-05"],
        period_start="2026-06-01", period_end="2026-06-30", basis="period", reported_on=None, rows_in=[2, 1],
    )  # fmt: skip
    return {"rows": rows, "figures": figures, "header": header}


def test_a_held_back_line_takes_its_figures_along(frames):
    held = {("d#1", 6)}
    assert reshape.observations(frames, held, CATALOG)["org_name_reported"].tolist() == ["甲镇", "丙镇"]
    reports = reshape.reports(frames, held)
    assert reports[["report_id", "rows_in", "rows_quarantined"]].to_numpy().tolist() == [["d#1", 2, 1], ["d#2", 1, 0]]


def test_tables_of_one_county_and_period_are_one_report(frames):
    frames["header"] = frames["header"].assign(period="2026-06", sheet=["进站", "意见"])
    reports = reshape.reports(frames, {("d#1", 6)})
    assert reports[["report_id", "sheet", "rows_in", "rows_quarantined"]].to_numpy().tolist() == [
        ["d#1", "进站、意见", 3, 1]
    ]
    observations = reshape.observations(frames, {("d#1", 6)}, CATALOG)
    assert set(observations["report_id"]) == {"d#1"}
    assert observations["row_ref"].tolist() == ["d#1:5", "d#2:5"]


def test_a_blank_cell_is_an_observation_without_a_value(frames):
    observations = reshape.observations(frames, {("d#1", 6)}, CATALOG)
    assert observations["state"].tolist() == ["figure", "blank"]
    assert observations["value"].isna().tolist() == [False, True]
    assert set(observations["unit"]) == {"人次"}


def test_a_held_back_table_is_no_report(frames):
    held = {("d#2", None)}
    assert reshape.reports(frames, held)["report_id"].tolist() == ["d#1"]
    assert set(reshape.observations(frames, held, CATALOG)["report_id"]) == {"d#1"}


def test_a_table_of_which_no_line_is_left_is_no_report(frames):
    assert reshape.reports(frames, {("d#2", 5)})["report_id"].tolist() == ["d#1"]


def test_a_quarantined_line_says_its_rules_reasons_and_cells(frames):
    findings = pd.DataFrame(
        [("d#1", 6, "ExpectB", "乙"), ("d#1", 6, "ExpectA", "甲"), ("d#2", None, "ExpectT", "整表")],
        columns=["table_id", "line", "rule", "message"],
    ).astype({"line": "Int64"})
    held = {("d#1", 6), ("d#2", None)}
    out = reshape.quarantine(frames, held, findings)
    assert out[["table_id", "line", "rules", "reasons"]].to_numpy().tolist() == [
        ["d#1", 6, "ExpectA ExpectB", "乙；甲"],
        ["d#2", 5, "ExpectT", "整表"],
    ]
    assert json.loads(out["content"][0]) == {"org_text": "乙镇", "station_visits": "若干"}


def test_nothing_held_back_is_an_empty_quarantine(frames):
    assert (
        reshape.quarantine(
            frames, set(), pd.DataFrame(columns=["table_id", "line", "rule", "message"])
        ).columns.tolist()
        == reshape.QUARANTINE_COLUMNS
    )


@pytest.fixture
def prose():
    """A report of 凯里市 with three figures, one of a unit outside the tree."""
    about = {"period": "2026-06", "grain": "month", "period_start": "2026-06-01", "period_end": "2026-06-30"}
    about |= {"basis": "period", "period_phrase": "6月", "org_code": "522601", "county_code": "522601"}
    figures = pd.DataFrame({"line": [1, 2, 3]}).assign(
        delivery_id="d", table_id="d#1", source_ref=["chars 0-9", "chars 10-19", "chars 20-29"], **about,
        org_text=["凯里市", "凯里市", "代表联络站"], is_inclusive=True, is_breakdown=False,
        indicator_code=["voters_received", "other", "other"],
        value=[2100.0, 3.0, 4.0], value_low=[2100.0, 3.0, 4.0], value_high=[2200.0, 3.0, 4.0],
        qualifier=["at_least", None, None], unit=["人次", "亩", "个"], phrase=["接待选民2100余人次", "3亩", "4个"],
    )  # fmt: skip
    header = pd.DataFrame({"table_id": ["d#1"]}).assign(
        delivery_id="d", form="prose", title="活动情况的报告", title_key="0f", reported_on=None, rows_in=3, **about
    )
    paragraphs = pd.DataFrame({"paragraph_number": [2, 4]}).assign(
        delivery_id="d", table_id="d#1", source_ref=["chars 0-60", "chars 90-150"], characters=60, digest=["0a", "0b"]
    )
    return {"header": header, "figures": figures, "paragraphs": paragraphs}


def test_paragraphs_are_those_of_the_report_and_go_with_it(prose):
    kept = reshape.prose_paragraphs(prose, {("d#1", 3)})
    assert kept.to_numpy().tolist() == [["d#1", 2, 60, "0a", "chars 0-60"], ["d#1", 4, 60, "0b", "chars 90-150"]]
    assert kept.columns.tolist() == reshape.PARAGRAPH_COLUMNS
    assert reshape.prose_paragraphs(prose, {("d#1", 1), ("d#1", 2), ("d#1", 3)}).empty


def test_a_prose_report_is_one_report_and_a_series_of_its_unit_time_and_title(prose):
    reports = reshape.prose_reports(prose, {("d#1", 3)})
    assert reports.columns.tolist() == reshape.REPORT_COLUMNS
    told = ["report_id", "form", "series", "org_code", "rows_in", "rows_quarantined"]
    assert reports[told].to_numpy().tolist() == [["d#1", "prose", "prose|522601|2026-06|period|0f", "522601", 3, 1]]


@pytest.mark.parametrize("unknown", ["org_code", "period", "title_key"])
def test_a_prose_report_that_lacks_unit_time_or_title_is_a_series_of_its_own(prose, unknown):
    prose["header"][unknown] = None
    assert reshape.prose_reports(prose, set())["series"].tolist() == ["d#1"]


def test_the_day_of_publication_is_no_time_that_a_series_could_be_of(prose):
    prose["header"]["basis"] = "unstated"
    assert reshape.prose_reports(prose, set())["series"].tolist() == ["d#1"]


def test_figures_of_prose_that_are_accepted_are_observations(prose):
    found = reshape.prose_observations(prose, {("d#1", 3)})
    assert found.columns.tolist() == reshape.OBSERVATION_COLUMNS
    told = ["report_id", "row_ref", "source", "state", "unit", "value", "is_inclusive", "phrase"]
    assert found[told].to_numpy().tolist() == [
        ["d#1", "d#1:1", "prose", "figure", "人次", 2100.0, True, "接待选民2100余人次"],
        ["d#1", "d#1:2", "prose", "figure", "亩", 3.0, True, "3亩"],
    ]


def test_a_prose_report_of_which_no_figure_is_left_or_was_read_is_no_report(prose):
    assert reshape.prose_reports(prose, {("d#1", n) for n in (1, 2, 3)}).empty
    prose["figures"] = prose["figures"].iloc[:0]
    assert reshape.prose_reports(prose, set()).empty
    assert reshape.prose_observations(prose, set()).empty


def test_a_quarantined_figure_of_prose_says_what_it_was(prose):
    findings = pd.DataFrame(
        [("d#1", 3, "ExpectUnitToBeInTree", "不在目录")], columns=["table_id", "line", "rule", "message"]
    )
    out = reshape.quarantine(prose, {("d#1", 3)}, findings.astype({"line": "Int64"}))
    assert out[["line", "source_ref", "reasons"]].to_numpy().tolist() == [[3, "chars 20-29", "不在目录"]]
    assert json.loads(out["content"][0]) == {
        "org_text": "代表联络站", "indicator_code": "other", "value": 4.0, "unit": "个", "phrase": "4个",
        "period_phrase": "6月",
    }  # fmt: skip


def test_a_quarantined_record_keeps_no_keyed_hash():
    export = CATALOG.exports["station_visit"]
    row = {column.name: None for column in export.stored_columns} | {"visit_code": "JZ1", "deputy_key": "0f0f"}
    records = pd.DataFrame([{"table_id": "d#1", "line": 2, "source_ref": "line 2", **row}])
    findings = pd.DataFrame([("d#1", 2, "ExpectA", "甲")], columns=["table_id", "line", "rule", "message"])
    out = reshape.quarantined_records(records, findings.astype({"line": "Int64"}), export)
    assert json.loads(out["content"][0]) == {"visit_code": "JZ1"}
