"""The approval, answered through Airflow's own REST API while Airflow's own loop runs the DAG."""

import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from .conftest import ROOT

FILE = "兴义市/兴义市2026年6月活动情况统计表.xlsx"
ASKED = "/api/v2/dags/month_final/dagRuns/~/hitlDetails"


def walk(home, name, now):
    """Let a sample land in a home and walk the road."""
    from pipeline import Settings
    from pipeline.run import run

    target = home / "landing" / name
    target.parent.mkdir(parents=True)
    shutil.copy(ROOT / "samples" / "landing" / name, target)
    run(replace(Settings.read(home=home), settle_seconds=0), now)


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """A home with a release of one county's June."""
    home = tmp_path_factory.mktemp("walked")
    walk(home, FILE, datetime(2026, 7, 12, 1, 0, tzinfo=UTC))
    return home


@pytest.fixture
def home(walked, tmp_path, monkeypatch):
    monkeypatch.setenv("DAIBIAO_HOME", str(tmp_path))
    shutil.copytree(walked, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="module")
def api(dags):
    """Airflow's API server, in this process, for somebody who signed in as `office`."""
    from airflow.api_fastapi.app import create_app, get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from fastapi.testclient import TestClient

    app = create_app(apps="core")
    token = get_auth_manager().generate_jwt(user=SimpleAuthManagerUser(username="office", role="OP"))
    return TestClient(app, headers={"Authorization": f"Bearer {token}"})


@contextmanager
def answering(api, choice, note="", before=lambda: None):
    """Answer the next approval by REST once it waits and `before` is done; yield what was shown and answered."""
    seen = {}

    def answer():
        until = time.monotonic() + 100
        while time.monotonic() < until:
            asked = api.get(ASKED, params={"state": "awaiting_input"}).json()["hitl_details"]
            if asked:
                (seen["asked"],) = asked
                before()
                instance = asked[0]["task_instance"]
                place = "/api/v2/dags/month_final/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}/hitlDetails"
                said = {"chosen_options": [choice], "params_input": {"note": note}}
                seen["answer"] = api.patch(place.format(**instance), json=said)
                return
            time.sleep(0.2)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield seen
    finally:
        thread.join()


def states(run):
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def newest(home, sql):
    """Ask the newest release."""
    with duckdb.connect(str(max(home.glob("releases/*/daibiao.duckdb"))), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_month_that_is_approved_is_final_in_the_next_release(dags, home, api):
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with answering(api, "批准", "同意，来电 13812345678") as seen:
        run = dags["month_final"].test(run_conf={"period": "2026-06"})
    assert str(run.state) == "success"
    assert states(run) == {
        "gather": "success",
        "decide": "success",
        "approve": "success",
        "reject": "skipped",
        "roll_up": "success",
        "attend": "success",
        "publish": "success",
        "write_pages": "success",
    }
    assert seen["asked"]["subject"] == "2026-06 月度定稿：请核对依据后批准或退回"
    assert seen["asked"]["options"] == ["批准", "退回"]
    assert "已报 **1** / 88 县" in seen["asked"]["body"]
    assert (seen["answer"].status_code, seen["answer"].json()["responded_by"]["name"]) == (200, "office")
    decided = "select period, revision, decision, actor, note, release_id from ops.month_decision"
    ((*decision, note, release_id),) = newest(home, decided)
    assert decision == ["2026-06", 1, "approved", "office"]
    assert note == "同意，来电 〔已屏蔽〕"
    assert f"依据发布 `{release_id}`" in seen["asked"]["body"]
    assert newest(home, "select state from mart.month_state where period = '2026-06'") == [("已定稿",)]
    assert newest(
        home,
        "select value::int from ops.month_figure where org_code = '522301' and indicator_code = 'station_visits'",
    ) == [(564,)]
    with create_session() as session:
        events = select(AssetEvent).where(AssetEvent.source_run_id == run.run_id)
        assert [event.asset.name for event in session.scalars(events)] == ["release"]


def test_a_month_that_is_sent_back_is_no_failed_run(dags, home, api):
    with answering(api, "退回", "兴义市数字请核实"):
        run = dags["month_final"].test(run_conf={"period": "2026-06"})
    assert str(run.state) == "success"
    assert states(run) == {
        "gather": "success",
        "decide": "success",
        "approve": "skipped",
        "reject": "success",
        "roll_up": "success",
        "attend": "success",
        "publish": "success",
        "write_pages": "success",
    }
    state = "select state, revision, actor, note from mart.month_state where period = '2026-06'"
    assert newest(home, state) == [("已退回", 0, "office", "兴义市数字请核实")]
    assert newest(home, "from ops.month_figure") == []
    asked = "select state, org_code from dq.incident where cause = 'rejected_month' and period = '2026-06'"
    assert newest(home, asked) == [("open", "520000")]


def test_what_was_not_seen_is_not_approved(dags, home, api, capsys):
    def a_late_county():
        walk(home, "汇川区/汇川区2026年6月统计表.xls", datetime(2026, 7, 13, 1, 0, tzinfo=UTC))

    with answering(api, "批准", before=a_late_county):
        run = dags["month_final"].test(run_conf={"period": "2026-06"})
    assert str(run.state) == "failed"
    assert {name: states(run)[name] for name in ("approve", "reject", "roll_up")} == {
        "approve": "failed",
        "reject": "skipped",
        "roll_up": "upstream_failed",
    }
    assert "2026-06 的数字在提请之后又有变动，未定稿" in capsys.readouterr().out
    assert newest(home, "from ops.month_decision") == []


def test_a_run_of_no_month_says_so(dags, home, capsys):
    run = dags["month_final"].test(run_conf={"period": None})
    assert [states(run)[name] for name in ("gather", "decide", "reject", "publish")] == [
        "failed",
        "upstream_failed",
        "skipped",
        "upstream_failed",
    ]
    assert "没有说明要定稿的月份" in capsys.readouterr().out


def test_the_twelfth_asks_for_the_month_before(dags):
    from airflow.serialization.encoders import coerce_to_core_timetable
    from airflow.timetables.base import TimeRestriction

    timetable = coerce_to_core_timetable(dags["month_final"].timetable)
    since = TimeRestriction(earliest=datetime(2026, 12, 20, tzinfo=UTC), latest=None, catchup=True)
    info = timetable.next_dagrun_info_v2(last_dagrun_info=None, restriction=since)
    assert (info.run_after, info.partition_key) == (datetime(2027, 1, 12, 1, 0, tzinfo=UTC), "2026-12")
