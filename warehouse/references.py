"""Find records that name a record of another export which is not, or not yet, in the warehouse.

Loses no row over it: the record stands, the finding is a warning, and it is gone once the other export names the code.
"""

from __future__ import annotations

import duckdb

from catalog import Catalog, Column, Export
from warehouse.statements import fill, quote, table, transaction
from warehouse.touched import touch

_CLEAR = "delete from dq.finding where rule = $rule and suite = $suite and column_name = $column_name"

_INSERT = r"""
insert into dq.finding by name
with
dangling as (
    select
        record.delivery_id,
        record.{column} as code,
        count(*) as records,
        arg_min(record.source_ref, coalesce(try_cast(regexp_extract(record.source_ref, '\d+$') as bigint), 0)) as cell
    from {source} as record
    where record.{column} is not null and record.{column} not in (select named.{key} from {target} as named)
    group by all
)

select
    dangling.delivery_id || '-' || $suite || '-' || $column_name || '-' || dangling.code as finding_id,
    dangling.delivery_id,
    delivery.file,
    dangling.cell,
    try_cast(regexp_extract(dangling.cell, '\d+$') as bigint) as line,
    $suite as suite,
    $rule as rule,
    'warning' as severity,
    'row' as scope,
    $column_name as column_name,
    $column_zh || dangling.code || '尚未在“' || $target_zh || '”中登记，涉及' || dangling.records
    || '条记录；记录已照常入库，补报登记后本提示自动消失。' as message
from dangling
inner join ops.delivery as delivery on dangling.delivery_id = delivery.delivery_id
order by finding_id
"""


def rule_name(target: str) -> str:
    """Name the expectation that codes of export `target` are registered.

    >>> rule_name("station")
    'ExpectStationToBeRegistered'
    """
    return f"Expect{''.join(part.capitalize() for part in target.split('_'))}ToBeRegistered"


def refresh_references(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> int:
    """Replace all findings about dangling references by those that hold now; return how many there are.

    One finding a delivery and code, for every export column with `references`; it names the code, the number of records
    and the first of them. All in one transaction.
    """
    with transaction(con):
        touch(con, ["dq.finding"])
        return sum(
            _refresh(con, export, column, catalog.exports[column.references])
            for export in catalog.exports.values()
            for column in export.stored_columns
            if column.references
        )


def _refresh(con: duckdb.DuckDBPyConnection, export: Export, column: Column, target: Export) -> int:
    names = {"rule": rule_name(target.export), "suite": export.export, "column_name": column.name}
    con.execute(_CLEAR, names)
    inserted = con.execute(
        fill(
            _INSERT,
            source=table("core", export.export),
            target=table("core", target.export),
            column=quote(column.name),
            key=quote(target.key),
        ),
        names | {"column_zh": column.zh, "target_zh": target.name_zh},
    ).fetchone()
    return int(inserted[0]) if inserted else 0
