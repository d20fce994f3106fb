"""Every rule of every dataset: correct frames pass all, each fault of `faults/` breaks its own rule and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import expectations.suites
from catalog import PROSE, load
from catalog.load import FOLDER as CATALOG
from expectations.suites import suites_of
from tests.expectations.judging import validate

FOLDER = Path(__file__).parent / "faults"
FAULTS = [
    {"dataset": path.stem, **fault}
    for path in sorted(FOLDER.glob("*.yml"))
    for fault in yaml.safe_load(path.read_text(encoding="utf-8"))
]
DATASETS = sorted({*load().forms, PROSE, *load().exports})
# Stands for what a system wrote into a field; no message about an export may hold it.
MARK = "甄试壹19900007000"


def broken(frames, fault):
    """Make one change, keeping the columns' types where they can hold it; `again`: a second table says it too."""
    if fault.get("again"):
        copy = {name: frame.assign(table_id="d1#2") for name, frame in frames.items()}
        for name in ("rows", "figures", "totals"):
            copy[name]["source_ref"] = copy[name]["source_ref"].str.replace("活动情况", "副本")
        frames = {name: pd.concat([frames[name], copy[name]], ignore_index=True) for name in frames}
    place = fault["at"]
    for column, value in fault["change"].items():
        values = frames[place["frame"]][column]
        kept = values.astype("object")
        kept.iloc[place["row"]] = value
        dates = pd.api.types.is_datetime64_any_dtype(values)
        frames[place["frame"]][column] = kept.astype(values.dtype) if dates or value is not None else kept
    return frames


def identified(fault):
    return f"{fault['dataset']}-{fault['rule']}-{fault['says'][0]}"


@pytest.mark.parametrize("dataset", DATASETS)
def test_correct_frames_break_no_rule(dataset, frames_of, catalog):
    verdict = validate(dataset, frames_of(dataset), catalog)
    assert verdict.findings.empty
    assert verdict.quarantined() == set()
    assert set(verdict.checks["rule"]) == {rule.name for suite in suites_of(dataset, catalog) for rule in suite.rules}
    # Whatever can fail was looked at: no rule passes for want of rows.
    assert verdict.checks["checked"].min() > 0
    assert verdict.checks["failed"].max() == 0


@pytest.mark.parametrize("fault", FAULTS, ids=identified)
def test_a_fault_breaks_its_rule_and_no_other(fault, frames_of, catalog, failed):
    verdict = validate(fault["dataset"], broken(frames_of(fault["dataset"]), fault), catalog)
    assert failed(verdict) == {fault["rule"]: len(fault["cells"])}
    findings = verdict.findings
    assert [None if pd.isna(cell) else cell for cell in findings["cell"]] == fault["cells"]
    assert set(findings["severity"]) == {fault["severity"]}
    assert [words for words in fault["says"] if words not in findings["message"].iloc[0]] == []
    assert bool(verdict.quarantined()) == (fault["severity"] == "critical")


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_rule_has_a_fault(dataset, catalog):
    rules = {rule.name for suite in suites_of(dataset, catalog) for rule in suite.rules}
    assert rules == {fault["rule"] for fault in FAULTS if fault["dataset"] == dataset}


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_rule_has_one_severity_scope_and_reason_in_a_suite(dataset, catalog):
    for suite in suites_of(dataset, catalog):
        said = {(rule.name, rule.severity, rule.scope, rule.reason) for rule in suite.rules}
        assert len(said) == len({rule.name for rule in suite.rules})


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dataset=st.sampled_from(DATASETS), data=st.data())
def test_deliveries_judged_together_are_judged_as_alone(dataset, data, frames_of, joined, catalog):
    known = [fault for fault in FAULTS if fault["dataset"] == dataset]
    chosen = data.draw(st.lists(st.sampled_from(known), min_size=2, max_size=6))
    parts = [broken(frames_of(dataset), fault) for fault in chosen]
    # Deliveries carry the same records: only the delivery they came with tells them apart.
    parts = [
        {
            name: frame.assign(delivery_id=f"d{n}", table_id=frame["table_id"].str.replace("d1#", f"d{n}#"))
            for name, frame in part.items()
        }
        for n, part in enumerate(parts)
    ]
    verdict = validate(dataset, joined(*parts), catalog)
    found = verdict.checks[verdict.checks["failed"] > 0]
    assert sorted(found[["delivery_id", "rule", "failed"]].itertuples(index=False, name=None)) == [
        (f"d{n}", fault["rule"], len(fault["cells"])) for n, fault in enumerate(chosen)
    ]
    for n, fault in enumerate(chosen):
        mine = verdict.findings[verdict.findings["delivery_id"] == f"d{n}"]
        assert set(mine["table_id"]) <= {f"d{n}#1", f"d{n}#2"}
        assert fault["says"][0] in mine["message"].iloc[0]
    critical = {f"d{n}" for n, fault in enumerate(chosen) if fault["severity"] == "critical"}
    assert {table.partition("#")[0] for table, _ in verdict.quarantined()} == critical


@pytest.mark.parametrize("dataset", sorted(load().exports))
def test_findings_of_exports_quote_no_value(dataset, frames_of, catalog):
    """All is wrong, and every text column holds what must not be repeated."""
    frames = frames_of(dataset)
    records = frames["records"]
    for column in catalog.exports[dataset].stored_columns:
        state = f"{column.name}_state"
        if state in records:
            records[state] = ["blank", "unknown"]
        if column.type in ("text", "code", "county", "township"):
            records[column.name] = MARK
        if column.type in ("date", "datetime"):
            records[column.name] = [pd.Timestamp("2099-12-31"), pd.Timestamp("1990-01-01")]
        if column.type == "count":
            records[column.name] = pd.array([-77777, 77777], dtype="Int64")
    findings = validate(dataset, frames, catalog).findings
    assert len(findings) > 10
    text = "".join(findings[["message", "column_name", "cell"]].fillna("").to_numpy().ravel())
    assert [secret for secret in (MARK, "2099", "1990", "77777") if secret in text] == []


def test_a_dataset_that_the_catalog_does_not_know_is_refused(catalog, frames_of):
    with pytest.raises(LookupError, match="没有名为 no_such 的"):
        validate("no_such", frames_of("case"), catalog)


EXPORT = """
export: volunteering
name_zh: 志愿服务
name_en: volunteering
system: 13
key: service_code
columns:
  - {name: service_code, zh: 服务编号, en: code, headers: [服务编号], required: true}
  - {name: county_code, zh: 所属县区, en: county, headers: [所属县区], type: county, required: true}
  - {name: held_on, zh: 日期, en: date, headers: [日期], type: date, required: true}
  - {name: fee_wan, zh: 经费, en: cost, headers: [经费], type: amount}
  - {name: attendees, zh: 服务人次, en: attendances, headers: [服务人次], type: count, required: true}
measures:
  - {indicator: problems_solved, when: held_on}
"""
SUITE = """
from expectations.rules import Rule
from expectations.suites import standard

RULE = Rule(
    name="ExpectSomebodyToAttend",
    severity="warning",
    scope="row",
    expectation="ExpectColumnValuesToBeBetween",
    arguments={"column": "attendees", "min_value": 1},
    reason="服务应有人参加。",
    message="“服务人次”是零，请核对。",
    column_name="attendees",
    cell=standard.of_column("attendees"),
)


def suites(catalog):
    return standard.suites(catalog, "volunteering", [RULE])
"""


def test_a_new_export_is_one_yaml_and_one_module(tmp_path, monkeypatch, export_frames, failed):
    source = Path(load.__wrapped__.__globals__["FOLDER"])
    for path in source.iterdir():
        if path.name not in {"tables.yml", "exports"}:
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "tables.yml").write_text("columns: {}\ntables: {}\n")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports/volunteering.yml").write_text(EXPORT, encoding="utf-8")
    catalog = load(tmp_path)
    given = {
        "service_code": "PX",
        "county_code": "522301",
        "held_on": pd.Timestamp("2026-06-01"),
        "fee_wan": 1.5,
        "attendees": 30,
    }
    frames = export_frames("volunteering", given=given, catalog=catalog)
    with pytest.raises(LookupError, match=r"expectations/suites/volunteering\.py"):
        validate("volunteering", frames, catalog)

    (tmp_path / "suites").mkdir()
    (tmp_path / "suites/volunteering.py").write_text(SUITE, encoding="utf-8")
    monkeypatch.setattr(expectations.suites, "__path__", [*expectations.suites.__path__, str(tmp_path / "suites")])
    assert validate("volunteering", frames, catalog).findings.empty
    frames["records"]["attendees"] = pd.array([0, -1], dtype="Int64")
    frames["records"]["fee_wan_state"] = ["ok", "unreadable"]
    verdict = validate("volunteering", frames, catalog)
    assert failed(verdict) == {
        "ExpectSomebodyToAttend": 2,
        "ExpectCountNotNegative": 1,
        "ExpectFieldToBeReadableIfGiven": 1,
    }
    assert verdict.quarantined() == {("d1#1", 3)}


def test_explanations_answer_rules_that_there_are():
    named = set(re.findall(r"\brule: (\w+)", (CATALOG / "explanations.yml").read_text(encoding="utf-8")))
    known = {rule.name for dataset in DATASETS for suite in suites_of(dataset, load()) for rule in suite.rules}
    assert named  # the example in the file's comment, if nothing else
    assert named <= known
