"""What prose, forms and records say of one unit and indicator (三源对照): the rows of `mart.side_by_side`, with files.

Reads one release. Compares nothing by itself: how near the periods are is told beside each figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from warehouse.query import query

Number = Decimal | int | float
_NEARNESS = {"same": "同期", "part": "其中一部分月份", "nearest": "相近月份", "none": "没有可比的数"}
_BASES = {
    "period": "本期",
    "year_to_date": "本年累计",
    "since_start": "活动开展以来累计",
    "multi_year": "多年累计",
    "as_of": "时点数",
    "unstated": "时间未写明",
}
_ROWS = """
select
  beside.org_name, beside.indicator_name, beside.unit, beside.value, beside.value_low, beside.value_high,
  beside.qualifier, beside.basis, beside.period, beside.phrase, delivery.file, observation.source_ref,
  beside.form_value, beside.form_period, beside.form_nearness, beside.n_form_months, beside.n_form_reported,
  beside.records_value, beside.records_period, beside.records_nearness, beside.n_records_months,
  beside.n_records_reported, beside.n_months_expected, beside.n_expected
from mart.side_by_side as beside
inner join core.observation as observation on observation.row_ref = beside.row_ref and observation.source = 'prose'
inner join ops.delivery as delivery on delivery.delivery_id = observation.delivery_id
where beside.org_code = $org and beside.indicator_code = $indicator and $period in (beside.period, '')
order by beside.period_end, beside.row_ref
"""


@dataclass(frozen=True)
class Held:
    """What a source (报表 or 系统) says of the nearest period; `nearness` is same, part, nearest or none."""

    value: Number | None
    period: str | None
    nearness: str
    n_months: int | None
    n_reported: int | None


@dataclass(frozen=True)
class Told:
    """A figure that prose tells, where it stands, and what the other sources say."""

    value: Number
    value_low: Number
    value_high: Number
    qualifier: str | None
    basis: str
    period: str | None
    phrase: str | None
    file: str
    cell: str
    form: Held
    records: Held
    n_months_expected: int | None
    n_expected: int | None


@dataclass(frozen=True)
class Beside:
    """All that prose tells of a unit and indicator."""

    org_code: str
    org_name: str
    indicator_code: str
    indicator_name: str
    unit: str
    told: tuple[Told, ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        told = [vars(one) | {"form": vars(one.form), "records": vars(one.records)} for one in self.told]
        return {"table": "mart.side_by_side"} | vars(self) | {"told": told}

    def lines(self) -> Iterator[str]:
        """Yield what is told as indented text for people, a line a figure."""
        yield f"{self.org_name} {self.indicator_name}（{self.unit}）"
        for one in self.told:
            span = "" if one.value_low == one.value_high else f" [{one.value_low}, {one.value_high}]"
            quoted = f"；“{one.phrase}”" if one.phrase else ""
            said = f"{_BASES.get(one.basis, one.basis)} {one.period or ''}".strip()
            yield f"  文字报告 {one.value}{span}（{said}{quoted}） ← {one.file} {one.cell}"
            yield f"    报表 {_held(one.form, one)}"
            yield f"    系统 {_held(one.records, one)}"


def beside(release: Path, org_code: str, indicator: str, period: str = "") -> Beside:
    """Return what prose tells of a unit and indicator, of one period or of all.

    Raises LookupError, in Chinese, where it tells nothing.
    """
    rows = query(release, _ROWS, {"org": org_code, "indicator": indicator, "period": period}).rows
    if not rows:
        raise LookupError(
            f"mart.side_by_side 中没有 {org_code} {indicator} {period}".rstrip()
            + "：请核对单位代码、指标代码和统计期。"
        )
    told = tuple(_told(row) for row in rows)
    return Beside(org_code, rows[0][0], indicator, rows[0][1], rows[0][2], told)


def _told(row: Sequence[Any]) -> Told:
    values: list[Any] = [*row[3:12], Held(*row[12:17]), Held(*row[17:22]), *row[22:]]
    return Told(*values)


def _held(source: Held, one: Told) -> str:
    if source.value is None:
        return f"—（{_NEARNESS['none']}）"
    months = f"{source.n_months}/{one.n_months_expected or '?'} 个月"
    reported = f"已报 {source.n_reported}/{one.n_expected}"
    return f"{source.value}（{source.period}，{_NEARNESS[source.nearness]}，{months}，{reported}）"
