"""From faults to root causes (根因): what one incident is about.

One bad file is one cause with all its findings, one late county one; the same fault of the same period in most of the
counties of a prefecture or of the province is one cause of that unit, with the list (面上问题). Refuses to tear apart
what is open: a fault stays with the incident that holds it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from catalog import Catalog
from serving.naming import CAUSES, file_zh, period_zh, unit_zh
from warehouse.journal import Matter

T = TypeVar("T")
MOST_MEMBERS = 100
_WIDE = "wide"


def matters(faults: Sequence[Matter], held: Collection[str], catalog: Catalog) -> dict[str, Matter]:
    """Put faults together by root cause and give each its title; `held` are the root causes of open incidents."""
    together: dict[str, list[Matter]] = {}
    for fault in _folded(faults, held, catalog):
        together.setdefault(fault.root_cause, []).append(fault)
    return {root_cause: _joined(several, catalog) for root_cause, several in sorted(together.items())}


def is_unknown_file(matter: Matter) -> bool:
    """Say whether a matter is a file of which nobody knows what it is, nor whose or of when.

    Its name may hold anything, somebody's name too: no alert repeats it.
    """
    return matter.rule == "unusable_file" and matter.period is None


def is_wide(matter: Matter) -> bool:
    """Say whether a matter is the same fault of many counties."""
    return matter.root_cause.startswith(_WIDE)


def _folded(faults: Sequence[Matter], held: Collection[str], catalog: Catalog) -> Iterator[Matter]:
    """Yield the faults, those that are wide under the root cause of the unit that they are wide in."""
    wide = _wide_units(faults, held, catalog)
    for fault in faults:
        units = () if fault.root_cause in held else _above(fault, catalog)
        found = [unit for unit in units if _key(fault, unit) in wide]
        if found:
            unit = next((unit for unit in found if _key(fault, unit) in held), found[-1])
            yield replace(fault, root_cause=_key(fault, unit), org_code=unit)
        else:
            yield fault


def _wide_units(faults: Sequence[Matter], held: Collection[str], catalog: Catalog) -> set[str]:
    """Return the root causes of faults that are wide: those open already, and those that are now."""
    struck: dict[str, set[str]] = {}
    for fault in faults:
        for unit in _above(fault, catalog) if fault.root_cause not in held else ():
            struck.setdefault(_key(fault, unit) + f"@{unit}", set()).add(fault.org_code)
    alerts = catalog.alerts
    found = {root_cause for root_cause in held if root_cause.startswith(_WIDE)}
    for place, counties in struck.items():
        root_cause, _, unit = place.rpartition("@")
        asked = sum(1 for org in catalog.tree.at_level("county") if unit in (org.parent, _province(catalog)))
        if len(counties) >= max(alerts.wide_least, asked * alerts.wide_percent / 100):
            found.add(root_cause)
    return found


def _above(fault: Matter, catalog: Catalog) -> list[str]:
    """Return the units in which a fault could be wide, the prefecture first; of a county's and of a period only."""
    if fault.org_code not in catalog.tree or fault.period is None or fault.rule is None:
        return []
    org = catalog.tree[fault.org_code]
    if org.level != "county":
        return []
    return [code for code in (org.parent, _province(catalog)) if code]


def _province(catalog: Catalog) -> str:
    return catalog.tree.at_level("province")[0].code


def _key(fault: Matter, unit: str) -> str:
    return "|".join((_WIDE, fault.cause, str(fault.rule), str(fault.period), unit))


def _joined(several: Sequence[Matter], catalog: Catalog) -> Matter:
    """Join the faults of one root cause; what they do not share is left empty."""
    first = several[0]
    members = [member for fault in several for member in fault.listed]
    joined = replace(
        first,
        system=_shared(fault.system for fault in several),
        rule=_shared(fault.rule for fault in several),
        indicator_code=_shared(fault.indicator_code for fault in several),
        file=_shared(fault.file for fault in several),
        is_must_fix=any(fault.is_must_fix for fault in several),
        n_findings=sum(fault.n_findings for fault in several),
        members=json.dumps(members[:MOST_MEMBERS], ensure_ascii=False),
    )
    return replace(joined, title=_title(joined, several, catalog))


def _shared(values: Iterable[T]) -> T | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _title(joined: Matter, several: Sequence[Matter], catalog: Catalog) -> str:
    unit, period = unit_zh(catalog, joined.org_code), period_zh(joined.period) if joined.period else ""
    if is_wide(joined):
        counties = len({member["unit"] for fault in several for member in fault.listed})
        return f"{unit}{period}有 {counties} 个县（市、区）{_WIDELY[joined.cause]}"
    if joined.cause == "late_report":
        return f"{unit}{period}报表逾期未报"
    if joined.cause == "question":
        return f"{unit}{period}有 {joined.n_findings} 处数据请核实"
    if joined.cause == "rejected_month":
        return f"{period}数据未获批准，已退回"
    if is_unknown_file(joined):
        return "收到一份无法识别、不能使用的文件"
    whose = "" if joined.file and joined.org_code == _province(catalog) else unit + period
    return f"{whose}{_of_file(joined, several)}"


_WIDELY: Mapping[str, str] = {
    "late_report": "报表逾期未报",
    "bad_file": "报表有同一问题",
    "question": "有同一类数据请核实",
    "rejected_month": CAUSES["rejected_month"],
}


def _of_file(joined: Matter, several: Sequence[Matter]) -> str:
    must = sum(fault.n_findings for fault in several if fault.is_must_fix)
    asked = joined.n_findings - must
    counts = [f"{must} 处必须改正"] * bool(must) + [f"{asked} 处请核实"] * bool(asked)
    return f"{file_zh(joined.file) if joined.file else '文件'}有 {'、'.join(counts)}"
