"""Correct frames, as the parser hands them over, for tests to break."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
import yaml

from catalog import Catalog, load
from expectations import Verdict

Frames = dict[str, pd.DataFrame]
RECEIVED = datetime(2026, 7, 3, 1, 30, tzinfo=UTC)
TOWNSHIPS = (("黄草街道", "522301001"), ("兴泰街道", "522301002"))
# indicator, what the two townships write and what it means; the total follows
FIGURES = (
    ("voters_received", ("2.2万", 22000.0, 21500.0, 22500.0), ("1200", 1200.0, 1200.0, 1200.0)),
    ("opinions_collected", ("120", 120.0, 120.0, 120.0), ("105", 105.0, 105.0, 105.0)),
    ("opinions_resolved", ("110", 110.0, 110.0, 110.0), ("92", 92.0, 92.0, 92.0)),
    ("funds_wan", ("12.5", 12.5, 12.5, 12.5), ("0.1", 0.1, 0.1, 0.1)),
    ("bills_closed_rate", ("97.5%", 97.5, 97.5, 97.5), ("100%", 100.0, 100.0, 100.0)),
)
TOTALS = (
    ("voters_received", 23200.0, 22700.0, 23700.0),
    ("opinions_collected", 225.0, 225.0, 225.0),
    ("opinions_resolved", 202.0, 202.0, 202.0),
    ("funds_wan", 12.6, 12.6, 12.6),
)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()


@pytest.fixture
def county_frames() -> Callable[..., Frames]:
    return make_county_frames


@pytest.fixture
def export_frames() -> Callable[..., Frames]:
    return make_export_frames


@pytest.fixture
def frames_of() -> Callable[..., Frames]:
    """Correct frames of any dataset: `frames_of(dataset, delivery)`."""
    makers = {"county_table": make_county_frames, "prose": make_prose_frames}
    return lambda dataset, delivery="d1": (
        makers[dataset](delivery) if dataset in makers else make_export_frames(dataset, delivery)
    )


@pytest.fixture
def joined() -> Callable[..., Frames]:
    """The frames of several deliveries, one after the other."""
    return lambda *parts: {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


@pytest.fixture
def failed() -> Callable[[Verdict], dict[str, int]]:
    """How many rows failed, by rule; rules that held are left out."""

    def count(verdict: Verdict) -> dict[str, int]:
        counts = verdict.checks.groupby("rule")["failed"].sum()
        return {str(rule): int(number) for rule, number in counts.items() if number}

    return count


def make_county_frames(delivery: str = "d1") -> Frames:
    table = f"{delivery}#1"
    key = {"delivery_id": delivery, "table_id": table}
    header = {
        **key,
        "form": "county_table",
        "sheet": "活动情况",
        "received_at": RECEIVED,
        "county_text": "兴义市人大常委会",
        "county_code": "522301",
        "county_ref": "活动情况!A2",
        "period_text": "2026年6月",
        "period": "2026-06",
        "grain": "month",
        "period_start": date(2026, 6, 1),
        "period_end": date(2026, 6, 30),
        "basis": "period",
        "period_ref": "活动情况!C2",
        "claimed_period": "2026-06",
        "claimed_county_code": "522301",
        "reported_on": date(2026, 7, 3),
        "rows_in": 2,
        "total_only": False,
    }
    rows = [
        {
            **key,
            "line": 5 + n,
            "source_ref": f"活动情况!B{5 + n}",
            "org_text": name,
            "org_code": code,
            "is_total": False,
        }
        for n, (name, code) in enumerate(TOWNSHIPS)
    ]
    figures = [
        {
            **key,
            "line": 5 + n,
            "source_ref": f"活动情况!{chr(ord('C') + column)}{5 + n}",
            "org_code": code,
            "indicator_code": indicator,
            "text": text,
            "state": "figure",
            "value": value,
            "value_low": low,
            "value_high": high,
            "qualifier": None,
            "is_rate": indicator.endswith("_rate"),
        }
        for n, (_, code) in enumerate(TOWNSHIPS)
        for column, (indicator, *cells) in enumerate(FIGURES)
        for text, value, low, high in [cells[n]]
    ]
    totals = [
        {
            **key,
            "source_ref": f"活动情况!{chr(ord('C') + column)}7",
            "indicator_code": indicator,
            "stated": stated,
            "stated_low": stated,
            "stated_high": stated,
            "parts": stated,
            "parts_low": low,
            "parts_high": high,
            "parts_unreadable": 0,
        }
        for column, (indicator, stated, low, high) in enumerate(TOTALS)
    ]
    frames = {"header": [header], "rows": rows, "figures": figures, "totals": totals}
    return {name: pd.DataFrame(records) for name, records in frames.items()}


# indicator, value, upper end, unit, what is kept of the wording
TOLD = (
    ("voters_received", 2100.0, 2200.0, "人次", "接待选民群众2100余人次"),
    ("opinions_collected", 95.0, 95.0, "条", "收集意见建议95条"),
    ("bills_class_a_rate", 90.11, 90.11, "%", "A类件占90.11%"),
    ("other", 120000.0, 120000.0, "亩", "建成高粱基地12万亩"),
    ("opinions_collected", 95.0, 95.0, "条", "95条意见建议得到办理"),
)


def make_prose_frames(delivery: str = "d1") -> Frames:
    key = {"delivery_id": delivery, "table_id": f"{delivery}#1"}
    about = {
        "org_code": "522601",
        "org_text": "凯里市",
        "county_code": "522601",
        "is_inclusive": True,
        "period": "2026-06",
        "grain": "month",
        "period_start": date(2026, 6, 1),
        "period_end": date(2026, 6, 30),
        "basis": "period",
        "period_phrase": "6月",
    }
    header = {
        **key,
        "form": "prose",
        "title": "凯里市人大常委会关于2026年6月活动情况的报告",
        "title_key": "0f0f0f0f0f0f0f0f",
        "received_at": RECEIVED,
        **about,
        "reported_on": date(2026, 7, 3),
        "rows_in": len(TOLD),
    }
    figures = [
        {
            **key,
            "line": line,
            "source_ref": f"chars {20 * line}-{20 * line + 12}",
            **about,
            "is_breakdown": False,
            "indicator_code": indicator,
            "value": value,
            "value_low": value,
            "value_high": high,
            "qualifier": None if value == high else "at_least",
            "unit": unit,
            "unit_state": "ok",
            "phrase": phrase,
        }
        for line, (indicator, value, high, unit, phrase) in enumerate(TOLD, 1)
    ]
    return {"header": pd.DataFrame([header]), "figures": pd.DataFrame(figures)}


GIVEN: dict[str, dict[str, object]] = yaml.safe_load((Path(__file__).parent / "given.yml").read_text(encoding="utf-8"))
DTYPES = {
    "date": "datetime64[us]",
    "datetime": "datetime64[us]",
    "year": "Int64",
    "count": "Int64",
    "amount": "float",
    "flag": "boolean",
}


def make_export_frames(
    name: str,
    delivery: str = "d1",
    count: int = 2,
    given: dict[str, object] | None = None,
    catalog: Catalog | None = None,
) -> Frames:
    """`count` correct records of export `name`, numbered apart by their key; `given` replaces the stock record."""
    export = (catalog or load()).exports[name]
    record = given or GIVEN[name]
    key = {"delivery_id": delivery, "table_id": f"{delivery}#1"}
    refs = {column.name: f"工单!{chr(ord('A') + n)}{{line}}" for n, column in enumerate(export.columns)}
    header = {**key, "sheet": "工单", "received_at": RECEIVED, "rows_in": count, "column_refs": json.dumps(refs)}
    records = pd.DataFrame([{**key, "line": line, "source_ref": f"工单!A{line}"} for line in range(2, 2 + count)])
    for column in export.stored_columns:
        value = record[column.name]
        each = value if isinstance(value, list) else [value]
        values = [each[n % len(each)] for n in range(count)]
        if column.name == export.key:
            values = [f"{value}-{delivery}-{n}" for n in range(count)]
        records[column.name] = pd.Series(values, dtype=DTYPES.get(column.type, "str"))
        if column.required or column.type != "text":
            records[f"{column.name}_state"] = ["blank" if value is None else "ok" for value in values]
    records["steps_done"] = 1
    records["record_hash"] = "0" * 64
    return {"header": pd.DataFrame([header]), "records": records}
