"""The three DAGs, run by Airflow itself over a few of the samples."""

import json
import shutil
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from .conftest import ROOT

SAMPLES = ROOT / "samples" / "landing"
FILES = (
    "兴义市/兴义市2026年6月活动情况统计表.xlsx",
    "汇川区/汇川区2026年6月统计表.xls",
    "黔西市/黔西市2026年6月活动情况统计表.xlsx",
    "其他/活动照片.xlsx",
    "凯里市/凯里市6月活动开展情况报告.txt",
    "联络站系统/群众工单_202605.csv",
    "联络站系统/进站履职记录_202606.xlsx",
)

ROLLUP_TASKS = ("roll_up", "attend", "publish", "write_pages", "write_feedback", "check_corrections")


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in FILES:
        target = tmp_path / "landing" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLES / name, target)
    monkeypatch.setenv("DAIBIAO_HOME", str(tmp_path))
    monkeypatch.setenv("DAIBIAO_SETTLE_SECONDS", "0")
    return tmp_path


def _partitions_of(run):
    """Return the partitions that a run's asset events name."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        events = select(AssetEvent.partition_key).where(AssetEvent.source_run_id == run.run_id)
        return set(session.scalars(events.where(AssetEvent.source_dag_id == run.dag_id)))


def _states(run):
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def _content_hashes(home):
    return [
        json.loads(path.read_text(encoding="utf-8"))["content_hash"] for path in home.glob("releases/*/manifest.json")
    ]


def test_the_road_by_airflow(dags, home):
    reports = dags["county_reports"].test()
    assert str(reports.state) == "success"
    forms = {"522301|2026-06", "520303|2026-06", "520581|2026-06", "522601|2026-06", "no-period"}
    assert _partitions_of(reports) == forms

    exports = dags["station_exports"].test()
    assert str(exports.state) == "success"
    assert {"2026-05", "2026-06"} <= _partitions_of(exports)

    rollups = dags["province_rollups"].test()
    assert _states(rollups) == dict.fromkeys(ROLLUP_TASKS, "success")
    (release,) = home.glob("releases/*/daibiao.duckdb")
    with duckdb.connect(str(release), read_only=True) as connection:
        statuses = dict(connection.execute("select file, status from ops.delivery").fetchall())
        figures = connection.execute(
            "select value::int from mart.county_month where org_code = '522301' and period = '2026-06' "
            "and indicator_code in ('station_visits', 'voters_received') order by indicator_code"
        ).fetchall()
    assert statuses == dict(
        zip(
            FILES,
            ["loaded", "loaded", "partly_loaded", "rejected", "loaded", "loaded", "partly_loaded"],
            strict=True,
        )
    )
    assert figures == [(564,), (4260,)]

    # Again: nothing has landed, so nothing is parsed, and no second release is published.
    again = dags["county_reports"].test()
    assert _states(again) == {"land": "skipped", "parse": "skipped", "validate": "skipped", "load": "skipped"}
    assert _partitions_of(again) == set()
    before = _content_hashes(home)
    dags["province_rollups"].test()
    assert _content_hashes(home) == before
    assert not any((home / "work").iterdir())


def test_two_intakes_of_the_same_minute_do_not_share_a_work_folder(dags, home, monkeypatch):
    from pipeline import steps

    names = []
    real = steps.parse
    monkeypatch.setattr(steps, "parse", lambda settings, run, ids: names.append(run) or real(settings, run, ids))
    for dag_id in ("county_reports", "station_exports"):
        dags[dag_id].test()
    assert [name.split("manual")[0] for name in names] == ["county-reports-", "station-exports-"]


def test_a_stale_correction_fails_the_last_task_and_the_release_stands(dags, home, monkeypatch, capsys):
    import catalog
    from catalog.declared import Correction

    mended = Correction.model_validate(
        {
            "id": "mended",
            "unit": "522601",
            "indicator": "station_visits",
            "period": "2026-05",
            "from": 999,
            "to": 99,
            "reason": "多录入一个零",
            "who": "凯里市人大办",
            "declared_on": date(2026, 7, 1),
            "expires": date(2099, 12, 31),
        }
    )
    facts = replace(catalog.load(), corrections=(mended,))
    monkeypatch.setattr(catalog, "load", lambda: facts)
    dags["county_reports"].test()
    rollups = dags["province_rollups"].test()
    assert _states(rollups) == dict.fromkeys(ROLLUP_TASKS, "success") | {"check_corrections": "failed"}
    assert [task.try_number for task in rollups.get_task_instances() if task.task_id == "check_corrections"] == [1]
    assert len(_content_hashes(home)) == 1
    from pipeline import Settings, steps

    (failed,) = steps.failed_corrections(Settings.read())
    assert "更正 mended：凯里市" in failed["message"]
    assert failed["message"] in capsys.readouterr().out
