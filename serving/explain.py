"""Where a figure came from (数字溯源): from a mart's row down the tree to the cells and records it was made of.

A rate ends in its two parts, each with its own cells and records. A quarter or year ends in the cells of its own form,
else in its months. A figure that is the difference of cumulative ones (本年累计) ends in their cells. What a report
tells in prose of the same unit and period stands beside, unless it is the figure itself (全市各级, source prose).

Reads one release. What was superseded is shown beside what stands. Adds nothing up: every figure told is a row of the
release, so a figure and its parts can be checked against one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import catalog
from serving.beside import Beside, beside
from warehouse.query import query

_TABLE = re.compile(r"(?:mart\.)?(township|county|prefecture|province)_(month|quarter|year)")
_BELOW = {"province": "prefecture", "prefecture": "county", "county": "township"}
_NAMED = 8
_MONTHS = "select period from ref.period where grain = 'month' and ? in (quarter, year) order by period"
_FIGURE = """
select
  org_code, org_name, value, source, records_value, n_reported, n_expected, is_final, numerator, denominator,
  publication, missing, (
    select string_agg(said.text || '（' || said.who || '，至 ' || said.expires_on || '）', '；' order by explanation_id)
    from mart.explanation as said
    where said.org_code = figure.org_code and said.indicator_code = figure.indicator_code
      and said.period = figure.period and said.is_in_force
  ) as explanation
from mart.told_period as figure
where level = $level and grain = $grain and indicator_code = $indicator and period = $period
  and exists (
    select 1 from ref.org as unit
    where unit.code = figure.org_code
      and ($within in (unit.code, unit.parent_code) or $within = '')
  )
order by org_code
"""
_CELLS = """
select observation.org_code,
  observation.org_name_reported || if(observation.basis = 'period', '', '（' || observation.period || ' 累计）'),
  observation.value, observation.qualifier,
  observation.state, observation.is_current, delivery.file, observation.source_ref, report.reported_on,
  replacement.file, correction.value_to,
  correction.reason || '（' || correction.who || '，至 ' || correction.expires_on || '）'
from core.observation as observation
inner join ops.delivery as delivery on delivery.delivery_id = observation.delivery_id
inner join core.report as report on report.report_id = observation.report_id
left join ops.delivery as replacement on replacement.delivery_id = report.superseded_by
left join (
  mart.correction_match as matched
  inner join ref.correction as correction on correction.correction_id = matched.correction_id
)
  on matched.state = 'applied' and matched.report_id = observation.report_id
  and matched.source_ref = observation.source_ref and correction.indicator_code = observation.indicator_code
where exists (
    select 1 from mart.org_place as place
    where place.org_code = observation.org_code and $unit in (place.unit_code, place.county_code)
  )
  and observation.indicator_code = $indicator and observation.source = 'form' and {condition}
order by observation.is_current desc, report.reported_on, observation.org_code, observation.source_ref
"""
_OF_THE_PERIOD = "observation.period = $period and observation.basis = 'period'"
# Forms that count since 1 January, up to the period's last day and up to the day before its first.
_TO_DATE = """
exists (
  select 1 from ref.period as asked
  where asked.period = $period and observation.period_start = date_trunc('year', asked.start_date)
    and observation.period_end in (asked.end_date, asked.start_date - interval 1 day)
)
"""
_SO_FAR = """
observation.basis = 'year_to_date' and observation.period = (
  select max(reach.period) from mart.year_reach as reach
  where reach.org_code = $unit and reach.indicator_code = $indicator and reach.year = $period
)
"""
_PROSE = """
select observation.org_code, observation.org_name_reported, observation.value, observation.qualifier,
  observation.state, observation.is_current, delivery.file, observation.source_ref, report.reported_on,
  replacement.file, null, null
from core.observation as observation
inner join ops.delivery as delivery on delivery.delivery_id = observation.delivery_id
inner join core.report as report on report.report_id = observation.report_id
left join ops.delivery as replacement on replacement.delivery_id = report.superseded_by
where observation.org_code = $unit and observation.indicator_code = $indicator and observation.period = $period
  and observation.basis = 'period' and observation.source = 'prose'
  or observation.row_ref in (
    select told.row_ref from mart.inclusive_figure as told
    where told.org_code = $unit and told.indicator_code = $indicator and told.period = $period
  )
order by observation.is_current desc, report.reported_on, observation.row_ref
"""
_RECORDS = """
select delivery.file, count(*)
from core."{export}" as record
inner join ops.delivery as delivery on delivery.delivery_id = record.delivery_id
where record.{place} = $unit and {conditions}
group by delivery.file
order by delivery.file
"""


@dataclass(frozen=True)
class Cell:
    """A reported figure: the unit as the file names it, its value, and the file and cell it stands in.

    `state` is figure, none or blank; `superseded_by` names the file that replaced it, None where it stands. A cell
    with a declared correction counts as `corrected_to`; `correction` says why, who answers for it and until when.
    """

    unit: str
    value: Decimal | int | float | None
    qualifier: str | None
    state: str
    file: str
    cell: str
    reported_on: str | None
    is_current: bool
    superseded_by: str | None
    corrected_to: Decimal | int | float | None = None
    correction: str | None = None

    @property
    def speaks(self) -> bool:
        """Whether the cell stands and holds a value; a blank one says nothing."""
        return self.is_current and self.value is not None


@dataclass(frozen=True)
class Part:
    """The numerator or denominator of a unit's rate, as the rate's row holds it, with its cells and its records."""

    indicator_code: str
    indicator_name: str
    value: Decimal | int | float
    cells: tuple[Cell, ...]
    records: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the part and its cells as plain data."""
        return vars(self) | {"cells": [vars(cell) for cell in self.cells]}


@dataclass(frozen=True)
class Figure:
    """A mart's row with what it was made of.

    Those are rows below it, the two `parts` of a rate (numerator first), cells, and files of records (name, records of
    the unit). `numerator` and `denominator` are a rate's; None for a bare percent and for what is no rate. `prose`
    holds what reports tell in prose of the same unit and period: the value where `source` is prose, else no part of
    it. `publication` is 终值, 暂定 or 不足以发布; `missing` names the units below that have no figure; `explanation` is
    what the unit itself answered, while that is in force; `to_date` holds the cumulative cells the value follows from.
    """

    table: str
    org_code: str
    org_name: str
    period: str
    value: Decimal | int | float | None
    source: str
    records_value: Decimal | int | float | None
    n_reported: int
    n_expected: int
    is_final: bool
    numerator: Decimal | int | float | None
    denominator: Decimal | int | float | None
    below: tuple[Figure, ...]
    parts: tuple[Part, ...]
    cells: tuple[Cell, ...]
    records: tuple[tuple[str, int], ...]
    prose: tuple[Cell, ...] = ()
    publication: str | None = None
    explanation: str | None = None
    missing: str | None = None
    to_date: tuple[Cell, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the figure and all below it as plain data."""
        return vars(self) | {
            "below": [figure.as_json() for figure in self.below],
            "parts": [part.as_json() for part in self.parts],
            "cells": [vars(cell) for cell in self.cells],
            "prose": [vars(cell) for cell in self.prose],
            "to_date": [vars(cell) for cell in self.to_date],
        }


def explain(release: Path, table: str, key: Sequence[str]) -> Figure | Beside:
    """Return the figure that `key` names in `table`, with everything below it.

    `key` is (org_code, indicator_code, period); the province may leave its code out, `mart.side_by_side` the period.
    Raises LookupError, in Chinese, for a table or key that does not exist.
    """
    if table.removeprefix("mart.") == "side_by_side":
        if len(key) not in (2, 3):
            raise LookupError("请依次写明：单位代码 指标代码 [统计期]，例如 522301 voters_received。")
        return beside(release, *key)
    named = _TABLE.fullmatch(table)
    if not named:
        raise LookupError(
            f"{table} 不能溯源：请写 mart.province_month、mart.county_quarter 之类的汇总表，或 mart.side_by_side。"
        )
    level, grain = named.groups()
    if level == "province" and len(key) == 2:
        key = (catalog.load().tree.at_level("province")[0].code, *key)
    if len(key) != 3:
        raise LookupError("请依次写明：单位代码 指标代码 统计期，例如 522301 voters_received 2026-06。")
    org_code, indicator, period = key
    found = [f for f in _figures(release, level, grain, indicator, period, org_code) if f.org_code == org_code]
    if not found:
        raise LookupError(f"{table} 中没有 {org_code} {indicator} {period}：请核对单位代码、指标代码和统计期。")
    if found[0].source == "prose":
        return found[0]  # has it, as what it stands in
    return replace(found[0], prose=tuple(_ask(release, _PROSE, org_code, indicator, period)))


def lines(figure: Figure | Beside, depth: int = 0) -> Iterator[str]:
    """Yield the figure as indented text for people, a line a fact."""
    if isinstance(figure, Beside):
        yield from figure.lines()
        return
    pad = "  " * depth
    rest = "" if figure.records_value is None else f"，记录统计 {figure.records_value}"
    share = f"{figure.n_reported}/{figure.n_expected}"
    parts = "" if figure.denominator is None else f"分子 {figure.numerator}，分母 {figure.denominator}；"
    facts = f"{parts}来源 {figure.source}{rest}；已报 {share}；{figure.publication}"
    yield f"{pad}{figure.org_name} {figure.period}：{figure.value}（{facts}）"
    if figure.explanation:
        yield f"{pad}  说明：{figure.explanation}"
    if figure.missing:
        yield f"{pad}  缺报：{_shortened(figure.missing)}"
    for below in figure.below:
        yield from lines(below, depth + 1)
    for role, part in zip(("分子", "分母"), figure.parts, strict=False):
        yield f"{pad}  {role} {part.indicator_name}：{part.value}"
        yield from _evidence(part, f"{pad}    ")
    yield from _evidence(figure, f"{pad}  ")
    for cell in figure.to_date:
        yield f"{pad}  取自累计数，{_told(cell)}"
    kind = "取自文字报告（含下级）" if figure.source == "prose" else "另见文字报告（不计入）"
    for told in figure.prose:
        mark = "" if told.is_current else f"（已被 {told.superseded_by} 取代）"
        yield f"{pad}  {kind}：{told.value} ← {told.file} {told.cell}{mark}"


def _shortened(names: str) -> str:
    """Name the first few of a long list, and say how many there are."""
    listed = names.split("、")
    return names if len(listed) <= _NAMED else f"{'、'.join(listed[:_NAMED])} 等 {len(listed)} 个单位"


def _told(cell: Cell) -> str:
    mark = "" if cell.is_current else f"（已被 {cell.superseded_by} 取代）"
    value = {"blank": "空白", "none": "无"}.get(cell.state, str(cell.value))
    if cell.correction:
        value = f"原报 {value}，更正为 {cell.corrected_to}：{cell.correction}"
    return f"{cell.unit}：{value} ← {cell.file} {cell.cell}{mark}"


def _evidence(told: Figure | Part, pad: str) -> Iterator[str]:
    for cell in told.cells:
        yield f"{pad}{_told(cell)}"
    for file, count in told.records:
        yield f"{pad}记录 {count} 条 ← {file}"


def _figures(release: Path, level: str, grain: str, indicator: str, period: str, within: str) -> list[Figure]:
    keys = {"level": level, "grain": grain, "indicator": indicator, "period": period, "within": within}
    return [_figure(release, level, grain, indicator, period, row) for row in query(release, _FIGURE, keys).rows]


def _figure(release: Path, level: str, grain: str, indicator: str, period: str, row: Sequence[Any]) -> Figure:
    (
        org_code, org_name, value, source, records_value, n_reported, n_expected, is_final, numerator, denominator,
        publication, missing, said,
    ) = row  # fmt: skip
    below: list[Figure] = []
    parts: list[Part] = []
    cells: list[Cell] = []
    records: list[tuple[str, int]] = []
    to_date: list[Cell] = []
    if level in _BELOW and level != "county":
        found = _figures(release, _BELOW[level], grain, indicator, period, org_code)
        below = [figure for figure in found if figure.org_code != org_code]
    else:
        cells = _cells(release, org_code, indicator, period)
        if denominator is not None:
            parts = _parts(release, org_code, indicator, period, grain, source, (numerator, denominator))
        own = [part.cells for part in parts] or [tuple(cells)]  # a bare percent is no part of a rate rebuilt
        if denominator is None and not any(cell.speaks for cell in cells) and source in ("form", "mixed"):
            to_date = _to_date(release, org_code, indicator, period, grain)
        if grain != "month" and not all(any(cell.speaks for cell in spoken) for spoken in own):
            parts, below = [], _months(release, level, indicator, period, org_code)
            if level == "county" and records_value is not None and not below:  # records that know no more than the year
                records = _records(release, org_code, indicator, period)
        elif level == "county" and records_value is not None and not parts:
            records = _records(release, org_code, indicator, period)
    return Figure(
        f"mart.{level}_{grain}", org_code, org_name, period, value, source, records_value, n_reported, n_expected,
        is_final, numerator, denominator, tuple(below), tuple(parts), tuple(cells), tuple(records),
        prose=tuple(_ask(release, _PROSE, org_code, indicator, period)) if source == "prose" else (),
        publication=publication, explanation=said, missing=missing, to_date=tuple(to_date),
    )  # fmt: skip


def _months(release: Path, level: str, indicator: str, span: str, unit: str) -> list[Figure]:
    """Return the unit's figures of the months in a quarter or year, those there are."""
    months = [str(month) for (month,) in query(release, _MONTHS, [span]).rows]
    found = [figure for month in months for figure in _figures(release, level, "month", indicator, month, unit)]
    return [figure for figure in found if figure.org_code == unit]


def _parts(
    release: Path,
    unit: str,
    rate: str,
    period: str,
    grain: str,
    source: str,
    values: tuple[Decimal | float, Decimal | float],
) -> list[Part]:
    """Return numerator and denominator of a unit's rate, with what its one source has of them."""
    indicators = catalog.load().indicators
    codes = (indicators[rate].numerator, indicators[rate].denominator)
    return [
        Part(
            indicator_code=code,
            indicator_name=indicators[code].name_zh,
            value=value,
            cells=tuple(_cells(release, unit, code, period) or _to_date(release, unit, code, period, grain))
            if source == "form"
            else (),
            records=tuple(_records(release, unit, code, period)) if source == "records" else (),
        )
        for code, value in zip(codes, values, strict=True)
        if code
    ]


def _cells(release: Path, unit: str, indicator: str, period: str) -> list[Cell]:
    return _ask(release, _CELLS.format(condition=_OF_THE_PERIOD), unit, indicator, period)


def _to_date(release: Path, unit: str, indicator: str, period: str, grain: str) -> list[Cell]:
    """Return the cumulative cells that a figure is the difference of, or a running year rests on."""
    found = _ask(release, _CELLS.format(condition=_TO_DATE), unit, indicator, period)
    if grain == "year" and not found:
        found = _ask(release, _CELLS.format(condition=_SO_FAR), unit, indicator, period)
    return found


def _ask(release: Path, sql: str, unit: str, indicator: str, period: str) -> list[Cell]:
    keys = {"unit": unit, "indicator": indicator, "period": period}
    return [
        Cell(name, value, qualifier, state, file, cell, on and str(on), current, newer, to, why)
        for _, name, value, qualifier, state, current, file, cell, on, newer, to, why in query(release, sql, keys).rows
    ]


def _records(release: Path, unit: str, indicator: str, period: str) -> list[tuple[str, int]]:
    """Return the files whose records the county's figure is counted from, with the number of records.

    The period is a month, or the year of records that know no more.
    """
    found: list[tuple[str, int]] = []
    for export in catalog.load().exports.values():
        for measure in (measure for measure in export.measures if measure.indicator == indicator):
            conditions, keys = _conditions(export, measure)
            sql = _RECORDS.format(export=export.export, place=export.place, conditions=conditions)
            rows = query(release, sql, {"unit": unit, "period": period} | keys).rows
            found += [(str(file), int(count)) for file, count in rows]
    return found


def _conditions(export: catalog.Export, measure: catalog.Measure) -> tuple[str, dict[str, object]]:
    """Return the SQL condition under which a record counts, and the values it needs; names are the catalog's."""
    if measure.when and export.column(measure.when).type == "year":
        parts = [f"record.{measure.when}::varchar = $period"]
    elif measure.when:
        parts = [f"strftime(record.{measure.when}::date, '%Y-%m') = $period"]
    else:
        parts = [f"strftime(record.{measure.opened}, '%Y-%m') <= $period"]
        if measure.closed:
            parts.append(f"(record.{measure.closed} is null or strftime(record.{measure.closed}, '%Y-%m') > $period)")
    parts += [f"record.{name} is not null" for name in measure.present]
    keys: dict[str, object] = {
        f"wanted_{name}": [str(value).lower() for value in values] for name, values in measure.where.items()
    }
    parts += [f"list_contains($wanted_{name}, lower(record.{name}::varchar))" for name in measure.where]
    return " and ".join(parts), keys
