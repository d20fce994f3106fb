"""Heal a report's text: blanks and line breaks that cut sentences go, and every character keeps its place of origin.

One character in, one character or none out, so that a span of the healed text is a span of the original. Refuses to
repair words: what a scanner misread stays misread. Columns that were read across one another cannot be told apart.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
# Punctuation in one spelling; a half-width comma or full stop between digits belongs to the number.
_ONE_SPELLING = {
    ord(odd): usual
    for odd, usual in {
        ",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？", "｡": "。", "％": "%", "﹪": "%",
        "「": "“", "」": "”", "『": "“", "』": "”", "＂": '"', "﹒": ".", "．": ".", "＋": "+", "－": "-",
        "○": "〇", "―": "—", "–": "—", "～": "~", "〜": "~", "∼": "~", "\u00a0": " ", "\u3000": " ",
    }.items()
}  # fmt: skip
_TRANSLATE: dict[int, int | str] = {**_FULL_WIDTH, **_ONE_SPELLING}
_LINE = re.compile(r"\r\n|[\r\n\u2028\u2029\x0b\x0c]")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_MARKUP = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+)|\*\*|__|`|^\s{0,3}(?:-{3,}|={3,}|\*{3,})\s*$")
_ENDS = re.compile(r"[。！？：；…!?:;.\t][”’』」）)】\"']*$")
# A row of a table: cells parted by tabs, or by bars as Markdown has it.
_ROW = re.compile(r"\S\t+\S|^\|.*\|")
_INNER = re.compile(r"[，。；、,;]")
# What stands in quotation marks or brackets has marks of its own: “高质量发展，代表在行动”.
_ASIDE = re.compile(r"“[^“”]{0,40}”|《[^《》]{0,60}》|（[^（）]{0,20}）|\"[^\"]{0,40}\"")
_TITLE_END = re.compile(r"(?:报告|汇报|总结|情况|通报|综述|侧记|纪实|掠影|材料|简报)$")
_LIST_ITEM = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[、.．](?![0-9])|[-—·●■◆▲★①-⑳])"
)
# A number that a scanner or a line break cut in two (26 8 个), but no date or time.
_CUT_NUMBER = re.compile(
    r"(?<![-:：/.0-9])([0-9]{1,3}(?: {1,3}[0-9]{1,3}){1,4})(?= {0,2}[万亿余多个件条名人次场户项起家处%])"
)
_COUNTED = re.compile(r"[0-9]{1,4} ?[万亿余多个件条人名次场户项起家处%]|[万亿余多个件条人名次场户项起家处%]")
_CUT_THOUSANDS = re.compile(r"[0-9]， {1,2}(?=[0-9]{3}(?![0-9]))")
_SHORTEST_WRAPPED = 12
_LONGEST_HEADING, _LONGEST_TITLE = 36, 60


@dataclass(frozen=True)
class Healed:
    """A healed text: whole paragraphs, one a line. `origins[i]` is the place of character i in the original."""

    text: str = field(repr=False)
    origins: array[int] = field(repr=False)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that a span of the healed text, not an empty one, comes from."""
        return self.origins[start], self.origins[end - 1] + 1


def heal(text: str) -> Healed:
    r"""Return the text with one paragraph a line, without blanks inside sentences, in one spelling of punctuation.

    >>> heal("接待 选民 2.2 万余人次,收集群众意见，开展活动 3963 次、参与代\n\n表 33000 余人次,很多。").text
    '接待选民2.2万余人次，收集群众意见，开展活动3963次、参与代表33000余人次，很多。'
    """
    characters: list[str] = []
    origins = array("q")
    for paragraph in _paragraphs(text):
        if characters:
            characters.append("\n")
            origins.append(paragraph[0][0])
        for place, character in paragraph:
            characters.append(character)
            origins.append(place)
    return Healed("".join(characters), origins)


def _paragraphs(text: str) -> Iterator[list[tuple[int, str]]]:
    """Yield the characters of each paragraph with their places; a paragraph may have been cut over several lines."""
    lines = list(_lines(text))
    width = _wrap_width([len(line.rstrip()) for _, line in lines if line.strip()])
    paragraph: list[tuple[int, str]] = []
    last = ""
    gap = False
    for begin, line in lines:
        bare = line.strip()
        if not bare:
            gap = bool(paragraph)
            continue
        is_indented = line.startswith("  ") and not last.startswith("  ")
        if paragraph and not _continues(last.strip(), bare, width, gap, is_indented):
            yield _without_blanks(paragraph)
            paragraph = []
        paragraph += [(begin + offset, character) for offset, character in enumerate(line)]
        last, gap = line.rstrip(), False
    if paragraph:
        yield _without_blanks(paragraph)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its place; invisible characters and markup become blanks, so that places stay."""
    begin = 0
    for end in [*_LINE.finditer(text), None]:
        line = text[begin : end.start() if end else len(text)].translate(_TRANSLATE)
        line = _UNSEEN.sub(" ", line)
        yield begin, _MARKUP.sub(lambda mark: " " * len(mark[0]), line)
        begin = end.end() if end else begin


def _wrap_width(lengths: list[int]) -> int | None:
    """Return the width at which the text was wrapped, None where it was not: when most lines are as long as any."""
    usual = sorted(length for length in lengths if length >= _SHORTEST_WRAPPED)
    if len(usual) < 4:
        return None
    width = usual[int(len(usual) * 0.75)]
    near = sum(abs(length - width) <= max(3, width // 8) for length in usual)
    return width if width <= 60 and near >= 0.6 * len(usual) else None


def _continues(last: str, line: str, width: int | None, gap: bool, is_indented: bool) -> bool:
    """Say whether `line` goes on with the sentence that `last` left unfinished."""
    if _ENDS.search(last) or _LIST_ITEM.match(line) or _ROW.search(last) or _ROW.search(line):
        return False
    if line[0] in "，。；、！？：）”’》】%":
        return True
    if last[-1] in "，、（“《" or (last[-1].isdigit() and _COUNTED.match(line)):
        return True
    if is_indented:
        return False
    if width and len(last) >= width - max(3, width // 8):
        return True
    # A long line, or one with a sentence in it, that stops without an end was cut; a short one is a heading, and so is
    # one without a mark inside that stands apart.
    bare = _ASIDE.sub("", last)
    if len(last) <= _LONGEST_TITLE and _TITLE_END.search(bare) and not _INNER.search(bare):
        return False
    is_long = len(last) > (_LONGEST_HEADING if _INNER.search(bare) or not gap else _LONGEST_TITLE)
    return is_long or bool(_INNER.search(last) and "。" in last and not gap)


def _without_blanks(paragraph: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Drop the blanks between Chinese characters; between Latin letters or digits one stays, a tab always does."""
    paragraph = _with_whole_numbers(paragraph)
    kept: list[tuple[int, str]] = []
    blank: tuple[int, str] | None = None
    opened = False
    for place, character in paragraph:
        if character == " ":
            blank = blank or (place, " ")
            continue
        if character == "\t" and not kept:
            continue
        if blank and kept and _is_latin(kept[-1][1]) and _is_latin(character):
            kept.append(blank)
        blank = None
        if character == '"':
            character, opened = ("”" if opened else "“"), not opened
        elif character == "，" and kept and _is_latin(kept[-1][1]):
            kept.append((place, ","))  # a thousands separator, unless what follows shows otherwise
            continue
        if kept and kept[-1][1] == "," and not character.isdigit():
            kept[-1] = (kept[-1][0], "，")
        if (
            kept
            and kept[-1][1] == "."
            and not character.isascii()
            and not (len(kept) > 1 and kept[-2][1].isalnum() and kept[-2][1].isascii())
        ):
            kept[-1] = (kept[-1][0], "。")
        kept.append((place, character))
    while kept and kept[-1][1] in "\t":
        kept.pop()
    return kept


def _with_whole_numbers(paragraph: list[tuple[int, str]]) -> list[tuple[int, str]]:
    words = "".join(character for _, character in paragraph)
    cuts = {
        place
        for match in (*_CUT_NUMBER.finditer(words), *_CUT_THOUSANDS.finditer(words))
        for place in range(match.start(), match.end())
        if words[place] == " "
    }
    return [entry for place, entry in enumerate(paragraph) if place not in cuts] if cuts else paragraph


def _is_latin(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in ".,%+-")
