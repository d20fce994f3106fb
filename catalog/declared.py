"""What an office declares about single figures: corrections (更正) and explanations (核实说明).

Both carry a reason, the office that answers for them, and a last day; neither says anything without end. Refuses names
and numbers of persons as far as a shape can tell: `who` is an office, and no text holds a long number.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from catalog.models import Closed, Identifier, OrgCode

PeriodLabel = Annotated[str, StringConstraints(pattern=r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$")]
Sentence = Annotated[str, StringConstraints(pattern=r"^\S[^\r\n]*\S$", max_length=300)]
FigureValue = Annotated[Decimal, Field(max_digits=18, decimal_places=4, allow_inf_nan=False)]


def _an_office(who: str) -> str:
    """Return the name of an office; raise ValueError for what may be a person's."""
    if not _OFFICE.fullmatch(who):
        raise ValueError(f"应写机关或科室（如 兴义市人大办），不写个人姓名：{who}")
    return who


_OFFICE = re.compile(r"[\u4e00-\u9fff（）]{2,}(?:办|室|会|委|团|人大|局|科|处|股|组|中心)")
Office = Annotated[Sentence, AfterValidator(_an_office)]
_LONG_NUMBER = re.compile(r"\d{7}")


class Declared(Closed):
    """A figure by unit, indicator and period, and until when something is said of it: `expires` is the last day.

    `period` is `2026-06`, `2026-Q2` or `"2026"`; codes and years stand in quotes, else YAML takes them for numbers.
    """

    id: Identifier
    unit: OrgCode
    indicator: Identifier
    period: PeriodLabel
    who: Office
    expires: date

    @property
    def period_start(self) -> date:
        """The first day of the period."""
        year, _, part = self.period.partition("-")
        month = 3 * int(part[1:]) - 2 if part.startswith("Q") else int(part or 1)
        return date(int(year), month, 1)

    def _check(self, on: date, text: str) -> None:
        """Raise ValueError when the day or the text cannot be: before the period, after the end, with a long number."""
        if on < self.period_start:
            raise ValueError(f"{self.id}：{on} 早于统计期 {self.period}，请核对")
        if self.expires < on:
            raise ValueError(f"{self.id}：expires（{self.expires}）早于 {on}，请核对")
        if _LONG_NUMBER.search(text):
            raise ValueError(f"{self.id}：文字中有 7 位以上的数字，疑为电话或证件号码，请删去")


class Correction(Declared):
    """A known error of a form (更正): where its cell holds `from` it counts as `to`, else nothing is done.

    `basis` is the form's: `period` (本期) or `year_to_date` (本年累计, labelled by the month it ends in).
    """

    basis: Literal["period", "year_to_date"] = "period"
    value_from: FigureValue = Field(alias="from")
    value_to: FigureValue = Field(alias="to", ge=0)
    reason: Sentence
    declared_on: date

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        self._check(self.declared_on, self.reason)
        if self.value_from == self.value_to:
            raise ValueError(f"{self.id}：from 与 to 相同，无需更正")
        if self.basis == "year_to_date" and not re.fullmatch(r"\d{4}-\d\d", self.period):
            raise ValueError(f"{self.id}：本年累计数的统计期写截止月份，如 2026-06")
        return self


class Explanation(Declared):
    """What a unit answered about a figure (核实说明); `rule` is the rule of a suite that had asked, where one did."""

    rule: Annotated[str, StringConstraints(pattern=r"^Expect[A-Za-z]+$")] | None = None
    text: Sentence
    said_on: date

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        self._check(self.said_on, self.text)
        return self
