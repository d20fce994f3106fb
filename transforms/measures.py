"""Turn the catalog's measures into the one SELECT that counts indicators from records (由记录统计).

Refuses to know any export by name: tables, columns and conditions come from `Export.measures`, whose identifiers the
catalog has checked. Values of conditions are quoted here; nothing else becomes part of the statement.
"""

from __future__ import annotations

from string import Template

from catalog import Catalog, Column, Export, Measure

TABLE = "mart.recorded_figure"

_STATEMENT = Template("""\
-- mart.recorded_figure
-- grain: township (or county, for records of no known township), indicator, month: the station systems' records
-- additivity: adds over the tree as it stands; flows add over months, stocks do not
-- hazards: made from the catalog's measures; a record without the date it is counted by is not counted; a station of
--   another county than the record's gives no township; a stock of 0 is a unit whose last station has closed; a date
--   outside the calendar (0001, 1899) is a slip of the pen and counts for no month
with
calendar as (select * from ref.period where grain = 'month'),

$records,

dated as (
$flows
),

flow as (
    select dated.*
    from dated
    inner join calendar on dated.month = calendar.period -- n:1
),

spoken as ( -- every month that a flow record or a form's figure speaks of
    select month from flow
    union all
    select strftime(period_start, '%Y-%m') as month from core.observation where is_current and source = 'form'
    union all
    select strftime(period_end, '%Y-%m') as month from core.observation where is_current and source = 'form'
),

reach as ( -- one row: the first and the last of those months
    select
        min(calendar.period) as first_month,
        max(calendar.period) as last_month
    from spoken
    inner join calendar on spoken.month = calendar.period -- n:1
),

active_month as ( -- one row a month from the first to the last
    select
        calendar.period as month,
        calendar.end_date
    from calendar
    inner join reach -- n:1
        on calendar.period between reach.first_month and reach.last_month
),

stock as (
$stocks
),

figure as (
    select * from flow
    union all
    select * from stock
),

final as ( -- a merged unit adds up its old ones
    select
        own.unit_code as org_code,
        county.unit_code as county_code,
        figure.indicator_code,
        figure.month,
        cast(sum(figure.value) as decimal(18, 4)) as value
    from figure
    inner join mart.org_unit as own on figure.org_code = own.org_code and own.org_level = own.unit_level -- n:1
    inner join mart.org_unit as county on figure.org_code = county.org_code and county.unit_level = 'county' -- n:1
    where figure.value is not null
    group by own.unit_code, county.unit_code, figure.indicator_code, figure.month
)

select * from final
""")

_RECORDS = Template("""\
$records as ( -- one row a record, with the township or county it counts for
    select
        $place as place_code,
        record.*
    from core."$export" as record$station
)""")

_STATION = Template("""
    left join core."$register" as register -- n:1
        on record.$column = register.$key and record.$place = register.$register_place""")

_FLOW = Template("""\
    select
        place_code as org_code,
        $indicator as indicator_code,
        strftime(cast($when as date), '%Y-%m') as month,
        $amount as value
    from $records
    where $condition
    group by place_code, strftime(cast($when as date), '%Y-%m')""")

_STOCK = Template("""\
    select
        place_code as org_code,
        $indicator as indicator_code,
        active_month.month,
        sum(case when $in_force then 1 else 0 end) as value
    from $records
    inner join active_month on $records.$opened <= active_month.end_date -- 1:n
    where $condition
    group by place_code, active_month.month""")

_NO_FIGURE = """\
    select cast(null as varchar) as org_code, cast(null as varchar) as indicator_code,
        cast(null as varchar) as month, cast(null as decimal(18, 4)) as value
    where false"""


def recorded_figure(catalog: Catalog) -> str:
    """Return the SELECT of `mart.recorded_figure`: org_code, county_code, indicator_code, month, value.

    It reads `core.<export>` of every export that has measures, `core.observation`, `ref.period` and `mart.org_unit`.
    Raises ValueError when no export has a measure: there is nothing to count from.
    """
    exports = [export for export in catalog.exports.values() if export.measures]
    if not exports:
        raise ValueError("目录中没有任何导出声明统计口径（measures），请在 catalog/exports 中至少声明一个。")
    measures = [(export, measure) for export in exports for measure in export.measures]
    flows = [_flow(export, measure) for export, measure in measures if measure.when]
    stocks = [_stock(export, measure) for export, measure in measures if measure.opened]
    return _STATEMENT.substitute(
        records=",\n\n".join(_records(export, catalog) for export in exports),
        flows="\n    union all\n".join(flows or [_NO_FIGURE]),
        stocks="\n    union all\n".join(stocks or [_NO_FIGURE]),
    )


def _records(export: Export, catalog: Catalog) -> str:
    """Return the CTE that finds each record's place: its own township, its station's, else its county."""
    places = [f"record.{township.name}" for township in [_township(export)] if township]
    station = ""
    if export.station and (register_name := export.column(export.station).references):
        register = catalog.exports[register_name]
        station = _STATION.substitute(
            register=register.export,
            column=export.station,
            key=register.key,
            place=export.place,
            register_place=register.place,
        )
        places += [f"register.{township.name}" for township in [_township(register)] if township]
    places.append(f"record.{export.place}")
    place = f"coalesce({', '.join(places)})" if len(places) > 1 else places[0]
    return _RECORDS.substitute(records=_cte(export), export=export.export, place=place, station=station)


def _flow(export: Export, measure: Measure) -> str:
    return _FLOW.substitute(
        indicator=literal(measure.indicator),
        when=measure.when,
        amount=f"cast(sum({measure.sum}) as decimal(18, 4))" if measure.sum else "cast(count(*) as decimal(18, 4))",
        records=_cte(export),
        condition=_condition(measure, f"{measure.when} is not null"),
    )


def _stock(export: Export, measure: Measure) -> str:
    closed = f"{measure.closed} is null or {measure.closed} > active_month.end_date" if measure.closed else "true"
    return _STOCK.substitute(
        indicator=literal(measure.indicator),
        opened=measure.opened,
        in_force=closed,
        records=_cte(export),
        condition=_condition(measure, f"{measure.opened} is not null"),
    )


def _condition(measure: Measure, dated: str) -> str:
    parts = [dated]
    for column, values in measure.where.items():
        parts.append(f"{column} in ({', '.join(literal(value) for value in values)})")
    parts += [f"{column} is not null" for column in measure.present]
    return "\n        and ".join(parts)


def literal(value: str | bool) -> str:
    """Return `value` as an SQL literal.

    >>> literal("o'clock"), literal(True)
    ("'o''clock'", 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value.replace("'", "''") + "'"


def _township(export: Export) -> Column | None:
    return next((column for column in export.columns if column.type == "township"), None)


def _cte(export: Export) -> str:
    return f"{export.export}_record"
