"""Old names land in old and in new files, and count on one tree: from made-up files to the marts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

import catalog
from pipeline.run import run
from pipeline.settings import Settings
from warehouse.query import query
from warehouse.release import newest

# 甲县 fell to 播州区 after May 2026, its townships to 南白街道 and 播南街道; 老镇 of 播州区 fell to 播南街道.
ENDED = [
    {"code": code, "name": name, "parent": parent, "successor": successor, "level": level, "change": "absorbed"}
    for code, name, parent, successor, level in (
        ("520391", "甲县", "520300", "520304", "county"),
        ("520391101", "甲城镇", "520391", "520304001", "township"),
        ("520391102", "甲溪镇", "520391", "520304002", "township"),
        ("520304191", "老镇", "520304", "520304002", "township"),
    )
]
NOW = datetime(2026, 7, 10, 4, 0, tzinfo=UTC)


def form(unit, month, rows):
    """Write a county's form of a month of 2026: {township: visits}."""
    lines = [
        "活动情况统计表",
        f"填报单位：{unit}",
        f"统计期：2026年{month}月",
        "填报时间：2026年7月3日",
        "乡镇（街道）,代表进站（人次）",
    ]
    lines += [f"{name},{visits}" for name, visits in rows.items()]
    return "\n".join([*lines, f"合计,{sum(rows.values())}"]) + "\n"


FILES = {
    "甲县五月.csv": form("甲县人大常委会", 5, {"甲城镇": 4, "甲溪镇": 3}),
    "遵义县五月.csv": form("遵义县人大常委会", 5, {"南白街道": 10, "老镇": 5}),
    "播州区六月.csv": form("播州区人大常委会", 6, {"南白街道": 20, "甲城镇": 4, "老镇": 6}),
    "走访.csv": "\n".join(
        [
            "记录编号,站点编码,所属县区,代表层级,进站日期,接待人数,收集意见数",
            "V1,S1,甲县,县级,2026-05-03,3,0",
            "V2,S2,播州区,县级,2026-06-03,4,0",
        ]
    ),
}


@pytest.fixture
def with_history(tmp_path, monkeypatch):
    """The catalog with three more units that ended."""
    root, folder = Path(catalog.__file__).parent, tmp_path / "catalog"
    (folder / "org").mkdir(parents=True)
    for path in [*root.iterdir(), *(root / "org").iterdir()]:
        if path.name not in ("org", "history.yml"):
            (folder / path.relative_to(root)).symlink_to(path)
    history = yaml.safe_load((root / "org/history.yml").read_text(encoding="utf-8"))
    history += [{**row, "valid_to": date(2026, 5, 31)} for row in ENDED]
    (folder / "org/history.yml").write_text(yaml.safe_dump(history), encoding="utf-8")
    facts = catalog.load(folder)
    monkeypatch.setattr(catalog, "load", lambda: facts)
    return facts


def test_old_names_land_in_old_and_new_files(with_history, tmp_path):
    home = tmp_path / "home"
    (home / "landing").mkdir(parents=True)
    for name, text in FILES.items():
        (home / "landing" / name).write_text(text, encoding="utf-8")
    account = run(Settings.read(home=home, environment={"DAIBIAO_SETTLE_SECONDS": "0"}), NOW)
    release = newest(home / "releases").path

    def ask(sql):
        return list(query(release, sql).rows)

    assert ask("select file, reason from ops.delivery where status <> 'loaded'") == []
    assert account.rows["quarantined"] == account.rows["rejected"] == 0
    figures = "indicator_code = 'station_visits' order by 1, 2"
    # May is 7 of 甲县 and 10 + 5 of 遵义县, none replaces the other; June is 20 + 4 + 6.
    assert ask(f"select period, org_code, value, records_value from mart.county_month where {figures}") == [
        ("2026-05", "520304", 22, 1),
        ("2026-06", "520304", 30, 1),
    ]
    assert ask(f"select period, org_code, value from mart.township_month where {figures}") == [
        ("2026-05", "520304001", 14),
        ("2026-05", "520304002", 8),
        ("2026-06", "520304001", 24),
        ("2026-06", "520304002", 6),
    ]
    assert ask(
        "select org_code, org_name, period, value from mart.unit_series "
        f"where series = 'as_reported' and level = 'county' and grain = 'month' and {figures}, 3"
    ) == [
        ("520304", "播州区", "2026-05", 15),
        ("520304", "播州区", "2026-06", 26),
        ("520391", "甲县", "2026-05", 7),
        ("520391", "甲县", "2026-06", 4),  # under the old name, though 播州区 sent it
    ]
    # 甲县 had two townships, and they are there; 播州区 has more than reported.
    complete = ask("select county_code, period, is_complete from core.report order by 1, 2")
    assert complete == [("520304", "2026-05", False), ("520304", "2026-06", False), ("520391", "2026-05", True)]
    # every unit has a place, and nothing climbs twice
    province = "select value from mart.province_month where period = '2026-05' and indicator_code = 'station_visits'"
    assert ask(province) == [(22,)]
    # units as they reported stay in the steps: nobody meets them in a table that is named for analysts
    told = ask(
        "select table_name from duckdb_columns() where schema_name = 'mart' and column_name = 'org_code' "
        "and table_name not in ('org_unit', 'org_place')"
    )
    shadows = {name for (name,) in told if ask(f"select count(*) from mart.{name} where org_code like '~%'") != [(0,)]}
    steps = {name.removeprefix("mart.") for name, words in with_history.tables.items() if words.zh.startswith("步骤_")}
    assert "unit_period" in shadows
    assert shadows <= steps
