from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.prose.time_words import SCANNER
from transforms.prose.timespans import Anchor, find_timespans

JUNE = Anchor(date(2026, 6, 12), 2026, date(2021, 11, 1))
KINDS = {
    "norm": ["每年6月", "《2025年工作要点》", "闭会期间", "长期以来", "贯穿全年"],
    "five": ["“十四五”以来", "十三五期间"],
    "ahead": ["下一步", "今后五年", "今明两年"],
    "calendar": [
        "今年以来",
        "截至6月底",
        "2025年前三季度",
        "1-6月",
        "自2023年启动以来",
        "2026-06-12",
        "年底",
        "全年",
        "元月",
    ],
    "ago": ["五年来", "近三年", "近年来", "半年来", "过去的一年"],
    "since": ["以来", "成立至今"],
    "asof": ["截至目前", "现在", "至今", "迄今为止"],
    "term": ["届内", "任期内"],
    "waning": ["本月", "昨日", "上季度"],
    "during": ["活动期间", "会议期间"],
}
NO_TIMES = [
    "近日", "每月", "每季度", "每年6月", "每年", "闭会期间", "春节期间", "长期以来", "一直以来",
    "展现在", "项目前期", "提前年度",
    "一月一次", "三月三", "《2025年工作要点》", "12345", "从教20年", "五年规划", "十四五规划", "仅用15天",
    "您当前的位置：首页", "2025", "来自全县", "3～5人", "第6月刊", "自2025年1月1日起施行", "13月",
    "2月30日", "三个月", "5年", "以来",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, examples in KINDS.items() for words in examples])
def test_each_kind_is_told_by_its_group(kind, words):
    assert [match.lastgroup for match in SCANNER.finditer(words)] == [kind]


@pytest.mark.parametrize("words", NO_TIMES)
def test_words_that_are_no_time_of_a_figure(words):
    assert find_timespans(words, JUNE) == []


PIECES = (
    [words for examples in KINDS.values() for words in examples]
    + NO_TIMES
    + ["自", "从", "到", "，", "12", "年", "“", " "]
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=300)
def test_no_time_begins_with_a_character_that_is_not_looked_for(text):
    pattern = SCANNER.pattern
    everywhere = re.compile(pattern[pattern.index(")") + 1 :])
    assert [m.span() for m in everywhere.finditer(text)] == [m.span() for m in SCANNER.finditer(text)]
