"""Give every delivery that something is asked about back to the county (反馈): its own workbook, prose or list, marked.

Reads the newest release and the archive; hands serving only what may be shown: grids without persons, veiled prose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import catalog
from pipeline.pages import rule_reasons
from pipeline.settings import Settings
from serving.feedback import Asked, Sheet, asked, draw_prose, draw_workbook, put_in_place
from serving.feedback.folder import SYSTEMS, UNKNOWN, path_of
from serving.quarantine_list import quarantine_lists
from transforms import Unreadable, read_document
from transforms.grids import Document
from transforms.masking import scrub
from transforms.nameless import nameless
from transforms.prose.wording import Quoter
from transforms.returned import set_aside
from warehouse import release
from warehouse.archive import Archive, Delivery

# What a reason says to engineers: （目录 at_most）, a parameter's name.
_NAMES = re.compile(r"（[^（）]*[a-z]+_[a-z_]+[^（）]*）| ?[a-z]+_[a-z_]+ ?")
_SPAN = re.compile(r"chars (\d+)-(\d+)")


def write_feedback(settings: Settings) -> list[Path]:
    """Write what goes back to each county below `<home>/feedback`, remove what is no longer asked; return the paths.

    Run again for the same release, it changes nothing. Without a release there is nothing to give back. Raises
    ArchiveDamagedError when a delivery's bytes are gone.
    """
    published = release.newest(settings.releases)
    if published is None:
        return []
    facts = catalog.load()
    archive = Archive(settings.archive)
    deliveries = {delivery.delivery_id: delivery for delivery in archive.deliveries()}
    lists = {delivery_id: content for delivery_id, _, content in quarantine_lists(published.path, facts)}
    quoter: Quoter | None = None
    files: dict[str, bytes] = {}
    for one in asked(published.path, _expected(facts)):
        if one.dataset in facts.forms:
            data = archive.read(one.delivery_id)
            files[path_of(one, ".xlsx")] = _workbook(one, data, deliveries[one.delivery_id], facts)
        elif one.dataset == catalog.PROSE:
            quoter = quoter or Quoter(facts)
            data = archive.read(one.delivery_id)
            files[path_of(one, ".html")] = _page(one, data, deliveries[one.delivery_id], quoter)
        elif one.delivery_id in lists:
            nobodys = SYSTEMS if one.dataset in facts.exports else UNKNOWN
            files[path_of(one, ".csv", nobodys)] = lists[one.delivery_id]
    return put_in_place(settings.feedback, files)


def _expected(facts: catalog.Catalog) -> Mapping[tuple[str, str], str]:
    return {rule: _NAMES.sub("", reason) for rule, reason in rule_reasons(facts).items()}


def _workbook(one: Asked, data: bytes, delivery: Delivery, facts: catalog.Catalog) -> bytes:
    """Return the marked workbook; of a form that this program cannot read any more, the list alone."""
    try:
        document, _ = set_aside(read_document(data, delivery.file))
        shown = nameless(
            document,
            facts.forms[one.dataset or ""],
            delivery_id=one.delivery_id,
            name=delivery.file,
            received_at=delivery.received_at,
            catalog=facts,
        )
    except Unreadable:
        return draw_workbook(one, [], None)
    return draw_workbook(one, _sheets(shown), data if document.format in ("xlsx", "et") else None)


def _sheets(document: Document) -> list[Sheet]:
    """Return the document's grids; what stands behind the last table stands behind its sheet."""
    last = len(document.grids) - 1
    return [
        Sheet(
            key=grid.name,
            name=scrub(grid.name),
            rows=grid.rows,
            merged=grid.merged,
            lines=grid.lines,
            before=grid.before,
            after=grid.after if number == last else (),
        )
        for number, grid in enumerate(document.grids)
    ]


def _page(one: Asked, data: bytes, delivery: Delivery, quoter: Quoter) -> bytes:
    text = read_document(data, delivery.file).text
    shown = [(int(hit[1]), int(hit[2])) for item in one.items if (hit := _SPAN.fullmatch(item.cell or ""))]
    return draw_prose(one, quoter.veiled(text, shown)).encode()
