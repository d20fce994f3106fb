"""What an alert says (告警内容): a title, labelled lines, a list, and where to read on; plain text, short, in Chinese.

Refuses markup: how it looks on a channel, and what has to be escaped there, is the channel's. Holds masked text only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from catalog import Catalog
from serving.causes import is_unknown_file
from serving.incident import Incident
from serving.moments import guizhou_day
from serving.naming import STATES, file_zh, hours_zh, period_zh, place_zh, unit_zh
from warehouse.journal import Due, Matter

Notice = Mapping[str, object]
PAGE = "quality/latest.html"
_DO: Mapping[str, str] = {
    "late_report": "请尽快报送；本期没有开展的，报“本月无”。确有原因的，可申请延期。",
    "question": "请核实：确有差错的改正后重报；属实的请说明原因。",
    "rejected_month": "请核对退回原因，处理后重新提请定稿。",
}


# What goes back of a file that was read, and how to answer it: docs/feedback.md.
_WORKBOOK = "请按退回工作簿中的“问题清单”改正后重新报送；标“请核实”的，可在“说明”表中说明。"
_EXPORT = "请在系统中改正清单所列记录后重新导出。"
_PROSE = "请按退回页面上的标注核对；写错的，改正后重新报送，属实的，请向督导机关说明。"
_UNUSABLE = "请按规定的表样和格式重新报送；不是报表的，请移出收件目录后关闭本单。"


def _what_to_do(matter: Matter) -> str:
    if matter.cause != "bad_file":
        return _DO[matter.cause]
    if matter.rule == "unusable_file":
        return _UNUSABLE
    if matter.system is not None:
        return _EXPORT
    return _PROSE if matter.root_cause.startswith("bad_file|prose|") else _WORKBOOK


def opened(incident: Incident, catalog: Catalog) -> Notice:
    """Return the notice of an incident that was opened, or opened again."""
    matter = incident.matter
    again = {"returned": "（已退回）", "reopened": "（再次出现）"}.get(incident.last.state, "")
    mark = "必须改正" if matter.is_must_fix else "请核实"
    lines = [
        *_where(matter, catalog),
        *([("退回原因", incident.last.note)] if incident.last.state == "returned" and incident.last.note else []),
        ("处理办法", _what_to_do(matter)),
        ("期限", _day(incident.last.due_on)),
    ]
    return _notice(f"【{mark}】{matter.title}{again}", lines, _members(matter), incident)


def resolved(incident: Incident, catalog: Catalog) -> Notice:
    """Return the notice of an incident that has ended, with how it ended and how long it took."""
    last = incident.last
    hours = (last.happened_at - incident.since).total_seconds() / 3600
    lines = [
        *_where(incident.matter, catalog, briefly=True),
        ("处理结果", last.note or "已解决"),
        ("经办", last.actor),
        ("用时", hours_zh(hours)),
    ]
    return _notice(f"【已解决】{incident.matter.title}", lines, [], incident)


def escalated(incident: Incident, unit: str, now: datetime, catalog: Catalog) -> Notice:
    """Return the notice for the unit above, to which an incident has risen."""
    days = (guizhou_day(now) - guizhou_day(incident.since)).days
    lines = [
        *_where(incident.matter, catalog),
        ("已历时", f"{days} 天，现为“{STATES[incident.last.state]}”"),
        ("责任单位", incident.last.owner),
        ("处理办法", f"请{unit_zh(catalog, unit)}督促办理。"),
        ("期限", _day(incident.last.due_on)),
    ]
    return _notice(f"【上报】{incident.matter.title}", lines, _members(incident.matter), incident)


def reminder(due: Sequence[Due], catalog: Catalog) -> Notice:
    """Return the reminder of reports that will be due, all of one duty and period."""
    first = due[0]
    lines = [
        ("统计期", period_zh(first.period)),
        ("期限", _day(min(entry.due_date for entry in due))),
        ("处理办法", "请提醒下列单位按期报送；本期没有开展的，报“本月无”。"),
    ]
    units = [unit_zh(catalog, entry.org_code) for entry in due]
    title = f"【提醒】{period_zh(first.period)}报表尚有 {len(units)} 个县（市、区）未报"
    return _notice(title, lines, units, None)


def digest(mine: Sequence[Incident], fresh: Sequence[Incident], overdue: Sequence[Incident], day: date) -> Notice:
    """Return the day's digest of a route: what is open, what is new, what is past its deadline."""
    late = {incident.incident_id for incident in overdue}
    first = sorted(mine, key=lambda incident: (incident.incident_id not in late, incident.last.due_on))
    items = [
        f"{incident.incident_id} {incident.matter.title}（{STATES[incident.last.state]}，"
        f"{'已过期限' if incident.incident_id in late else '期限'} {_day(incident.last.due_on)}）"
        for incident in first
    ]
    lines = [("未解决", f"{len(mine)} 件"), ("新增", f"{len(fresh)} 件"), ("已过期限", f"{len(overdue)} 件")]
    told = [incident.turn for incident in mine]  # so that the next digest knows what is new
    return _notice(f"【每日摘要】{_day(day)}未解决问题 {len(mine)} 件", lines, items, None) | {"turns": told}


def _where(matter: Matter, catalog: Catalog, *, briefly: bool = False) -> list[tuple[str, str]]:
    lines = [("单位", unit_zh(catalog, matter.org_code))]
    if matter.period:
        lines.append(("统计期", period_zh(matter.period)))
    if matter.file and not is_unknown_file(matter):
        lines.append(("文件", file_zh(matter.file)))
    places = list(dict.fromkeys(place_zh(str(member["place"])) for member in matter.listed if member["place"]))
    if places and not briefly:
        lines.append(("位置", "、".join(places[:3]) + (f" 等 {matter.n_findings} 处" if matter.n_findings > 3 else "")))
    return lines


def _members(matter: Matter) -> list[str]:
    """Return what an incident holds as a list: places and what is wrong there, or the units that are late.

    How much of it is shown is for the channel to decide.
    """
    if matter.cause == "late_report":
        return [str(member["unit"]) for member in matter.listed] if matter.n_findings > 1 else []
    return [
        "：".join(part for part in (place_zh(member["place"] or ""), member["message"]) if part)
        for member in matter.listed
    ]


def _notice(
    title: str, lines: Sequence[tuple[str, str]], items: Sequence[str], incident: Incident | None
) -> dict[str, object]:
    numbered = [*lines, ("问题单", incident.incident_id)] if incident else [*lines]
    page = f"{PAGE}#{incident.incident_id}" if incident else PAGE
    return {"title": title, "lines": [list(line) for line in numbered], "items": list(items), "page": page}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
