"""Turn the catalog's exports into the one SELECT of `mart.coverage`: what each system has brought (各系统数据覆盖情况).

Refuses to know any export by name: a new one appears by being in the catalog.
"""

from __future__ import annotations

from string import Template

from catalog import Catalog, Column, Export
from transforms.measures import literal

TABLE = "mart.coverage"

_STATEMENT = Template("""\
-- mart.coverage
-- grain: export, and with it the system that it comes from
-- additivity: records, files, quarantined and dangling add over exports; indicators may be fed by several
-- hazards: made from the catalog's exports; an export without records has a row too; dates are those that measures go
--   by, inside the calendar; a year counts from its first to its last day
with
export as (select * from ref.export),
delivery as (select * from ops.delivery),

reach as ( -- one row: what the calendar knows
    select
        min(start_date) as first_day,
        max(end_date) as last_day
    from ref.period
),

counted as ( -- one row an export
$counted
),

file as (
    select
        dataset,
        count(*) filter (where status in ('loaded', 'partly_loaded')) as files,
        sum(rows_quarantined) as quarantined
    from delivery
    group by dataset
),

fed as ( -- one row an export and indicator, rates among them, that is counted from its records
$fed
),

known as ( -- one row an export: those of them that any county or township has a figure for
    select
        fed.fed_by,
        count(distinct fed.indicator_code) as indicators
    from fed
    inner join mart.unit_period as unit_period on fed.indicator_code = unit_period.indicator_code -- 1:n
    where unit_period.value is not null
    group by fed.fed_by
),

final as (
    select
        export.system,
        export.name_zh as name,
        export.export,
        coalesce(counted.records, 0) as records,
        coalesce(file.files, 0) as files,
        cast(coalesce(file.quarantined, 0) as bigint) as quarantined,
        coalesce(known.indicators, 0) as indicators,
        counted.first_date,
        counted.last_date,
        coalesce(counted.dangling, 0) as dangling
    from export
    left join counted on export.export = counted.export -- 1:1
    left join file on export.export = file.dataset -- 1:1
    left join known on export.export = known.fed_by -- 1:1
)

select * from final
""")

_EXPORT = Template("""\
    select
        $name as export,
        count(*) as records,
        $first as first_date,
        $last as last_date,
        $dangling as dangling
    from core."$export" as record
    cross join reach -- one row$targets""")

_TARGET = Template("""
    left join core."$target" as $alias on record.$column = $alias.$key -- n:1""")

_FED = Template("    select $export as fed_by, $code as indicator_code")

_NO_DATE = "cast(null as date)"


def coverage(catalog: Catalog) -> str:
    """Return the SELECT of `mart.coverage`: one row an export, in whatever number the catalog has them.

    Columns: system, name, export, records, files, quarantined, indicators, first_date, last_date, dangling (references
    that name no record). It reads `core.<export>`, `ref.export`, `ref.period`, `ops.delivery` and `mart.unit_period`.
    """
    return _STATEMENT.substitute(
        counted="\n    union all\n".join(_export(export, catalog) for export in catalog.exports.values()),
        fed="\n    union all\n".join(_FED.substitute(export=literal(e), code=literal(c)) for e, c in fed(catalog)),
    )


def fed(catalog: Catalog) -> list[tuple[str, str]]:
    """List export and indicator, rates among them, for all that is counted from an export's records."""
    pairs = []
    for export in catalog.exports.values():
        own = {measure.indicator for measure in export.measures}
        rates = {code for code, indicator in catalog.indicators.items() if indicator.denominator in own}
        told = sorted(code for code in own | rates if not catalog.indicators[code].is_part)
        pairs += [(export.export, code) for code in told]
    return pairs


def _export(export: Export, catalog: Catalog) -> str:
    references = [column for column in export.stored_columns if column.references]
    dated = [export.column(name) for name in dict.fromkeys(m.when or m.opened or "" for m in export.measures)]
    return _EXPORT.substitute(
        name=literal(export.export),
        export=export.export,
        first=_outermost("least", [_extreme("min", column, "01-01") for column in dated]),
        last=_outermost("greatest", [_extreme("max", column, "12-31") for column in dated]),
        dangling=" + ".join(_dangling(column, catalog) for column in references) or "0",
        targets="".join(_target(column, catalog) for column in references),
    )


def _outermost(function: str, dates: list[str]) -> str:
    """Return the earliest or latest of some dates; an empty one never counts."""
    return f"{function}({', '.join(dates)})" if len(dates) > 1 else (dates or [_NO_DATE])[0]


def _extreme(function: str, column: Column, day: str) -> str:
    """Return the first or last day of a column that lies in the calendar; a year stands for its `day`."""
    year = f"concat(cast(record.{column.name} as varchar), '-{day}')"
    said = f"try_cast({year} as date)" if column.type == "year" else f"cast(record.{column.name} as date)"
    return f"{function}({said}) filter (where {said} between reach.first_day and reach.last_day)"


def _dangling(column: Column, catalog: Catalog) -> str:
    key = catalog.exports[column.references or ""].key
    return f"count(record.{column.name}) filter (where {_alias(column)}.{key} is null)"


def _target(column: Column, catalog: Catalog) -> str:
    target = catalog.exports[column.references or ""]
    return _TARGET.substitute(target=target.export, alias=_alias(column), column=column.name, key=target.key)


def _alias(column: Column) -> str:
    return f"named_by_{column.name}"
