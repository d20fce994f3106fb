"""Failures and delays of the DAGs, told to the data engineers by Airflow itself: once an hour, and no secrets."""

import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import structlog

from tests.serving.stubs import ERROR, REFUSED, MailServer, Robot

from .conftest import ROOT

SECRET = "张三 13800138000 520102199001011234"
SAMPLE = "兴义市/兴义市2026年6月活动情况统计表.xlsx"
KEY = "engineers-own-key"


@pytest.fixture
def robot():
    with Robot("wecom", key=KEY) as robot:
        yield robot


@pytest.fixture
def home(tmp_path, monkeypatch, robot):
    """A home with one form that has landed, and a connection to the engineers' robot."""
    target = tmp_path / "landing" / SAMPLE
    target.parent.mkdir(parents=True)
    target.write_bytes((ROOT / "samples" / "landing" / SAMPLE).read_bytes())
    monkeypatch.setenv("DAIBIAO_HOME", str(tmp_path))
    monkeypatch.setenv("DAIBIAO_SETTLE_SECONDS", "0")
    connect(monkeypatch, host=robot.base, password=KEY, extra={"kind": "wecom"})
    return tmp_path


def connect(monkeypatch, **parts):
    monkeypatch.setenv("AIRFLOW_CONN_DAIBIAO_ENGINEERS", json.dumps({"conn_type": "http", **parts}))


@pytest.fixture
def broken(dags, monkeypatch):
    """County reports whose step `validate` fails with a message that quotes a file; a task is tried once."""
    from pipeline import steps

    def fail(*_):
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(steps, "validate", fail)
    for task in dags["county_reports"].tasks:
        monkeypatch.setattr(task, "retries", 0)
    return dags["county_reports"]


def states(run):
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def an_hour_passes(home):
    with sqlite3.connect(home / "outbox" / "engineers.sqlite") as ledger:
        ledger.execute("update trouble set silent_until = '2020-01-01T00:00:00.000000Z'")


def test_a_failed_task_is_told_once_with_its_log_and_without_what_the_error_says(broken, home, robot, capsys):
    run = broken.test()
    assert states(run) == {"land": "success", "parse": "success", "validate": "failed", "load": "upstream_failed"}
    (asked,) = robot.delivered
    text = asked.json["markdown"]["content"]
    assert asked.title == "【系统】工程告警：县级报告入库·校验 任务失败"
    assert "ZeroDivisionError，" in text
    assert "test＿engineers．py 第" in text
    assert "第 1 次（最多 1 次）" in text
    assert f"/dags/county_reports/runs/{quote(run.run_id)}/tasks/validate?try_number=1)" in text
    assert not [word for word in (*SECRET.split(), KEY) if word in text]
    assert KEY not in capsys.readouterr().out


def test_the_channels_of_the_supervisors_hear_nothing_of_it(broken, home, robot, monkeypatch):
    import catalog

    channels = [channel.model_dump() for channel in catalog.load().alerts.channels]
    with Robot("webhook") as theirs, MailServer() as mailboxes:
        for channel in channels:
            kept = mailboxes.connection if channel["kind"] == "email" else f"http://127.0.0.1:{theirs.port}/hook"
            monkeypatch.setenv(f"AIRFLOW_CONN_{channel['connection'].upper()}", kept)
        broken.test()
        assert len(robot.delivered) == 1
        assert (theirs.requests, mailboxes.messages) == ([], [])
    assert "daibiao_engineers" not in {channel["connection"] for channel in channels}


def test_the_same_failure_every_minute_is_told_once_an_hour_and_the_next_says_how_many(broken, home, robot):
    for _ in range(3):
        assert states(broken.test())["validate"] == "failed"
    assert len(robot.delivered) == 1
    an_hour_passes(home)
    broken.test()
    first, second = robot.delivered
    assert "没有逐次告知" not in first.json["markdown"]["content"]
    assert "此前同样的情况还有 2 次，没有逐次告知" in second.json["markdown"]["content"]


def test_a_channel_that_refuses_hides_nothing_and_is_tried_again_later(broken, home, robot, caplog):
    robot.script.extend([REFUSED, ERROR])
    assert states(broken.test())["validate"] == "failed"
    assert "未能告知数据工程师：机器人返回 errcode 310000" in caplog.text
    assert KEY not in caplog.text
    broken.test()  # within two minutes the channel is left in peace
    assert len(robot.requests) == 1
    an_hour_passes(home)
    broken.test()
    an_hour_passes(home)
    broken.test()
    (asked,) = robot.delivered
    assert "还有 3 次" in asked.json["markdown"]["content"]


def test_without_a_connection_a_warning_in_the_log_is_all(broken, home, robot, monkeypatch, caplog):
    monkeypatch.delenv("AIRFLOW_CONN_DAIBIAO_ENGINEERS")
    assert states(broken.test())["validate"] == "failed"
    assert caplog.text.count("没有连接 daibiao_engineers") == 1
    assert robot.requests == []


def test_nobody_is_told_of_a_run_that_went_well_or_of_a_file_that_is_bad(dags, home, robot):
    (home / "landing" / "坏文件.xlsx").write_bytes(b"this is no workbook")
    run = dags["county_reports"].test()
    assert str(run.state) == "success"
    assert robot.requests == []


def test_a_run_that_times_out_is_told_and_one_whose_task_failed_is_not_told_twice(dags, home, robot):
    from engineers import tell_engineers

    dag = dags["county_reports"]
    tell_engineers({"dag": dag, "run_id": "scheduled__2026-07-05", "reason": "task_failure"})
    assert robot.requests == []
    tell_engineers({"dag": dag, "run_id": "scheduled__2026-07-05T00:00:00+00:00", "reason": "timed_out"})
    (asked,) = robot.delivered
    assert asked.title == "【系统】工程告警：县级报告入库 运行超时，已被终止"
    assert "/dags/county_reports/runs/scheduled__2026-07-05T00%3A00%3A00%2B00%3A00" in asked.json["markdown"]["content"]


def test_a_killed_task_has_no_error_and_is_told_all_the_same(broken, home, robot):
    from engineers import tell_engineers

    class Ran:
        dag_id, run_id, task_id, try_number = "county_reports", "r1", "land", 3
        log_url = "http://airflow.example:8080/dags/county_reports/runs/r1/tasks/land?try_number=3"

    tell_engineers({"dag": broken, "task": broken.get_task("land"), "ti": Ran(), "run_id": "r1"})
    text = robot.delivered[0].json["markdown"]["content"]
    assert "没有异常信息" in text
    assert f"({Ran.log_url})" in text


class Waiting:
    """A run of county reports that the scheduler queued five hours ago, with its deadline, in Airflow's database."""

    def __init__(self, session):
        from airflow.models.deadline import Deadline
        from airflow.models.serialized_dag import SerializedDagModel
        from airflow.utils.state import DagRunState
        from airflow.utils.types import DagRunTriggeredByType, DagRunType
        from sqlalchemy import select

        self.session = session
        self.dag = SerializedDagModel.get_dag("county_reports", session=session)
        self.run = self.dag.create_dagrun(
            run_id=f"manual__{datetime.now(UTC).isoformat()}",
            run_after=datetime.now(UTC),
            run_type=DagRunType.MANUAL,
            triggered_by=DagRunTriggeredByType.TEST,
            state=DagRunState.QUEUED,
            session=session,
        )
        session.flush()
        self._of_run = select(Deadline).where(Deadline.dagrun_id == self.run.id)
        (self.deadline,) = self.deadlines()
        self.allowed = self.deadline.deadline_time - self.run.queued_at
        self.queued_at = self.run.queued_at - timedelta(hours=5)
        self.deadline.deadline_time = self.queued_at + self.allowed
        session.flush()

    def deadlines(self):
        return self.session.scalars(self._of_run).all()

    def ends(self, state, after):
        self.run.state, self.run.end_date = state, self.queued_at + after
        self.session.flush()

    def is_missed(self):
        """Do what the scheduler does with a deadline that is over, and what an executor then does with its callback."""
        from airflow.executors.workloads import ExecuteCallback
        from airflow.sdk.execution_time.callback_supervisor import execute_callback

        self.deadline.handle_miss(self.session)
        work = ExecuteCallback.model_validate_json(
            ExecuteCallback.make(self.deadline.callback, self.run).model_dump_json()
        )
        data = work.callback.data
        done, why = execute_callback(data["path"], data["kwargs"], "", None, structlog.get_logger())
        assert done, why


@pytest.fixture
def waiting(dags_with_deadlines, home):
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
    from airflow.utils.session import create_session

    manager = DagBundlesManager()
    manager.sync_bundles_to_db()
    (bundle,) = manager.get_all_dag_bundles()
    bag = BundleDagBag(dag_folder=bundle.path, bundle_path=bundle.path, bundle_name=bundle.name)
    sync_bag_to_db(bag, bundle.name, bundle.version)
    with create_session() as session:
        yield Waiting(session)
        session.rollback()


def test_a_run_that_is_not_done_in_time_is_told_by_airflows_deadline(waiting, robot):
    assert waiting.allowed == timedelta(minutes=30)
    waiting.is_missed()
    (asked,) = robot.delivered
    assert asked.title == "【系统】工程告警：县级报告入库 到期限还没有完成"
    due_at = (waiting.queued_at + timedelta(minutes=30, hours=8)).strftime("%Y-%m-%d %H:%M")
    text = asked.json["markdown"]["content"]
    assert due_at in text
    assert "/dags/county_reports/runs/manual__" in text


def test_a_run_that_failed_before_its_deadline_was_told_then_and_is_not_told_again(waiting, robot):
    waiting.ends("failed", timedelta(minutes=3))
    waiting.is_missed()
    assert robot.requests == []


def test_a_run_that_ended_after_its_deadline_is_told_all_the_same(waiting, robot):
    waiting.ends("success", timedelta(minutes=31))
    waiting.is_missed()
    assert len(robot.delivered) == 1


def test_a_failed_run_can_be_cleared_and_leaves_no_deadline_when_it_succeeds_in_time(waiting):
    waiting.ends("failed", timedelta(minutes=3))
    waiting.dag.clear(run_id=waiting.run.run_id, session=waiting.session)  # with DAGRUN_QUEUED_AT a TypeError
    assert len(waiting.deadlines()) == 1
    waiting.deadline.deadline_time = datetime.now(UTC) + waiting.allowed
    waiting.run.dag, waiting.run.state = waiting.dag, "running"
    for task in waiting.run.get_task_instances(session=waiting.session):
        task.state = "success"
    waiting.session.flush()
    waiting.run.update_state(session=waiting.session, execute_callbacks=False)
    assert str(waiting.run.state) == "success"
    assert waiting.deadlines() == []


def test_the_engineers_can_have_e_mail_too(broken, home, robot, monkeypatch):
    with MailServer() as server:
        kept = json.loads(server.connection)
        kept["extra"] |= {"kind": "email", "to": ["data@rd.example"]}
        monkeypatch.setenv("AIRFLOW_CONN_DAIBIAO_ENGINEERS", json.dumps(kept))
        broken.test()
    (mail,) = server.messages
    assert mail["To"] == "data@rd.example"
    assert mail["Subject"] == "【系统】工程告警：县级报告入库·校验 任务失败"
    assert "/tasks/validate" in mail.get_body(("plain",)).get_content()
    assert robot.requests == []


@pytest.mark.parametrize("callback", ["tell_engineers", "tell_late"])
def test_a_callback_never_raises_whatever_it_is_given(dags, home, callback, monkeypatch, caplog):
    import engineers

    getattr(engineers, callback)({"reason": "timed_out"})
    assert "未能告知数据工程师：KeyError，engineers.py" in caplog.text
    monkeypatch.setitem(sys.modules, "pipeline", None)  # an installation that is broken
    getattr(engineers, callback)({})
    assert "未能告知数据工程师：ModuleNotFoundError，engineers.py" in caplog.text
