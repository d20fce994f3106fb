"""Load the records of an export by key: the newest content of a record stands, the others are kept beside it.

Which content stands depends on how far along the record is and on when it was delivered, never on the order in which
the deliveries reached the warehouse. Of every content, standing or not, the latest delivery is kept (where it is traced
to) and the first (since when it is known).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from catalog import Export
from warehouse.staging import count, stage_view
from warehouse.statements import fill, listed, literal, quote, table
from warehouse.tables import export_columns

_OF_THE_DELIVERY = {"delivery_id", "delivered_at", "known_at", "known_by"}

_ACCEPTED = """
(table_id, line) not in (
    select held.table_id, held.line from staged_quarantine as held where held.line is not null
)
"""

# The keys that have to be weighed: told twice in this file, or told before. The others are simply new, and many.
_CONTESTED = """
create or replace temp table contested as
select {key}
from staged_record
where {key} is not null -- a missing one among them would make NOT IN say nothing
group by {key}
having count(*) > 1
union
select staged.{key}
from staged_record as staged
inner join {target} as stored on staged.{key} = stored.{key}
"""

_INSERT_NEW = """
insert into {target} by name
select
    {names}, delivery.delivery_id, delivery.delivered_at,
    delivery.delivered_at as known_at, delivery.delivery_id as known_by
from staged_record as staged
cross join ops.delivery as delivery
where
    delivery.delivery_id = $delivery_id
    and staged.{key} not in (select contested.{key} from contested)
"""

# Of several lines with one key in one file, the one furthest along is meant, then the last; of several with the
# same content, the last is kept.
_ARRIVED = """
create or replace temp table arrived as
select
    staged.*,
    delivery.delivery_id,
    delivery.delivered_at,
    row_number() over (
        partition by staged.{key} order by staged.steps_done desc nulls last, staged.ordinal desc
    ) = 1 as is_meant
from staged_record as staged
inner join contested on staged.{key} = contested.{key}
cross join ops.delivery as delivery
where delivery.delivery_id = $delivery_id
qualify row_number() over (partition by staged.{key}, staged.record_hash order by staged.ordinal desc) = 1
"""

_SIGHTING = """
create or replace temp view sighting as
select coalesce(duplicate_of, delivery_id) as delivery_id, max(row(delivered_at, delivery_id)) as seen
from ops.delivery
group by all
"""

# One row a content of a contested key, wherever it stands: the first delivery that told it.
_FIRST_TOLD = """
create or replace temp table first_told as
select record_key, record_hash, min(row(known_at, known_by)) as first
from (
    select {key} as record_key, record_hash, delivered_at as known_at, delivery_id as known_by from arrived
    union all
    select {key} as record_key, record_hash, known_at, known_by
    from {target}
    where {key} in (select contested.{key} from contested)
    union all
    select record_key, record_hash, known_at, known_by
    from core.superseded_record
    where export = $export and record_key in (select contested.{key} from contested)
)
group by all
"""

# is_newer compares (steps_done, delivered_at, delivery_id); equal contents are equally far along.
_COMPARED = """
create or replace temp table compared as
select
    arrived.*,
    struct_extract(told.first, 1) as known_at,
    struct_extract(told.first, 2) as known_by,
    stored.{key} is not null as is_known,
    stored.record_hash is not distinct from arrived.record_hash as is_same,
    coalesce(
        row(coalesce(arrived.steps_done, 0), row(arrived.delivered_at, arrived.delivery_id))
        > row(coalesce(stored.steps_done, 0), sighting.seen),
        true
    ) as is_newer
from arrived
inner join first_told as told on arrived.{key} = told.record_key and arrived.record_hash = told.record_hash
left join {target} as stored on arrived.{key} = stored.{key}
left join sighting on stored.delivery_id = sighting.delivery_id
where arrived.is_meant
"""

_RETIRED = """
create or replace temp table retired as
select
    stored.{key} as record_key, stored.record_hash, stored.delivery_id, stored.source_ref, stored.steps_done,
    to_json(struct_pack({stored_content})) as content
from {target} as stored
inner join compared on stored.{key} = compared.{key}
where compared.is_newer and not compared.is_same
union all
select
    arrived.{key}, arrived.record_hash, arrived.delivery_id, arrived.source_ref, arrived.steps_done,
    to_json(struct_pack({arrived_content}))
from arrived
inner join compared on arrived.{key} = compared.{key}
where not arrived.is_meant or (compared.is_known and not compared.is_newer and not compared.is_same)
"""

_UPDATE = """
update {target} as stored
set {assignments}
from compared
where stored.{key} = compared.{key} and compared.is_known and compared.is_newer
"""

# A file that comes late may tell that what stands was known before.
_KNOWN_BEFORE = """
update {target} as stored
set known_at = struct_extract(told.first, 1), known_by = struct_extract(told.first, 2)
from first_told as told
where
    stored.{key} = told.record_key and stored.record_hash = told.record_hash
    and row(stored.known_at, stored.known_by) > told.first
"""

# A key that this file alone tells, and tells twice, is not stored yet.
_INSERT = "insert into {target} by name select {columns} from compared where not is_known order by ordinal"

# Of each content that does not stand, the latest sighting is kept, once.
_COLLECT = """
create or replace temp table collected as
select record_key, record_hash, delivery_id, source_ref, steps_done, content
from core.superseded_record as superseded
where superseded.export = $export and superseded.record_key in (select compared.{key} from compared)
union all
select record_key, record_hash, delivery_id, source_ref, steps_done, content
from retired
"""

_CLEAR = """
delete from core.superseded_record
where export = $export and record_key in (select compared.{key} from compared)
"""

_KEEP = """
insert into core.superseded_record by name
with
ranked as (
    select
        collected.rowid as place,
        row_number() over (
            partition by collected.record_key, collected.record_hash
            order by sighting.seen desc
        ) as number
    from collected
    left join sighting on collected.delivery_id = sighting.delivery_id
)

select
    $export as export, collected.*, stored.delivery_id as superseded_by,
    struct_extract(told.first, 1) as known_at, struct_extract(told.first, 2) as known_by
from collected
inner join ranked on collected.rowid = ranked.place and ranked.number = 1
inner join first_told as told
    on collected.record_key = told.record_key and collected.record_hash = told.record_hash
inner join {target} as stored on collected.record_key = stored.{key}
where collected.record_hash <> stored.record_hash
"""


# Contents told by a duplicate before the file that was loaded told them.
_TOLD_BEFORE = """
update {target} as known
set known_at = delivery.delivered_at, known_by = delivery.delivery_id
from staged_record as staged
cross join ops.delivery as delivery
where
    delivery.delivery_id = $delivery_id
    and known.{known_key} = staged.{key} and known.record_hash = staged.record_hash
    and row(known.known_at, known.known_by) > row(delivery.delivered_at, delivery.delivery_id)
    and {only}
"""


def load_records(con: duckdb.DuckDBPyConnection, export: Export, delivery_id: str, path: Path) -> int:
    """Merge a delivery's records into `core.<export>`; return the number of records that it brings.

    Those that `staged_quarantine` names by table and line are left out. A record not known is inserted. One with the
    content that stands changes nothing but, where this delivery is the newer, the place it is traced to. Of differing
    contents the later by (steps_done, delivered_at, delivery_id) stands and the other goes to
    `core.superseded_record`. Expects the delivery's ledger row, and an open transaction.
    """
    columns = export_columns(export)
    own = [column.name for column in export.stored_columns]
    staged = {name: kind for name, kind in columns.items() if name not in _OF_THE_DELIVERY}
    stage_view(con, "staged_record", path, staged, _ACCEPTED)
    rows = count(con, "staged_record")
    parts = {
        "names": listed(staged, "staged."),
        "key": quote(export.key),
        "target": table("core", export.export),
        "columns": listed(columns),
        "assignments": ", ".join(f"{quote(name)} = compared.{quote(name)}" for name in columns if name != export.key),
        "stored_content": _packed(own, "stored"),
        "arrived_content": _packed(own, "arrived"),
    }
    con.execute(fill(_CONTESTED, **parts))
    con.execute(fill(_INSERT_NEW, **parts), {"delivery_id": delivery_id})
    if not count(con, "contested"):
        return rows
    con.execute(fill(_ARRIVED, **parts), {"delivery_id": delivery_id})
    con.execute(_SIGHTING)
    con.execute(fill(_FIRST_TOLD, **parts), {"export": export.export})
    for statement in (_COMPARED, _RETIRED, _UPDATE, _INSERT, _KNOWN_BEFORE):
        con.execute(fill(statement, **parts))
    con.execute(fill(_COLLECT, **parts), {"export": export.export})
    con.execute(fill(_CLEAR, **parts), {"export": export.export})
    con.execute(fill(_KEEP, **parts), {"export": export.export})
    return rows


def date_back(con: duckdb.DuckDBPyConnection, export: Export, delivery_id: str, path: Path) -> None:
    """Date back what a duplicate tells, where it was delivered before the files that told the same.

    Changes `known_at` and `known_by` only. Expects what `load_records` expects.
    """
    staged = {name: export_columns(export)[name] for name in (export.key, "record_hash")}
    stage_view(con, "staged_record", path, staged, _ACCEPTED)
    key = quote(export.key)
    only = fill("known.export = {export}", export=literal(export.export))
    for target, known_key, condition in (
        (table("core", export.export), key, "true"),
        ("core.superseded_record", "record_key", only),
    ):
        statement = fill(_TOLD_BEFORE, target=target, known_key=known_key, key=key, only=condition)
        con.execute(statement, {"delivery_id": delivery_id})


def _packed(names: list[str], source: str) -> str:
    return ", ".join(f"{quote(name)} := {source}.{quote(name)}" for name in names)
