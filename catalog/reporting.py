"""Who owes which report by when (报送日历): duties, and what an office was granted of them.

Says when something is due, never whether it came: that is for the roll-ups. Names offices, no persons.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Self

from pydantic import Field, model_validator

from catalog.declared import Office, PeriodLabel, Sentence
from catalog.models import Closed, Grain, Identifier, OrgCode
from catalog.tree import OrgTree

_LONG_NUMBER = re.compile(r"\d{7}")


def grain_of(label: str) -> Grain:
    """Return whether a period's label is that of a month, a quarter or a year.

    >>> grain_of("2026-06"), grain_of("2026-Q2"), grain_of("2026")
    ('month', 'quarter', 'year')
    """
    return "year" if len(label) == 4 else "quarter" if "Q" in label else "month"


def last_day(label: str) -> date:
    """Return the last day of a period.

    >>> str(last_day("2026-02")), str(last_day("2026-Q2")), str(last_day("2026"))
    ('2026-02-28', '2026-06-30', '2026-12-31')
    """
    year, _, part = label.partition("-")
    month = 3 * int(part[1:]) if part.startswith("Q") else int(part or 12)
    return date(int(year), month, monthrange(int(year), month)[1])


class Duty(Closed):
    """A report that is owed again and again (报送任务): of which form, for each period of which grain, from `first` on.

    `units` owe it: counties, or prefectures for all their counties; none means every county in force. It is due
    `due_days` after the period's end (those of its grain where it has none of its own), and reminded of `remind_days`
    before that.
    """

    id: Identifier
    name_zh: Sentence
    name_en: Sentence
    form: Identifier
    grain: Grain
    first: PeriodLabel
    last: PeriodLabel | None = None
    units: tuple[OrgCode, ...] = ()
    due_days: int | None = Field(default=None, ge=0)
    remind_days: int = Field(ge=0)

    @model_validator(mode="after")
    def _periods_fit(self) -> Self:
        for label in filter(None, (self.first, self.last)):
            if grain_of(label) != self.grain:
                raise ValueError(
                    f"duty {self.id}：{label} 不是 {self.grain} 的统计期，月写 2026-06，季写 2026-Q2，年写 2026"
                )
        if self.last is not None and self.last < self.first:
            raise ValueError(f"duty {self.id}：last（{self.last}）早于 first（{self.first}），请核对")
        return self


class DutyException(Closed):
    """What was granted of a duty for one period (延期、免报): a later last day `due`, or `waived`.

    `unit` is a county, or a prefecture for all its counties. `expires` is the last day on which the grant holds: for a
    report that comes later, or that has not come when this day is over, the ordinary last day counts again.
    """

    id: Identifier
    duty: Identifier
    unit: OrgCode
    period: PeriodLabel
    due: date | None = None
    waived: bool = False
    requester: Office
    reason: Sentence
    expires: date

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if self.waived == (self.due is not None):
            raise ValueError(f"exception {self.id}：延期写 due（展期至哪一天），免报写 waived: true，二者写一个")
        if self.expires < (self.due or last_day(self.period)):
            raise ValueError(f"exception {self.id}：expires（{self.expires}）早于展期或统计期的最后一天，请核对")
        if _LONG_NUMBER.search(self.reason):
            raise ValueError(f"exception {self.id}：reason 中有 7 位以上的数字，疑为电话或证件号码，请删去")
        return self


class ReportingCalendar(Closed):
    """The whole of `calendar.yml`; `due_days` after a period's end its report is due (报送期限), by grain."""

    due_days: dict[Grain, int]
    duties: tuple[Duty, ...] = ()
    exceptions: tuple[DutyException, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> Self:
        for what, ids in (("duty", [d.id for d in self.duties]), ("exception", [e.id for e in self.exceptions])):
            if twice := {i for i in ids if ids.count(i) > 1}:
                raise ValueError(f"{what} {', '.join(sorted(twice))}：id 重复")
        duties = {duty.id: duty for duty in self.duties}
        for exception in self.exceptions:
            duty = duties.get(exception.duty)
            if duty is None:
                raise ValueError(f"exception {exception.id}：没有报送任务 {exception.duty}")
            if grain_of(exception.period) != duty.grain or exception.period < duty.first:
                raise ValueError(f"exception {exception.id}：{exception.period} 不是 {duty.id} 要报的统计期，请核对")
            if exception.due is not None and exception.due <= self.due_on(duty, exception.period):
                raise ValueError(f"exception {exception.id}：due（{exception.due}）没有晚于原期限，请核对")
        return self

    def days_of(self, duty: Duty) -> int:
        """Return how many days after the end of a period a duty is due: its own number, else that of its grain."""
        return self.due_days[duty.grain] if duty.due_days is None else duty.due_days

    def due_on(self, duty: Duty, period: str) -> date:
        """Return the last day on which a duty's report of a period is on time, when nothing was granted."""
        return last_day(period) + timedelta(days=self.days_of(duty))


def counties_of(units: Sequence[str], tree: OrgTree) -> list[str]:
    """Return the counties in force that these units are or hold, by code; all of them when no unit is named.

    An ended unit stands for what it became.
    """
    wanted = {heir.code for unit in units for heir in tree.heirs(unit)}
    return [county.code for county in tree.at_level("county") if not units or wanted & _holders(county.code, tree)]


def _holders(county: str, tree: OrgTree) -> set[str]:
    holders = (tree.ancestor(county, level) for level in ("prefecture", "province"))
    return {county, *(holder.code for holder in holders if holder)}
