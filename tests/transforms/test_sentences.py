"""Running text is told from tables by the look of its lines, in linear time."""

from __future__ import annotations

import time

import pytest

from transforms.sentences import divides_sentences, is_report, is_running_text

SENTENCE = (
    "今年以来，全市组织代表进站590人次，接待选民群众4395人次，收集群众意见建议225条，办结202条，化解矛盾纠纷29件。"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("组织代表进站履职590人次。", True),
        ("今年以来全市各级\n人大代表进站590人次,接待\n4395人次.", True),
        ("组织代表进站履职590人次", False),  # a title
        ("周一、周二", False),
        ("hello, this is no Chinese sentence.", False),
        ("黄草街道 1,200 3,400\n兴泰街道 2,300 4,500", False),
        ("| 乡镇 | 收集，办结 |\n| 黄草街道 | 45 |", False),
    ],
)
def test_running_text_holds_a_clause_of_a_sentence(text: str, expected: bool) -> None:
    assert is_running_text(text) is expected


def test_a_report_tells_figures_in_some_sentences() -> None:
    assert is_report([SENTENCE] * 4)
    assert not is_report([SENTENCE])
    assert not is_report(
        ["填表说明：本表由各乡镇人大在每月终了后五个工作日之内填写，经审核后报送县人大常委会办公室。"] * 9
    )
    assert not is_report(["黄草街道\t进站590人次，接待4395人次，收集225条，办结202条。"] * 9)


def test_a_table_of_texts_and_numbers_is_divided_into_cells() -> None:
    assert not divides_sentences("站点名称,所属县区,建成日期\n黄草街道代表联络站,兴义市,2023-05-01\n" * 4, ",")
    assert not divides_sentences("记录编号,站点编码,所属县区,进站日期,接待人数", ",")
    assert not divides_sentences(
        "填报单位：兴义市\n乡镇,收集意见,办结意见\n" + "黄草街道办事处,无,无\n" * 3 + "注：按月填报。", ","
    )
    assert divides_sentences(SENTENCE.replace("，", ","), ",")


@pytest.mark.parametrize("piece", ["一", "1", "，", ",", "一1", "一 ", "1,", "一\n", "一1一", "\t"])
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.perf_counter()
    is_running_text(text)
    is_report(text.split("\n"))
    divides_sentences(text, ",")
    assert time.perf_counter() - began < 5
