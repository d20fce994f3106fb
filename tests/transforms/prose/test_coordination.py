"""What an enumeration says once is shared out among its numbers, or among its names."""

import pytest

from catalog import load
from transforms.prose.contexts import read_contexts, shape
from transforms.prose.coordination import consecutive, names_before, respectively, sharing
from transforms.prose.quantities import find_quantities

UNITS = load().prose.units


def contexts(sentence):
    return read_contexts(shape(sentence), list(find_quantities(sentence, UNITS)), 0, len(sentence))


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "执法检查、专题调研、工作评议分别为4次、17次、3次。",
            ["-inspections 4次", "-inspections 17次", "-inspections 3次"],
        ),
        ("收集意见、化解纠纷分别为40条、30件。", ["opinions_collected 40条", "disputes_mediated 30件"]),
        ("联络站、联络室分别建成12个、30个。", ["station_count 12个", "room_count 30个"]),
        ("办结A、B、C类件分别为40件、30件、23件。", ["bills_class_a 40件", "other 30件", "other 23件"]),
        ("A类、B类、C类件分别为40件、30件、23件。", ["bills_class_a 40件", "other 30件", "other 23件"]),
        ("联络站、联络室各2个。", ["station_count 2个", "room_count 2个"]),
        ("代表建议办结率、满意率分别达100%。", ["bills_closed_rate 100%", "satisfaction_rate 100%"]),
        ("代表建议办结率、满意率均达100%。", ["bills_closed_rate 100%", "satisfaction_rate 100%"]),
        ("矛盾化解率和群众满意度均为98%。", ["disputes_resolution_rate 98%", "satisfaction_rate 98%"]),
        ("代表建议办结率、满意率分别为98%、96%。", ["bills_closed_rate 98%", "satisfaction_rate 96%"]),
    ],
)
def test_each_number_has_its_noun(counted, sentence, told):
    assert counted(sentence) == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("楚米镇、花秋镇分别接待选民12人次、9人次。", ["楚米镇 12", "花秋镇 9"]),
        ("楚米镇和花秋镇分别接待选民12人次和9人次。", ["楚米镇 12", "花秋镇 9"]),
        ("桐梓县、绥阳县、习水县分别收集意见12条、9条、7条。", ["桐梓县 12", "绥阳县 9", "习水县 7"]),
        ("桐梓县、绥阳县各收集意见12条。", ["桐梓县 12", "绥阳县 12"]),
    ],
)
def test_each_number_has_its_unit(owned, sentence, told):
    assert owned(f"遵义市人大常委会工作报告\n{sentence}") == told


def test_two_names_and_three_numbers_are_not_shared_out(owned):
    told = owned("遵义市人大常委会工作报告\n桐梓县、绥阳县分别收集意见12条、9条、7条。")
    assert told == ["遵义市 12", "遵义市 9", "遵义市 7"]


@pytest.mark.parametrize(
    ("before", "count", "names"),
    [
        ("甲、乙和丙", 3, ["甲", "乙", "丙"]),
        ("今年，甲与乙", 2, ["甲", "乙"]),
        ("其间。甲、乙", 2, ["甲", "乙"]),
        ("A、B、C类件", 3, ["A类件", "B类件", "C类件"]),
        ("办结A、B类件", 2, ["办结A类件", "B类件"]),
        ("甲、乙", 3, []),
        ("甲", 1, []),
        ("其间，甲、乙", None, ["甲", "乙"]),
        ("其间，甲", None, []),
    ],
)
def test_the_names_before_a_word(before, count, names):
    [context] = contexts(f"{before}各12件")
    assert names_before(context, len(before), count) == names


def test_numbers_follow_one_another_where_only_connecting_words_part_them():
    assert consecutive(contexts("分别为40件、30件和23件，办结20件"), 0) == [0, 1, 2]
    assert consecutive(contexts("办结40件，化解30件"), 0) == [0]


def test_without_a_word_that_shares_out_contexts_stay():
    own = contexts("办结40件、化解30件")
    assert respectively(own) == own
    assert [sharing(context) for context in own] == [[context] for context in own]
