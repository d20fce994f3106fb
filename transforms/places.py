"""Find the county or the township that a text of a county form means.

Refuses to choose: a text that names two counties names none, and a township is only looked for inside its county.
"""

from __future__ import annotations

import re
import unicodedata

from catalog import Org, OrgTree
from transforms.periods import find_period

_WORDS = re.compile(r"[一-鿿]+")
_CODE = re.compile(r"(?<![0-9])52[0-9]{4}(?![0-9])")
_LONGEST_NAME = 16
_SHORTEST_NAME = 2
_LONGEST_TEXT = 200
_TOWNSHIP = re.compile(r"[一-鿿()（）、]{1,15}(?:镇|乡|街道)")
_PLACE = re.compile(
    r"[0-9一-鿿()（）、·]{0,20}(?:镇|乡|街道|街|办|办事处|工委|管委会|区|社区|村|本级|市|县|[农林茶牧]场)(?:[（(][^()（）]{1,8}[)）])?"
    r"|[0-9]{1,12}"
)
_OWN = re.compile(r"(?:[县市区]?本级|[县市区]级|[县市区]直机关)$")


def find_county(text: str, tree: OrgTree) -> Org | None:
    """Find the one county that a title or file name speaks of, by any name, old or new, or by its code.

    A name is looked for up to each 县, 市 or 区, the longest first, and, for short names (兴义), at the start of each
    run of Chinese characters. None when no county or more than one is named.

    >>> from catalog import load
    >>> find_county("遵义市播州区2026年6月活动情况统计表（修改稿）.xlsx", load().tree).code
    '520304'
    """
    plain = "".join(unicodedata.normalize("NFKC", text[:_LONGEST_TEXT]).split())
    found = {org.code: org for code in _CODE.findall(plain) if (org := tree.resolve(code, level="county"))}
    for run in _WORDS.findall(plain):
        for org in _counties_in(run, tree):
            found[org.code] = org
    return next(iter(found.values())) if len(found) == 1 else None


def _counties_in(run: str, tree: OrgTree) -> list[Org]:
    named = []
    for end, character in enumerate(run, 1):
        if character in "县市区":
            candidates = (run[begin:end] for begin in range(max(0, end - _LONGEST_NAME), end - 1))
            named.append(next((org for name in candidates if (org := tree.resolve(name, level="county"))), None))
    if not any(named):
        # Whatever level the longest name has: a bare 遵义 is the prefecture, though 遵义县 was a county.
        candidates = (run[:length] for length in range(min(6, len(run)), _SHORTEST_NAME - 1, -1))
        named.append(next((org for name in candidates if (org := tree.resolve(name))), None))
    return [org for org in named if org and org.level == "county"]


def claims(path: str, tree: OrgTree) -> tuple[str | None, str | None]:
    """Return the county (its code) and the period (its label) that a landed file's path speaks of, None for neither.

    The name goes before the folders, a nearer folder before a farther one. It is all that is known of a file that
    cannot be read, and decides about no figure.

    >>> from catalog import load
    >>> claims("湄潭县/活动情况统计表2026年5月.xlsx", load().tree)
    ('520328', '2026-05')
    """
    parts = list(reversed(re.split(r"[/\\]", path)))
    county = next((found.code for part in parts if (found := find_county(part, tree))), None)
    period = next((told.label for part in parts if (told := find_period(part))), None)
    return county, period


def read_county(text: str, tree: OrgTree) -> Org | None:
    """Return the county that a 填报单位 names: the county, or an organ of it; None when unknown or ambiguous."""
    return tree.resolve(text, level="county") or find_county(text, tree)


def read_township(text: str, county: Org | None, tree: OrgTree) -> Org | None:
    """Return the township of `county` that a row names, or the county itself for 县本级; None when it names neither."""
    if county is None:
        return None
    name = "".join(unicodedata.normalize("NFKC", text).split())
    if township := tree.resolve(name, level="township", within=county.code):
        return township
    own = _OWN.sub("", name)
    if own != name and (not own or tree.resolve(own, level="county") == county):
        return county
    return county if is_county(name, county, tree) else None


def looks_like_township(text: str) -> bool:
    """Say whether a text is formed like a township's name (…镇, …乡, …街道), known or not."""
    return _TOWNSHIP.fullmatch("".join(text.split())) is not None


def looks_like_place(text: str) -> bool:
    """Say whether a text is formed like a place's name or code, and so can be quoted: it is nobody's own name.

    >>> [looks_like_place(text) for text in ("真武山街道", "县本级", "522301001", "经办人", "")]
    [True, True, True, False, False]
    """
    return _PLACE.fullmatch("".join(text.split())) is not None


def is_county(text: str, county: Org, tree: OrgTree) -> bool:
    """Say whether a row's name is the county's own name (兴义市), which may stand above the sum of its townships."""
    return tree.resolve(text, level="county", within=county.code) == county
