"""Tell a report's headings, running text and page furniture (来源、浏览次数、版权) apart, line by line.

Refuses to read meaning into a heading but this: what stands below a heading of plans (下一步工作打算) is a plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["title", "heading", "body", "furniture"]
_LONGEST_HEADING = 48
_LONGEST_FURNITURE = 90
_FURNITURE = re.compile(
    r"浏览(?:次数|量)?[：:]?|点击(?:数|量|率)?[：:]|阅读(?:量|次数|数)?[：:]?[0-9]|字[号体][：:]|【?字体|打印(?:本页|$)|关闭(?:窗口|本页)|上一[篇条]|下一[篇条]|分享到|扫一扫"
    r"|版权|ICP|备案[号编序]|公网安备|Copyright|©|网站标识|责任编辑|责编|编\s?辑[：:]|作\s?者[：:]|来\s?源[：:]|发布(?:时间|日期|机构|人(?![大民]))|发文日期|成文日期|更新时间|稿源|审核[：:]|校对[：:]"
    r"|当前位置|您(?:现在|当前)?的?位置|首页[>＞»]|电\s?话[：:]|邮\s?编[：:]|地\s?址[：:]|传\s?真[：:]|技术支持|主办单位[：:]|主管主办|承办单位[：:]|指导单位|编辑出版|索引号|信息分类|文号[：:]"
    r"|^时间[：:]|^日期[：:]|(?:下载|投稿|邮箱|供稿|通讯员|摄影|联系方式|[一二终]审)(?:次数|数|量)?[：:]|图片由|本版图片|^■|^图[0-9一二三：]"
)
# What reports speak of as well: furniture only in a short line that counts nothing.
_ALSO_SAID = re.compile(r"下载|投稿|邮箱|供稿|通讯员|摄影|联系方式|[一二终]审")
_NUMBERED = (
    re.compile(r"第[一二三四五六七八九十]+(?:部分|章|节)|[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"（[一二三四五六七八九十]{1,3}）"),
    re.compile(r"[0-9]{1,2}[、.．](?![0-9])|（[0-9]{1,2}）|[①-⑳]"),
)
_PLANS = re.compile(
    r"下一?步|下一?阶段|今后|工作打算|工作安排|工作计划|工作思路|工作要点|工作设想|工作展望|工作任务|主要任务|工作目标|目标任务|努力方向|(?:明|新的一)年(?:工作|重点)"
)
_SUGGESTED = re.compile(r"^(?:回顾|过去|工作开展|主要做法|工作成效|存在(?:的)?(?:问题|不足|困难))")
_SENTENCE_END = re.compile(r"[。；;！!？?，,、]$")


@dataclass(frozen=True)
class Line:
    """A line of a healed text: its span, what it is, how deep a heading stands (1 to 3), whether it tells plans."""

    start: int
    end: int
    kind: Kind
    depth: int = 0
    is_plan: bool = False


def read_layout(text: str) -> list[Line]:
    """Return the lines of a healed text; the title is the first line that is neither furniture nor a sentence."""
    lines: list[Line] = []
    titled = False
    plan_depth = 0
    start = 0
    for words in text.split("\n"):
        end = start + len(words)
        kind, depth = _kind(words)
        if kind == "heading" and not titled and len(words) >= 8:
            kind, titled = "title", True
        titled = titled or kind == "body"
        if kind == "heading" and depth:
            if plan_depth and depth <= plan_depth:
                plan_depth = 0
            if not plan_depth and _PLANS.search(words) and not _SUGGESTED.search(words):
                plan_depth = depth
        lines.append(Line(start, end, kind, depth, is_plan=bool(plan_depth)))
        start = end + 1
    return lines


def _kind(words: str) -> tuple[Kind, int]:
    if "\t" in words or words.startswith("|"):
        return "body", 0  # a row of a table
    # A sentence that mentions a 来源 is no furniture, unless it begins as furniture does.
    is_sentence = "。" in words or words.count("，") > 1
    reach = 6 if is_sentence else len(words)
    if len(words) <= _LONGEST_FURNITURE:
        if _FURNITURE.search(words, 0, reach + 8):
            return "furniture", 0
        if not is_sentence and _ALSO_SAID.search(words) and not _has_figure(words):
            return "furniture", 0
    depth = next((number for number, pattern in enumerate(_NUMBERED, 1) if pattern.match(words)), 0)
    is_short = len(words) <= _LONGEST_HEADING and not _SENTENCE_END.search(words) and "。" not in words
    if is_short and words.count("，") <= 2 and not _has_figure(words):
        return "heading", depth or 1
    return "body", 0


def _has_figure(words: str) -> bool:
    """Say whether a short line holds a counted number, as the items of a list do; a heading holds hardly any."""
    return len(re.findall(r"[0-9][0-9,.]*(?:余|多)?[万亿]?(?:余|多)?[人条件个名场次户项起家处%]", words)) > 0
