"""Share out what an enumeration says once among its numbers: A、B分别为40件、30件, A、B各2件, A率、B率均达100%.

Refuses where the names before are not as many as the numbers behind: then every number keeps its own context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from transforms.prose.contexts import Context

_EACH = re.compile(r"各(?:自|有|为|达|办结|办理|收集|完成|建成|开展|提出)?$")
_BOTH = re.compile(r"(?:均|都|双双|全部|皆|分别)(?:为|达|达到|达到了|是|在|保持|保持在|实现|超过|超)*$")
_RESPECTIVELY = "分别"
_SEPARATORS = re.compile(r"、|和|与|及|以及|，")
_LETTER = re.compile(r"[A-D甲乙丙丁]")
# 办结A、B、C类件: the verb stands with the first letter.
_LETTERED = re.compile(r"(?:.*[^A-Za-z])?[A-D]|[甲乙丙丁]")
_FROM_LETTER = re.compile(r"[A-D].*$")
_MOST_NAMES = 12
# Of the first name its verb holds for all (收到建议、工单), its noun does not.
_VERB = 3
_LONGEST_NAME = 30


def names_before(context: Context, word_at: int, count: int | None = None) -> list[str]:
    """Return the names of the enumeration that ends at `word_at` of the text before a number: the last `count` of them.

    A clause that begins with the word (，分别为) takes the names from the clause before. Empty where there are fewer.
    """
    zone = re.split(r"[。；：！？\n]", context.before[:word_at])[-1].rstrip("，、")
    parts = [part for part in _SEPARATORS.split(zone) if part]
    if count is None:
        clause = re.split("，", zone)[-1]
        parts = [part for part in _SEPARATORS.split(clause) if part]
        return parts[-_MOST_NAMES:] if len(parts) > 1 else []
    if len(parts) < count or count < 2:
        return []
    names = parts[-count:]
    tail = _LETTER.sub("", names[-1])
    # A、B、C类件: the last name tells what the letters before it stand for.
    return [name + tail if _LETTERED.fullmatch(name) else name for name in names]


def respectively(contexts: Sequence[Context]) -> list[Context]:
    """Return the contexts, those behind 分别 with the noun that is theirs by order."""
    shared = list(contexts)
    number = 0
    while number < len(shared):
        at = shared[number].clause.rfind(_RESPECTIVELY)
        group = consecutive(shared, number) if at >= 0 and len(shared[number].clause) - at <= 12 else []
        if len(group) > 1:
            first = shared[number]
            word_at = first.before.rfind(_RESPECTIVELY)
            verb = first.before[word_at + len(_RESPECTIVELY) :]
            names = names_before(first, word_at, len(group))
            # Whose each number is has been settled here: none of them is shared by all the names.
            for index in group:
                shared[index] = replace(shared[index], before="")
            for index, name in zip(group, names, strict=False):
                name = name[-_LONGEST_NAME:]
                head = _FROM_LETTER.sub("", names[0])[:_VERB] if name != names[0] else ""
                shared[index] = replace(
                    shared[index], item=name + verb, clause=f"{head}，{name}{verb}" if head else name + verb
                )
        number += max(1, len(group))
    return shared


def consecutive(contexts: Sequence[Context], first: int) -> list[int]:
    """Return the positions of the numbers that follow one another with nothing but connecting words between."""
    group = [first]
    for index in range(first + 1, len(contexts)):
        item = contexts[index].clause
        if not re.fullmatch(r"[，、和与及以]*", item) and not contexts[index].is_bare:
            break
        group.append(index)
    return group


def sharing(context: Context) -> list[Context]:
    """Return one context for each name that shares the number: 各2件 as many as there are names, else the one given."""
    word = _EACH.search(context.before)
    if word and (names := names_before(context, word.start())):
        return [
            replace(context, item=name, clause=f"{names[0]}，{name}" if name != names[0] else name) for name in names
        ]
    word = _BOTH.search(context.before)
    if word and context.quantity.unit == "%" and (names := names_before(context, word.start())):
        rates = [name for name in names if name.endswith(("率", "度", "比例"))]
        if len(rates) > 1:
            return [replace(context, item=name, clause=name) for name in rates]
    return [context]
