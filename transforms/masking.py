"""Take personal data out of text: numbers that point at a person are masked, identifiers become keyed hashes.

Refuses to recognise names: columns that hold names are declared in the catalog and leave as a whole. Counts, division
codes (up to 12 digits) and record numbers such as GD2026060001 stay readable.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from stdnum.cn import ric

MASK = "〔已屏蔽〕"

# What people put between the groups of a long number.
_GAP = r"[ \t\u00a0\u3000\u200b\ufeff\-‐‑‒–—―－·.]{0,3}"
_SEPARATOR = _GAP.replace("{0,3}", "{1,3}")
_SHAPES = (
    # Identity card: 18 digits by groups, or the old 15.
    rf"\d{{6}}{_GAP}\d{{4}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{3}}{_GAP}[\dX](?!\d)",
    rf"\d{{6}}{_GAP}\d{{2}}{_GAP}[01]\d{_GAP}[0-3]\d{_GAP}\d{{3}}(?!\d)",
    # Bank card: four groups of four and more.
    rf"\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,4}})?(?!\d)",
    # Mobile phone, with or without 86; landline with its area code; digits written one by one.
    rf"(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)",
    rf"(?:\+?86{_GAP})?1[3-9]\d\d{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)",
    rf"(?:\+?86{_GAP})?[(（]?0[1-9]\d{{1,2}}[)）]?{_GAP}[1-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)",
    rf"\d(?:{_SEPARATOR}\d){{6,}}(?!\d)",
)
_NUMBER = re.compile(rf"(?<!\d)(?:{'|'.join(_SHAPES)})")
# After a letter only a record number is that long; everywhere else nothing is counted in 13 digits.
_LONG = re.compile(r"(?<![\dA-Z])\d{13,}X?")
_TIMESTAMP = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d")
_CALLED = re.compile(rf"(?:电话|手机|座机|联系方式|身份证|证件|卡号|账号|TEL)\D{{0,6}}(\d(?:{_GAP}\d){{6,}}X?)")
_PERSONS_NUMBER = re.compile(
    r"(?:\+?86)?1[3-9]\d{9}|085[1-9]\d{7,8}|\d{6}(?:19\d\d|200\d|201[0-5])(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"
)
_BETWEEN_DIGITS = re.compile(r"[^\w]|_")
_BEFORE_DIGITS = re.compile(r"^[\u3400-\u9fff](?=[+\d])")
_EIGHTEEN = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{16}}{_GAP}[\dX](?!\d)")


def scrub(text: str) -> str:
    """Return the text with identity-card, phone and bank-like numbers replaced by MASK.

    Full-width digits and blanks or dashes inside a number do not hide it.

    >>> scrub("电话１９９－００００－７０００，接待1250人次，编号GD2026060001，区划522301001000")
    '电话〔已屏蔽〕，接待1250人次，编号GD2026060001，区划522301001000'
    """
    plain = _plain(text)
    spans = [hit.span() for hit in _NUMBER.finditer(plain)]
    spans += [hit.span() for hit in _LONG.finditer(plain) if not _TIMESTAMP.fullmatch(hit[0])]
    spans += [hit.span(1) for hit in _CALLED.finditer(plain)]
    spans += [hit.span() for hit in _EIGHTEEN.finditer(plain) if ric.is_valid(re.sub(r"[^\dX]", "", hit[0]))]
    return _masked(text, spans) if spans else text


def points_at_a_person(code: str) -> bool:
    """Say whether an identifier is somebody's mobile number or identity-card number rather than a record's own.

    Blanks and marks between the digits do not hide it, nor does a Chinese character before them: a surname, as like as
    not. Record numbers are long digit runs too, and many hold a division and a date of these years, so only a birth
    date tells an identity card here. The old cards of 15 digits, void since 2013, cannot be told from codes and pass;
    of landlines only those of Guizhou (0851 to 0859) are known.

    >>> [points_at_a_person(code) for code in ("13900001234", "522301190001150016", "522301202606010001")]
    [True, True, False]
    >>> [points_at_a_person(code) for code in ("139-0000-1234", "王13900001234", "(0851)86820000", "GD13900001234")]
    [True, True, True, False]
    """
    return bool(_PERSONS_NUMBER.fullmatch(_BEFORE_DIGITS.sub("", _BETWEEN_DIGITS.sub("", _plain(code)))))


def _plain(text: str) -> str:
    """Return the text with every digit and letter in its plain form, each character in its place."""
    if text.isascii():
        return text.upper()
    forms = (unicodedata.normalize("NFKC", character).upper() for character in text)
    return "".join(form if len(form) == 1 else character for character, form in zip(text, forms, strict=True))


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    end = 0
    for begin, stop in sorted(spans):
        if begin >= end:
            parts += [text[end:begin], MASK]
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def keyed_hash(value: str, key: bytes) -> str:
    """Return 16 hex digits that stand for a value: HMAC-SHA256 under the key, so that it cannot be guessed back.

    Spelling differences of width and blanks do not matter.

    >>> keyed_hash("王 小明", b"k") == keyed_hash("王小明　", b"k") != keyed_hash("王小明", b"other")
    True
    """
    plain = "".join(unicodedata.normalize("NFKC", value).split())
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()[:16]
