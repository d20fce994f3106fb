"""Bring the records of an export back to what was known at an earlier moment.

Of every content the warehouse keeps the first delivery and the latest, not those between: a content that was told both
before and after the moment counts as told last by its first delivery. Refuses to name the line of a record whose latest
file had not come yet.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from catalog import Export
from warehouse.statements import fill, listed, quote, table
from warehouse.tables import PROVENANCE, sql_type

# What a delivery id of then leads to: the file that was loaded, for itself and for its duplicates.
_LOADED = """
create or replace temp table loaded as
select
    sighting.delivery_id as told_by,
    delivery.delivery_id,
    delivery.delivered_at,
    max(row(sighting.delivered_at, sighting.delivery_id)) over (partition by delivery.delivery_id) as seen
from ops.delivery as sighting
inner join ops.delivery as delivery on coalesce(sighting.duplicate_of, sighting.delivery_id) = delivery.delivery_id
where delivery.dataset = $export
"""

# One row a content, known by then, of the keys that ever had more than one; place 1 stood then.
_TOLD = r"""
create or replace temp table told as
with
content as (
    select
        {key} as record_key, record_hash, delivery_id, source_ref, steps_done, known_at, known_by,
        to_json(struct_pack({packed})) as content, true as is_standing
    from {target}
    where {key} in (select older.record_key from core.superseded_record as older where older.export = $export)
    union all
    select
        record_key, record_hash, delivery_id, source_ref, steps_done, known_at, known_by, content, false as is_standing
    from core.superseded_record
    where export = $export
)

select
    content.record_key,
    content.record_hash,
    coalesce(latest.delivery_id, first.delivery_id) as delivery_id,
    coalesce(latest.delivered_at, first.delivered_at) as delivered_at,
    case when latest.delivery_id is not null then content.source_ref end as source_ref,
    content.steps_done,
    content.known_at,
    content.known_by,
    content.content,
    row_number() over (
        partition by content.record_key
        order by
            coalesce(content.steps_done, 0) desc,
            coalesce(latest.seen, row(content.known_at, content.known_by)) desc,
            content.is_standing desc, -- of two contents in one file
            try_cast(regexp_extract(content.source_ref, '\d+$') as bigint) desc
    ) as place
from content
inner join loaded as first on content.known_by = first.told_by
left join loaded as latest on content.delivery_id = latest.told_by
where content.known_at < $cutoff
"""

_FORGET = """
delete from {target}
where
    known_at >= $cutoff
    or {key} in (select older.record_key from core.superseded_record as older where older.export = $export)
"""

_TRACE_BACK = """
update {target} as record
set delivery_id = first.delivery_id, delivered_at = first.delivered_at, source_ref = null
from loaded as first
where record.known_by = first.told_by and record.delivery_id not in (select known.told_by from loaded as known)
"""

_BRING_BACK = """
insert into {target} by name
select {content}, {provenance}
from told
where told.place = 1
"""

_CLEAR = "delete from core.superseded_record where export = $export"

_KEEP = """
insert into core.superseded_record by name
select
    $export as export, told.record_key, told.record_hash, told.delivery_id, told.source_ref, told.steps_done,
    standing.delivery_id as superseded_by, told.content, told.known_at, told.known_by
from told
inner join told as standing on told.record_key = standing.record_key and standing.place = 1
where told.place > 1
"""


def forget_records(con: duckdb.DuckDBPyConnection, export: Export, cutoff: datetime) -> None:
    """Leave in `core.<export>` and beside it only contents known before `cutoff` (naive UTC), ranked as they were then.

    Expects `ops.delivery` to hold the deliveries of then, and no others.
    """
    own = {column.name: sql_type(column) for column in export.stored_columns}
    parts = {
        "key": quote(export.key),
        "target": table("core", export.export),
        "packed": ", ".join(f"{quote(name)} := {quote(name)}" for name in own),
        "content": ", ".join(unpacked(name, kind) for name, kind in own.items()),
        "provenance": listed(PROVENANCE, "told."),
    }
    keys = {"export": export.export, "cutoff": cutoff}
    con.execute(_LOADED, {"export": export.export})
    con.execute(fill(_TOLD, **parts), keys)
    con.execute(fill(_FORGET, **parts), keys)
    con.execute(fill(_TRACE_BACK, **parts))
    con.execute(fill(_BRING_BACK, **parts))
    con.execute(_CLEAR, {"export": export.export})
    con.execute(_KEEP, {"export": export.export})


def unpacked(name: str, kind: str) -> str:
    """Return the SQL that reads a column of a type out of `told.content`, the JSON that `to_json` made of it."""
    return f"cast(told.content ->> '{name}' as {kind}) as {quote(name)}"
