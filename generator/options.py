"""What a made-up province is asked to be: its size, its span of months, its share of mishaps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

RECORD_FORMATS = ("csv", "csv-gb18030", "xlsx", "json", "jsonl")
FORM_FORMATS = ("xlsx", "csv", "csv-gb18030", "docx", "html")
_MOST_COUNTIES = 88
_FEWEST_RECORDS_PER_COUNTY_MONTH = 60
_EARLIEST = date(2018, 1, 1)


@dataclass(frozen=True)
class Month:
    """A month of the span: its label and its first and last day."""

    label: str
    start: date
    end: date

    @property
    def year(self) -> str:
        """The year that the month lies in."""
        return self.label[:4]

    @property
    def quarter(self) -> str:
        """The quarter that the month lies in."""
        return f"{self.year}-Q{(self.start.month + 2) // 3}"

    @property
    def days(self) -> int:
        """The number of days of the month."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class Options:
    """A province to be made up. Shares lie between 0 and 1; `until` is the last month, and must be over.

    `records` is the total over the twelve exports; `faults` the share of record rows, and of forms, that get a fault.
    `late`, `missing` and `resubmitted` are shares of the counties' forms, `corrected` the share of records that come
    again with other content. No file of records has more than
    `rows_per_file` rows. Raises ValueError, in Chinese, for what cannot be made.
    """

    counties: int = 88
    months: int = 6
    records: int = 200_000
    seed: int = 7
    faults: float = 0.02
    until: str = "2026-06"
    late: float = 0.05
    missing: float = 0.03
    resubmitted: float = 0.04
    corrected: float = 0.01
    record_formats: tuple[str, ...] = RECORD_FORMATS
    form_formats: tuple[str, ...] = FORM_FORMATS
    rows_per_file: int = 500_000

    def __post_init__(self) -> None:
        if not 1 <= self.counties <= _MOST_COUNTIES:
            raise ValueError(f"县区数应在 1 到 {_MOST_COUNTIES} 之间。")
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", self.until):
            raise ValueError("最后一个月应写成 2026-06 的样子。")
        if self.months < 1 or self.span[0].start < _EARLIEST:
            raise ValueError(f"月数至少是 1，并且第一个月不早于 {_EARLIEST:%Y-%m}。")
        fewest = _FEWEST_RECORDS_PER_COUNTY_MONTH * self.counties * self.months
        if self.records < fewest:
            raise ValueError(f"记录太少：{self.counties} 个县 {self.months} 个月至少要 {fewest} 条。")
        for name in ("faults", "late", "missing", "resubmitted", "corrected"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} 是比例，应在 0 到 1 之间。")
        if self.rows_per_file < 1:
            raise ValueError("每个文件至少 1 行。")
        _listed(self.record_formats, RECORD_FORMATS)
        _listed(self.form_formats, FORM_FORMATS)

    @property
    def span(self) -> tuple[Month, ...]:
        """The months, the earliest first."""
        year, number = int(self.until[:4]), int(self.until[5:])
        first = year * 12 + number - self.months
        return tuple(_month(*divmod(first + n, 12)) for n in range(self.months))

    @property
    def years(self) -> tuple[str, ...]:
        """The years that the months lie in."""
        return tuple(dict.fromkeys(month.year for month in self.span))


def _listed(chosen: tuple[str, ...], known: tuple[str, ...]) -> None:
    if not chosen or (unknown := [name for name in chosen if name not in known]):
        raise ValueError(f"没有这种格式：{'、'.join(unknown) if chosen else '（空）'}；可选 {'、'.join(known)}。")


def _month(year: int, index: int) -> Month:
    start = date(year, index + 1, 1)
    end = date(year + index // 11, (index + 1) % 12 + 1, 1) - timedelta(days=1)
    return Month(f"{year}-{index + 1:02d}", start, end)
