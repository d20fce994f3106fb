"""Json is read whatever it is wrapped in, and holds nothing that cannot be written again; texts stay as they are."""

from __future__ import annotations

import pytest

from transforms.documents import read_document


@pytest.mark.parametrize(
    "wrapper", ['{"data": %s}', '{"code": 0, "data": {"total": 2, "list": %s}, "tags": []}', '{"a": {"b": {"c": %s}}}']
)
def test_json_records_are_found_however_deep_they_are_wrapped(wrapper: str) -> None:
    records = '[{"a": 1}, {"a": [{"b": 2}]}]'
    document = read_document((wrapper % records).encode(), "a.json")
    assert document.format == "json"
    assert document.records == [(1, {"a": 1}), (2, {"a": '[{"b": 2}]'})]


def test_half_characters_that_json_spells_are_replaced() -> None:
    document = read_document(rb'{"x\ud800": "\udfffy", "z": ["\ud800"], "whole": "\ud83d\ude00"}', "a.jsonl")
    assert document.records == [(1, {"x\ufffd": "\ufffdy", "z": '["\ufffd"]', "whole": "\U0001f600"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_text_is_kept_to_the_letter(encoding: str, name: str) -> None:
    text = "\r\n　　兴义市报告\r\n\r\n2026年6月，代表进站 590 人次，\r接待4395人次。\n"
    document = read_document(text.encode(encoding), name)
    assert (document.format, document.text) == (name[2:], text)
    assert list(document.paragraphs) == ["兴义市报告", "2026年6月，代表进站 590 人次，", "接待4395人次。"]


@pytest.mark.parametrize(
    "text",
    [
        "兴义市报告\n今年以来,组织代表进站590人次,接待选民4395人次.",
        "今年以来,全市组织代表进站590人次,接待选民4395人次",
        '今年以来,"高质量发展,代表在行动"活动扎实推进,组织代表进站590人次,"双岗建功。\n收集意见225条,办结202条。',
        "黄草街道:进站90人次,接待300人次,收集意见20条。\n" * 5,
        "开展活动3次;接待选民4395人次;收集意见225条;\n组织培训2期;培训代表45人次;办结意见202条;\n" * 3,
        "[2026年06月12日讯] 今年以来,全市组织代表进站590人次,接待选民4395人次。",
    ],
)
def test_commas_of_sentences_make_no_table(text: str) -> None:
    assert read_document(text.encode(), "a.txt").format == "txt"


def test_a_table_beside_sentences_in_a_text_file_makes_no_table_of_them() -> None:
    table = "乡镇\t进站\t接待\n黄草街道\t90\t300\n兴泰街道\t80\t200\n坪东街道\t70\t100\n"
    sentence = "今年以来，全市组织代表进站590人次，接待选民群众4395人次，收集群众意见建议225条，办结202条。\n"
    assert read_document((sentence * 5 + table).encode(), "a.txt").format == "txt"
    assert read_document((sentence + table).encode(), "a.txt").format == "csv"
