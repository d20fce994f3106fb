"""Made-up faults, incidents and alert routes for the tests of what becomes of them."""

import json
from dataclasses import replace
from datetime import date, datetime, time

import catalog
from catalog.alerting import Alerts, Channel, Mute, QuietHours, Route
from warehouse.journal import Event, Matter

NOW = datetime(2026, 7, 6, 2, 0)  # 10:00 in Guizhou, a Monday
ALERTS = Alerts(
    channels=(
        Channel(id="mail", kind="email", connection="mail", to=("office@intranet.example",)),
        Channel(id="robot", kind="wecom", connection="robot"),
    ),
    routes=(
        Route(id="province", office="省人大办", unit="520000", channels=("mail",)),
        Route(id="hotline", office="省人大信访办", unit="520000", systems=(3,), channels=("mail",)),
        Route(id="qianxinan", office="黔西南州人大办", unit="522300", channels=("robot",)),
    ),
    at_once=("bad_file", "late_report", "question"),
    digest_at=time(8, 30),
    quiet_hours=QuietHours(since=time(22), until=time(8)),
    days_to_fix={"bad_file": 3, "late_report": 3, "question": 5, "rejected_month": 3},
    escalate_days={"township": 3, "county": 5, "prefecture": 10},
    wide_percent=50,
    wide_least=4,
)
FACTS = replace(catalog.load(), alerts=ALERTS)
QIANXINAN = [org.code for org in FACTS.tree.children("522300")]


def facts(**changed):
    return replace(FACTS, alerts=ALERTS.model_copy(update=changed))


def muted(unit, first, last):
    return Mute(id="renewal", unit=unit, first_day=date.fromisoformat(first), last_day=date.fromisoformat(last),
                reason="换届选举", who="省人大办")  # fmt: skip


def fault(org="522301", cause="bad_file", rule="ExpectCountToBeWhole", n=1, **said):
    period = said.pop("period", "2026-06")
    subject = f"form|{org}|{period}" if cause == "bad_file" else f"{rule}|{org}|{period}"
    member = {
        "unit": catalog.load().tree[org].name, "org_code": org, "rule": rule, "indicator_code": None,
        "place": "统计表!B5", "message": f"{rule} 不对",
    }  # fmt: skip
    about = {
        "root_cause": f"{cause}|{subject}", "cause": cause, "org_code": org, "period": period, "system": None,
        "rule": rule, "indicator_code": None, "file": f"{org}.xlsx", "is_must_fix": cause != "question",
        "n_findings": n, "members": json.dumps([member] * min(n, 20), ensure_ascii=False),
    }  # fmt: skip
    return Matter(**about | said)


def event(matter, number="2026-00001", sequence=1, kind="opened", state="open", at=NOW, **said):
    return Event(number, sequence, at, kind, state, matter, said.pop("due_on", date(2026, 7, 9)),
                 said.pop("owner", "黔西南州人大办"), said.pop("actor", "系统"), **said)  # fmt: skip
