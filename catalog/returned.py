"""The returned workbook (反馈工作簿): its two sheets, their columns, and the words for what is asked (处理).

Written by `serving`, read back by `transforms`, so the words stand here once. What must be fixed (必须改正) and what an
explanation ends too (请核实) is decided in `dq.standing_finding`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

LIST_SHEET = "问题清单"
EXPLANATION_SHEET = "说明"
LIST_COLUMNS = ("编号", "工作表", "单元格", "问题", "应当怎样", "处理")
EXPLANATION_COLUMNS = ("编号", "工作表", "单元格", "问题", "说明", "识别码")
# Fills of marked cells, ARGB: by them a mark of ours is known again, and taken off when the cell is returned anew.
MUST_FIX_FILL = "FFF8B7B3"
EXPLAIN_FILL = "FFFDE8A6"
MUST_FIX = "必须改正"
PLEASE_EXPLAIN = "请核实"
LONGEST_EXPLANATION = 300
_RULE = re.compile(r"[A-Za-z][A-Za-z_]{2,79}")
_PERIOD = re.compile(r"(?:\d{4}(?:-(?:0[1-9]|1[0-2]|Q[1-4]))?)?")
_ASKED = re.compile(r"[0-9a-f]{16}")
_ORG = re.compile(r"(?:52\d{4}(?:\d{3})?(?:\d{3})?)?")


@dataclass(frozen=True)
class ExplanationKey:
    """What a line of the sheet 说明 is about (识别码), whatever row it has been moved to.

    `org_code` and `period` are empty where the warehouse did not know them, `indicator` where it is about no one
    figure. `cell` is where the finding stood in the county's own file. `asked` is the hash of what was asked, see
    `asked_of`: an answer is to that, and not to what is asked once the figure is another.
    """

    rule: str
    indicator: str
    org_code: str
    period: str
    cell: str
    asked: str = ""

    def text(self) -> str:
        """Return the key as it stands in the sheet."""
        return "|".join((self.rule, self.indicator, self.org_code, self.period, self.asked, self.cell))

    @classmethod
    def read(cls, text: str) -> ExplanationKey | None:
        """Return the key that a cell holds, None when it holds none.

        >>> ExplanationKey.read("ExpectX|voters_received|522301|2026-06|0123456789abcdef|表!C10").period
        '2026-06'
        >>> ExplanationKey.read("见附件") is None
        True
        """
        parts = text.split("|", 5)
        if len(parts) < 6:
            return None
        rule, indicator, org_code, period, asked, cell = parts
        fits = _RULE.fullmatch(rule) and _ORG.fullmatch(org_code) and _PERIOD.fullmatch(period)
        return cls(rule, indicator, org_code, period, cell, asked) if fits and _ASKED.fullmatch(asked) else None


def asked_of(message: str) -> str:
    """Return the hash by which an answer knows what it was asked; roll-ups make it with left(sha256(message), 16)."""
    return hashlib.sha256(message.encode()).hexdigest()[:16]
