"""What somebody looks at before a month is made final (定稿依据): a short page of Markdown in Chinese, from a release.

Told are completeness, open incidents, the biggest revisions, the reconciliation and the province's figures. Whatever
came in with a file stands in a code span without control characters: no renderer makes a link, a heading or a page
element of it. Decides nothing, and recommends nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from warehouse.query import query

_LONGEST = 60
_MOST = 10
_CAUSES = {
    "bad_file": "文件问题",
    "late_report": "逾期未报",
    "question": "请核实",
    "rejected_month": "月度退回",
}
_RECONCILED = {
    "agrees": "一致",
    "within_precision": "在表述精度内",
    "explained": "可解释",
    "disputed": "有分歧",
    "one_side": "单方",
}

_STATE = "select state, revision, n_changed, note from mart.month_state where period = $period"
_COMPLETENESS = """
select n_reported, n_expected, n_on_time, n_complete
from mart.reporting_rate_month
where level = 'province' and period = $period
"""
_MISSING = """
select prefecture.name, count(*), string_agg(county.name, '、' order by county.code)
from ref.org as county
inner join ref.org as prefecture on county.prefecture_code = prefecture.code -- n:1
where
    county.level = 'county' and county.is_on_tree
    and county.code not in (
        select rate.org_code
        from mart.reporting_rate_month as rate
        where rate.level = 'county' and rate.period = $period and rate.n_reported > 0
    )
group by prefecture.code, prefecture.name
order by prefecture.code
"""
# Of indicators that nobody gave, nobody knows whether they were asked for.
_CELLS = """
select count(card.value), count(*)
from mart.county_scorecard as card
where
    card.period = $period
    and card.indicator_code in (
        select told.indicator_code from mart.county_scorecard as told
        where told.period = $period and told.value is not null
    )
"""
_INCIDENTS = """
select cause, count(*), count(*) filter (where due_on < $today), count(*) filter (where is_must_fix)
from dq.incident
where period = $period and state not in ('resolved', 'explained')
group by cause
order by cause
"""
_INCIDENT_TITLES = """
select incident_id, org_name, title
from dq.incident
where period = $period and state not in ('resolved', 'explained')
order by is_must_fix desc, due_on, incident_id
limit $most
"""
_REVISIONS = """
select revision.org_name, indicator.name_zh, revision.value_before, revision.value_after, revision.file
from mart.revision as revision
inner join ref.indicator as indicator on revision.indicator_code = indicator.code -- n:1
where revision.level = 'county' and revision.period = $period
order by abs(revision.change) / greatest(abs(revision.value_before), 1) desc, abs(revision.change) desc,
    revision.org_code, revision.indicator_code, revision.known_at
limit $most
"""
_SINCE_FINAL = """
select changed.org_name, indicator.name_zh, changed.value_before, changed.value_after
from mart.month_revision as changed
inner join ref.indicator as indicator on changed.indicator_code = indicator.code -- n:1
where
    changed.period = $period and changed.level <> 'prefecture'
    and changed.revision = (select state.revision from mart.month_state as state where state.period = $period)
order by
    changed.level = 'province' desc,
    abs(changed.change) / greatest(abs(coalesce(changed.value_before, 0)), 1) desc, changed.org_code,
    changed.indicator_code
limit $most
"""
_RECONCILIATION = """
select state, count(*) from mart.reconciliation where level = 'county' and period = $period group by state
"""
_PROVINCE = """
select
    month.indicator_name, month.unit, month.value, month.n_reported, month.n_expected, month.publication,
    verified.verified_rate
from mart.province_month as month
left join mart.verified_share as verified -- 1:1
    on
        month.org_code = verified.org_code and month.indicator_code = verified.indicator_code
        and month.period = verified.period
where month.period = $period
order by month.indicator_code
"""


def month_evidence(release: Path, period: str, today: date) -> str:
    """Return the evidence for a month (2026-06) as Markdown; incidents are overdue by `today`.

    What the release knows nothing of is said to be so, and not left out.
    """
    page = _Page(release, {"period": period})
    return "\n\n".join(
        [
            page.standing(),
            "### 报送",
            page.completeness(),
            "### 未了问题单",
            page.incidents(today),
            "### 修订最大的数字（县级）",
            page.revisions(),
            "### 三方核对（县级）",
            page.reconciliation(),
            "### 全省数字",
            page.province(),
        ]
    )


class _Page:
    """The parts of the page, each asked of the release when it is called."""

    def __init__(self, release: Path, keys: dict[str, object]) -> None:
        self.release = release
        self.keys = keys

    def _ask(self, sql: str, **more: object) -> tuple[tuple[Any, ...], ...]:
        return query(self.release, sql, self.keys | more).rows

    def standing(self) -> str:
        found = self._ask(_STATE)
        if not found or found[0][0] == "未定稿":
            return "目前状态：**未定稿**。"
        state, revision, n_changed, note = found[0]
        said = f"目前状态：**{state}**，第 {revision} 版" if revision else f"目前状态：**{state}**"
        said += f"，备注 {quoted(note)}。" if note else "。"
        if state != "已修订待确认":
            return said
        rows = [[org, indicator, _number(was), _number(is_)] for org, indicator, was, is_ in self._since_final()]
        changed = f"定稿后有 {n_changed} 个数字变动，主要是："
        return "\n\n".join([said, changed, _table(["单位", "指标", "上一版", "现在"], rows)])

    def _since_final(self) -> tuple[tuple[Any, ...], ...]:
        return self._ask(_SINCE_FINAL, most=_MOST)

    def completeness(self) -> str:
        rate = self._ask(_COMPLETENESS)
        missing = self._ask(_MISSING)
        filled, cells = self._ask(_CELLS)[0]
        lines = ["- 没有任何县报送本月报表。"]
        if rate:
            n_reported, n_expected, n_on_time, n_complete = rate[0]
            lines = [f"- 已报 **{n_reported}** / {n_expected} 县，按时 {n_on_time}，报全 {n_complete}。"]
        if cells:
            lines.append(f"- 县级数字有值 {filled} / {cells}（{100 * filled / cells:.1f}%；只计至少一县有数的指标）。")
        if missing and rate:
            lines.append(f"- 未报 {sum(count for _, count, _ in missing)} 县：")
            lines += [f"    - {prefecture}（{count}）：{names}" for prefecture, count, names in missing]
        return "\n".join(lines)

    def incidents(self, today: date) -> str:
        counted = self._ask(_INCIDENTS, today=today)
        if not counted:
            return "没有未了的问题单。"
        rows = [
            [_CAUSES.get(cause, quoted(cause)), count, overdue, must_fix] for cause, count, overdue, must_fix in counted
        ]
        titles = self._ask(_INCIDENT_TITLES, most=_MOST)
        total = sum(row[1] for row in counted)
        lines = [f"- {quoted(number)} {org}：{quoted(title)}" for number, org, title in titles]
        if total > len(titles):
            lines.append(f"- 另有 {total - len(titles)} 件，见表 dq.incident。")
        return "\n\n".join([_table(["类别", "件数", "其中逾期", "其中必须改正"], rows), "\n".join(lines)])

    def revisions(self) -> str:
        found = self._ask(_REVISIONS, most=_MOST)
        if not found:
            return "本月没有重报引起的修订。"
        rows = [[org, name, _number(was), _number(is_), quoted(file)] for org, name, was, is_, file in found]
        return _table(["单位", "指标", "修订前", "修订后", "文件"], rows)

    def reconciliation(self) -> str:
        counts = dict(self._ask(_RECONCILIATION))
        if not counts:
            return "本月没有可核对的数字。"
        return "、".join(f"{zh} {counts[state]}" for state, zh in _RECONCILED.items() if state in counts) + "。"

    def province(self) -> str:
        rows = [
            [name, f"{_number(value)} {unit}", f"{reported} / {expected}", publication, _percent(verified)]
            for name, unit, value, reported, expected, publication, verified in self._ask(_PROVINCE)
        ]
        if not rows:
            return "全省还没有本月的数字。"
        return _table(["指标", "数值", "已报/应报县", "发布状态", "经记录核实"], rows)


def quoted(text: str) -> str:
    """Put a text that came from outside into a code span that it cannot leave.

    >>> quoted("6月`](http://x)|<b>" + chr(10) + "# 表.xlsx")
    "`6月'](http://x)｜<b> # 表.xlsx`"
    """
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    plain = " ".join(plain.replace("`", "'").replace("|", "｜").split())
    return f"`{plain[:_LONGEST]}{'…' if len(plain) > _LONGEST else ''}`" if plain else "—"


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _number(value: Decimal | float | None) -> str:
    return "—" if value is None else f"{value:,}"


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}%"
