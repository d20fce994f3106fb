"""Parse one delivered file: from bytes to the frames of its dataset.

Refuses to let personal data past this point, and to judge: what is wrong with a row is for the expectations to say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import numpy as np
import pandas as pd

from catalog import PROSE, Catalog
from transforms.documents import read_document
from transforms.forms import parse_form
from transforms.grids import Document, Unreadable
from transforms.long_csv import LongCsv, NotPlainError, open_long_csv
from transforms.masking import scrub
from transforms.prose.frames import parse_prose
from transforms.recognise import recognise
from transforms.records import parse_export
from transforms.returned import read_explanations, set_aside


@dataclass(frozen=True)
class Parsed:
    """What a file holds: its dataset, the frames of that dataset, and what was skipped or assumed in reading it.

    `rows_in` counts township lines (or the lone 合计 line) of forms, records of exports and figures of prose.
    `fingerprint` is a hash of the facts (in prose: of the words) without their places in the file: the same facts in
    another format have the same fingerprint.
    """

    dataset: str
    format: str
    encoding: str | None
    frames: dict[str, pd.DataFrame] = field(repr=False)
    rows_in: int
    fingerprint: str
    notes: tuple[str, ...] = ()


def parse(data: bytes, name: str, delivery_id: str, received_at: datetime, catalog: Catalog, mask_key: bytes) -> Parsed:
    """Return what the file holds; `name` is its name as delivered, `mask_key` the key of the HMACs.

    Raises Unreadable for a file that cannot be read or belongs to no dataset.
    """
    found, dataset = identify(data, name, catalog)
    document = found.head if isinstance(found, LongCsv) else found
    if dataset in catalog.exports:
        read = partial(
            parse_export,
            export=catalog.exports[dataset],
            delivery_id=delivery_id,
            received_at=received_at,
            catalog=catalog,
            mask_key=mask_key,
        )
        try:
            frames, notes = read(found)
        except NotPlainError:
            document = read_document(data, name)
            frames, notes = read(document)
        fingerprint = _digest(dataset, [_summed(frames["records"]["record_hash"])])
    elif dataset == PROSE:
        frames, notes = parse_prose(
            document, delivery_id=delivery_id, name=name, received_at=received_at, catalog=catalog, mask_key=mask_key
        )
        fingerprint = _digest(dataset, ["".join(document.text.split())])
    else:
        form = catalog.forms[dataset]
        document, sheets = set_aside(document)
        frames, notes = parse_form(
            document, form, delivery_id=delivery_id, name=name, received_at=received_at, catalog=catalog
        )
        frames["explanations"], refused = read_explanations(
            sheets, frames["header"], form=form, delivery_id=delivery_id, catalog=catalog
        )
        notes = (*notes, *refused)
        fingerprint = _form_fingerprint(dataset, frames)
    return Parsed(
        dataset=dataset,
        format=document.format,
        encoding=document.encoding,
        frames=frames,
        rows_in=int(frames["header"]["rows_in"].sum()),
        fingerprint=fingerprint,
        notes=tuple(scrub(note) for note in (*document.notes, *notes)),
    )


def identify(data: bytes, name: str, catalog: Catalog) -> tuple[Document | LongCsv, str]:
    """Return what a file holds and the dataset it belongs to; of a long csv export only the first lines are read yet.

    Raises Unreadable for a file that cannot be read or belongs to no dataset.
    """
    long = open_long_csv(data)
    if long:
        with suppress(Unreadable):
            dataset = recognise(long.head, name, catalog)
            if dataset in catalog.exports:
                return long, dataset
    document = read_document(data, name)
    return document, recognise(set_aside(document)[0], name, catalog)


def _summed(hashes: pd.Series) -> str:
    """Return one number for many hashes of 128 bits, whatever their order: their sum."""
    digits = "".join(hashes.tolist())
    words = np.frombuffer(bytes.fromhex(digits), dtype=">u8").reshape(-1, 2).astype(np.uint64)
    return f"{words.sum(axis=0, dtype=np.uint64).tobytes().hex()}-{len(words)}"


def _form_fingerprint(form: str, frames: dict[str, pd.DataFrame]) -> str:
    """Hash a form's facts: whose, of when, reported when, and each figure with its unit; not its place in the file.

    The date of report is a fact: the same figures sent again with a later one speak again, and may take back a
    correction that was sent between. So are explanations (说明): with them the same figures are no mere duplicate.
    """
    about = frames["header"].assign(county=frames["header"]["county_code"].fillna(frames["header"]["county_text"]))
    figures = frames["figures"].merge(frames["rows"][["table_id", "line", "org_text"]], on=["table_id", "line"])
    facts = figures.merge(about[["table_id", "county", "period", "basis"]], on="table_id")
    columns = ["county", "period", "basis", "org_text", "indicator_code", "state", "value", "value_low", "value_high"]
    rows = facts[[*columns, "qualifier"]].astype("string").fillna("").to_numpy().tolist()
    heads = about[["county", "period", "basis", "reported_on"]].astype("string").fillna("").to_numpy().tolist()
    parts = [sorted(map(json.dumps, heads)), sorted(map(json.dumps, rows))]
    said = frames["explanations"].drop(columns=["delivery_id", "source_ref"]).astype("string").fillna("")
    if len(said):
        parts.append(sorted(map(json.dumps, said.to_numpy().tolist())))
    return _digest(form, *parts)


def _digest(dataset: str, *parts: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps([dataset, *map(list, parts)]).encode()).hexdigest()
