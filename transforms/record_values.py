"""Read the texts of an export's column as values, a column at a time: each distinct text once, the plain ones at once.

Most texts of a long export are written as systems write them (2026-06-01 09:00:00, GD2026060001, 12); those are read
by Arrow, all together. Whatever is written otherwise goes, text by text, through the readers of `transforms.typed`,
`transforms.masking` and the tree, which decide alone what it means: a test holds both ways against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalog import Catalog, Column, Export
from transforms.masking import keyed_hash, points_at_a_person, scrub
from transforms.typed import State, Value, plain, read_value, spellings_of

STATES: tuple[State, ...] = ("ok", "blank", "unreadable", "unknown")
UNREADABLE = STATES.index("unreadable")
# The most that is kept of a free text or an identifier where personal data may have slipped in.
LONGEST_TEXT = 40
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_TYPES: Mapping[str, pa.DataType] = {
    "date": pa.timestamp("us"),
    "datetime": pa.timestamp("us"),
    "year": pa.int64(),
    "count": pa.int64(),
    "amount": pa.float64(),
    "flag": pa.bool_(),
}
_MOMENT = r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}:[0-9]{2})?$"
# So few digits point at nobody, however they are grouped.
_WHOLE = r"^[0-9]{1,6}$"
_DECIMAL = r"^[0-9]{1,4}(?:\.[0-9]{1,2})?$"
# Codes that are nobody's number, however it is written: with a letter that is not the last character.
_CODE = r"^[!-~]{1,40}$"
_LETTER = "[A-Za-z][!-~]"
_FEWEST_DIGITS = 7

Read = Callable[[str, object], tuple[Value, State]]


@dataclass(frozen=True)
class Values:
    """A column's values and, as numbers of STATES, how each was read; a value whose state is not ok is missing."""

    values: pa.Array
    states: np.ndarray

    def masked(self, rows: np.ndarray) -> Values:
        """Return the column without its values in these rows."""
        return Values(pc.if_else(pa.array(rows), pa.scalar(None, self.values.type), self.values), self.states)


def read_column(
    texts: pa.Array | pa.ChunkedArray,
    column: Column,
    export: Export,
    catalog: Catalog,
    mask_key: bytes,
    within: pa.Array | None,
) -> Values:
    """Return what the texts of a column say; "" is blank.

    `within` holds, for a column of townships, the codes of the counties that they lie in.
    """
    read = _reader(column, export, catalog, mask_key)
    if within is not None:
        return _read_places(texts, within, read)
    encoded = _encoded(texts)
    distinct = pc.utf8_trim_whitespace(encoded.dictionary)
    kind = _TYPES.get(column.type, pa.string())
    values, states = _read_distinct(distinct, _plain_values(distinct, column, export), kind, read)
    return _spread(values, states, encoded.indices)


def state_column(states: np.ndarray) -> pa.DictionaryArray:
    """Return states as words."""
    return pa.DictionaryArray.from_arrays(pa.array(states, pa.int8()), pa.array(STATES))


def _encoded(texts: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    encoded = pc.dictionary_encode(texts)
    if isinstance(encoded, pa.ChunkedArray):
        return encoded.combine_chunks() if encoded.num_chunks else pa.array([], encoded.type)
    return encoded


def _spread(values: pa.Array, states: np.ndarray, indices: pa.Array) -> Values:
    return Values(values.take(indices), states[indices.to_numpy()])


def _read_distinct(
    distinct: pa.Array, quick: tuple[np.ndarray, pa.Array] | None, kind: pa.DataType, read: Read
) -> tuple[pa.Array, np.ndarray]:
    """Return values and states of distinct texts: those of `quick` (a mask and their values) are known already."""
    states = np.zeros(len(distinct), dtype=np.int8)
    if quick is None:
        quick = np.zeros(len(distinct), dtype=bool), pa.array([], kind)
    known, plain_values = quick
    rest = np.flatnonzero(~known)
    found = [read(text, None) if text else (None, "blank") for text in distinct.take(pa.array(rest)).to_pylist()]
    states[rest] = [STATES.index(state) for _, state in found]
    slow = pa.array([value for value, _ in found], kind)
    if not len(rest):
        return plain_values, states
    places = np.empty(len(distinct), dtype=np.int64)
    places[known] = np.arange(len(plain_values))
    places[rest] = len(plain_values) + np.arange(len(rest))
    return pa.concat_arrays([plain_values, slow]).take(pa.array(places)), states


def _read_places(texts: pa.Array | pa.ChunkedArray, within: pa.Array, read: Read) -> Values:
    """Read townships: the same name means another place in another county."""
    trimmed = pc.utf8_trim_whitespace(texts)
    pairs = _encoded(pc.binary_join_element_wise(trimmed, pc.fill_null(within, ""), "\0"))
    values: list[Value] = []
    states: list[int] = []
    for text, _, county in (pair.partition("\0") for pair in pairs.dictionary.to_pylist()):
        value, state = read(text, county or None) if text else (None, "blank")
        values.append(value)
        states.append(STATES.index(state))
    return _spread(pa.array(values, pa.string()), np.array(states, dtype=np.int8), pairs.indices)


def _plain_values(distinct: pa.Array, column: Column, export: Export) -> tuple[np.ndarray, pa.Array] | None:
    """Return which texts are written so plainly that Arrow can read them, and their values; None for no such way."""
    if column.personal or column.type in ("code", "county", "township", "flag", "year"):
        return None
    if column.type in ("date", "datetime"):
        return _plain_moments(distinct, column)
    if column.type in ("count", "amount"):
        fits = pc.match_substring_regex(distinct, _WHOLE if column.type == "count" else _DECIMAL)
        return _mask(fits), distinct.filter(fits).cast(_TYPES[column.type])
    if is_identifier(column, export):
        fits = pc.and_(pc.match_substring_regex(distinct, _CODE), pc.match_substring_regex(distinct, "[0-9]"))
        fits = pc.and_(fits, pc.match_substring_regex(distinct, _LETTER))
    else:
        fits = pc.less(pc.count_substring_regex(distinct, r"\pN"), _FEWEST_DIGITS)
        if export.has_personal_data:
            fits = pc.and_(fits, pc.less_equal(pc.utf8_length(distinct), LONGEST_TEXT))
        fits = pc.and_(fits, pc.not_equal(distinct, ""))
    return _mask(fits), distinct.filter(fits)


def _plain_moments(distinct: pa.Array, column: Column) -> tuple[np.ndarray, pa.Array] | None:
    fits = pc.match_substring_regex(distinct, _MOMENT)
    try:
        moments = distinct.filter(fits).cast(pa.timestamp("us"))
    except pa.ArrowInvalid:  # a 30th of February: the slow way finds out which
        return None
    return _mask(fits), pc.floor_temporal(moments, unit="day") if column.type == "date" else moments


def _mask(fits: pa.Array) -> np.ndarray:
    mask: np.ndarray = fits.to_numpy(zero_copy_only=False)
    return mask


def is_identifier(column: Column, export: Export) -> bool:
    """Say whether a column holds codes that stand for something: the record itself, one of another export, a person."""
    return column.name == export.key or bool(column.references) or column.type == "identifier"


def _reader(column: Column, export: Export, catalog: Catalog, mask_key: bytes) -> Read:
    """Return what reads a text that is not blank; its second argument is the county that a township lies in."""
    spellings = spellings_of(column)

    def place(text: str, county: object) -> tuple[Value, State]:
        if column.type == "township" and not isinstance(county, str):
            return None, "unknown"
        within = county if isinstance(county, str) else None
        org = catalog.tree.resolve(text, level="county" if column.type == "county" else "township", within=within)
        return (org.code, "ok") if org else (None, "unknown")

    if column.personal:
        return lambda text, _: (keyed_hash(text, mask_key), "ok")
    if column.type in ("county", "township"):
        return place
    if column.type in ("count", "amount"):
        return lambda text, _: _number(text, column)
    if is_identifier(column, export):
        return lambda text, _: _identifier(text, personal=export.has_personal_data)
    if column.type != "text":
        return lambda text, _: read_value(text, column, spellings)
    longest = LONGEST_TEXT if export.has_personal_data else None
    return lambda text, _: (scrub(text)[:longest], "ok")


def _number(text: str, column: Column) -> tuple[Value, State]:
    """Return a count or amount; a number that points at a person is none, however it is written."""
    value, state = read_value(text, column, {})
    digits = f"{value:.0f}" if isinstance(value, (int, float)) else ""
    return (None, "unreadable") if scrub(text) != text or scrub(digits) != digits else (value, state)


def _identifier(text: str, *, personal: bool) -> tuple[Value, State]:
    """Return an identifier in plain form; where data are personal, a name or a person's number is none.

    One Chinese character may be a prefix (黔GD1); two may be a name.
    """
    value = plain(text)
    is_code = any(c.isdigit() for c in value) and len(_HAN.findall(value)) < 2 and len(value) <= LONGEST_TEXT
    return (value, "ok") if not personal or (is_code and not points_at_a_person(value)) else (None, "unreadable")
