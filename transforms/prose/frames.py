"""Turn what was read from a prose report into masked frames: `header`, one row, `figures` and `paragraphs`.

Refuses to let names and personal numbers on: a wording is kept as far as it is made of words that may be quoted
(`transforms.prose.wording`). Judges nothing, and drops nothing but numbers that look like somebody's phone or card.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pandas as pd

from catalog import PROSE, Catalog
from catalog.models import Level
from transforms.grids import Document
from transforms.masking import keyed_hash, points_at_a_person, scrub
from transforms.prose.extract import extract
from transforms.prose.model import OTHER, Extraction, Figure, Place, Timespan
from transforms.prose.paragraphs import telling_paragraphs
from transforms.prose.wording import Quoter

_KEY = {"delivery_id": "str", "table_id": "str"}
_PERIOD = {
    "period": "str", "grain": "str", "period_start": "object", "period_end": "object", "basis": "str",
    "period_phrase": "str",
}  # fmt: skip
_DTYPES: dict[str, dict[str, str]] = {
    "header": {
        **_KEY, "form": "str", "title": "str", "title_key": "str", "received_at": "object", "org_code": "str",
        "org_text": "str", "county_code": "str", "is_inclusive": "bool", **_PERIOD, "reported_on": "object",
        "rows_in": "int64",
    },
    "figures": {
        **_KEY, "line": "int64", "source_ref": "str", "org_code": "str", "org_text": "str", "county_code": "str",
        "is_inclusive": "bool", "is_breakdown": "bool", "indicator_code": "str", "value": "float64",
        "value_low": "float64", "value_high": "float64", "qualifier": "str", "unit": "str", "unit_state": "str",
        **_PERIOD, "phrase": "str",
    },
    "paragraphs": {
        **_KEY, "paragraph_number": "int64", "source_ref": "str", "characters": "int64", "digest": "str",
    },
}  # fmt: skip
_MONEY = {"元": 1.0, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "千万元": 1e7, "亿元": 1e8}
# Units that count or measure something else: a figure in one of them is no figure in another.
_FAMILIES = {**dict.fromkeys(_MONEY, "money"), "%": "share", "分": "points"}
_DECIMALS = 4
_GRAINS = ((r"\d{4}-\d{2}", "month"), (r"\d{4}-Q\d", "quarter"), (r"\d{4}", "year"))
# What one version of a report has in its title and another lacks.
_STAGE = "修改|修订|修正|更正|更新|补充|送审|报送|征求意见|讨论|最终|最新|正式|定|终|初|草"
_VERSION = rf"(?:第?[一二三四五六\d]次?)?(?:{_STAGE}){{1,3}}[稿版]|第?[一二三四五六\d][稿版]|v\d+"
_MARKED = re.compile(rf"[(（【\[](?:{_VERSION}|更正|修改|修订|补报|重报|重新报送|以此为准)[)）】\]]", re.IGNORECASE)
_ENDING = re.compile(rf"[-—_]*(?:{_VERSION})$", re.IGNORECASE)
_LONGEST_TITLE = 200
_LEVELS: tuple[Level, ...] = ("province", "prefecture", "county")
_GUIZHOU = timedelta(hours=8)
_Record = dict[str, object]


def parse_prose(
    document: Document, *, delivery_id: str, name: str, received_at: datetime, catalog: Catalog, mask_key: bytes
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return the frames header, figures and paragraphs of a report in prose, and the notes.

    `name` is the delivery's file name, which may name unit and date where the text does not; `received_at` is UTC, with
    or without saying so.
    """
    arrived = (received_at.astimezone(UTC) if received_at.tzinfo else received_at) + _GUIZHOU
    extraction = extract(document.text, catalog, name=name, received_on=arrived.date())
    return frames_of(
        extraction, document.text, delivery_id=delivery_id, received_at=received_at, catalog=catalog, mask_key=mask_key
    )


def frames_of(
    extraction: Extraction,
    text: str,
    *,
    delivery_id: str,
    received_at: datetime,
    catalog: Catalog,
    mask_key: bytes,
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return the frames and the notes as `parse_prose` does; `text` is what the figures' places count in."""
    reader = _Reader(catalog, text)
    key: _Record = {"delivery_id": delivery_id, "table_id": f"{delivery_id}#1"}
    told = [figure for figure in extraction.figures if not _is_personal(text[slice(*figure.number)])]
    figures = [{**key, "line": line, **reader.figure(figure)} for line, figure in enumerate(told, 1)]
    title = scrub(reader.quoter.words(extraction.title)) or None
    header: _Record = {
        **key,
        "form": PROSE,
        "title": title,
        "title_key": keyed_hash(name, mask_key) if (name := plain_title(extraction.title)) else None,
        "received_at": received_at,
        **reader.place(extraction.place),
        **reader.period(extraction.period),
        "reported_on": extraction.published_on,
        "rows_in": len(figures),
    }
    paragraphs = [{**key, **paragraph} for paragraph in reader.paragraphs(extraction, mask_key)]
    frames = {
        name: pd.DataFrame(rows, columns=list(_DTYPES[name])).astype(_DTYPES[name])
        for name, rows in (("header", [header]), ("figures", figures), ("paragraphs", paragraphs))
    }
    left = len(extraction.figures) - len(told)
    return frames, (f"有 {left} 个数像是电话、证件或银行卡号，未读取",) if left else ()


class _Reader:
    """Lays places, periods and figures out as the frames' columns."""

    def __init__(self, catalog: Catalog, text: str) -> None:
        self.quoter = Quoter(catalog)
        self._catalog = catalog
        self._text = text
        self._measured = set(catalog.prose.units.measured) - set(_FAMILIES)

    def place(self, place: Place | None) -> _Record:
        """Name a unit by its code, None outside the tree, with the county that it is or lies in."""
        tree = self._catalog.tree
        code = place.code if place and place.code in tree else None
        county = tree.ancestor(code, "county") if code else None
        told = self.quoter.place(place.name) if place else ""
        return {
            "org_code": code,
            "org_text": told or (tree[code].name if code else None),
            "county_code": county and county.code,
            "is_inclusive": bool(place and place.inclusive),
        }

    def period(self, period: Timespan) -> _Record:
        """Lay a time out; its grain is `span` where it is no month, quarter or year, None where nothing is known."""
        label = period.label
        grain = next((grain for pattern, grain in _GRAINS if label and re.fullmatch(pattern, label)), None)
        return {
            "period": label,
            "grain": grain or (label and "span"),
            "period_start": period.start,
            "period_end": period.end,
            "basis": period.basis,
            "period_phrase": self.quoter.words(period.phrase) or None,
        }

    def figure(self, figure: Figure) -> _Record:
        """Lay a figure out, its value and interval in the indicator's unit where that can be reckoned."""
        unit, factor, state = self._unit(figure)
        ends = (figure.value, figure.low, figure.high)
        value, low, high = (round(end * factor, _DECIMALS) for end in ends)
        return {
            "source_ref": f"chars {figure.start}-{figure.end}",
            **self.place(figure.place),
            "is_breakdown": figure.is_breakdown,
            "indicator_code": figure.indicator_code,
            "value": value,
            "value_low": low,
            "value_high": high,
            "qualifier": None if figure.qualifier == "exact" else figure.qualifier,
            "unit": unit,
            "unit_state": state,
            **self.period(figure.period),
            "phrase": self.quoter.phrase(self._text, figure.start, figure.end, figure.number, figure.unit),
        }

    def paragraphs(self, extraction: Extraction, mask_key: bytes) -> Iterator[_Record]:
        """Lay out the paragraphs that tell figures, unless all of them are of units above."""
        told = telling_paragraphs(
            self._text,
            extraction.figures,
            above=self._above(extraction.place),
            shortest=self._catalog.parameters.paragraph_characters,
            mask_key=mask_key,
        )
        for paragraph in told:
            yield {
                "paragraph_number": paragraph.number,
                "source_ref": f"chars {paragraph.start}-{paragraph.end}",
                "characters": paragraph.characters,
                "digest": paragraph.digest,
            }

    def _above(self, place: Place | None) -> set[str]:
        tree, code = self._catalog.tree, place.code if place else None
        if code is None or code not in tree:
            return set()
        units = (tree.ancestor(code, level) for level in _LEVELS)
        return {unit.code for unit in units if unit} - {tree.history.series(code)}

    def _unit(self, figure: Figure) -> tuple[str | None, float, str]:
        """Return the unit to store, what to multiply by, and whether the unit is ok, missing or of another kind.

        People, items and events are counted alike, whatever their measure word. Households stay households.
        """
        said = figure.unit or None
        if said is None:
            return None, 1.0, "missing"
        if figure.indicator_code == OTHER:
            return said, 1.0, "ok"
        wanted = self._catalog.indicators[figure.indicator_code].unit
        if said in _MONEY and wanted in _MONEY:
            return wanted, _MONEY[said] / _MONEY[wanted], "ok"
        if _FAMILIES.get(said) != _FAMILIES.get(wanted) or said in self._measured:
            return said, 1.0, "foreign"
        return (said if "户" in said else wanted), 1.0, "ok"


def plain_title(title: str) -> str:
    """Return a title as all versions of one report bear it: without blanks, marks and the mark of a version.

    >>> plain_title("兴义市 2026年6月活动情况报告（修改稿）") == plain_title("兴义市2026年6月活动情况报告-终稿")
    True
    """
    solid = "".join(unicodedata.normalize("NFKC", title[:_LONGEST_TITLE]).split())
    return re.sub(r"[\W_]+", "", _ENDING.sub("", _MARKED.sub("", solid)))


def _is_personal(number: str) -> bool:
    solid = "".join(unicodedata.normalize("NFKC", number).split())
    return scrub(solid) != solid or any(points_at_a_person(run) for run in re.findall(r"\d+X?", solid))
