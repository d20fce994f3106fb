"""Read one prose report for a person: its figures, what was passed over and why, and the page to check them by.

Needs no home folder and no warehouse, and changes nothing. Refuses tables: what stands in a form or an export is read
on the road, not here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from catalog import PROSE, Catalog
from serving.marked_text import OTHER as OTHER_ZH
from serving.marked_text import Mark, MarkedText, Unused, draw, timespan
from transforms import Unreadable, read_document
from transforms.grids import Document
from transforms.prose import Extraction, Figure, extract
from transforms.recognise import recognise

# A text that is no dataset may still be asked for: a sentence or two without an end.
_UNKNOWN = {"foreign", "misnamed"}


@dataclass(frozen=True)
class Reading:
    """A report's text and what was read from it."""

    name: str
    text: str = field(repr=False)
    extraction: Extraction
    catalog: Catalog

    def figures(self) -> Iterator[dict[str, object]]:
        """Yield a JSON object a figure, in the order of the text."""
        for figure in self.extraction.figures:
            yield _as_json(figure, self.catalog)

    def dropped(self) -> Iterator[dict[str, object]]:
        """Yield a JSON object for each number that is no figure, in the order of the text."""
        for item in self.extraction.dropped:
            yield {
                "dropped": item.reason,
                "reason_zh": item.reason_zh,
                "text": item.text,
                "start": item.start,
                "end": item.end,
            }

    def page(self) -> str:
        """Return the text with its figures marked, as one HTML page."""
        found = self.extraction
        facts = [
            ("文件", self.name),
            ("报告单位", found.place.name if found.place else "未写明"),
            ("报告时间", timespan(found.period.label) or found.period.phrase or "未写明"),
            ("发布日期", found.published_on.isoformat() if found.published_on else "未写明"),
        ]
        page = MarkedText(
            title=found.title,
            text=self.text,
            marks=[_mark(figure) for figure in found.figures],
            unused=[Unused(item.start, item.end, item.reason_zh) for item in found.dropped],
            facts=facts,
        )
        return draw(page, self.catalog.indicators)


def read_report(path: Path, catalog: Catalog, published: date | None = None) -> Reading:
    """Return what a file says in prose; `published` stands in where it does not name its day of publication.

    Raises LookupError, with a sentence for people, for a file that cannot be read or is a table; OSError for one that
    is not there.
    """
    data = path.read_bytes()
    try:
        document = read_document(data, path.name)
        dataset = _dataset(document, path.name, catalog)
    except Unreadable as problem:
        raise LookupError(f"{path}：{problem.message}") from None
    if dataset != PROSE:
        table = (catalog.forms.get(dataset) or catalog.exports[dataset]).name_zh
        raise LookupError(
            f"{path}：这是{table}，不是文字报告：请放进收件目录，由 daibiao run 读取。(A table, not prose.)"
        )
    found = extract(document.text, catalog, name=path.name, received_on=published)
    return Reading(path.name, document.text, found, catalog)


def write_page(reading: Reading, target: Path, source: Path) -> Path:
    """Write the page to `target` and return where it stands; the report itself is never written over."""
    if target.exists() and target.samefile(source):
        raise LookupError(f"{target} 就是报告本身：请给标注页另起一个名字。(That is the report itself.)")
    target.write_text(reading.page(), encoding="utf-8")
    return target.resolve()


def _dataset(document: Document, name: str, catalog: Catalog) -> str:
    try:
        return recognise(document, name, catalog)
    except Unreadable as problem:
        if problem.code in _UNKNOWN and document.text and not document.grids:
            return PROSE
        raise


def _as_json(figure: Figure, catalog: Catalog) -> dict[str, object]:
    indicator = catalog.indicators.get(figure.indicator_code)
    period = figure.period
    return {
        "org_name": figure.place.name,
        "org_code": figure.place.code,
        "indicator_code": figure.indicator_code,
        "value": _number(figure.value),
        "value_low": _number(figure.low),
        "value_high": _number(figure.high),
        "qualifier": figure.qualifier,
        "unit": figure.unit,
        "period": period.label,
        "period_phrase": period.phrase,
        "phrase": figure.phrase,
        "start": figure.start,
        "end": figure.end,
        "period_start": period.start and period.start.isoformat(),
        "period_end": period.end and period.end.isoformat(),
        "basis": period.basis,
        "is_inclusive": figure.place.inclusive,
        "is_breakdown": figure.is_breakdown,
        "value_low_open": figure.low_open,
        "value_high_open": figure.high_open,
        "indicator_name": indicator.name_zh if indicator else OTHER_ZH,
    }


def _number(value: float) -> float | None:
    """Return a whole number as one, and an infinite end, which JSON has no word for, as None."""
    if not math.isfinite(value):
        return None
    return int(value) if value == int(value) else value


def _mark(figure: Figure) -> Mark:
    return Mark(
        start=figure.start,
        end=figure.end,
        number=figure.number,
        org_name=figure.place.name,
        org_code=figure.place.code,
        is_inclusive=figure.place.inclusive,
        indicator_code=figure.indicator_code,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        low_open=figure.low_open,
        high_open=figure.high_open,
        qualifier=figure.qualifier,
        unit=figure.unit,
        period=figure.period.label,
        period_phrase=figure.period.phrase,
        basis=figure.period.basis,
    )
