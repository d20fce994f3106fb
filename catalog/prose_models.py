"""The shapes of what the catalog says of prose: words around the names of places.

Refuses keys it does not know: a misspelt list is an error, not an empty list.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from catalog.models import Closed

Word = Annotated[str, StringConstraints(pattern=r"^[一-鿿、]{1,12}$")]
Words = tuple[Word, ...]


class ProsePlaces(Closed):
    """Words by which a name in a sentence is told from the words around it (`catalog/prose/places.yml`).

    `everyday` spellings are words of the language too (大方, 和平); `weak` names need a higher unit before them or an
    organ behind them (城区). `left_words` and `left_characters` end right before a name; a name that
    no list has begins behind one of `form_characters` or such a word; characters that begin names as well are
    `name_starters`. `no_township` holds what ends like a township and is none, `no_township_stem` the
    last syllables of such words, `no_county_stem` those of words that end like a county's name (园区). `zones` are
    kinds of development zones. `inclusive_names` mean a unit with all below it. `organs` follow a unit's name and
    belong to it. What `other_things` or, some characters on, `enterprises` follow is the name of something else. The
    rest decides the part a name plays.
    """

    everyday: Words
    weak: Words
    left_words: Words
    left_characters: Words
    form_characters: Words
    name_starters: Words
    no_township: Words
    no_township_stem: dict[Word, Words]
    no_county_stem: Words
    zones: Words
    organs: Words
    other_things: Words
    enterprises: Words
    inclusive_names: Words
    locative: Words
    not_locative: Words
    leads: Words
