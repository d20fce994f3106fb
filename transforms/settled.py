"""Turn the catalog's exports into the SELECT that says which held-back records came again in order (已改正的记录).

Refuses to know any export by name. A record without a number of its own is never found again: a later file of the same
name settles it, and none that has a number.
"""

from __future__ import annotations

from string import Template

from catalog import Catalog, Export
from transforms.measures import literal, stacked

TABLE = "dq.settled_record"

_SETTLED = Template("""\
-- dq.settled_record
-- grain: record held back (quarantine) that has come again in order, and stands in its export's table
-- additivity: none
-- hazards: made from the catalog's exports; the record is known by its number, and has to have been delivered later;
--   one that has no number is settled by a later file of the same name (dq.replaced_delivery)
with
held as ( -- one row a record held back
    select
        quarantine.*,
        delivery.dataset,
        delivery.delivered_at
    from dq.quarantine as quarantine
    inner join ops.delivery as delivery on quarantine.delivery_id = delivery.delivery_id -- n:1
    where quarantine.line is not null
),

replaced as (select * from dq.replaced_delivery),

final as (
$settled
)

select * from final
""")

_OF_EXPORT = Template("""\
    select
        held.delivery_id,
        held.table_id,
        held.line
    from held
    inner join core."$export" as record -- n:1
        on
            held.content ->> $path = cast(record."$key" as varchar)
            and record.delivered_at > held.delivered_at
    where held.dataset = $name
    union all
    select
        held.delivery_id,
        held.table_id,
        held.line
    from held
    inner join replaced on held.delivery_id = replaced.delivery_id -- n:1
    where held.dataset = $name and held.content ->> $path is null""")

_NONE = """\
    select
        cast(null as varchar) as delivery_id,
        cast(null as varchar) as table_id,
        cast(null as bigint) as line
    where false"""


def settled_record(catalog: Catalog) -> str:
    """Return the SELECT of `dq.settled_record`: delivery_id, table_id, line of records that came again in order."""
    return _SETTLED.substitute(settled=stacked([_of(export) for export in catalog.exports.values()], _NONE))


def _of(export: Export) -> str:
    return _OF_EXPORT.substitute(
        export=export.export, key=export.key, path=literal(f"$.{export.key}"), name=literal(export.export)
    )
