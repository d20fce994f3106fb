"""Whose work a sentence speaks of: by title, heading, opening, 在…镇, 该镇, 全市; never a unit that is not named."""

import pytest

COUNTY, CITY = "习水县人大常委会工作情况报告\n", "遵义市人大常委会工作情况报告\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # The unit of the title, where nothing else is said
        (COUNTY + "收集意见40条。", ["习水县 40"]),
        # Headings that name a town, until the next heading
        (
            COUNTY
            + "一、桑木镇\n收集意见12条。\n又办结11条。\n二、土城镇\n收集意见9条。\n三、总体情况\n收集意见40条。",
            ["桑木镇 12", "桑木镇 11", "土城镇 9", "习水县 40"],
        ),
        # A unit that opens a sentence, until another one does
        (
            COUNTY + "桑木镇收集意见12条。办结11条。土城镇收集意见9条。全县收集意见40条。",
            ["桑木镇 12", "桑木镇 11", "土城镇 9", "习水县 40"],
        ),
        (COUNTY + "桑木镇收集意见12条；土城镇收集意见9条；全县收集意见40条。", ["桑木镇 12", "土城镇 9", "习水县 40"]),
        # The paragraph's end ends it.
        (COUNTY + "会议开始。\n桑木镇收集意见12条。\n共收集意见40条。", ["桑木镇 12", "习水县 40"]),
        # 在…镇 as a topic, and for its clause only
        (
            COUNTY + "在桑木镇，代表收集意见12条，办结11条。\n全县收集意见40条。",
            ["桑木镇 12", "桑木镇 11", "习水县 40"],
        ),
        (COUNTY + "代表在桑木镇收集意见12条，共办结意见40条。", ["桑木镇 12", "习水县 40"]),
        # 该镇, 全县, 市人大常委会
        (COUNTY + "桑木镇认真部署。该镇收集意见12条。全县收集意见40条。", ["桑木镇 12", "习水县 40"]),
        (CITY + "习水县、桐梓县认真部署。全市收集意见100条。", ["遵义市 100"]),
        (CITY + "习水县收集意见40条。市人大常委会办结意见99条。", ["习水县 40", "遵义市 99"]),
        # Units of one report side by side
        (
            CITY + "习水县收集意见40条。桐梓县收集意见30条。全市收集意见100条。",
            ["习水县 40", "桐梓县 30", "遵义市 100"],
        ),
        # Several units at once are none of them.
        (COUNTY + "桑木镇、土城镇、温水镇联合开展走访。收集意见12条。", ["习水县 12"]),
        # A higher unit is spoken of in its own sentence only.
        (COUNTY + "省人大常委会收集意见4000条。代表收集意见40条。", ["贵州省 4000", "习水县 40"]),
        # An old name is written as the report writes it.
        ("遵义县人大常委会工作报告\n收集意见40条。", ["遵义县 40"]),
    ],
)
def test_each_figure_is_of_the_unit_that_is_spoken_of(owned, text, told):
    assert owned(text) == told


def test_units_have_the_codes_of_the_tree(report):
    places = [figure.place for figure in report(COUNTY + "收集意见40条。桑木镇办结意见12条。").figures]
    assert [(place.name, place.code, place.level) for place in places] == [
        ("习水县", "520330", "county"),
        ("桑木镇", "520330107", "township"),
    ]


@pytest.mark.parametrize(
    ("words", "inclusive"),
    [("全市各级人大代表", True), ("全市三级人大", True), ("市人大常委会", False), ("全市人大代表", False)],
)
def test_a_unit_may_be_counted_with_all_below_it(report, words, inclusive):
    [figure] = report(f"{CITY}{words}收集意见40条。").figures
    assert (figure.place.name, figure.place.inclusive) == ("遵义市", inclusive)


def test_the_name_of_the_file_stands_in_where_the_text_names_no_unit(owned, report):
    assert owned("收集意见40条。", name="桐梓县6月报告.txt") == ["桐梓县 40"]
    assert owned(COUNTY + "收集意见40条。", name="桐梓县6月报告.txt") == ["习水县 40"]
    assert report("收集意见40条。").place is None
    assert owned("收集意见40条。") == [" 40"]


def test_a_unit_of_another_province_has_no_code(report):
    [figure] = report("德清县人大常委会工作报告\n收集意见40条。").figures
    assert (figure.place.name, figure.place.code) == ("德清县", None)
