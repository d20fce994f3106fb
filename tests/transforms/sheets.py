"""County forms built in memory for the tests of `transforms.forms`, and short views of what was read from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd

from catalog import load
from transforms.forms import parse_form
from transforms.grids import Cell, Document, Grid, Merge, fill_merged

CATALOG = load()
RECEIVED = datetime(2026, 7, 3, 1, 30, tzinfo=UTC)
TITLE = ["贵州省“高质量发展，代表在行动”活动情况统计表"]
LABELS = ["填报单位：兴义市人大常委会", None, "统计期：2026年6月", None, "填报时间：2026年7月3日"]
HEADER = ["序号", "乡镇（街道）", "收集（条）", "办结（条）"]
SIGNED = ["填表人：测试甲    审核人：测试乙"]

Row = Sequence[Cell]
Frames = dict[str, pd.DataFrame]


def read(
    *rows: Row, name: str = "报表.xlsx", merged: Sequence[Merge] = (), before: Sequence[str] = ()
) -> tuple[Frames, tuple[str, ...]]:
    cells = [list(row) for row in rows]
    grid = Grid("活动情况", cells, fill_merged(cells, merged), before=before)
    return read_grids(grid, name=name)


def read_grids(*grids: Grid, name: str = "报表.xlsx") -> tuple[Frames, tuple[str, ...]]:
    paragraphs = [text for grid in grids for text in grid.before]
    return parse_form(
        Document("xlsx", grids=grids, paragraphs=paragraphs),
        CATALOG.forms["county_table"],
        delivery_id="0123456789abcdef",
        name=name,
        received_at=RECEIVED,
        catalog=CATALOG,
    )


def lines(frames: Frames) -> list[tuple[int, str, str | None]]:
    rows = frames["rows"]
    codes = [None if pd.isna(code) else code for code in rows["org_code"]]
    return list(zip(rows["line"], rows["org_text"], codes, strict=True))


def values(frames: Frames) -> dict[tuple[int, str], float]:
    figures = frames["figures"]
    keys = zip(figures["line"], figures["indicator_code"], strict=True)
    return dict(zip(keys, figures["value"], strict=True))


def sums(frames: Frames) -> dict[str, float]:
    return frames["figures"].groupby("indicator_code")["value"].sum().to_dict()


def header(frames: Frames) -> dict[str, object]:
    record = frames["header"].iloc[0].to_dict()
    return {key: None if pd.isna(value) else value for key, value in record.items()}
