"""Cut a report's wording down to what may be stored: listed words, names of places, the figure's own number, dates.

Refuses to recognise names of persons: whatever is not listed in `catalog/quotable.yml` or named by the catalog is cut
out, so that nobody's name can be kept, whatever it looks like and wherever it stands. Other numbers go too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from catalog import Catalog
from transforms.masking import scrub
from transforms.places import looks_like_township

CUT = "…"
VEIL = "□"
_BEFORE, _BEHIND = 24, 12
_LONGEST = 120
_CLAUSE_END = re.compile(r"[。；;！!？?]")
_PLACE_END = frozenset("省市州县区镇乡道")
_LONGEST_PLACE = 14
_GIVEN_NAME = 2
_NUMERIC = frozenset(
    "0123456789.,%零〇一二两三四五六七八九十百千万亿几数余多来整约近超逾达共上下以左右不到足至少将接突破"
)
_NUMERAL = r"[〇零一二三四五六七八九十]"
_DATE = re.compile(
    r"(?:19|20)\d\d年|(?<!\d)(?:1[0-2]|[1-9])月(?:(?:[12]\d|3[01]|[1-9])[日号]|[初末底份]|[上中下]旬)?|(?<!\d)(?:[12]\d|3[01]|[1-9])日"
    rf"|[二〇一九][〇零一二三四五六七八九]{{3}}年|第?[一二三四]季度|{_NUMERAL}{{1,3}}月份?|{_NUMERAL}{{1,2}}[届次年]来?"
)
_DIGITS = frozenset("0123456789０１２３４５６７８９.．,，%％")
_MARKS = frozenset("“”‘’（）《》、，：—-+/")
_OPEN_AND_CLOSE = {"“": "”", "（": "）", "《": "》"}
_CHINESE_MARKS = str.maketrans(",:()", "，：（）")
_Kind = Literal["cut", "word", "small", "mark", "number"]


@dataclass(frozen=True)
class _Piece:
    text: str
    kind: _Kind


class Quoter:
    """Cuts wordings down to what may be stored; made once a report, since it puts the catalog's words together.

    >>> from catalog import load
    >>> quoter = Quoter(load())
    >>> quoter.words("省人大代表某甲乙推动建成高粱基地")
    '省人大代表…推动建成高粱基地'
    """

    def __init__(self, catalog: Catalog) -> None:
        told = " ".join(f"{indicator.name_zh} {indicator.phrases or ''}" for indicator in catalog.indicators.values())
        senses = catalog.prose.lexicon.senses
        told += " ".join(word for sense in senses for word in (*sense.objects, *sense.verbs, *sense.after))
        self._words = catalog.quotable.all_words | {word for word in re.findall("[一-鿿]+", told) if len(word) > 1}
        self._longest = max(map(len, self._words))
        self._small = frozenset(catalog.quotable.small)
        self._tree = catalog.tree
        self._places = catalog.township_names | {org.name for org in (*catalog.tree, *catalog.elsewhere)}

    def phrase(self, text: str, start: int, end: int, number: tuple[int, int], unit: str) -> str:
        """Return the short stretch of `text` around a figure's `number`: words, its number with qualifier and unit.

        `start` and `end` bound the stretch that made the reading. Without a word that may be kept only the number is.
        """
        begin = max(start, number[0] - _BEFORE)
        for stop in _CLAUSE_END.finditer(text, begin, number[0]):
            begin = stop.end()
        stop_at = min(end, number[1] + _BEHIND)
        if behind := _CLAUSE_END.search(text, number[1], max(stop_at, number[1])):
            stop_at = behind.start()
        parts = (
            *self._pieces(text[begin : number[0]]),
            *self._pieces(text[slice(*number)], unit),
            *self._pieces(text[number[1] : stop_at]),
        )
        return _written(parts)

    def words(self, text: str) -> str:
        """Return a title or a wording without a number of its own: words, places and dates."""
        return _written([*self._pieces(text[:_LONGEST])])

    def place(self, name: str) -> str:
        """Return the name of a unit as a report writes it: whole where it is formed like one (…镇), else as words."""
        return name if looks_like_township(name) and len(name) <= _LONGEST_PLACE else self.words(name)

    def veiled(self, text: str, shown: Sequence[tuple[int, int]]) -> str:
        """Return the text, as long as it is, with □ for every character that may not be quoted.

        Numbers stay where they stand in one of the stretches `shown`, unless they point at a person.

        >>> from catalog import load
        >>> Quoter(load()).veiled("省人大代表某甲乙 接待群众25人次", [(9, 17)])
        '省人大代表□□□ 接待群众25人次'
        """
        at = [place for place, character in enumerate(text) if not character.isspace() and character != CUT]
        veiled = [character if character.isspace() or character == CUT else VEIL for character in text]
        pieces = [*self._pieces(text)]
        done = 0
        for number, piece in enumerate(pieces):
            if piece.kind != "cut" and not (piece.kind == "small" and _touches_a_cut(pieces, number)):
                for place in at[done : done + len(piece.text)]:
                    veiled[place] = text[place]
            done += len(piece.text)
        for begin, end in shown:
            if scrub(text[begin:end]) == text[begin:end]:
                for place in range(begin, end):
                    if text[place] in _DIGITS:
                        veiled[place] = text[place]
        told = "".join(veiled)
        return told if scrub(told) == told else re.sub(r"\d", VEIL, told)

    def _pieces(self, text: str, unit: str | None = None) -> Iterator[_Piece]:
        """Take the text apart so that as little as possible is cut; `unit` is given for the figure's own number."""
        plain = _plain(text, is_number=unit is not None)
        steps = self._steps(plain, unit)
        best: list[tuple[int, int, int, _Kind]] = [(0, 0, 0, "cut")] * (len(plain) + 1)  # cut, pieces, length, kind
        for at in range(len(plain) - 1, -1, -1):
            best[at] = min(
                (best[at + length][0] + (kind == "cut"), best[at + length][1] + 1, length, kind)
                for length, kind in steps[at]
            )
        at = 0
        cut_before = 0
        while at < len(plain):
            _, _, length, kind = best[at]
            piece = _Piece(plain[at : at + length], kind)
            if cut_before == 1 and kind == "word" and length <= _GIVEN_NAME:
                piece = _Piece(piece.text, "cut")  # 周建设: behind a surname a given name may be a word
            yield piece
            cut_before = cut_before + length if piece.kind == "cut" else 0
            at += length

    def _steps(self, plain: str, unit: str | None) -> list[list[tuple[int, _Kind]]]:
        """Return, for each character, how long the pieces are that may begin there, and of which kind."""
        dates = {match.start(): match.end() - match.start() for match in _DATE.finditer(plain)}
        steps: list[list[tuple[int, _Kind]]] = []
        for at, character in enumerate(plain):
            found: list[tuple[int, _Kind]] = [(1, self._single(character, unit))]
            found += [
                (length, "word")
                for length in range(2, min(self._longest, len(plain) - at) + 1)
                if plain[at : at + length] in self._words
            ]
            if length := self._place(plain, at):
                found.append((length, "word"))
            if at in dates:
                found.append((dates[at], "word"))
            if unit and plain.startswith(unit, at):
                found.append((len(unit), "number"))
            steps.append(found)
        return steps

    def _single(self, character: str, unit: str | None) -> _Kind:
        if unit is not None and (character in _NUMERIC or character in unit):
            return "number"
        if character in _MARKS:
            return "mark"
        return "small" if character in self._small else "cut"

    def _place(self, plain: str, at: int) -> int:
        """Return how long the name of a unit that begins here is: by its full name, or as the tree knows it."""
        for end in range(min(len(plain), at + _LONGEST_PLACE), at + 2, -1):
            name = plain[at:end]
            if name[-1] in _PLACE_END and (name in self._places or self._is_in_tree(name)):
                return end - at
        return 0

    def _is_in_tree(self, name: str) -> bool:
        if not all("一" <= character <= "鿿" for character in name):
            return False
        found = self._tree.resolve(name)
        return found is not None and found.name[:2] == name[:2] and name[-1] in "市州县区"


def _written(parts: Sequence[_Piece]) -> str:
    """Put pieces together, a mark of omission for whatever is cut; small words stay only between words that stay."""
    kept: list[str] = []
    for number, part in enumerate(parts):
        if part.kind == "cut" or (part.kind == "small" and _touches_a_cut(parts, number)):
            if kept[-1:] != [CUT]:
                kept.append(CUT)
        else:
            kept.append(part.text)
    return scrub(_without_loose_marks("".join(kept)))


def _touches_a_cut(parts: Sequence[_Piece], number: int) -> bool:
    """Say whether the piece stands beside one that is cut, or beside another small word."""
    return any(parts[n].kind in ("cut", "small") for n in (number - 1, number + 1) if 0 <= n < len(parts))


def _without_loose_marks(text: str) -> str:
    """Drop brackets and quotation marks that lost their other half, and marks at either end."""
    text = re.sub(r"…+(?:[、，：—\-+/]+…*)+|(?:…*[、，：—\-+/]+)+…+", CUT, text)
    for left, right in _OPEN_AND_CLOSE.items():
        if text.count(left) != text.count(right) or re.search(rf"{left}…?{right}", text):
            text = text.replace(left, "").replace(right, "")
    return re.sub("…+", CUT, text).strip("…、，：—-+/")


def _plain(text: str, *, is_number: bool) -> str:
    """Return the text without blanks and dots of omission, characters in their plain form (１２ → 12)."""
    solid = "".join(text.split()).replace(CUT, "")
    forms = ((character, unicodedata.normalize("NFKC", character)) for character in solid)
    plain = "".join(form if len(form) == 1 else character for character, form in forms)
    return plain if is_number else plain.translate(_CHINESE_MARKS)
