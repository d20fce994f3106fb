"""Read the catalog's files into one frozen `Catalog`, and check that they agree with one another."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from catalog.alerting import Alerts
from catalog.declared import Correction, Declared, Explanation
from catalog.lexicon import Lexicon, Prose, Refusal, Units
from catalog.models import (
    BetweenLevels,
    Described,
    Export,
    Form,
    Indicator,
    Org,
    Parameters,
    Quotable,
    Table,
)
from catalog.prose_models import ProsePlaces
from catalog.reporting import ReportingCalendar, counties_of
from catalog.tree import OrgTree

FOLDER = Path(__file__).parent
# What is counted and fits no indicator; a sense may say that it does not stand behind such a number.
_OTHER = "other"
# An amount of 元 is read in the unit that its 万 or 亿 makes of it.
_LARGE_MONEY = {"万元", "亿元"}


@dataclass(frozen=True)
class Catalog:
    """All facts of the project. Mappings are keyed by code; `tables` by `schema.table`.

    `elsewhere` and `township_names` are other provinces' units: known only so that prose about them is not taken for
    a unit of the tree.
    """

    tree: OrgTree
    elsewhere: tuple[Org, ...]
    township_names: frozenset[str]
    prose_places: ProsePlaces
    indicators: Mapping[str, Indicator]
    forms: Mapping[str, Form]
    exports: Mapping[str, Export]
    tables: Mapping[str, Table]
    columns: Mapping[str, Described]
    calendar: ReportingCalendar
    parameters: Parameters
    between_levels: BetweenLevels
    quotable: Quotable
    prose: Prose
    corrections: tuple[Correction, ...]
    explanations: tuple[Explanation, ...]
    alerts: Alerts


@cache
def load(folder: Path = FOLDER) -> Catalog:
    """Return the catalog that stands in `folder`.

    Raises pydantic.ValidationError for a file that breaks its model and ValueError where two files contradict each
    other; both name the file's entry.
    """
    indicators = {row.code: row for row in map(Indicator.model_validate, _csv(folder / "indicators.csv"))}
    forms = {form.form: form for form in map(Form.model_validate, _documents(folder / "forms"))}
    exports = {export.export: export for export in map(Export.model_validate, _documents(folder / "exports"))}
    described = _yaml(folder / "tables.yml")
    settings = _yaml(folder / "parameters.yml")
    catalog = Catalog(
        tree=_tree(folder / "org"),
        elsewhere=tuple(Org.model_validate(row) for row in _csv(folder / "org/elsewhere.csv")),
        township_names=frozenset(row["name"] or "" for row in _csv(folder / "org/township_names.csv")),
        prose_places=ProsePlaces.model_validate(_yaml(folder / "prose/places.yml")),
        indicators=indicators,
        forms=forms,
        exports=exports,
        tables={name: Table.model_validate(table) for name, table in described["tables"].items()},
        columns={name: Described.model_validate(words) for name, words in described["columns"].items()},
        calendar=ReportingCalendar.model_validate(_yaml(folder / "calendar.yml")),
        parameters=Parameters.model_validate(settings["parameters"]),
        between_levels=BetweenLevels.model_validate(settings["between_levels"]),
        quotable=Quotable.model_validate(_yaml(folder / "quotable.yml")),
        prose=_prose(folder / "prose"),
        corrections=tuple(map(Correction.model_validate, _yaml(folder / "corrections.yml"))),
        explanations=tuple(map(Explanation.model_validate, _yaml(folder / "explanations.yml"))),
        alerts=Alerts.model_validate(_yaml(folder / "alerts.yml")),
    )
    _cross_check(catalog)
    return catalog


def _tree(folder: Path) -> OrgTree:
    successions = [Org.model_validate(row) for row in _yaml(folder / "history.yml")]
    return OrgTree(
        current=[Org.model_validate(row) for row in _csv(folder / "divisions.csv")],
        ended=successions,
        aliases=_yaml(folder / "aliases.yml"),
    )


def _prose(folder: Path) -> Prose:
    return Prose(
        units=Units.model_validate(_yaml(folder / "units.yml")),
        lexicon=Lexicon.model_validate(_yaml(folder / "lexicon.yml")),
        refusals=tuple(map(Refusal.model_validate, _yaml(folder / "not_statistics.yml"))),
        programme_start=_yaml(folder / "programme.yml")["start"],
    )


def _cross_check(catalog: Catalog) -> None:
    """Raise ValueError where a form, an export, a ratio, a unit or the lexicon names something that does not exist."""
    known = {org.code for org in catalog.elsewhere}
    _refuse("units elsewhere", "unknown parent", {org.parent for org in catalog.elsewhere} - {None} - known)
    _refuse("units elsewhere", "unit of the tree", known & {org.code for org in catalog.tree})
    for form in catalog.forms.values():
        _check_form(form, catalog)
    for export in catalog.exports.values():
        _check_export(export, catalog)
    for indicator in catalog.indicators.values():
        _refuse(
            f"indicator {indicator.code}",
            "unknown part",
            {indicator.numerator, indicator.denominator} - {None} - set(catalog.indicators),
        )
    _refuse("between_levels", "unknown indicator", set(catalog.between_levels.indicators) - set(catalog.indicators))
    _check_lexicon(catalog)
    _check_declared("corrections.yml", catalog.corrections, catalog)
    _check_declared("explanations.yml", catalog.explanations, catalog)
    _check_corrections(catalog)
    placed = {route.unit for route in catalog.alerts.routes} | {mute.unit for mute in catalog.alerts.mutes}
    _refuse("alerts.yml", "没有这个单位代码", {unit for unit in placed if unit not in catalog.tree})
    _check_calendar(catalog)


def _check_form(form: Form, catalog: Catalog) -> None:
    figures = {figure.indicator for figure in form.figures}
    rules = {name for rule in form.at_most for name in (rule.part, rule.whole)}
    _refuse(f"form {form.form}", "unknown indicator", figures - set(catalog.indicators))
    _refuse(f"form {form.form}", "at_most names an indicator without a column", rules - figures)


def _check_export(export: Export, catalog: Catalog) -> None:
    counted = {measure.indicator for measure in export.measures}
    named = {column.references for column in export.columns} - {None}
    _refuse(f"export {export.export}", "unknown indicator", counted - set(catalog.indicators))
    _refuse(f"export {export.export}", "reference to an unknown export", named - set(catalog.exports))
    stocks = {measure.indicator for measure in export.measures if measure.opened}
    people = {measure.indicator for measure in export.measures if measure.distinct}
    kinds = {code: "stock" if code in stocks else "distinct" if code in people else "flow" for code in counted}
    wrong = {code for code, kind in kinds.items() if catalog.indicators[code].kind != kind}
    _refuse(f"export {export.export}", "measure that does not fit its indicator's kind", wrong)


def _check_lexicon(catalog: Catalog) -> None:
    lexicon, units = catalog.prose.lexicon, catalog.prose.units
    spoken = {code for sense in lexicon.senses for code in (sense.indicator, *sense.not_after)}
    spoken |= {code for fact in lexicon.second_facts for code in (fact.of, fact.gives)}
    spoken |= {code for follows in lexicon.follows for code in (follows.after, follows.of, follows.gives)}
    _refuse("lexicon", "unknown indicator", spoken - set(catalog.indicators) - {_OTHER})
    counted = {unit for sense in lexicon.senses for unit in sense.units}
    _refuse("lexicon", "unknown unit", counted - {*units.counted, *units.measured} - _LARGE_MONEY)


def _check_declared(file: str, entries: Sequence[Declared], catalog: Catalog) -> None:
    _refuse(file, "id 重复", {entry.id for entry in entries if [e.id for e in entries].count(entry.id) > 1})
    _refuse(file, "没有这个单位代码", {entry.unit for entry in entries if entry.unit not in catalog.tree})
    _refuse(file, "没有这个指标", {entry.indicator for entry in entries} - set(catalog.indicators))
    first = catalog.parameters.earliest_year
    _refuse(file, f"统计期早于 {first} 年", {entry.id for entry in entries if entry.period_start.year < first})


def _check_corrections(catalog: Catalog) -> None:
    above = {e.id for e in catalog.corrections if catalog.tree[e.unit].level not in ("county", "township")}
    _refuse("corrections.yml", "报表只有县级和乡镇的数，不能更正市州或全省", above)
    said = [
        (catalog.tree.history.series(e.unit), e.indicator, e.period, e.basis, e.value_from) for e in catalog.corrections
    ]
    twice = {e.id for e, cell in zip(catalog.corrections, said, strict=True) if said.count(cell) > 1}
    _refuse("corrections.yml", "同一个数更正了两次", twice)


def _check_calendar(catalog: Catalog) -> None:
    """Raise ValueError where a duty names no form or unit, or an exception nobody who owes it, or somebody twice."""
    calendar, tree = catalog.calendar, catalog.tree
    named = {*(unit for duty in calendar.duties for unit in duty.units), *(e.unit for e in calendar.exceptions)}
    _refuse("calendar.yml", "没有这个报表", {duty.form for duty in calendar.duties} - set(catalog.forms))
    _refuse("calendar.yml", "没有这个单位代码", {unit for unit in named if unit not in tree})
    _refuse("calendar.yml", "报表由县报送，不能写乡镇", {unit for unit in named if tree[unit].level == "township"})
    owing = {duty.id: set(counties_of(duty.units, tree)) for duty in calendar.duties}
    granted: set[tuple[str, str, str]] = set()
    for exception in calendar.exceptions:
        counties = counties_of([exception.unit], tree)
        if not owing[exception.duty].intersection(counties):
            raise ValueError(f"calendar.yml: {exception.id}: 该单位没有这项报送任务: {exception.unit}")
        again = {(exception.duty, county, exception.period) for county in counties}
        if granted & again:
            raise ValueError(f"calendar.yml: {exception.id}: 同一单位同一期的例外写了两次")
        granted |= again


def _refuse(where: str, what: str, names: Iterable[str | None]) -> None:
    if listed := ", ".join(sorted(filter(None, names))):
        raise ValueError(f"{where}: {what}: {listed}")


def _documents(folder: Path) -> list[Any]:
    return [_yaml(path) for path in sorted(folder.glob("*.yml"))]


def _yaml(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds; its model checks it
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _csv(path: Path) -> list[dict[str, str | None]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(lines)]
