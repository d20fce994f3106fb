"""The page shows the text to the letter, each figure where it stands, links both ways, and needs nothing else."""

import re
from dataclasses import replace

import pytest
from lxml import html

import catalog
from serving.marked_text import Mark, MarkedText, Unused, draw

INDICATORS = catalog.load().indicators
TEXT = "一、报告<2026>\r\n\n  习水县收到的182件代表建议全部办结，\n收集意见1900余\n条&更多。第3期\t完"


def mark(words, number, **others):
    start, begin = TEXT.index(words), TEXT.index(number)
    facts = {
        "org_name": "习水县",
        "org_code": "520330",
        "is_inclusive": False,
        "indicator_code": "bills_submitted",
        "value": 182.0,
        "low": 182.0,
        "high": 182.0,
        "low_open": False,
        "high_open": False,
        "qualifier": "exact",
        "unit": "件",
        "period": None,
        "period_phrase": "",
        "basis": "unstated",
    } | others
    return Mark(start, start + len(words), (begin, begin + len(number)), **facts)


MARKS = (
    mark("收到的182件代表建议", "182件"),
    mark("182件代表建议全部办结", "182件", indicator_code="bills_closed"),
    mark(
        "收集意见1900余\n条",
        "1900余\n条",
        indicator_code="opinions_collected",
        is_inclusive=True,
        value=1900.0,
        low=1900.0,
        high=2000.0,
        high_open=True,
        qualifier="at_least",
        unit="条",
        period="2023-01-16/..",
        period_phrase="活动开展以来",
        basis="since_start",
    ),
)
UNUSED = (
    Unused(TEXT.index("2026"), TEXT.index("2026") + 4, "日期"),
    Unused(TEXT.index("第3期"), TEXT.index("第3期") + 3, "序号<"),
)


def page_of(marks=MARKS, unused=UNUSED, text=TEXT, title="标题<b>"):
    drawn = draw(MarkedText(title, text, marks, unused, [("文件", "a&b.txt")]), INDICATORS)
    return drawn, html.document_fromstring(drawn)


def words(elements):
    return [" ".join(element.text_content().split()) for element in elements]


def test_the_text_stands_to_the_letter_without_the_labels():
    _, page = page_of()
    (shown,) = page.find_class("text")
    for label in page.find_class("label"):
        label.drop_tree()
    assert shown.text_content() == TEXT.replace("\r", " ")


def test_a_number_of_two_figures_has_two_labels_and_what_is_left_open_is_told():
    _, page = page_of()
    assert words(page.find_class("number")) == ["182件", "1900余 条"]
    assert words(page.find_class("label")) == [
        "1 习水县 · 代表议案建议件数 · 182 件 · 时间未写明",
        "2 习水县 · 代表建议办结件数 · 182 件 · 时间未写明",
        "3 习水县（含下级） · 收集意见建议条数 · 至少1900 [1900, 2000) 条 · 2023-01-16 起",
    ]
    assert words(page.find_class("words")) == ["收到的", "代表建议", "全部办结", "收集意见"]


def test_what_was_passed_over_says_why_at_its_place_and_in_the_list():
    _, page = page_of()
    assert [
        (item.text_content(), item.get("title")) for item in page.find_class("unused") if item.get("title")[0] == "未"
    ] == [
        ("2026", "未采用：日期"),
        ("第3期", "未采用：序号<"),
    ]
    assert words(page.iter("summary")) == ["日期（1）", "序号<（1）"]


def test_links_lead_somewhere_both_ways_and_names_are_given_once():
    _, page = page_of()
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    assert {link[1:] for link in page.xpath("//a/@href")} == {f"at-{n}" for n in (1, 2, 3)} | {
        f"row-{n}" for n in (1, 2, 3)
    } | {"not-1", "not-2"}
    assert {link[1:] for link in page.xpath("//a/@href")} <= set(names)


def test_the_page_is_one_file_without_scripts():
    drawn, page = page_of()
    assert page.xpath("//script | //link | //img | //iframe | //@src | //@onclick") == []
    assert not re.search(r"https?:|url\(|@import", drawn)


def test_markup_in_the_text_and_in_names_stays_text():
    text = "<script>alert(1)</script>收集\"5'条"
    begin = text.index("5")
    hostile = replace(
        MARKS[0],
        start=begin - 3,
        end=begin + 3,
        number=(begin, begin + 3),
        org_name='"><img src=x>',
        indicator_code="other",
        unit="<i>",
        period="<i>",
        period_phrase="<i>",
    )
    drawn, page = page_of([hostile], [Unused(0, 3, '"><img src=y>')], text, "</title><script>")
    assert page.xpath("//script | //img | //i") == []
    assert "<script" not in drawn
    assert "其他" in words(page.find_class("label"))[0]


@pytest.mark.parametrize("text", ["", "没有数字。"])
def test_a_report_without_figures_has_a_page(text):
    drawn, page = page_of((), (), text, "")
    assert "没有读出统计数" in drawn
    assert page.find_class("text")[0].text_content() == text


def test_spans_that_overlap_in_any_way_lose_no_character():
    spans = [(0, 9), (3, 12), (5, 6), (5, 6), (11, 14), (2, len(TEXT)), (4, 4)]
    marks = [replace(MARKS[0], start=start, end=end, number=(start, end)) for start, end in spans]
    _, page = page_of(marks, [Unused(start, end, "日期") for start, end in spans])
    for label in page.find_class("label"):
        label.drop_tree()
    assert page.find_class("text")[0].text_content() == TEXT.replace("\r", " ")
