"""From bytes to frames: the same facts have the same fingerprint, and no personal value gets out."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime

import pytest

from catalog import load
from tests.transforms.files import (
    CASE_HEADER,
    CASES,
    PERSONAL,
    csv_bytes,
    docx_bytes,
    jsonl_bytes,
    xls_bytes,
    xlsx_bytes,
)
from transforms import Parsed, Unreadable, parse

FORM = [
    ["乡镇（街道）", "收集（条）", "办结（条）"],
    ["黄草街道", "45", "40"],
    ["兴泰街道", "38", "35"],
    ["合计", "83", "75"],
]
TOP = ["兴义市活动情况统计表", "填报单位：兴义市人大常委会", "统计期：2026年6月"]


def read(data: bytes, name: str = "a.bin", key: bytes = b"k") -> Parsed:
    return parse(data, name, "d" * 16, datetime.fromisoformat("2026-07-03"), load(), key)


def form_rows(figures: list[list[str]]) -> list[list[str]]:
    return [*([text] for text in TOP), *figures]


def test_a_form_in_five_formats_has_one_fingerprint() -> None:
    rows = form_rows(FORM)
    padded = [[*row, *[""] * (3 - len(row))] for row in rows]
    numbers = [*padded[:4], *[[row[0], int(row[1]), int(row[2])] for row in padded[4:]]]
    page = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in padded)
    files = [
        xlsx_bytes({"甲": numbers}),
        xls_bytes(numbers),
        csv_bytes(padded, "gb18030"),
        docx_bytes(TOP, FORM),
        f"<table>{page}</table>".encode(),
    ]
    parsed = [read(data) for data in files]
    assert [p.format for p in parsed] == ["xlsx", "xls", "csv", "docx", "html"]
    assert {(p.dataset, p.rows_in) for p in parsed} == {("county_table", 2)}
    assert len({p.fingerprint for p in parsed}) == 1


@pytest.mark.parametrize(
    "changed",
    [
        csv_bytes([["兴义市活动情况统计表"], ["填报单位：兴义市"], ["统计期：2026年7月"], *FORM]),
        csv_bytes([["普安县活动情况统计表"], ["填报单位：普安县"], ["统计期：2026年6月"], *FORM]),
        csv_bytes([*([text] for text in TOP), FORM[0], ["黄草街道", "46", "40"], *FORM[2:]]),
        csv_bytes([*([text] for text in TOP), FORM[0], ["黄草街道", "45", ""], *FORM[2:]]),
        csv_bytes([*([text] for text in TOP), FORM[0], ["黄草街道", "45", "无"], *FORM[2:]]),
    ],
)
def test_another_county_month_or_figure_is_another_fingerprint(changed: bytes) -> None:
    assert read(changed).fingerprint != read(csv_bytes(form_rows(FORM))).fingerprint


def test_an_exports_fingerprint_ignores_order_format_and_key() -> None:
    one = read(csv_bytes([CASE_HEADER, *CASES]))
    other = read(jsonl_bytes(CASE_HEADER, CASES[::-1]), key=b"other")
    assert (one.dataset, one.rows_in, one.fingerprint) == ("case", 2, other.fingerprint)
    assert read(csv_bytes([CASE_HEADER, CASES[0]])).fingerprint != one.fingerprint


REPORT = "兴义市人大常委会2026年6月活动情况报告\n全市共收集意见建议225条，办结202条。"


def test_prose_in_other_formats_and_broken_lines_has_one_fingerprint_over_its_words() -> None:
    one = read(REPORT.encode())
    other = read(docx_bytes(["兴义市人大常委会 2026年6月活动情况报告", "全市共收集意见建议225条，", "办结202条。"]))
    assert (one.dataset, one.rows_in, one.fingerprint) == ("prose", 2, other.fingerprint)
    assert one.frames["figures"]["value"].tolist() == [225, 202]
    assert read(REPORT.replace("225", "226").encode()).fingerprint != one.fingerprint


def test_prose_is_read_with_the_date_of_arrival_in_guizhou() -> None:
    """Nothing but the arrival tells the year: 16:30 UTC on 31 December is the new year in Guizhou."""
    frames = [
        parse("今年以来，兴义市共收集意见建议225条。".encode(), "a.txt", "d" * 16, moment, load(), b"k").frames[
            "figures"
        ]
        for moment in (datetime(2026, 12, 31, 16, 30, tzinfo=UTC), datetime(2026, 12, 31, 15, 30))
    ]
    assert [str(frame["period_start"].iloc[0]) for frame in frames] == ["2027-01-01", "2026-01-01"]


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes([CASE_HEADER, *CASES]),
        jsonl_bytes(CASE_HEADER, CASES),
        jsonl_bytes(CASE_HEADER, CASES) + b'\n{"a": ' + PERSONAL[0].encode(),
        xlsx_bytes({"工单": [CASE_HEADER, *CASES], PERSONAL[1]: [[PERSONAL[0]]]}),
        csv_bytes([CASE_HEADER, *[(*case[1:], "") for case in CASES]]),
    ],
)
def test_no_personal_value_is_in_frames_reprs_notes_or_logs(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        parsed = read(data)
    frames = "".join(frame.to_csv() + repr(frame) for frame in parsed.frames.values())
    shown = frames + repr(parsed) + "".join(parsed.notes) + caplog.text
    assert [value for value in PERSONAL if value in shown] == []


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes(CASES),
        b'[{"a": "' + PERSONAL[0].encode() + b'"}, {',
        b'a,b\n"' + PERSONAL[0].encode() + b",1\n",
        PERSONAL[0].encode() + b"\xff\xff,1\n",
        docx_bytes([PERSONAL[0]]),
    ],
)
def test_no_personal_value_is_in_a_refusal_or_its_causes(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data)
    shown = (
        "".join(traceback.format_exception(caught.value))
        + repr(caught.value.__cause__)
        + repr(caught.value.__context__)
    )
    assert [value for value in PERSONAL if value in shown] == []
