"""Read what stands around a unit's name: its organs, whether it says whose deputy somebody is, its part in the clause.

Refuses to parse: the part is told by the words right before the name and by where the clause begins.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from catalog.prose_models import ProsePlaces

Role = Literal["subject", "locative", "other"]
_SENTENCE_END = frozenset("。.！？!?；;：:…\n\r")
_BOUNDARY = _SENTENCE_END | frozenset('，,—－-■●▲◆★•·◎○□①②③④⑤⑥⑦⑧⑨⑩\t 　>|（(【[]】“"「#*✦※')
_REACH = 24
_LIES_IN = frozenset({"在", "位于", "地处", "坐落于", "坐落在", "地处于", "属", "隶属"})
_JOINTS = frozenset({"、", "和", "与", "及", "以及"})
# 大瑶镇5名、淳口镇4名: the second town stands as the first does.
_PARALLEL = re.compile(r"[^，。；、]{0,16}\d[^，。；、]{1,4}[、，]")
_NUMBERED = re.compile(r"(?:第?[一二三四五六七八九十]{1,3}|\d{1,2})(?:[.、．）)是]|[是]?)")
_TIME_LEAD = re.compile(
    r"(?:自|从|在|截至|截止|至|到|经过|通过|仅|据)?.{0,18}?(?:以来|期间|之后|之前|之时|目前|至今|年底|月底|年初|月初|年末|月末|年|月|日|时|后|前|中|上|下|里|间|来|统计)"
)
_DATED = re.compile(r"\d|[今去当本上近]年|以来|期间|[自从在]")
_DEPUTY = re.compile(
    r"(?:[一-鿿]{1,4}(?:村|社区))?(?:[省市州盟县区旗乡镇街道、]{0,8}[两二三四五]级|各级)?(?:人大|人民代表大会)?代表"
    r"(?!大会|联络|工作|之家|小组|建议|议案|团|机构|中心|驿站|接待|活动|履职(?!尽责)|性|队|票|选|处|们?在行动|家站|[“‘《])"
)
_INCLUSIVE = re.compile(
    r"各级|上下|人大系统|(?:[省市州盟县区旗乡镇街道、]{1,8})?[两二三四五]级(?!以上)|各[省市州县区旗乡镇]|各地"
)


class Before(NamedTuple):
    """What the last mention leaves to the next one; `may_lie_in` says whether it is too low to hold the next one."""

    organ_end: int
    role: Role
    may_lie_in: bool


class Surroundings:
    """Judge the words before and behind a name."""

    def __init__(self, words: ProsePlaces) -> None:
        """Compile the word lists."""
        organs = "|".join(map(_guarded, sorted(words.organs, key=lambda word: (-len(word), word))))
        self._organ = re.compile(rf"(?:街道(?=人大|办|党))?(?:{organs})")
        self._locative = words.locative
        self._not_locative = words.not_locative
        self._leads = frozenset(words.leads)
        self._inclusive_names = words.inclusive_names

    def organ_end(self, text: str, end: int) -> int:
        """Return where the name of the unit's organ ends; `end` when none follows."""
        match = self._organ.match(text, end)
        return match.end() if match else end

    def is_inclusive(self, text: str, start: int, end: int) -> bool:
        """Say whether the unit is meant with all below it: 全市各级, 大方县县乡两级."""
        return text[start:end] in self._inclusive_names or _INCLUSIVE.match(text, end) is not None

    def is_attribute_of_deputy(self, text: str, end: int) -> bool:
        """Say whether the name only tells whose deputy somebody is: 桐梓县人大代表杨彬."""
        return _DEPUTY.match(text, end) is not None

    def role(self, text: str, start: int, organ_end: int, before: Before | None) -> Role:
        """Return the part of the unit named at `start`, `before` being the last mention."""
        if before and before.organ_end < start <= before.organ_end + 3:
            between = text[before.organ_end : start]
            if between in _JOINTS:
                return before.role
            if between in _LIES_IN and before.may_lie_in:
                return "other"
        reach = max(0, start - _REACH)
        begin = start
        while begin > reach and text[begin - 1] not in _BOUNDARY:
            begin -= 1
        lead = text[begin:start]
        if before and before.organ_end >= begin and _PARALLEL.fullmatch(text, before.organ_end, start):
            return before.role
        if lead.endswith(self._locative) and not lead.endswith(self._not_locative):
            return "locative"
        if text.startswith("至", organ_end):  # 大盛镇至花桥公路 is a road
            return "other"
        opens = begin == 0 or text[begin - 1] in _BOUNDARY
        if text.startswith("的", organ_end) and begin > 0 and text[begin - 1] not in _SENTENCE_END:
            return "other"
        return "subject" if opens and self._leads_in(lead) else "other"

    def _leads_in(self, lead: str) -> bool:
        lead = lead.lstrip("”’」』")
        if not lead or lead in self._leads:
            return True
        if _NUMBERED.fullmatch(lead):
            return True
        return _TIME_LEAD.fullmatch(lead) is not None and _DATED.search(lead) is not None


def _guarded(word: str) -> str:
    """Let no organ end in the middle of another word: 人大|代表, 委|托."""
    escaped = re.escape(word)
    if word.endswith("人大"):
        return escaped + r"(?!代表)"
    return escaped + r"(?![托员派])" if word == "委" else escaped
