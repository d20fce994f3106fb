"""Faults on county forms: in a township's line, in the 合计, in the head of the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from catalog import Catalog
from generator.forms import FORM, PARTS, Form, Row
from generator.sheets import letters, place

_UNIT, _PERIOD = (1, 0), (1, 2)
_FAR = 7
_OTHERS = ("仁怀市", "兴义市")


@dataclass(frozen=True)
class FormFault:
    """A fault of a form and where it is found; "" is the whole form."""

    place: str
    rule: str
    severity: str


def plant(form: Form, share: float, catalog: Catalog, rng: np.random.Generator) -> list[FormFault]:
    """Break the form in about `share` of its cells, or its head with that probability; return what is to be found.

    A form that is replaced, or replaces another, keeps its head: the one that stands would be another otherwise.
    """
    corrected = form.superseded or form.file.endswith("（修改稿）")
    if form.kind in ("xlsx", "csv", "csv-gb18030") and not corrected and rng.random() < share:
        return [_break_head(form, rng)]
    wanted = int(len(form.rows) * len(form.indicators) * share + rng.random()) if share else 0
    lines = rng.permutation(len(form.rows))[: min(wanted, len(form.rows) // 3)].tolist()
    found: list[tuple[int, int, str, str]] = []
    extra: list[Row] = []
    for line in lines:
        breaks = _BREAKS[int(rng.integers(0, len(_BREAKS)))]
        found += breaks(form, line, int(rng.integers(0, len(form.indicators))), catalog, extra)
    form.rows += extra
    form.add_up()
    if share and rng.random() < share * 5:
        column = int(rng.integers(0, len(form.indicators)))
        form.total[column] = sum(row.values[column] or 0 for row in form.rows) + _FAR
        if not any(column == c and rule == "ExpectFigureToBeReadable" for _, c, rule, _ in found):
            found.append((-1, column, "ExpectTotalsToMatchParts", "warning"))
    page = form.page
    return [
        FormFault(place(form.kind, page, *form.place(row, column)), rule, severity)
        for row, column, rule, severity in found
    ]


Broken = list[tuple[int, int, str, str]]
Break = Callable[[Form, int, int, Catalog, list[Row]], Broken]


def _text(form: Form, line: int, column: int, _: Catalog, __: list[Row]) -> Broken:
    form.rows[line].cells[column] = "见附件"
    form.rows[line].counts = False
    return [(line, column, "ExpectFigureToBeReadable", "critical")]


def _write(form: Form, line: int, column: int, value: float) -> None:
    row = form.rows[line]
    row.values[column], row.cells[column] = value, value


def _negative(form: Form, line: int, column: int, _: Catalog, __: list[Row]) -> Broken:
    _write(form, line, column, -3)
    form.rows[line].counts = False
    return [(line, column, "ExpectFigureNotNegative", "critical"), *_parts_of(form, line, column, -3)]


def _fraction(form: Form, line: int, column: int, _: Catalog, __: list[Row]) -> Broken:
    _write(form, line, column, 2.5)
    form.rows[line].counts = False
    above = [*_parts_of(form, line, column, 2.5), *_whole_of(form, line, column, 2.5)]
    return [(line, column, "ExpectCountToBeWhole", "critical"), *above]


def _huge(form: Form, line: int, column: int, catalog: Catalog, _: list[Row]) -> Broken:
    most = next(f.plausible_max for f in catalog.forms[FORM].figures if f.indicator == form.indicators[column])
    _write(form, line, column, most * 3)
    form.rows[line].counts = False
    return [(line, column, "ExpectPlausibleSize", "critical"), *_whole_of(form, line, column, most * 3)]


def _unknown(form: Form, line: int, _: int, __: Catalog, ___: list[Row]) -> Broken:
    form.rows[line].township = f"某某{'甲乙丙丁戊己庚辛'[line % 8]}镇"
    form.rows[line].counts = False
    return [(line, -1, "ExpectTownshipToBeKnown", "critical")]


def _twice(form: Form, line: int, _: int, __: Catalog, extra: list[Row]) -> Broken:
    row = form.rows[line]
    row.counts = False
    extra.append(replace(row, values=list(row.values), cells=list(row.cells)))
    again = len(form.rows) + len(extra) - 1
    return [(n, -1, "ExpectTownshipOnlyOnce", "critical") for n in (line, again)]


def _part_above(form: Form, line: int, _: int, __: Catalog, ___: list[Row]) -> Broken:
    """Let the last part of the form be above its whole; a form without parts stays as it is."""
    parts = [n for n, indicator in enumerate(form.indicators) if indicator in PARTS]
    if not parts:
        return []
    whole = form.rows[line].values[form.indicators.index(PARTS[form.indicators[parts[-1]]])]
    if whole is None:
        return []
    _write(form, line, parts[-1], whole + 5)
    return [(line, parts[-1], "ExpectPartNotAboveWhole", "warning")]


def _parts_of(form: Form, line: int, column: int, whole: float) -> Iterator[tuple[int, int, str, str]]:
    """Yield the parts that now lie above a whole which has become too small."""
    for n, indicator in enumerate(form.indicators):
        value = form.rows[line].values[n]
        if PARTS.get(indicator) == form.indicators[column] and value is not None and value > whole:
            yield line, n, "ExpectPartNotAboveWhole", "warning"


def _whole_of(form: Form, line: int, column: int, part: float) -> Iterator[tuple[int, int, str, str]]:
    """Yield the part that has become too large, where its whole is given."""
    indicator = PARTS.get(form.indicators[column])
    whole = form.rows[line].values[form.indicators.index(indicator)] if indicator else None
    if whole is not None and part > whole:
        yield line, column, "ExpectPartNotAboveWhole", "warning"


_BREAKS: tuple[Break, ...] = (_text, _negative, _fraction, _huge, _unknown, _twice, _part_above)


def _break_head(form: Form, rng: np.random.Generator) -> FormFault:
    """Break what the form says of itself; nothing of it counts but where it only claims a day to come."""
    breaks = _HEADS[int(rng.integers(0, len(_HEADS)))]
    form.refused = breaks is not _sent_tomorrow
    cell, rule = breaks(form)
    where = place(form.kind, form.page, *cell) if cell else ""
    return FormFault(where, rule, "critical" if form.refused else "warning")


Head = tuple[tuple[int, int] | None, str]


def _unknown_unit(form: Form) -> Head:
    form.unit = "填报单位：某开发区人大工委"
    return _UNIT, "ExpectReportingUnitToBeKnown"


def _other_unit(form: Form) -> Head:
    other = next(name for name in _OTHERS if name != form.county.name)
    form.file = form.file.replace(f"/{form.county.name}", f"/{other}")
    return _UNIT, "ExpectReportingUnitToMatchFileName"


def _half_a_period(form: Form) -> Head:
    form.period = f"统计期：{form.month.start.month}月"
    return _PERIOD, "ExpectPeriodToBeReadable"


def _other_period(form: Form) -> Head:
    form.period = f"统计期：{form.month.start.year - 1}年{form.month.start.month}月"
    return _PERIOD, "ExpectPeriodToMatchFileName"


def _far_period(form: Form) -> Head:
    form.period = "统计期：2098年1月"
    _hide_period(form)
    return _PERIOD, "ExpectPeriodToHaveBegun"


def _old_period(form: Form) -> Head:
    form.period = "统计期：2009年6月"
    _hide_period(form)
    return _PERIOD, "ExpectPeriodNotTooEarly"


def _hide_period(form: Form) -> None:
    """Take the month out of the file's name, which would contradict the form's."""
    number = form.month.start.year * 12 + form.month.start.month
    form.file = f"{form.county.name}/活动情况统计表附件{letters(number)}"


def _sent_tomorrow(form: Form) -> Head:
    form.reported_text = "填报时间：2099年1月5日"
    return None, "ExpectReportedOnNotAfterArrival"


def _no_lines(form: Form) -> Head:
    form.rows = []
    return None, "ExpectTownshipLines"


_HEADS = (
    _no_lines,
    _unknown_unit,
    _other_unit,
    _half_a_period,
    _other_period,
    _far_period,
    _old_period,
    _sent_tomorrow,
)
