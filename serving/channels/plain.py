r"""Words of unknown trust made plain (纯文本): nothing in them is a command to a robot, a mail program or a reader.

The robots' markdown is not one language, and none of their vendors documents how to escape in it. So nothing is
escaped: what could be a command is written with its full-width twin (＊ for \*), one character for one. A text can
then be cut anywhere, and no parser, however odd, can undo it.
"""

from __future__ import annotations

import re
import unicodedata

_TWINS = str.maketrans("\\`*_[]()<>#!|~@&", "＼｀＊＿［］（）＜＞＃！｜～＠＆")
_GONE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"  # letters by name, blanks by looks: they can push a line out of sight
# A dot before a letter makes a link of a word; a file's name keeps the dot of its ending.
_FILES = r"(?:xlsx?|docx?|csv|txt|html?|jsonl?|pdf)(?![\w.:/?#-])"
_LINKING_DOT = re.compile(rf"(?<=\S)\.(?=[^\W\d_])(?!{_FILES})|(?<=\d)\.(?=\d+\.\d+\.\d)", re.IGNORECASE)
_SCHEME = re.compile(r"(?<=\w):(?=/|[^\W\d_]+＠)|(?<=mailto):|(?<=tel):|(?<=javascript):|(?<=data):", re.IGNORECASE)
_MARKS_IN_A_ROW = 3
MORE = "…"


def plain(text: str) -> str:
    r"""Return the text in one line, without control and direction marks, commands, mentions and links.

    >>> plain("**坏**\n处理期限：[无](http://坏.com) <@all> \u202e6月.xlsx")
    '＊＊坏＊＊ 处理期限：［无］（http：//坏．com） ＜＠all＞ 6月.xlsx'
    """
    seen = (" " if c.isspace() or c in _BLANK_LETTERS else c for c in text)
    kept = "".join(c for c in seen if unicodedata.category(c) not in _GONE)
    words = " ".join(_thin(kept).split()).translate(_TWINS)
    return _LINKING_DOT.sub("．", _SCHEME.sub("：", words))


def shorten(text: str, most: int) -> str:
    """Cut a plain text to `most` characters, the mark of the cut included; never between a letter and its marks.

    >>> shorten("兴义市统计表", 4)
    '兴义市…'
    """
    if len(text) <= most:
        return text
    end = most - 1
    while end > 0 and unicodedata.category(text[end]).startswith("M"):
        end -= 1
    return text[:end].rstrip() + MORE


def _thin(text: str) -> str:
    """Drop what a heap of combining marks has above three: they would be drawn over the lines around."""
    kept, marks = [], 0
    for c in text:
        marks = marks + 1 if unicodedata.category(c).startswith("M") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(c)
    return "".join(kept)
