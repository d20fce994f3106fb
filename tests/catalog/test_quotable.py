"""The words that may be quoted: whole words, and nobody's name among the small ones."""

import pytest
from pydantic import ValidationError

from catalog import Quotable, load

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "和占从由于时年"
)


def test_no_word_stands_twice_and_no_small_one_is_a_surname():
    quotable = load().quotable
    words = [word for topic in quotable.words.values() for word in topic]
    assert len(words) == len(set(words)) > 1000
    assert len(quotable.small) == len(set(quotable.small))
    assert not set(quotable.small) & set(SURNAMES)


@pytest.mark.parametrize("word", ["高", "1200", "wang", ""])
def test_a_single_character_or_a_number_is_no_word(word):
    with pytest.raises(ValidationError):
        Quotable(words={"things": (word,)}, small=())
