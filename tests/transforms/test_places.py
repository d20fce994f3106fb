from __future__ import annotations

import pytest

from catalog import load
from transforms.places import find_county, is_county, read_county, read_township

TREE = load().tree
XINGYI = TREE["522301"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("遵义市播州区2026年6月活动情况统计表（修改稿）.xlsx", "520304"),
        ("遵义县2026年6月.xls", "520304"),
        ("黔西南州兴义市人大常委会关于…的报表", "522301"),
        ("兴义2026年6月.xlsx", "522301"),
        ("２０２６年６月兴义市.xlsx", "522301"),
        ("道真仡佬族苗族自治县.xls", "520325"),
        ("道真县2026-06.xls", "520325"),
        ("六枝特区报表.xls", "520203"),
        ("黔西县报表.xls", "520581"),
        ("522301_202606.csv", "522301"),
        ("兴义市（522301）.csv", "522301"),
        ("兴义市和兴仁市.xlsx", None),
        ("遵义市2026年6月.xlsx", None),
        ("遵义2026年6月.xlsx", None),
        ("贵州省“高质量发展，代表在行动”活动情况统计表", None),
        ("各县市区.xlsx", None),
        ("control_form.xlsx", None),
        ("", None),
    ],
)
def test_a_county_is_found_in_a_name(text: str, code: str | None) -> None:
    county = find_county(text, TREE)
    assert (county.code if county else None) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("兴义市人大常委会", "522301"),
        ("黔西南州 兴义市", "522301"),
        ("522301", "522301"),
        ("盘县人民代表大会常务委员会", "520281"),
        ("兴义市人大常委会代表工作委员会", "522301"),
        ("遵义市人大常委会", None),
        ("云溪开发区人大工委", None),
        ("人大常委会", None),
    ],
)
def test_the_reporting_unit_is_a_county_or_its_organ(text: str, code: str | None) -> None:
    county = read_county(text, TREE)
    assert (county.code if county else None) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("黄草街道", "522301001"),
        ("黄 草　街道", "522301001"),
        ("兴义市黄草街道", "522301001"),
        ("黄草街道办事处", "522301001"),
        ("县本级", "522301"),
        ("市本级", "522301"),
        ("兴义市本级", "522301"),
        ("兴义市", "522301"),
        ("兴仁市本级", None),
        ("真武山街道", None),
        ("黄草街", None),
        ("", None),
    ],
)
def test_a_row_names_a_township_of_its_county(text: str, code: str | None) -> None:
    org = read_township(text, XINGYI, TREE)
    assert (org.code if org else None) == code


def test_without_a_county_no_township_is_known() -> None:
    assert read_township("黄草街道", None, TREE) is None


def test_the_countys_own_name_is_not_its_own_office() -> None:
    assert is_county("兴义市", XINGYI, TREE)
    assert not is_county("县本级", XINGYI, TREE)
    assert not is_county("兴仁市", XINGYI, TREE)
