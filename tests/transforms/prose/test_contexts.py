"""What stands around a number: its clause, its item of a list, the noun behind it, and what is said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import load
from transforms.prose.contexts import REACH, read_contexts, shape
from transforms.prose.quantities import find_quantities

UNITS = load().prose.units


def contexts(sentence):
    shaped = shape(sentence)
    return read_contexts(shaped, list(find_quantities(sentence, UNITS)), 0, len(sentence))


def last(sentence):
    return contexts(sentence)[-1]


@pytest.mark.parametrize(
    ("text", "shaped"),
    [
        ("联络室（家、点）9个", "联络室·家·点·9个"),
        ("（以下简称“联络站，站”）9个", "·············9个"),
        ("（其中市级3个）9个", "（其中市级3个）9个"),
        ("审议《关于甲，乙的办法》3次", "审议《········》3次"),
        ("开展“走基层，听民声”活动", "开展“走基层·听民声”活动"),
        ("满意的（A类件）9件", "满意的·A类件·9件"),
    ],
)
def test_what_does_not_cut_a_clause_is_blotted_out(text, shaped):
    assert shape(text) == shaped
    assert len(shaped) == len(text)


@given(st.text(alphabet="甲乙，。；、（）《》“”1\n", max_size=60))
def test_a_shape_has_every_character_at_its_place(text):
    shaped = shape(text)
    assert len(shaped) == len(text)
    assert all(one in (other, "·") for one, other in zip(shaped, text, strict=True))


@pytest.mark.parametrize(
    ("sentence", "clause", "item"),
    [
        ("今年，收集意见40条", "收集意见", "收集意见"),
        ("收集意见、诉求40条", "收集意见、诉求", "诉求"),
        ("收集意见9条，办结8条", "办结", "办结"),
        ("收集意见9条、办结8条", "、办结", "办结"),
        ("在“走基层，听民声”中收集40条", "在“走基层·听民声”中收集", "在“走基层·听民声”中收集"),
        ("收集意见（其中市级8条）", "其中市级", "其中市级"),
    ],
)
def test_the_clause_before_a_number(sentence, clause, item):
    context = last(sentence)
    assert (context.clause, context.item) == (clause, item)


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("40条意见建议，已转办", "意见建议"),
        ("40条意见建议得到办理", "意见建议"),
        ("40件已办结", ""),
        ("12名县人大代表参加视察", "县人大代表"),
        ("40条", ""),
    ],
)
def test_the_noun_behind_a_number(sentence, right):
    assert last(sentence).right == right


@pytest.mark.parametrize(
    ("sentence", "after"),
    [
        ("40条意见建议得到办理。又开会。", "意见建议得到办理"),
        ("40条意见建议，均已办结，又开会。", "意见建议，均已办结，又开会"),
        ("40条意见建议，代表们表示满意。", "意见建议"),
        ("217条社情民意和34条建议得到办理", "建议得到办理"),
    ],
)
def test_what_is_said_behind_a_number(sentence, after):
    assert last(sentence).after == after


def test_what_is_said_of_the_last_of_a_pair_is_said_of_both():
    assert contexts("217条社情民意和34条建议得到办理")[0].after == "社情民意和条建议得到办理"


@pytest.mark.parametrize(
    ("sentence", "bare", "subset"),
    [
        ("收集意见9条、8条", True, False),
        ("收集意见9条，共8条", True, False),
        ("收集意见9条，办结8条", False, False),
        ("收集意见9条，其中8条", True, True),
        ("收集意见9条、8条建议", False, False),
    ],
)
def test_a_number_may_stand_by_itself(sentence, bare, subset):
    context = last(sentence)
    assert (context.is_bare, context.is_subset) == (bare, subset)


@given(st.text(alphabet="甲乙，。；、（）“”1条件其中和 \n", max_size=400))
def test_every_stretch_is_short(text):
    for context in contexts(text):
        assert max(map(len, (context.before, context.clause, context.item, context.right))) <= REACH
        assert len(context.sentence) <= 3 * REACH + len(context.quantity.wording)
