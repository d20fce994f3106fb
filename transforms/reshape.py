"""Turn judged frames into the rows that the warehouse keeps: what was accepted, and what was held back.

Pure functions over the frames of `transforms.parse` and the keys `(table_id, line)` that a verdict quarantines; a key
whose line is None holds back its whole table. Refuses nothing and drops nothing: a row is accepted or held back.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

import pandas as pd

from catalog import PROSE, Catalog, Export

RowKey = tuple[str, int | None]
REPORT_COLUMNS = [
    "report_id", "delivery_id", "form", "sheet", "title", "series", "org_code", "county_code", "period", "grain",
    "period_start", "period_end", "basis", "reported_on", "rows_in", "rows_quarantined",
    "is_nil",
]  # fmt: skip
OBSERVATION_COLUMNS = [
    "report_id", "org_code", "org_name_reported", "county_code", "indicator_code", "period", "grain", "period_start",
    "period_end", "basis", "value", "value_low", "value_high", "qualifier", "state", "unit", "source", "source_ref",
    "row_ref", "is_inclusive", "is_breakdown", "phrase", "period_phrase",
]  # fmt: skip
PARAGRAPH_COLUMNS = ["report_id", "paragraph_number", "characters", "digest", "source_ref"]
QUARANTINE_COLUMNS = ["table_id", "line", "source_ref", "rules", "reasons", "content"]


def is_held_back(rows: pd.DataFrame, quarantined: Collection[RowKey]) -> pd.Series:
    """Return, for each row of a frame with `table_id` and `line`, whether it or its whole table is quarantined."""
    tables = {table for table, line in quarantined if line is None}
    lines = {key for key in quarantined if key[1] is not None}
    keys = zip(rows["table_id"], rows["line"], strict=True)
    return pd.Series([table in tables or (table, line) in lines for table, line in keys], index=rows.index, dtype=bool)


def reports(frames: Mapping[str, pd.DataFrame], quarantined: Collection[RowKey]) -> pd.DataFrame:
    """Return one row a county and period of which at least one township line is accepted, with REPORT_COLUMNS.

    Tables of one delivery that speak of the same county, period and basis are one report: counties spread columns or
    townships over several sheets. Without an accepted line there is no report: it must not stand in the place of an
    earlier, better one. A report is nil (零报告) when every cell that stands says 无, or 本月无 says it for all.
    """
    rows, figures = frames["rows"], frames["figures"]
    held = is_held_back(rows, quarantined).groupby(rows["table_id"]).agg(["sum", "size"])
    said = figures[~is_held_back(figures, quarantined)]
    header = frames["header"].merge(held, left_on="table_id", right_index=True)
    header = header.assign(report_id=_report_ids(header))
    report_of = header.set_index("table_id")["report_id"]
    is_nil = said["state"].eq("none").groupby(said["table_id"].map(report_of)).all()
    together = header.groupby("report_id", sort=False)
    joined = together.first().assign(
        title=None,
        series=_joined(together.first()[["form", "county_code", "period", "basis"]]),
        org_code=together["county_code"].first(),
        sheet=together["sheet"].agg(lambda names: "、".join(names.dropna())),
        reported_on=together["reported_on"].agg(lambda days: max(days.dropna(), default=None)),
        rows_in=together["size"].sum().astype("int64"),
        rows_quarantined=together["sum"].sum().astype("int64"),
    )
    joined["is_nil"] = is_nil.reindex(joined.index, fill_value=False)
    kept = joined[joined["rows_quarantined"] < joined["rows_in"]]
    return kept.reset_index()[REPORT_COLUMNS]


def _report_ids(header: pd.DataFrame) -> pd.Series:
    """Name each table's report after the first table of its county, period and basis; an unknown one stands alone."""
    keys = header[["delivery_id", "county_code", "period", "basis"]]
    first = header.groupby(list(keys.columns), dropna=False)["table_id"].transform("first")
    return first.where(keys.notna().all(axis=1), header["table_id"])


def _joined(parts: pd.DataFrame) -> pd.Series:
    return pd.Series(["|".join(map(str, row)) for row in parts.itertuples(index=False)], index=parts.index, dtype="str")


def observations(frames: Mapping[str, pd.DataFrame], quarantined: Collection[RowKey], catalog: Catalog) -> pd.DataFrame:
    """Return one row a figure of the accepted lines, blank cells included, with OBSERVATION_COLUMNS.

    `value` and its interval are in the indicator's unit of the catalog; they are missing where `state` is blank.
    """
    rows, header = frames["rows"], frames["header"]
    accepted = rows.loc[~is_held_back(rows, quarantined), ["table_id", "line", "org_text"]]
    figures = frames["figures"].merge(accepted, on=["table_id", "line"])
    periods = header[["table_id", "county_code", "period", "grain", "period_start", "period_end", "basis"]]
    figures = figures.merge(periods.assign(report_id=_report_ids(header)), on="table_id")
    units = {code: indicator.unit for code, indicator in catalog.indicators.items()}
    figures = figures.assign(
        row_ref=figures["table_id"] + ":" + figures["line"].astype("str"),
        org_name_reported=figures["org_text"],
        unit=figures["indicator_code"].map(units),
        source="form",
        is_inclusive=None,
        is_breakdown=None,
        phrase=None,
        period_phrase=None,
    )
    return figures[OBSERVATION_COLUMNS]


def prose_reports(frames: Mapping[str, pd.DataFrame], quarantined: Collection[RowKey]) -> pd.DataFrame:
    """Return one row a prose report of which at least one figure is accepted, with REPORT_COLUMNS.

    Reports of one unit, period and title are one series, of which the newest stands; one that does not state all three
    stands by itself.
    """
    held = is_held_back(frames["figures"], quarantined).groupby(frames["figures"]["table_id"]).agg(["sum", "size"])
    header = frames["header"].drop(columns="rows_in").merge(held, left_on="table_id", right_index=True)
    parts = header[["form", "org_code", "period", "basis", "title_key"]]
    is_told = parts.notna().all(axis=1) & parts["basis"].ne("unstated")  # the day of publication is no period
    series = _joined(parts).where(is_told, header["table_id"])
    header = header.assign(
        report_id=header["table_id"],
        sheet=None,
        series=series,
        rows_in=header["size"],
        rows_quarantined=header["sum"],
        is_nil=False,
    )
    return header.loc[header["rows_quarantined"] < header["rows_in"], REPORT_COLUMNS]


def prose_observations(frames: Mapping[str, pd.DataFrame], quarantined: Collection[RowKey]) -> pd.DataFrame:
    """Return one row an accepted figure of prose reports, with OBSERVATION_COLUMNS."""
    figures = frames["figures"]
    figures = figures[~is_held_back(figures, quarantined)]
    figures = figures.assign(
        report_id=figures["table_id"],
        row_ref=figures["table_id"] + ":" + figures["line"].astype("str"),
        org_name_reported=figures["org_text"],
        state="figure",
        source=PROSE,
    )
    return figures[OBSERVATION_COLUMNS]


def prose_paragraphs(frames: Mapping[str, pd.DataFrame], quarantined: Collection[RowKey]) -> pd.DataFrame:
    """Return one row a paragraph of the prose reports that are kept, with PARAGRAPH_COLUMNS."""
    kept = prose_reports(frames, quarantined)["report_id"]
    paragraphs = frames["paragraphs"].rename(columns={"table_id": "report_id"})
    return paragraphs.loc[paragraphs["report_id"].isin(kept), PARAGRAPH_COLUMNS]


def spoken(header: pd.DataFrame) -> tuple[str | None, str | None]:
    """Return the unit (its code) and the period (its label) that the header frame of a form or of prose speaks of.

    None for what it does not tell, or tells several of. Spans, and the day on which prose was published, are no period
    that anybody reports for.
    """
    units = header["org_code" if "org_code" in header else "county_code"]
    dated = header["grain"].isin(("month", "quarter", "year")) & header["basis"].ne("unstated")
    return _only(units), _only(header["period"].where(dated))


def _only(told: pd.Series) -> str | None:
    found = told.dropna().unique()
    return str(found[0]) if len(found) == 1 else None


def quarantine(
    frames: Mapping[str, pd.DataFrame], quarantined: Collection[RowKey], findings: pd.DataFrame
) -> pd.DataFrame:
    """Return one row a line of a form or figure of prose that was held back, with QUARANTINE_COLUMNS.

    It tells the rules that the line broke, why, and what it said: `content` is JSON of the masked line. `findings` are
    the critical ones of the same delivery.
    """
    rows = frames.get("rows", frames["figures"])
    held = rows[is_held_back(rows, quarantined)]
    contents = _line_contents(held, frames["figures"]) if "rows" in frames else _figure_contents(held)
    return _quarantined(held, contents, findings)


def quarantined_records(held: pd.DataFrame, findings: pd.DataFrame, export: Export) -> pd.DataFrame:
    """Return one row a record of `held`, as `quarantine` does; `content` is without keyed hashes."""
    return _quarantined(held, _record_contents(held, export), findings)


def _quarantined(held: pd.DataFrame, contents: list[str], findings: pd.DataFrame) -> pd.DataFrame:
    by_table: dict[str, list[tuple[str, str]]] = {}
    by_row: dict[RowKey, list[tuple[str, str]]] = {}
    for table, line, rule, message in findings[["table_id", "line", "rule", "message"]].itertuples(index=False):
        if pd.isna(line):
            by_table.setdefault(table, []).append((rule, message))
        else:
            by_row.setdefault((table, line), []).append((rule, message))
    out = []
    for (table, line, ref), content in zip(
        held[["table_id", "line", "source_ref"]].itertuples(index=False), contents, strict=True
    ):
        found = [*by_table.get(table, ()), *by_row.get((table, line), ())]
        rules = sorted({rule for rule, _ in found})
        reasons = dict.fromkeys(message for _, message in found)
        out.append((table, line, ref, " ".join(rules), "；".join(reasons), content))
    return pd.DataFrame(out, columns=QUARANTINE_COLUMNS)


def _record_contents(held: pd.DataFrame, export: Export) -> list[str]:
    names = [column.name for column in export.stored_columns if not column.personal]
    return [
        _json({name: value for name, value in zip(names, record, strict=True) if not pd.isna(value)})
        for record in held[names].itertuples(index=False)
    ]


def _figure_contents(held: pd.DataFrame) -> list[str]:
    names = ["org_text", "indicator_code", "value", "unit", "phrase", "period_phrase"]
    return [
        _json({name: value for name, value in zip(names, figure, strict=True) if not pd.isna(value)})
        for figure in held[names].itertuples(index=False)
    ]


def _line_contents(held: pd.DataFrame, figures: pd.DataFrame) -> list[str]:
    cells: dict[tuple[str, int], dict[str, object]] = {}
    for table, line, indicator, text in figures[["table_id", "line", "indicator_code", "text"]].itertuples(index=False):
        cells.setdefault((table, line), {})[indicator] = text
    keys = held[["table_id", "line", "org_text"]].itertuples(index=False)
    return [_json({"org_text": org, **cells.get((table, line), {})}) for table, line, org in keys]


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, default=str)
