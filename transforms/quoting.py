"""Say which words of a form may be stored as they stand: never a person's name that slipped into a row.

Refuses to tell a name from other words: what is not formed like a place, a number or one of the usual words that
stand for a missing number is kept as 〔未识别〕.
"""

from __future__ import annotations

import re

from catalog import Catalog
from transforms.masking import MASK, scrub
from transforms.numbers import UNITS
from transforms.places import looks_like_place
from transforms.prose.wording import Quoter

UNRECOGNISED = "〔未识别〕"
_LONGEST = 40
_NUMERAL = re.compile(
    rf"(?:[零〇一二两三四五六七八九十百千万亿几数约近超余多至到、，,~～—-]|以上|以下|左右|{'|'.join(UNITS)})+"
)
_USUAL = re.compile(
    r"若干|大量|部分|较?多|多[次人件条场个]|少许|少量|不详|不清楚|未知|待[报定补]|待统计|未统计|同上|略|是|否|有|TRUE|FALSE"
    r"|详?见(?:附件|附表|附页|附后|后附|备注|说明|上表|下表|报告|台账).{0,4}|#[A-Z0-9/!?]+|#未计算|[^\w]*"
)
_UNIT = re.compile(
    r"[一-鿿]{1,6}(?:州|市|县|区|镇|乡|街道)(?:人大|人大办|人大常委会|人大常委会办公室|人民代表大会常务委员会|人民代表大会常务委员会办公室)?"
)
_PERIOD = re.compile(
    r"[\d零〇一二三四五六七八九十元正腊年度月份季日号旬上中下半前后全本当每某第至到起止截累计数以来初末底\W]+"
)


def kept(text: str) -> str:
    """Return a text as it may be stored: without phone and identity numbers, and not longer than a cell of a list."""
    return scrub(text)[:_LONGEST]


def kept_place(text: str) -> str:
    """Return the name of a row that no unit of the tree is known by, if it is formed like a place's name."""
    return kept(text) if looks_like_place(kept(text)) else UNRECOGNISED


def kept_unit(text: str, catalog: Catalog) -> str:
    """Return what stands for 填报单位: whole where it is formed like a place or an organ of one, else its known words.

    >>> from catalog import load
    >>> [kept_unit(text, load()) for text in ("云溪开发区人大办", "兴义市人大办 填表人：测试甲")]
    ['云溪开发区人大办', '兴义市人大']
    """
    words = kept(text)
    return words if _UNIT.fullmatch(words) else Quoter(catalog).words(words) or UNRECOGNISED


def kept_period(text: str, catalog: Catalog) -> str:
    """Return what stands for 统计期: whole where it holds the words of a period only, else its known words."""
    words = kept(text)
    return words if _PERIOD.fullmatch(words) else Quoter(catalog).words(words) or UNRECOGNISED


def kept_figure(text: str) -> str:
    """Return the text of a cell that is no figure, if it speaks of a number or stands for a missing one.

    >>> [kept_figure(text) for text in ("3～5人", "三至五人", "见附件", "张三丰")]
    ['3～5人', '三至五人', '见附件', '〔未识别〕']
    """
    words = kept(text)
    solid = "".join(words.split())
    told = any(character.isdecimal() for character in solid) or solid == MASK
    return words if told or _NUMERAL.fullmatch(solid) or _USUAL.fullmatch(solid) else UNRECOGNISED
