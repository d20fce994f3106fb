"""The shapes of the facts that prose reports are read by: units, the lexicon of indicators, what is no statistic.

Refuses a group that does not exist, an unknown unit and a pattern that cannot be compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from catalog.models import Closed, Identifier


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {pattern}: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class Units(Closed):
    """Units of measure in prose: counted one by one, measured, and other spellings of them."""

    counted: tuple[str, ...]
    measured: tuple[str, ...]
    spellings: Mapping[str, str]

    @property
    def all(self) -> tuple[str, ...]:
        """Every unit and spelling, the longest first."""
        return tuple(sorted({*self.counted, *self.measured, *self.spellings}, key=lambda unit: (-len(unit), unit)))


class Sense(Closed):
    """One way in which reports speak of an indicator.

    `objects` is the counted noun, `verbs` what is done to it (before the number), `after` what is said of it behind
    the number, `given` words one of which the sentence (or clause: `given_in`) must hold, `is_tight` that the verb
    stands right before the number (全县56名代表), `unless` words none of which may stand near, and
    `not_after` indicators that the number before it in the sentence must not be of. `needs` says what has to be there:
    the object (a verb makes it surer), the verb (or what stands behind), or both. `side` says on which side of the
    number the object stands, `reach` how many characters, connecting words aside, may lie between. `…` in a word
    stands for up to eight characters. Between senses that fit alike the higher `weight` wins.
    """

    indicator: Identifier
    objects: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    given_in: Literal["sentence", "clause"] = "sentence"
    is_tight: bool = False
    unless: tuple[str, ...] = ()
    not_after: tuple[Identifier, ...] = ()
    units: tuple[str, ...] = Field(min_length=1)
    needs: Literal["object", "verb", "both"] = "object"
    side: Literal["left", "right", "both"] = "both"
    weight: int = 0
    reach: int = Field(default=5, ge=0)


class SecondFact(Closed):
    """A number that states two facts: where `of` was read and `after` stands behind it, it is `gives` as well."""

    of: Identifier
    gives: Identifier
    verbs: tuple[str, ...]
    after: tuple[str, ...]


class Follows(Closed):
    """What a number read as `of` counts when the one before it in the sentence is of `after`.

    参加代表764人次 behind 开展视察12次 are participations in inspections.
    """

    after: Identifier
    of: Identifier
    gives: Identifier


class Lexicon(Closed):
    """How prose speaks of the indicators (指标词典); `$name` in a list of words stands for a group."""

    groups: Mapping[str, tuple[str, ...]]
    senses: tuple[Sense, ...]
    second_facts: tuple[SecondFact, ...]
    follows: tuple[Follows, ...]

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, data: dict[str, object]) -> dict[str, object]:
        groups = data.get("groups")
        if not isinstance(groups, dict):
            raise ValueError("the lexicon has no groups")
        for entry in [*_entries(data, "senses"), *_entries(data, "second_facts")]:
            for name, words in entry.items():
                if isinstance(words, list):
                    entry[name] = _words(words, groups)
        return data


class Refusal(Closed):
    """A kind of number that is no statistic: `zh` tells a reader why.

    The patterns look at a stretch of at most 60 characters: `before` at what ends right before the number, `number`
    at the number itself as written (from its qualifier to its unit), `after` at what begins right behind the number's
    digits (that is, with its unit), `clause` anywhere in the clause before it; `unless` saves the number when it is
    found between the clause's beginning and the clause's end. Every pattern given has to fit.
    """

    reason: Identifier
    zh: str
    before: Pattern | None = None
    number: Pattern | None = None
    after: Pattern | None = None
    clause: Pattern | None = None
    unless: Pattern | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Refusal:
        if not (self.before or self.number or self.after or self.clause):
            raise ValueError(f"{self.reason}: a refusal without a pattern would refuse everything")
        return self


class Prose(Closed):
    """All that prose reports are read by; `programme_start` is the day from which 活动开展以来 counts, if given."""

    units: Units
    lexicon: Lexicon
    refusals: tuple[Refusal, ...]
    programme_start: date | None = None


def _entries(data: dict[str, object], name: str) -> list[dict[str, object]]:
    entries = data.get(name)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _words(words: list[object], groups: dict[str, list[str]]) -> list[object]:
    """Put a group's words in the place of its `$name`."""
    expanded: list[object] = []
    for word in words:
        if isinstance(word, str) and word.startswith("$"):
            if word[1:] not in groups:
                raise ValueError(f"the lexicon has no group {word[1:]}")
            expanded += groups[word[1:]]
        else:
            expanded.append(word)
    return list(dict.fromkeys(expanded))
