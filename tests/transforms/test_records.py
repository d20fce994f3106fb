"""Exports become typed records that point home, and nothing personal gets past."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from catalog import load
from tests.transforms.files import CASE_HEADER, CASES, NAME, PERSONAL, csv_bytes, jsonl_bytes, xlsx_bytes
from transforms.documents import Unreadable, read_document
from transforms.masking import keyed_hash
from transforms.records import parse_export

CATALOG = load()
KEY = b"secret"
VISIT_HEADER = ["记录编号", "站点编码", "所属县区", "代表姓名", "代表层级", "进站日期", "接待人数", "收集意见数"]
VISIT = ["JZ1", "001", "兴义市", NAME, "乡级", "2026-06-02", "4", "2"]
STATION_HEADER = ["站点编码", "站点名称", "站点类型", "所属县区", "所属乡镇", "是否示范站", "星级", "建成日期", "场地"]


def parsed(data: bytes, export: str, name: str = "a") -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    frames, notes = parse_export(
        read_document(data, name),
        CATALOG.exports[export],
        delivery_id="d1",
        received_at=datetime.fromisoformat("2026-07-01"),
        catalog=CATALOG,
        mask_key=KEY,
    )
    return frames["header"], frames["records"], notes


def everything(*parts: Any) -> str:
    return "\n".join(
        part.to_csv() + part.to_json(force_ascii=False) + repr(part) if isinstance(part, pd.DataFrame) else repr(part)
        for part in parts
    )


def row(frame: pd.DataFrame, names: list[str], number: int = 0) -> list[object]:
    return [None if pd.isna(value) else value for value in frame.loc[number, names]]


def test_a_case_is_typed_and_points_home() -> None:
    header, records, notes = parsed(csv_bytes([CASE_HEADER, *CASES]), "case")
    places = ["delivery_id", "table_id", "line", "source_ref"]
    names = [*places, "case_code", "county_code", "channel", "category", "case_kind", "grade"]
    assert row(records, names) == [
        "d1", "d1#1", 2, "line 2", "GD1", "522301", "扫码", "道路", "意见建议", "满意",
    ]  # fmt: skip
    times = ["opened_at", "accepted_at", "assigned_at", "closed_at"]
    assert [str(value) for value in records.loc[0, times]] == [
        "2026-06-01 09:00:00", "2026-06-01 15:00:00", "2026-06-02 00:00:00", "2026-06-09 00:00:00",
    ]  # fmt: skip
    assert row(records, ["county_code", "channel", "case_kind", "accepted_at", "grade", "grade_state"], 1) == [
        "522301", "12345", "矛盾纠纷", None, None, "blank",
    ]  # fmt: skip
    assert row(records, ["opened_at_state", "accepted_at_state", "station_code"], 1) == ["ok", "blank", None]
    refs = json.loads(header.loc[0, "column_refs"])
    assert (refs["opened_at"], refs["citizen_phone"]) == ("line {line} col 10", "line {line} col 7")
    assert "station_code" not in refs
    assert row(header, ["table_id", "sheet", "rows_in"]) == ["d1#1", "", 2]
    assert notes == ()


def test_a_record_is_as_far_along_as_its_dates_are_filled() -> None:
    header = [*STATION_HEADER, "撤销日期"]
    stations = [
        [str(n), "站", "联络站", "兴义市", "", "", "", "2024-03-01", "", day]
        for n, day in enumerate(("", "2026-05-01"))
    ]
    _, cases, _ = parsed(csv_bytes([CASE_HEADER, *CASES]), "case")
    _, visits, _ = parsed(csv_bytes([VISIT_HEADER, VISIT]), "station_visit")
    _, records, _ = parsed(csv_bytes([header, *stations]), "station")
    assert (list(cases["steps_done"]), list(visits["steps_done"]), list(records["steps_done"])) == ([3, 0], [0], [0, 1])


def test_types_of_the_frame() -> None:
    _, visits, _ = parsed(csv_bytes([VISIT_HEADER, VISIT]), "station_visit")
    _, stations, _ = parsed(csv_bytes([STATION_HEADER, ["1", "站", "联络站", "兴义市", "", "", "", "", ""]]), "station")
    assert str(visits["visited_on"].dtype) == "datetime64[us]"
    assert (str(visits["steps_done"].dtype), str(stations["steps_done"].dtype)) == ("Int64", "Int64")
    assert str(visits["people_received"].dtype) == "Int64"
    assert str(stations["is_model"].dtype) == "boolean"


def test_stations_from_a_sheet_with_title_rows_reordered_and_extra_columns() -> None:
    rows = [
        ["联络站台账（导出）"],
        [],
        [
            "序号",
            "所属乡镇",
            "站点名称*",
            "站点编码",
            "所属县区（名称）",
            "站点类型",
            "是否示范站",
            "星级",
            "建成日期",
            "场地",
        ],
        [
            1,
            "黄草街道",
            "黄草站",
            522301001.0,
            "黔西南州兴义市",
            "代表之家",
            "√",
            5,
            datetime.fromisoformat("2024-03-01"),
            "有",
        ],
        [2, "郑屯", "郑屯站", "007", "522301", "联络站", "否", "七星", 45352, "也许"],
        [None, None, None],
        [3, "黄草街道", "别县站", "9", "播州区", "联络站", None, None, "", "无"],
    ]
    header, records, notes = parsed(xlsx_bytes({"台账": rows}), "station")
    names = [
        "line",
        "source_ref",
        "station_code",
        "station_kind",
        "county_code",
        "township_code",
        "is_model",
        "stars",
        "has_premises",
    ]
    township = CATALOG.tree.resolve("黄草街道", within="522301")
    assert township is not None
    assert row(records, names) == [4, "台账!A4", "522301001", "联络室", "522301", township.code, True, "5", True]
    assert row(records, names, 1)[:5] == [5, "台账!A5", "007", "联络站", "522301"]
    assert row(records, names, 1)[6:] == [False, None, None]
    assert row(records, ["stars_state", "has_premises_state", "township_code_state"], 1) == [
        "unknown",
        "unreadable",
        "ok",
    ]
    assert row(records, [*names[:1], "county_code", "township_code", "township_code_state"], 2) == [
        7,
        "520304",
        None,
        "unknown",
    ]
    assert [str(day)[:10] for day in records["opened_on"][:2]] == ["2024-03-01", "2024-03-01"]
    assert json.loads(header.loc[0, "column_refs"])["station_code"] == "台账!D{line}"
    assert (header.loc[0, "rows_in"], len(notes), "序号" in notes[0]) == (3, 1, True)


def test_several_sheets_are_tables_of_one_delivery_and_others_are_noted() -> None:
    sheets = {"一月": [VISIT_HEADER, VISIT], "说明": [["填表说明"]], "二月": [VISIT_HEADER, ["JZ2", *VISIT[1:]]]}
    header, records, notes = parsed(xlsx_bytes(sheets), "station_visit")
    assert list(header["table_id"]) == ["d1#1", "d1#2"]
    assert list(zip(records["table_id"], records["visit_code"], strict=True)) == [("d1#1", "JZ1"), ("d1#2", "JZ2")]
    assert [note for note in notes if "说明" in note]


def test_a_missing_required_column_is_blank_in_every_record() -> None:
    _, records, _ = parsed(csv_bytes([VISIT_HEADER[:6], VISIT[:6]]), "station_visit")
    assert row(records, ["people_received", "people_received_state"]) == [None, "blank"]


def test_a_repeated_header_and_blank_rows_are_no_records() -> None:
    rows = [VISIT_HEADER, VISIT, [" "] * 8, VISIT_HEADER, ["JZ2", *VISIT[1:]], [], [""] * 8]
    header, records, notes = parsed(csv_bytes(rows), "station_visit")
    assert (list(records["line"]), header.loc[0, "rows_in"]) == ([2, 5], 2)
    assert any("重复表头" in note for note in notes)


def test_a_header_alone_gives_no_records() -> None:
    header, records, notes = parsed(csv_bytes([VISIT_HEADER]), "station_visit")
    assert (header.loc[0, "rows_in"], len(records)) == (0, 0)
    assert notes == ("文件只有表头，没有记录",)
    assert parsed(xlsx_bytes({"五月": [VISIT_HEADER]}), "station_visit")[2] == ("工作表“五月”只有表头，没有记录",)
    assert "steps_done" in records.columns


def test_a_qualified_count_is_unreadable_not_rounded() -> None:
    _, records, _ = parsed(csv_bytes([VISIT_HEADER, [*VISIT[:6], "10余", "-1"]]), "station_visit")
    assert row(records, ["people_received", "people_received_state", "opinions_taken"]) == [None, "unreadable", -1]


def test_the_same_records_as_csv_and_jsonl_have_the_same_hashes() -> None:
    one, other = csv_bytes([CASE_HEADER, *CASES], "gb18030"), jsonl_bytes(CASE_HEADER, CASES)
    assert list(parsed(one, "case")[1]["record_hash"]) == list(parsed(other, "case")[1]["record_hash"])
    changed = [CASE_HEADER, (*CASES[0][:-1], "不满意"), CASES[1]]
    first, second = parsed(csv_bytes(changed), "case")[1]["record_hash"]
    assert first != parsed(one, "case")[1]["record_hash"][0]
    assert second == parsed(one, "case")[1]["record_hash"][1]


def test_another_deputy_is_another_content() -> None:
    _, records, _ = parsed(csv_bytes([VISIT_HEADER, VISIT]), "station_visit")
    assert records.loc[0, "deputy_key"] == keyed_hash(NAME, KEY)
    assert "deputy_key_state" not in records.columns
    stored = ["JZ1", "001", "", "522301", keyed_hash(NAME, KEY), "乡", "2026-06-02", "", "4", "2"]
    shown = [value or "blank" for value in stored]
    assert records.loc[0, "record_hash"] == hashlib.sha256("\x1f".join(shown).encode()).hexdigest()[:32]
    _, others, _ = parsed(
        csv_bytes([VISIT_HEADER, [f"{cell}乙" if cell == NAME else cell for cell in VISIT]]), "station_visit"
    )
    assert others.loc[0, "record_hash"] != records.loc[0, "record_hash"]


def test_json_lines_point_to_line_and_key_and_a_broken_line_is_a_record_that_cannot_be_read() -> None:
    lines = jsonl_bytes(CASE_HEADER, CASES).decode().split("\n")
    data = "\n".join([lines[0], "", lines[1][:60], lines[1]]).encode()
    header, records, notes = parsed(data, "case")
    assert list(records["source_ref"]) == ["line 1", "line 3", "line 4"]
    assert row(records, ["case_code", "case_code_state", "channel_state", "opened_at"], 1) == [
        None,
        "unreadable",
        "unreadable",
        None,
    ]
    assert json.loads(header.loc[0, "column_refs"])["accepted_at"] == "line {line} 接单时间"
    assert (header.loc[0, "rows_in"], len(notes)) == (3, 1)


def test_json_items_are_counted() -> None:
    items = [dict(zip(CASE_HEADER, case, strict=True)) for case in CASES]
    header, records, _ = parsed(json.dumps({"data": items}).encode(), "case")
    assert list(records["source_ref"]) == ["item 1", "item 2"]
    assert json.loads(header.loc[0, "column_refs"])["grade"] == "item {line} 评价"


def test_a_document_without_the_header_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        parsed(csv_bytes([["甲", "乙"], ["1", "2"]]), "case")
    assert caught.value.code == "foreign"


def test_nothing_personal_is_left() -> None:
    shown = everything(*parsed(csv_bytes([CASE_HEADER, *CASES]), "case"))
    assert [value for value in PERSONAL if value in shown] == []
    assert NAME not in everything(*parsed(csv_bytes([VISIT_HEADER, VISIT]), "station_visit"))


@pytest.mark.parametrize("shift", [-8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6])
def test_nothing_personal_is_left_when_columns_slip(shift: int) -> None:
    slipped = [case[-shift:] if shift < 0 else ("",) * shift + case for case in CASES]
    slipped = [(*case, *[""] * 14)[:14] if shift < 0 else case for case in slipped]
    _, records, notes = parsed(csv_bytes([CASE_HEADER, *CASES, *slipped]), "case")
    assert len(records) == 4
    shown = everything(records, notes)
    assert [value for value in PERSONAL if value in shown] == []
    bad = records[["county_code_state", "channel_state", "case_kind_state"]].iloc[2]
    assert set(bad) & ({"unknown", "blank"} if shift < 0 else {"unreadable"})


UNQUOTED = ["GD3", "兴义市", "扫码", "道路", "意见建议", "2026-06-01", "道路,请联系" + NAME, "交通局"]
UNQUOTED_HEADER = ["工单编号", "所属县区", "渠道", "类别", "类型", "提交时间", "诉求内容", "承办单位"]


@pytest.mark.parametrize("last", ["交通局", ""])
def test_a_line_with_more_cells_than_the_header_cannot_be_read(last: str) -> None:
    line = ",".join([*UNQUOTED[:-1], last])
    header, records, notes = parsed(f"{','.join(UNQUOTED_HEADER)}\n{line}\n".encode(), "case")
    assert NAME not in everything(records, notes)
    states = [column for column in records if column.endswith("_state")]
    assert set(records[states].iloc[0]) == {"unreadable"}
    stored = [column.name for column in CATALOG.exports["case"].stored_columns]
    assert records.loc[0, stored].isna().all()
    assert (header.loc[0, "rows_in"], notes) == (1, ("有 1 行的列数多于表头，按不可读的记录处理",))


def test_a_line_with_fewer_cells_than_the_header_keeps_no_free_text_beside_personal_data() -> None:
    header = ["工单编号", "所属县区", "渠道", "类型", "提交时间", "类别", "群众姓名", "诉求内容"]
    lines = [["GD3", "兴义市", "扫码", "意见建议", "2026-06-01", NAME, "道路"]]
    _, records, notes = parsed(csv_bytes([header, *lines]), "case")
    assert NAME not in everything(records, notes)
    assert row(records, ["case_code", "channel", "opened_at_state", "category"]) == ["GD3", "扫码", "ok", None]
    assert notes == ("有 1 行的列数少于表头，缺的列按空白处理，其中的文字未保留",)
    _, stations, notes = parsed(csv_bytes([STATION_HEADER, ["1", "站", "联络站", "兴义市"]]), "station")
    assert row(stations, ["station_name", "township_code_state"]) == ["站", "blank"]
    assert notes == ("有 1 行的列数少于表头，缺的列按空白处理",)


def test_a_sheet_may_have_cells_beside_its_table() -> None:
    _, records, notes = parsed(xlsx_bytes({"进站": [VISIT_HEADER, [*VISIT, "已核"], VISIT[:7]]}), "station_visit")
    assert list(records["people_received_state"]) == ["ok", "ok"]
    assert notes == ("有 1 行的列数多于表头，多出的内容未读取",)


@pytest.mark.parametrize(
    "number", ["19900001234", "199 0000 1234", "19,900,001,234", "1990000.1234万", "522301190001019994"]
)
def test_a_number_that_points_at_a_person_is_no_count(number: str) -> None:
    _, records, notes = parsed(csv_bytes([VISIT_HEADER, [*VISIT[:6], number, "2"]]), "station_visit")
    assert row(records, ["people_received", "people_received_state", "opinions_taken"]) == [None, "unreadable", 2]
    assert [
        digits for digits in ("1990000", "199 0000", "19,900", "5223011") if digits in everything(records, notes)
    ] == []


@pytest.mark.parametrize(
    ("code", "state"),
    [("黔GD2026060001", "ok"), ("GD2026060001", "ok"), (NAME + "2", "unreadable"), (NAME, "unreadable")],
)
def test_a_code_beside_personal_data_has_a_prefix_but_no_name(code: str, state: str) -> None:
    _, records, _ = parsed(csv_bytes([CASE_HEADER, (code, *CASES[0][1:])]), "case")
    assert row(records, ["case_code", "case_code_state"]) == [code if state == "ok" else None, state]


def test_the_free_text_of_stations_is_scrubbed_and_goes_when_columns_slip() -> None:
    named = ["1", f"黄草站{PERSONAL[1]}", "联络站", "兴义市", "", "", "七星", "2024-03-01", "也许"]
    slipped = ["2", NAME, PERSONAL[1], "联络站", "兴义市", "黄草街道", "是", "五星", "2024-03-01"]
    _, records, _ = parsed(csv_bytes([STATION_HEADER, named, slipped]), "station")
    assert row(records, ["station_name"]) == ["黄草站〔已屏蔽〕"]
    assert row(records, ["station_name", "station_name_state"], 1) == [None, "unreadable"]
    assert NAME not in everything(records)


def test_a_slipped_case_keeps_no_value_in_its_coded_columns() -> None:
    slipped = (*CASES[0][1:], "")
    _, records, _ = parsed(csv_bytes([CASE_HEADER, slipped]), "case")
    assert row(records, ["channel", "channel_state", "case_kind", "case_kind_state"]) == [
        None,
        "unknown",
        None,
        "unknown",
    ]


def test_free_text_beside_personal_data_is_scrubbed_and_cut() -> None:
    case = list(CASES[0])
    case[3] = f"道路（来电{PERSONAL[1]}）" + "长" * 60
    _, records, _ = parsed(csv_bytes([CASE_HEADER, case]), "case")
    assert records.loc[0, "category"] == ("道路（来电〔已屏蔽〕）" + "长" * 60)[:40]


def test_unknown_headings_of_a_personal_export_are_counted_not_quoted() -> None:
    _, records, notes = parsed(csv_bytes([[*CASE_HEADER, NAME], [*CASES[0], PERSONAL[1]]]), "case")
    assert notes == ("有 1 列的表头不在目录中，未读取",)
    assert PERSONAL[1] not in everything(records)
