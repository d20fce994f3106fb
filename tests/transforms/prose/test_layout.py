"""Lines of a report: title, headings and their depth, sentences, page furniture, and what stands below plans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.prose.layout import read_layout


def kinds(text):
    return [line.kind for line in read_layout(text)]


def test_a_report_has_a_title_headings_and_sentences():
    text = "\n".join(
        [
            "来源：县人大办公室",
            "习水县人大常委会代表工作情况报告",
            "今年以来，收集意见40条，办结30条。",
            "一、主要做法",
            "（一）建好站点",
            "1.建站",
            "建成联络站12个；",
            "责任编辑：某某",
        ]
    )
    assert kinds(text) == ["furniture", "title", "body", "heading", "heading", "heading", "body", "furniture"]
    assert [line.depth for line in read_layout(text) if line.kind == "heading"] == [1, 2, 3]


@pytest.mark.parametrize(
    "line",
    [
        "浏览次数：345次",
        "发布时间：2026-06-12",
        "【字体：大 中 小】",
        "版权所有 某县人大常委会",
        "黔ICP备12345678号",
        "当前位置：首页>代表工作",
        "联系电话：8812345",
        "上一篇：代表夜话40场",
        "（通讯员 某某）",
        "习水县人大常委会通讯员某某",
        "下载次数：345次",
        "备案编号：12345",
        "一审：某某二审：某某",
        "图1：代表在走访",
    ],
)
def test_page_furniture_is_known(line):
    assert kinds(f"{line}\n今年以来，收集意见40条。")[0] == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "全县共备案规范性文件12件，审查12件，提出意见3条。",
        "代表下载资料40份，学习12次，撰写体会30篇。",
        "依法对6件规范性文件进行备案审查。",
        "常委会共备案审查规范性文件23件，其中法规2件",
        "代表履职APP累计下载1200余次",
        "通讯员队伍共有36人，采写稿件320篇",
        "县人大代表投稿建议120条",
        "发布人大决议12件",
        "办好民生实事12件",
        "接待选民40人次、收集意见30条",
    ],
)
def test_a_sentence_that_sounds_like_furniture_or_a_heading_is_none(line):
    assert kinds(f"{line}\n收集意见40条。")[0] == "body"


def test_the_first_short_line_after_a_sentence_is_a_heading_and_no_title():
    assert kinds("今年以来，收集意见40条。\n强化保障建好用好代表阵地") == ["body", "heading"]


def test_a_heading_that_sounds_like_furniture_is_a_heading():
    assert kinds("收集意见40条。\n（三）加强规范性文件备案审查\n审查12件。") == ["body", "heading", "body"]


@pytest.mark.parametrize("heading", ["下一步工作打算", "二、下步工作", "三、2027年工作安排", "四、今后努力方向"])
def test_what_stands_below_plans_is_a_plan(heading):
    lines = read_layout(f"习水县人大代表工作报告\n收集意见40条。\n{heading}\n建站20个。\n（一）建站\n建室30个。")
    assert [line.is_plan for line in lines] == [False, False, True, True, True, True]


@pytest.mark.parametrize("heading", ["一、存在问题", "三、主要做法"])
def test_plans_end_with_the_next_heading_of_their_rank(heading):
    lines = read_layout(f"一、下一步打算\n建站20个。\n（二）保障\n建室30个。\n{heading}\n收集意见40条。")
    assert [line.is_plan for line in lines] == [True, True, True, True, False, False]


def test_plans_made_earlier_are_no_plans():
    lines = read_layout("一、回顾今年工作任务\n收集意见40条。")
    assert not any(line.is_plan for line in lines)


@given(st.text(alphabet="一二、（）1.。，条甲下步打算来源：\n", max_size=200))
def test_lines_cover_the_text(text):
    lines = read_layout(text)
    assert "\n".join(text[line.start : line.end] for line in lines) == text
    assert sum(line.kind == "title" for line in lines) <= 1
