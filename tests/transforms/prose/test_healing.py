"""Healed text: sentences whole, blanks gone, and every character known by its place in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import load
from transforms.prose.healing import heal
from transforms.prose.quantities import find_quantities

UNITS = load().prose.units
CUT = "全市各级人大代表深入村寨社区走访选民，听取他们的心声并把群众所思所盼带回站里逐件梳理转交有关部"

NAMED = "兴义市人大常委会关于2026年6月“高质量发展，代表在行动”活动开展情况的报告"
TITLE = "兴义市人民代表大会常务委员会关于全市各级人大代表开展主题活动情况的综合报告第一稿"


@pytest.mark.parametrize(
    ("text", "healed"),
    [
        # Blanks inside sentences
        ("接待 选民 2.2 万余人次", "接待选民2.2万余人次"),
        ("2026 年 6 月，　全市", "2026年6月，全市"),
        ("\ufeff收集\u200b意见\u00a040条", "收集意见40条"),
        ("由 Li Lei 登记", "由Li Lei登记"),
        ("开展活动\t40次", "开展活动\t40次"),
        # Numbers that were cut
        ("共 26 8 个站点", "共268个站点"),
        ("办结1 20余件", "办结120余件"),
        ("2026 06 12 日", "2026 06 12日"),
        ("12:30 8 个", "12：30 8个"),
        # Punctuation in one spelling
        ("收集意见40条,办结12条;其中(市级)3条.又", "收集意见40条，办结12条；其中（市级）3条。又"),
        ('开展"回头看"和"面对面"', "开展“回头看”和“面对面”"),
        ("「双联」占９８．５％", "“双联”占98.5%"),
        ("二○二六年", "二〇二六年"),
        # Separators of thousands stay, half-width ones
        ("共1,200人,其中", "共1,200人，其中"),
        ("共1，200人次，其中", "共1,200人次，其中"),
        ("共２０２６人，４０件", "共2026人，40件"),
        # Markdown
        ("## 一、主要做法\n正文在这里。", "一、主要做法\n正文在这里。"),
        ("**收集**意见`40`条", "收集意见40条"),
        ("- 收集40条\n- 办结12条", "收集40条\n办结12条"),
        ("> 引文在此\n\n---\n\n正文", "引文在此\n正文"),
        # Lines
        ("上一句。\r\n下一句。\r\n", "上一句。\n下一句。"),
        ("收集意见，\n\n办结12条。", "收集意见，办结12条。"),
        ("收集意见40\n条", "收集意见40条"),
        ("收集意见4\n0条", "收集意见40条"),
        ("收集意见40条\n。", "收集意见40条。"),
        (f"{CUT}\n门办理。", f"{CUT}门办理。"),
        (f"{CUT}\n\n门办理。", f"{CUT}门办理。"),
        ("一句完了。这一句说到一半\n又接着说。", "一句完了。这一句说到一半又接着说。"),
        # What is whole stays apart
        ("活动开展情况\n全市收集意见40条。", "活动开展情况\n全市收集意见40条。"),
        ("活动开展情况\n\n全市收集意见40条。", "活动开展情况\n全市收集意见40条。"),
        (f"{CUT}\n一、主要做法", f"{CUT}\n一、主要做法"),
        (f"{CUT}\n（二）办理情况", f"{CUT}\n（二）办理情况"),
        (f"{CUT}\n1.收集意见\n2.办结", f"{CUT}\n1.收集意见\n2.办结"),
        (f"{CUT}\n① 收集意见\n② 办结", f"{CUT}\n①收集意见\n②办结"),
        (f"{TITLE}\n\n6月，全市收集意见40条。", f"{TITLE}\n6月，全市收集意见40条。"),
        (f"{TITLE}\n　　6月，全市收集意见40条。", f"{TITLE}\n6月，全市收集意见40条。"),
        (f"{NAMED}\n\n6月，全市收集意见40条。", f"{NAMED}\n6月，全市收集意见40条。"),
        (f"{NAMED}\n6月，全市收集意见40条。", f"{NAMED}\n6月，全市收集意见40条。"),
        ("", ""),
        (" \n\n\t\n", ""),
    ],
)
def test_a_text_is_healed(text, healed):
    assert heal(text).text == healed


def test_a_text_that_was_wrapped_at_one_width_is_unwrapped():
    whole = "全市各级人大代表深入村寨社区走访选民，听取他们的心声并把群众所思所盼带回站里逐件梳理转交有关部门办理，"
    whole += "收到好评。"
    lines = [whole[at : at + 14] for at in range(0, len(whole), 14)]
    assert heal("\n".join(lines)).text == whole


ONE_SPELLING = str.maketrans(
    ",;:()!?｡％﹪「」『』﹒．＋－○―–～〜∼\u3000\u00a0", "，；：（）！？。%%“”“”..+-〇——~~~  "
) | {0xFF10 + n: 0x30 + n for n in range(0x4B) if chr(0x30 + n).isalnum()}  # fmt: skip


def comes_from(healed, original):
    """Whether a healed character is the original one in its usual spelling; markup and blanks become a blank."""
    usual = original.translate(ONE_SPELLING)
    alike = ({'"', "“", "”"}, {",", "，"}, {".", "。"})
    return healed == usual or any({healed, usual} <= marks for marks in alike) or (
        healed == " " and not original.isalnum()
    )  # fmt: skip


# Words that reports hold, and the ways in which files break them.
WORDS = [
    "收集意见",
    "40",
    "条",
    "1,200",
    "２．５",
    "万余人次",
    "26 8 个",
    "2026年6月",
    "98.5％",
    "abc",
    "Li Lei",
    "①",
    CUT,
]
MARKS = [
    "，",
    ",",
    "。",
    ".",
    "；",
    "：",
    "（",
    ")",
    '"',
    "“",
    "”",
    "·",
    "一、",
    "（二）",
    "1.",
    "- ",
    "# ",
    "**",
    "`",
    "---",
    "> ",
]
BLANKS = [" ", "  ", "\u3000", "\t", "\n", "\n\n", "\r\n", "\u2028", "\u200b"]
PIECES = st.sampled_from([*WORDS, *MARKS, *BLANKS])
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map("".join))


@given(TEXTS)
def test_every_character_comes_from_its_place_in_the_original(text):
    healed = heal(text)
    assert len(healed.text) == len(healed.origins)
    for character, origin in zip(healed.text, healed.origins, strict=True):
        assert character == "\n" or comes_from(character, text[origin]), (character, text[origin])


@given(TEXTS)
def test_the_order_of_the_original_is_kept(text):
    healed = heal(text)
    origins = [place for character, place in zip(healed.text, healed.origins, strict=True) if character != "\n"]
    assert origins == sorted(set(origins))
    assert list(healed.origins) == sorted(healed.origins)


@given(TEXTS)
def test_no_letter_or_digit_is_lost(text):
    kept = set(heal(text).origins)
    assert [character for place, character in enumerate(text) if character.isalnum() and place not in kept] == []


@given(TEXTS)
def test_no_blank_begins_or_ends_a_paragraph_and_no_paragraph_is_empty(text):
    paragraphs = heal(text).text.split("\n")
    assert [line for line in paragraphs if line != line.strip(" ")] == []
    assert paragraphs == [""] or "" not in paragraphs


# Whole sentences with blanks in them, and line breaks only behind their ends.
SENTENCE = st.lists(st.sampled_from([*WORDS, *"，,；：（）“”", " ", "\u3000", "\u200b"]), min_size=1).map("".join)
PARAGRAPHS = st.lists(st.tuples(SENTENCE, st.sampled_from(["。", "！", "；", "。\n", "。\r\n\r\n", "？\u2028"])))


@given(PARAGRAPHS.map(lambda sentences: "".join(map("".join, sentences))))
def test_what_is_healed_needs_no_healing(text):
    once = heal(text).text
    assert heal(once).text == once


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text):
    heal(text)


@given(st.lists(PIECES, max_size=12).map("".join), st.integers(100, 99_999), st.sampled_from(["{}", "{:,}"]))
def test_a_number_is_found_again_in_the_original(before, number, spelling):
    written = spelling.format(number)
    text = f"{before}\n\n经统计全市代表收集 {written}\u3000条 意见。"
    healed = heal(text)
    *_, quantity = find_quantities(healed.text, UNITS)
    start, end = healed.original(*quantity.digits)
    assert text[start:end] == written
    assert text[slice(*healed.original(quantity.start, quantity.end))] == f"{written}\u3000条"
