"""From files to alerts, driven through the DAGs: what each office hears, once, whatever its robot answers."""

import json
import os
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from openpyxl import Workbook

import catalog
from catalog.alerting import Channel, Route

from ..serving.stubs import ERROR, REFUSED, SLOW, MailServer, Robot

BAD, UNUSUAL, FALLING = "522301", "520502", "520102"
LATE = ("520302", "520303", "520304")
COLUMNS = ("代表进站履职人次", "接待选民群众人次", "收集意见建议条数", "化解矛盾纠纷件数")
OFFICES = {
    "wecom": ("522300", "黔西南州人大办"),
    "dingtalk": ("520300", "遵义市人大办"),
    "feishu": ("520500", "毕节市人大办"),
    "webhook": ("520100", "贵阳市人大办"),
}


def form(landing, county, period, figures, name, reported="2026年7月3日"):
    """Land a county's form: a row a township, all alike but for the cells given by (row, column)."""
    org, book = catalog.load().tree[county], Workbook()
    sheet = book.active
    sheet.title = "统计表"
    sheet.append(["贵州省“高质量发展，代表在行动”活动情况统计表"])
    sheet.append([f"填报单位：{org.name}人大常委会", f"统计期：{period}", f"填报时间：{reported}"])
    sheet.append(["序号", "乡镇（街道）", *COLUMNS])
    for place, township in enumerate(catalog.load().tree.children(county)):
        sheet.append([place + 1, township.name, *figures(place)])
    path = landing / org.name / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def plain(number):
    return lambda place: [number + place, 2 * number + place, number, 3]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A month as it comes: a workbook of 40 faults, three late counties, an outlier and a falling cumulative figure."""
    landing = tmp_path / "landing"
    form(landing, BAD, "2026年6月", lambda place: ["若干"] * 4 if place < 10 else [9, 9, 9, 3], "兴义市6月.xlsx")
    for month, number in ((1, 40), (2, 46), (3, 38), (4, 43), (5, 41)):
        form(landing, UNUSUAL, f"2026年{month}月", plain(number), f"{month}月.xlsx", reported=f"2026年{month + 1}月2日")
    form(landing, UNUSUAL, "2026年6月", lambda place: [42 + place, 84 + place, 420, 3], "6月.xlsx")
    form(landing, FALLING, "2026年1-5月累计", lambda place: [100, 200, 90, 9], "累计5月.xlsx", reported="2026年6月3日")
    form(landing, FALLING, "2026年1-6月累计", lambda place: [110, 230, 95 if place else 80, 9], "累计6月.xlsx")
    monkeypatch.setenv("DAIBIAO_HOME", str(tmp_path))
    monkeypatch.setenv("DAIBIAO_SETTLE_SECONDS", "0")
    return tmp_path


@pytest.fixture
def robots(monkeypatch):
    """A robot of each kind and a mail server; the catalog routes each prefecture to its own."""
    with (
        Robot("wecom") as wecom,
        Robot("dingtalk", secret="SECding") as dingtalk,
        Robot("feishu", secret="fs") as feishu,
        Robot("webhook", secret="wh") as webhook,
        MailServer() as mail,
    ):
        found = {"wecom": wecom, "dingtalk": dingtalk, "feishu": feishu, "webhook": webhook}
        facts = catalog.load()
        alerts = facts.alerts.model_copy(
            update={
                "channels": (
                    *(Channel(id=kind, kind=kind, connection=f"c_{kind}") for kind in OFFICES),
                    Channel(id="mail", kind="email", connection="c_mail", to=("office@intranet.example",)),
                ),
                "routes": tuple(
                    Route(
                        id=kind, office=office, unit=unit, channels=(kind, "mail") if kind == "webhook" else (kind,)
                    )
                    for kind, (unit, office) in OFFICES.items()
                ),
                "quiet_hours": None,
            }
        )  # fmt: skip
        (duty,) = facts.calendar.duties
        asked = duty.model_copy(update={"first": "2026-06", "last": "2026-06", "units": (BAD, UNUSUAL, FALLING, *LATE)})
        calendar = facts.calendar.model_copy(update={"duties": (asked,)})
        monkeypatch.setattr(catalog, "load", lambda: replace(facts, alerts=alerts, calendar=calendar))
        for kind, robot in found.items():
            connection = {"conn_type": "http", "host": robot.url, "extra": {"secret": robot.secret}}
            monkeypatch.setenv(f"AIRFLOW_CONN_C_{kind.upper()}", json.dumps(connection))
        monkeypatch.setenv("AIRFLOW_CONN_C_MAIL", mail.connection)
        yield found | {"mail": mail}


def states(run):
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def take_in(dags):
    for dag_id in ("county_reports", "province_rollups"):
        assert str(dags[dag_id].test().state) == "success"


def heard(robots):
    """What every office has heard: the titles, without their numbers."""
    titles = {kind: [asked.title for asked in robots[kind].delivered] for kind in OFFICES}
    titles["mail"] = [message["subject"] for message in robots["mail"].messages]
    return {kind: sorted(title.split("】", 1)[1] for title in said) for kind, said in titles.items()}


EXPECTED = {
    "wecom": ["【必须改正】兴义市2026年6月《兴义市6月.xlsx》有 40 处必须改正"],
    "dingtalk": [
        "【必须改正】播州区2026年6月报表逾期未报",
        "【必须改正】汇川区2026年6月报表逾期未报",
        "【必须改正】红花岗区2026年6月报表逾期未报",
    ],
    "feishu": ["【请核实】七星关区2026年6月有 1 处数据请核实"],
    "webhook": ["【请核实】南明区2026年6月有 1 处数据请核实"],
    "mail": ["【请核实】南明区2026年6月有 1 处数据请核实"],
}


def an_hour_passes(home):
    """Set the sender's ledger an hour back, as if that time had gone by."""
    with sqlite3.connect(home / "outbox" / "ledger.sqlite") as ledger:
        names = [row[1] for row in ledger.execute("pragma table_info(message)")]
        (column,) = [name for name in names if name.startswith("next_try")]
        (text,) = ledger.execute(f"select max({column}) from message").fetchone()
        assert text, "nothing waits for another try"
        earlier = datetime.now(UTC) - timedelta(hours=1)
        ledger.execute(f"update message set {column} = ? where {column} is not null", [earlier.isoformat()])


def test_a_months_faults_are_told_once_each_and_a_second_run_tells_nothing(dags, home, robots):
    take_in(dags)
    assert states(dags["alerts"].test()) == {"send": "success"}
    assert heard(robots) == EXPECTED
    take_in(dags)
    dags["reporting_calendar"].test()
    dags["alerts"].test()
    assert heard(robots) == EXPECTED


def test_the_corrected_workbook_closes_its_incident_and_the_alert_says_so(dags, home, robots):
    take_in(dags)
    corrected = form(home / "landing", BAD, "2026年6月", plain(9), "兴义市6月（改）.xlsx", reported="2026年7月4日")
    later = datetime.now(UTC).timestamp() + 1
    os.utime(corrected, (later, later))
    take_in(dags)
    dags["alerts"].test()
    assert heard(robots)["wecom"] == [
        "【已解决】兴义市2026年6月《兴义市6月.xlsx》有 40 处必须改正",
        *EXPECTED["wecom"],
    ]
    (ended,) = [asked for asked in robots["wecom"].delivered if "已解决" in asked.title]
    assert "兴义市6月（改）" in ended.json["markdown"]["content"]
    release = max(home.glob("releases/*/daibiao.duckdb"))
    with duckdb.connect(str(release), read_only=True) as connection:
        (found,) = connection.execute(
            "select state, hours_to_fix > 0, resolved_at > opened_at, note from dq.incident where org_code = ?", [BAD]
        ).fetchall()
    assert found == ("resolved", True, True, "已收到《兴义市6月（改）.xlsx》")


def test_robots_that_refuse_fail_stall_or_are_down_lose_and_double_nothing(dags, home, robots):
    take_in(dags)
    robots["dingtalk"].script.extend([REFUSED, ERROR, SLOW])
    robots["feishu"].script.append(SLOW)
    robots["webhook"].script.append(REFUSED)
    robots["mail"].script.append("451 try again later")
    robots["wecom"].down()
    dags["alerts"].test()
    assert not any(heard(robots).values())
    dags["alerts"].test()  # at once: all of them are let rest
    assert not any(heard(robots).values())
    robots["wecom"].up()
    an_hour_passes(home)
    dags["alerts"].test()
    assert heard(robots) == EXPECTED
    dags["alerts"].test()
    assert heard(robots) == EXPECTED
