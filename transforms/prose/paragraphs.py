"""Tell which paragraphs of a prose report are worth comparing with those of other reports, and where they stand.

Refuses to keep a text: a paragraph leaves this module as a keyed hash and a length.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from transforms.masking import keyed_hash
from transforms.prose.healing import heal
from transforms.prose.model import Figure
from transforms.prose.tables import is_row


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its `number` among all that are not blank, its span in the original text, characters, keyed hash."""

    number: int
    start: int
    end: int
    characters: int
    digest: str


def telling_paragraphs(
    text: str, figures: Sequence[Figure], *, above: Collection[str], shortest: int, mask_key: bytes
) -> Iterator[Paragraph]:
    """Yield the paragraphs of at least `shortest` characters, blanks not counted, that tell figures of their own.

    Headings, slogans and quoted documents hold no figure; a figure of one of the units `above` the reporting one (全省)
    may stand in everybody's report. A paragraph is whole however its lines were wrapped, and its numbers are part of
    what is hashed: the same sentence with another number is another paragraph.
    """
    told = sorted(figure.number[0] for figure in figures if figure.place.code not in above)
    healed = heal(text)
    start = 0
    for number, words in enumerate(healed.text.split("\n"), 1):
        end = start + len(words)
        characters = len("".join(words.split()))
        if characters >= shortest and not is_row(words):
            first, last = healed.original(start, end)
            if any(first <= place < last for place in told):
                yield Paragraph(number, first, last, characters, keyed_hash(words, mask_key))
        start = end + 1
