"""A system that nobody planned for comes in by a YAML file and a suite: from its file to coverage and the marts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import catalog
import expectations.suites
from pipeline.run import run
from pipeline.settings import Settings
from warehouse.query import query
from warehouse.release import newest

EXPORT = """
export: home_visit
name_zh: 代表入户走访
name_en: deputies' visits to homes
system: 13
key: home_visit_code
columns:
  - {name: home_visit_code, zh: 走访编号, en: visit code, headers: [走访编号], required: true}
  - {name: county_code, zh: 所属县区, en: county, headers: [所属县区], type: county, required: true}
  - {name: deputy_name, zh: 代表姓名, en: deputy's name, headers: [代表姓名], personal: drop}
  - {name: visited_on, zh: 走访日期, en: date, headers: [走访日期], type: date, required: true}
  - {name: households, zh: 走访户数, en: households visited, headers: [走访户数], type: count, required: true}
measures:
  - {indicator: voters_received, when: visited_on, sum: households}
"""
SUITE = """
from expectations.rules import Rule
from expectations.suites import standard

MOST = Rule(
    name="ExpectPlausibleHouseholds",
    severity="warning",
    scope="row",
    expectation="ExpectColumnValuesToBeBetween",
    arguments={"column": standard.possible("households"), "max_value": 50},
    reason="一次走访一般不超过 50 户。",
    message="“走访户数”超过 50 户，请核对。",
    column_name="households",
    cell=standard.of_column("households"),
)


def suites(catalog):
    return standard.suites(catalog, "home_visit", [MOST])
"""
FILE = """走访编号,所属县区,代表姓名,走访日期,走访户数
ZF1,兴义市,欧阳甲乙,2026-06-02,3
ZF2,播州区,欧阳甲乙,2026-06-03,60
ZF3,无此县,欧阳甲乙,2026-06-03,7
"""
NOW = datetime(2026, 7, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def thirteen(tmp_path, monkeypatch):
    """The catalog and the suites, each with one file more."""
    folder = tmp_path / "catalog"
    folder.mkdir()
    for path in (Path(catalog.__file__).parent).iterdir():
        if path.name != "exports":
            (folder / path.name).symlink_to(path)
    (folder / "exports").mkdir()
    for path in (Path(catalog.__file__).parent / "exports").iterdir():
        (folder / "exports" / path.name).symlink_to(path)
    (folder / "exports/home_visit.yml").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "suites").mkdir()
    (tmp_path / "suites/home_visit.py").write_text(SUITE, encoding="utf-8")
    facts = catalog.load(folder)
    monkeypatch.setattr(catalog, "load", lambda: facts)
    monkeypatch.setattr(expectations.suites, "__path__", [*expectations.suites.__path__, str(tmp_path / "suites")])
    return facts


def test_a_thirteenth_system_is_a_yaml_file_and_a_suite(thirteen, tmp_path):
    home = tmp_path / "home"
    (home / "landing").mkdir(parents=True)
    (home / "landing/走访.csv").write_text(FILE, encoding="utf-8")
    account = run(Settings.read(home=home, environment={"DAIBIAO_SETTLE_SECONDS": "0"}), NOW)
    assert account.rows == {"in": 3, "loaded": 2, "quarantined": 1, "rejected": 0}
    release = newest(home / "releases").path

    def ask(sql):
        return list(query(release, sql).rows)

    rules = ask("select rule, cell from dq.finding where suite like 'home_visit%' order by rule")
    assert rules == [("ExpectCountyToBeKnown", "line 4 col 2"), ("ExpectPlausibleHouseholds", "line 3 col 5")]
    assert ask("select name, records, indicators from mart.coverage where system = 13") == [("代表入户走访", 2, 1)]
    assert ask("select count(*) from mart.coverage") == [(13,)]
    assert ask("select org_code, value from mart.county_month where indicator_code = 'voters_received' order by 1") == [
        ("520304", 60),
        ("522301", 3),
    ]
    columns = ask("select column_name from duckdb_columns() where table_name = 'home_visit' and schema_name = 'core'")
    assert ("deputy_name",) not in columns
    assert b"\xe6\xac\xa7\xe9\x98\xb3\xe7\x94\xb2\xe4\xb9\x99" not in release.read_bytes()
