"""Nothing in a text of unknown trust is a command, a link, a mention or a line of its own once it is plain."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from serving.channels.plain import plain, shorten

COMMANDS = set("\\`*_[]()<>#!|~@&")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("兴义市2026年6月统计表.xlsx", "兴义市2026年6月统计表.xlsx"),
        ("活动情况!C7：应为 12.5 万元，比上月 -3%", "活动情况！C7：应为 12.5 万元，比上月 -3%"),
        ("2026.6.12 报送", "2026.6.12 报送"),
        ("第一行\n期限：2099年", "第一行 期限：2099年"),
        ("a\u2028b\x85c\x0bd\r\ne", "a b c d e"),
        ("@所有人 <@all> <at id=all></at>", "＠所有人 ＜＠all＞ ＜at id=all＞＜/at＞"),
        ("[点此](https://evil.example.com/x)", "［点此］（https：//evil．example．com/x）"),
        ("![](http://10.1.2.3/p.png)", "！［］（http：//10．1.2.3/p．png）"),
        ("www.evil.cn/a.xlsx", "www．evil．cn/a.xlsx"),
        ("evil.xlsx.cn", "evil．xlsx．cn"),
        ("附件.ZIP", "附件．ZIP"),
        ("javascript:alert(1)", "javascript：alert（1）"),
        ("mailto:a@b.cn tel:10086", "mailto：a＠b．cn tel：10086"),
        ("# 一\n> 二\n---", "＃ 一 ＞ 二 ---"),
        ("&#64;all &lt;", "＆＃64;all ＆lt;"),
        ("反\u202e向\u200b零\ufeff宽\x1b[31m", "反向零宽［31m"),
        ("左\u3164\u3164\u3164右\u2800", "左 右"),
        ("   ", ""),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 3),
    ],
)
def test_what_becomes_of_a_text(text, made):
    assert plain(text) == made


@given(st.text())
@example("http://a.b")
@example("a.b.c")
@example("1.2.3.4.5.6.7.8")
@example("\u3164.a")
def test_no_text_commands(text):
    made = plain(text)
    assert not COMMANDS & set(made)
    assert "://" not in made
    assert "\n" not in made
    assert made == made.strip()
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for c in made)
    assert not re.search(r"\S\.[a-z]", re.sub(r"\.(xlsx?|docx?|csv|txt|html?|jsonl?|pdf)(?!\w)", "", made))
    assert plain(made) == made


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_a_cut_text_is_the_beginning_of_the_whole(text, most):
    whole = plain(text)
    cut = shorten(whole, most)
    assert len(cut) <= most
    assert cut == whole or (cut.endswith("…") and whole.startswith(cut[:-1]))


def test_a_letter_keeps_its_marks():
    assert shorten("ab\u0301\u0302cdefg", 4) == "a…"
    assert shorten("abcdefg", 4) == "abc…"
