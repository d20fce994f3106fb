"""A dataset is known by its content, whatever the file is called."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from catalog import load
from tests.transforms.files import CASE_HEADER, CASES, csv_bytes, docx_bytes, jsonl_bytes, xlsx_bytes
from transforms.documents import Unreadable, read_document
from transforms.parse import parse
from transforms.recognise import recognise

CATALOG = load()
REPORTS = Path(__file__).parents[3] / "shared" / "reports"
FORM = [
    ["活动情况统计表", "", ""],
    ["填报单位：兴义市", "统计期：2026年6月", ""],
    ["乡镇（街道）", "收集（条）", "办结（条）"],
    ["黄草街道", "45", "40"],
]


@pytest.mark.parametrize(
    ("data", "dataset"),
    [
        (csv_bytes([CASE_HEADER, *CASES]), "case"),
        (jsonl_bytes(CASE_HEADER, CASES), "case"),
        (csv_bytes([["记录编号", "站点编码", "县区", "层级", "进站日期", "接待人数"], ["1"] * 6]), "station_visit"),
        (csv_bytes([["站点编码", "站点名称", "类型", "县区", "乡镇"], ["1"] * 5]), "station"),
        (xlsx_bytes({"甲": FORM}), "county_table"),
        (csv_bytes(FORM, "gb18030"), "county_table"),
        (csv_bytes(FORM[2:]), "county_table"),
        (xlsx_bytes({"甲": [[]] * 30 + FORM[2:]}), "county_table"),
        (docx_bytes(["活动情况统计表", "填报单位：兴义市"], FORM[2:]), "county_table"),
        ("2026年6月，兴义市组织代表进站590人次，接待选民群众4395人次。".encode(), "prose"),
        (docx_bytes(["关于活动开展情况的报告", "全市共收集意见建议225条，办结202条。"]), "prose"),
    ],
)
@pytest.mark.parametrize("name", ["a.bin", "群众工单.csv", "进站履职记录.txt"])
def test_datasets_are_known_by_content(data: bytes, dataset: str, name: str) -> None:
    assert recognise(read_document(data, name), name, CATALOG) == dataset


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes([["产品", "单价"], ["笔", "2"]]),
        b'[{"a": 1}]',
        b"hello world",
        xlsx_bytes({"s": [["通讯录"], ["甲", 1]]}),
    ],
)
def test_what_is_foreign_is_told_what_was_looked_for(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        recognise(read_document(data, "群众工单.csv"), "群众工单.csv", CATALOG)
    assert caught.value.code == "foreign"
    assert all(
        word in caught.value.message for word in ("活动情况统计表", "群众工单", "工单编号", "联络站台账", "文字报告")
    )


def test_plain_text_that_is_called_a_workbook_is_told_so() -> None:
    with pytest.raises(Unreadable) as caught:
        recognise(read_document(b"hello world", "a.xlsx"), "a.xlsx", CATALOG)
    assert caught.value.code == "misnamed"


SENTENCES = (
    "今年以来，全市各级人大组织代表进站履职590人次，接待选民群众4395人次，收集群众意见建议225条，已办结202条。",
    "各乡镇（街道）人大化解矛盾纠纷29件，协调解决实际问题14个，开展执法检查和专题调研36次，培训代表120人次。",
    "下一步，将继续深化“高质量发展，代表在行动”活动，不断拓宽代表联系群众的渠道，推动代表建议办理提质增效。",
)
SMALL_TABLE = [["乡镇（街道）", "收集意见（条）", "办结（条）"], ["黄草街道", "45", "40"]]
NOTES = "填表说明：一、本表由各乡镇（街道）人大填写，经县人大常委会审核后报送；二、没有开展的填“无”，不得空白。"


def html_bytes(paragraphs: tuple[str, ...], rows: list[list[str]]) -> bytes:
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<html><body><nav>首页</nav>{body}<table>{table}</table></body></html>".encode()


def wrapped(text: str, width: int) -> str:
    return "\n".join(text[n : n + width] for n in range(0, len(text), width))


@pytest.mark.parametrize(
    "data",
    [
        "\n".join(SENTENCES).encode(),
        "\n".join(SENTENCES).replace("，", ",").replace("。", ".").encode(),
        wrapped("".join(SENTENCES), 9).encode(),
        wrapped("".join(SENTENCES).replace("，", ", "), 18).encode("gb18030"),
        (
            "# 报告\n\n" + "\n".join(SENTENCES) + "\n\n| 乡镇 | 收集 | 办结 |\n|---|---|---|\n| 黄草街道 | 45 | 40 |\n"
        ).encode(),
        ("\n".join(SENTENCES) + "\n乡镇\t收集\t办结\n黄草街道\t45\t40\n兴泰街道\t38\t38\n小计\t83\t78\n").encode(),
        docx_bytes(["关于活动情况的报告", *SENTENCES], SMALL_TABLE, ["兴义市人大常委会"]),
        docx_bytes([], [[text] for text in SENTENCES]),
        html_bytes(SENTENCES, SMALL_TABLE),
        html_bytes((), [["导航", "".join(SENTENCES)]]),
        docx_bytes(["关于活动开展情况的报告", "今年以来，全县组织代表接待选民群众590人次。"], SMALL_TABLE),
        html_bytes(
            ("习水县人大接待选民", "全县共接待选民群众590人次，收集意见225条。"),
            [["镇街", "接待选民（人次）"], ["甲镇", "45"], ["乙镇", "40"], ["合计", "85"]],
        ),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "活动情况统计表.xlsx"])
def test_reports_in_prose_are_known_whatever_their_commas_line_breaks_and_tables(data: bytes, name: str) -> None:
    assert recognise(read_document(data, name), name, CATALOG) == "prose"


@pytest.mark.parametrize(
    "data",
    [
        docx_bytes(["活动情况统计表", "填报单位：兴义市", *SENTENCES], SMALL_TABLE),
        docx_bytes(["兴义市2026年6月活动情况统计表"], SMALL_TABLE, [NOTES, *SENTENCES]),
        docx_bytes([], SMALL_TABLE, [NOTES, NOTES, NOTES, NOTES]),
        docx_bytes([], SMALL_TABLE, ["注：收集意见建议中，有群众来信反映的12件。"]),
        docx_bytes(
            ["今年以来，全县共收集意见225条。"],
            [*SMALL_TABLE, ["甲镇", "45", "40"], ["乙镇", "无", "40"], ["合计", "90", "120"]],
        ),
        html_bytes(("活动情况统计表", "填报单位：兴义市", NOTES), SMALL_TABLE),
        csv_bytes([["填报单位：兴义市"], *SMALL_TABLE, [NOTES]]),
        csv_bytes([["填报单位：兴义市"], SMALL_TABLE[0], *[["黄草街道", "无", "未开展"]] * 2, [NOTES]]),
    ],
)
def test_a_form_with_notes_and_sentences_beside_it_stays_a_form(data: bytes) -> None:
    assert recognise(read_document(data, "a"), "a", CATALOG) == "county_table"


@pytest.mark.parametrize(
    "text",
    [
        f"填报单位：兴义市 统计期：2026年6月\n乡镇 收集 办结\n黄草街道 45 40\n{NOTES}",
        f"| 乡镇 | 收集意见（条） | 办结（条） |\n|---|---|---|\n| 黄草街道 | 45 | 40 |\n\n{NOTES}",
    ],
)
def test_a_form_that_plain_text_has_flattened_is_no_prose(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        recognise(read_document(text.encode(), "a.md"), "a.md", CATALOG)
    assert caught.value.code == "flattened_table"


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the reports are not beside this checkout")
@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.txt")), ids=lambda path: path.name[:3])
@pytest.mark.parametrize("width", [None, 14, 22, 40])
@pytest.mark.parametrize("commas", ["，", ","])
def test_the_reports_are_prose_in_any_dress(path: Path, width: int | None, commas: str) -> None:
    text = path.read_bytes().decode().replace("，", commas)
    dressed = wrapped(text, width) if width else text
    for name, data in (
        ("a.txt", dressed.encode()),
        ("a.txt", dressed.replace("\n", "\r\n").encode("gb18030")),
        ("a.docx", docx_bytes(dressed.split("\n"), SMALL_TABLE)),
        ("a.html", html_bytes(tuple(dressed.split("\n")), SMALL_TABLE)),
    ):
        assert recognise(read_document(data, name), name, CATALOG) == "prose"


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the reports are not beside this checkout")
@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_the_reports_are_parsed_as_prose_and_keep_their_text(path: Path) -> None:
    received_at = datetime.fromisoformat("2026-07-01T08:00:00+00:00")
    assert parse(path.read_bytes(), path.name, "d1", received_at, CATALOG, b"key").dataset == "prose"
    assert read_document(path.read_bytes(), path.name).text == path.read_bytes().decode()
