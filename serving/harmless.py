"""Write text so that no spreadsheet runs it: leading signs of a formula, control characters, more than a cell holds."""

from __future__ import annotations

import re

_LONGEST = 32_000
# Characters that XML cannot hold, and those that nobody sees and that may hide a sign.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_UNSEEN = r"[\s\u200b-\u200f\u2028-\u202e\ufeff]*"
_SIGNED = re.compile(rf"{_UNSEEN}[=+\-@＝＋－＠]|[\t\r]")
# A negative number, a dash that says there was nothing: no call, no reference, no operator.
_PLAIN = re.compile(r"[+\-＋－—]*[\d.,，\s%％\u4e00-\u9fff]*")


def harmless(text: str) -> str:
    """Return the text with an apostrophe before it where a spreadsheet would take it for a formula.

    >>> harmless("=cmd|' /C calc'!A0"), harmless("-45"), harmless("—"), harmless("@SUM(A1)")
    ("'=cmd|' /C calc'!A0", '-45', '—', "'@SUM(A1)")
    """
    clean = _CONTROL.sub("", text)[:_LONGEST]
    return f"'{clean}" if _SIGNED.match(clean) and not _PLAIN.fullmatch(clean) else clean
