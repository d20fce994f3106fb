"""What a release asks of whoever delivered a file: the findings and questions that still stand, file by file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from catalog.returned import ExplanationKey, asked_of
from warehouse.query import query

# Findings of forms, prose and of what could not be read; records are answered by lists, see `quarantine_list`.
_FINDINGS = """
select delivery_id, dataset, cell, is_must_fix, rule, column_name, message, unit_code, period
from dq.standing_finding
where system is null
order by delivery_id, is_must_fix desc, table_id, line, cell, rule, column_name, message
"""
# A question goes to the form in force of that county and period that tells the figure, where one does.
_QUESTIONS = """
with form as (
    select report.report_id, report.delivery_id, report.county_code, report.period, report.basis, delivery.file
    from core.report as report
    inner join ops.delivery as delivery on report.delivery_id = delivery.delivery_id
    where report.is_current and report.form <> 'prose'
),
unit as (select org_code, unit_code from mart.org_unit where unit_level = 'county')
select
    form.delivery_id,
    (
        select min(figure.source_ref)
        from core.observation as figure
        where
            figure.report_id = form.report_id and figure.is_current and figure.org_code = question.org_code
            and figure.indicator_code = question.indicator_code
    ) as cell,
    question.rule,
    question.indicator_code,
    question.message,
    question.org_code,
    question.period
from dq.standing_question as question
inner join unit as asked on question.org_code = asked.org_code
inner join form on question.period = form.period
inner join unit as told on form.county_code = told.org_code and asked.unit_code = told.unit_code
where
    form.basis = if(question.rule = 'cumulative_decrease', 'year_to_date', 'period')
    and coalesce(question.file = form.file, true)
order by form.delivery_id, question.question_id
"""
_RECORDS = "select distinct delivery_id from dq.standing_finding where system is not null"
_DELIVERIES = """
select
    delivery.delivery_id, delivery.file, delivery.dataset, delivery.reason,
    unit.code, unit.name, coalesce(delivery.period, delivery.claimed_period)
from ops.delivery as delivery
left join (select code, min(name) as name from ref.org where valid_to is null group by code) as unit
    on coalesce(delivery.org_code, delivery.claimed_org_code) = unit.code
where list_contains($ids, delivery.delivery_id)
order by delivery.file, delivery.delivery_id
"""
_EXPECTED_OF_QUESTIONS = {
    "cumulative_decrease": "本年累计数逐期不减少；确系更正以前多报的，请说明原因。",
    "cumulative_gap": "本期数应等于相邻两期累计数之差；口径或补报造成的，请说明原因。",
    "level_contradiction": "含下级的数应不小于所属各单位之和。",
    "unusual_figure": "与本单位以往各期相差过大的，请核对；确实如此的，请说明原因。",
    "repeated_paragraph": "各单位、各期的文字报告应分别撰写。",
    "repeated_report": "各单位、各期应分别据实填报。",
}
_UNUSABLE = "请按规定的表样和文件格式重新报送。"


@dataclass(frozen=True)
class Item:
    """One thing asked: `cell` is where it stands in the delivered file, None where it stands nowhere.

    `expected` says what should be there. `key` ties an explanation to it; what must be fixed has none.
    """

    number: int
    cell: str | None
    message: str
    expected: str
    is_must_fix: bool
    key: ExplanationKey | None


@dataclass(frozen=True)
class Asked:
    """A delivery that something is asked about; `unit_code` and `unit_name` are None where nobody knows whose it is.

    `file` is masked. `is_records` says that it is a system's export: its rows stand in a list, not in `items`.
    """

    delivery_id: str
    file: str
    dataset: str | None
    note: str | None
    unit_code: str | None
    unit_name: str | None
    period: str | None
    items: tuple[Item, ...] = ()
    is_records: bool = False

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return PurePosixPath(self.file).name


def asked(release: Path, expected: Mapping[tuple[str, str], str]) -> list[Asked]:
    """Return every delivery that something is asked about still; `expected` is what should be, by dataset and rule."""
    found: dict[str, list[Item]] = {}

    def add(delivery_id: str, cell: str | None, message: str, wanted: str, key: ExplanationKey, must_fix: bool) -> None:
        items = found.setdefault(delivery_id, [])
        items.append(Item(len(items) + 1, cell, message, wanted, must_fix, None if must_fix else key))

    for delivery_id, dataset, cell, must_fix, *told in query(release, _FINDINGS).rows:
        rule, column, message, unit, period = told
        wanted = _UNUSABLE if rule == "unusable_file" else expected.get((dataset, rule), "")
        add(delivery_id, cell, message, wanted, _key(rule, column, unit, period, cell, message), must_fix)
    for delivery_id, cell, rule, indicator, message, unit, period in query(release, _QUESTIONS).rows:
        wanted = _EXPECTED_OF_QUESTIONS.get(rule, "")
        add(delivery_id, cell, message, wanted, _key(rule, indicator, unit, period, cell, message), False)
    records = {delivery_id for (delivery_id,) in query(release, _RECORDS).rows}
    rows = query(release, _DELIVERIES, {"ids": [*found, *records - set(found)]}).rows
    return [
        Asked(one, file, dataset, note, code, name, period, tuple(found.get(one, ())), one in records)
        for one, file, dataset, note, code, name, period in rows
    ]


def _key(
    rule: str, indicator: str | None, unit: str | None, period: str | None, cell: str | None, message: str
) -> ExplanationKey:
    return ExplanationKey(rule, indicator or "", unit or "", period or "", cell or "", asked_of(message))
