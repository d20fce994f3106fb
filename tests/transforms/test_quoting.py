"""Which words may be stored: places and missing numbers, nobody's name."""

from __future__ import annotations

import pytest

from catalog import load
from transforms.quoting import UNRECOGNISED, kept_figure, kept_period, kept_place, kept_unit


@pytest.mark.parametrize(
    "text",
    ["若干", "见附件", "详见附件2", "多", "待报", "#DIV/0!", "#未计算", "三至五人", "约10至20", "？", "TRUE"],
)
def test_words_for_missing_numbers_are_kept(text: str) -> None:
    assert kept_figure(text) == text


@pytest.mark.parametrize("text", ["张三丰", "测试甲", "测试甲19900007000", "详见测试甲", "联系测试甲"])
def test_names_among_figures_are_not_kept(text: str) -> None:
    assert kept_figure(text) == UNRECOGNISED


def test_a_phone_number_is_said_to_be_masked() -> None:
    assert kept_figure("199 0000 7000") == "〔已屏蔽〕"


@pytest.mark.parametrize(
    "text", ["真武山街道", "黄草街", "某某村", "县本级", "522301001", "街心社区（代管）", "经开区"]
)
def test_names_formed_like_places_are_kept(text: str) -> None:
    assert kept_place(text) == text


@pytest.mark.parametrize("text", ["测试甲", "", "19900007000", "测试甲（郑屯镇）"])
def test_other_names_of_rows_are_not_kept(text: str) -> None:
    assert kept_place(text) == UNRECOGNISED


@pytest.mark.parametrize("text", ["兴意市", "云溪开发区人大办", "贵阳市南明区人大常委会"])
def test_what_is_formed_like_a_unit_is_kept(text: str) -> None:
    assert kept_unit(text, load()) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("测试甲19900007000", UNRECOGNISED),
        ("某开发区人大办 填表人 测试甲 ", "开发区人大"),
        ("开发区测试甲主任办公室", "开发区"),
    ],
)
def test_persons_beside_a_unit_are_not_kept(text: str, kept: str) -> None:
    assert kept_unit(text, load()) == kept


@pytest.mark.parametrize("text", ["6月", "上半年某月", "二〇二六年六月份（累计）", "2026.1"])
def test_what_is_formed_like_a_period_is_kept(text: str) -> None:
    assert kept_period(text, load()) == text


def test_persons_beside_a_period_are_not_kept() -> None:
    assert [kept_period(text, load()) for text in ("测试甲6月", "测试甲")] == ["6月", UNRECOGNISED]
