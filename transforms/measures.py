"""Turn the catalog's measures into the SELECTs that count indicators from records (由记录统计).

Two tables: `mart.recorded_figure` holds what adds up (flows and stocks), `mart.recorded_people` what never does
(distinct counts of people), counted anew for every unit and period. Refuses to know any export by name: tables, columns
and conditions come from `Export.measures`, whose identifiers the catalog has checked. Values of conditions are quoted
here; nothing else becomes part of a statement.
"""

from __future__ import annotations

from string import Template

from catalog import Catalog, Column, Export, Measure

FIGURES = "mart.recorded_figure"
PEOPLE = "mart.recorded_people"

_STATEMENT = Template("""\
-- mart.recorded_figure
-- grain: township (or county, for records of no known township), indicator, month (year, where records know no more)
-- additivity: adds over the tree as it stands; flows add over months, stocks do not
-- hazards: made from the catalog's measures; a record without the date it is counted by is not counted; a station of
--   another county than the record's gives no township; a stock of 0 is a unit whose last station has closed; a date
--   outside the calendar (0001, 1899) is a slip of the pen and counts for no period; units as they reported (~) beside
--   those of the tree; records of a split unit are apportioned, so counts may have decimals
with
calendar as (select * from ref.period),

$records,

dated as (
$flows
),

flow as (
    select
        dated.org_code,
        dated.indicator_code,
        dated.period,
        calendar.grain,
        dated.value
    from dated
    inner join calendar on dated.period = calendar.period -- n:1
),

spoken as ( -- every month that a flow record or a form's figure speaks of
    select period from flow
    union all
    select period from mart.form_month
),

reach as ( -- one row: the first and the last of those months
    select
        min(calendar.period) as first_month,
        max(calendar.period) as last_month
    from spoken
    inner join calendar on spoken.period = calendar.period and calendar.grain = 'month' -- n:1
),

active_month as ( -- one row a month from the first to the last
    select
        calendar.period,
        calendar.end_date
    from calendar
    inner join reach -- n:1
        on calendar.grain = 'month' and calendar.period between reach.first_month and reach.last_month
),

stock as (
$stocks
),

figure as (
    select * from flow
    union all
    select * from stock
),

final as ( -- a merged unit adds up its old ones; a split one is apportioned
    select
        own.unit_code as org_code,
        own.county_code,
        figure.indicator_code,
        figure.period,
        figure.grain,
        cast(sum(figure.value * own.weight) as decimal(18, 4)) as value
    from figure
    inner join mart.org_place as own on figure.org_code = own.org_code and own.scope in ('all', 'adds') -- n:m
    where figure.value is not null
    group by own.unit_code, own.county_code, figure.indicator_code, figure.period, figure.grain
)

select * from final
""")

_PEOPLE = Template("""\
-- mart.recorded_people
-- grain: township, county, prefecture or province, indicator, period (month, quarter or year): people in records
-- additivity: none; counted anew for every unit and period, for somebody active in two months or counties is one person
-- hazards: made from the catalog's measures with `distinct`; a record dated outside the calendar (0001, 1899) is
--   nobody's; n_reported counts the townships of a county, and the counties of a unit above, that any record names
with
calendar as (select * from ref.period),
org_unit as (select * from mart.org_unit),

$records,

dated as ( -- one row a place, indicator, month (or year), person
$people
),

span as ( -- one row a period and period that it lies in: itself, its quarter, its year
    select
        calendar.period as part,
        whole.period,
        whole.grain
    from calendar
    inner join calendar as whole -- 1:n
        on whole.period in (calendar.period, calendar.quarter, calendar.year)
),

active as ( -- one row a place, indicator, period, person
    select distinct
        dated.place_code,
        dated.indicator_code,
        span.period,
        span.grain,
        dated.person
    from dated
    inner join span on dated.period = span.part -- 1:n
),

final as (
    select
        unit.unit_code as org_code,
        unit.unit_level as level,
        active.indicator_code,
        active.period,
        active.grain,
        cast(count(distinct active.person) as decimal(18, 4)) as value,
        count(distinct case
            when unit.unit_level not in ('township', 'county') then county.unit_code
            when unit.org_level = 'township' then own.unit_code
        end) as n_reported,
        unit.n_expected
    from active
    inner join org_unit as unit on active.place_code = unit.org_code -- n:m, the unit and all above it
    inner join org_unit as own on active.place_code = own.org_code and own.org_level = own.unit_level -- n:1
    inner join org_unit as county on active.place_code = county.org_code and county.unit_level = 'county' -- n:1
    group by unit.unit_code, unit.unit_level, active.indicator_code, active.period, active.grain, unit.n_expected
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
        $period as period,
        $amount as value
    from $records
    where $condition
    group by place_code, $period""")

_PERSON = Template("""\
    select distinct
        place_code,
        $indicator as indicator_code,
        $period as period,
        cast($person as varchar) as person
    from $records
    where $condition""")

_STOCK = Template("""\
    select
        place_code as org_code,
        $indicator as indicator_code,
        active_month.period,
        'month' as grain,
        sum(case when $in_force then 1 else 0 end) as value
    from $records
    inner join active_month on $records.$opened <= active_month.end_date -- 1:n
    where $condition
    group by place_code, active_month.period""")

_NOTHING = "nothing as (select 1 as n where false)"
_NO_FLOW = """\
    select cast(null as varchar) as org_code, cast(null as varchar) as indicator_code,
        cast(null as varchar) as period, cast(null as decimal(18, 4)) as value
    where false"""
_NO_STOCK = _NO_FLOW.replace(" as period,", " as period, 'month' as grain,")
_NO_PERSON = """\
    select cast(null as varchar) as place_code, cast(null as varchar) as indicator_code,
        cast(null as varchar) as period, cast(null as varchar) as person
    where false"""


def recorded_figure(catalog: Catalog) -> str:
    """Return the SELECT of `mart.recorded_figure`: org_code, county_code, indicator_code, period, grain, value.

    It reads `core.<export>` of every export that has measures, `mart.form_month`, `ref.period` and `mart.org_place`.
    Raises ValueError when no export has a measure: there is nothing to count from.
    """
    measures = [(export, measure) for export in catalog.exports.values() for measure in export.measures]
    if not measures:
        raise ValueError("目录中没有任何导出声明统计口径（measures），请在 catalog/exports 中至少声明一个。")
    flows = [_flow(export, measure) for export, measure in measures if measure.when and not measure.distinct]
    stocks = [_stock(export, measure) for export, measure in measures if measure.opened]
    adding = [export for export in catalog.exports.values() if any(not m.distinct for m in export.measures)]
    return _STATEMENT.substitute(
        records=",\n\n".join(_records(export, catalog) for export in adding) or _NOTHING,
        flows=stacked(flows, _NO_FLOW),
        stocks=stacked(stocks, _NO_STOCK),
    )


def recorded_people(catalog: Catalog) -> str:
    """Return the SELECT of `mart.recorded_people`: the different people that records name, by unit, indicator, period.

    Columns: org_code, level, indicator_code, period, grain, value, n_reported, n_expected. It reads `core.<export>` of
    the exports with a measure that is `distinct`, `ref.period` and `mart.org_unit`; with no such measure it is empty.
    """
    counting = [export for export in catalog.exports.values() if any(m.distinct for m in export.measures)]
    people = [_person(export, measure) for export in counting for measure in export.measures if measure.distinct]
    return _PEOPLE.substitute(
        records=",\n\n".join(_records(export, catalog) for export in counting) or _NOTHING,
        people=stacked(people, _NO_PERSON),
    )


def stacked(selects: list[str], nothing: str) -> str:
    """Put SELECTs of the same columns together; `nothing` is one without rows, for when there are none."""
    return "\n    union all\n".join(selects or [nothing])


def _records(export: Export, catalog: Catalog) -> str:
    """Return the CTE that finds each record's place: its own township, its station's, else its county."""
    places = [f"record.{township.name}" for township in [township_of(export)] if township]
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
        places += [f"register.{township.name}" for township in [township_of(register)] if township]
    places.append(f"record.{export.place}")
    place = f"coalesce({', '.join(places)})" if len(places) > 1 else places[0]
    return _RECORDS.substitute(records=_cte(export), export=export.export, place=place, station=station)


def _flow(export: Export, measure: Measure) -> str:
    return _FLOW.substitute(
        indicator=literal(measure.indicator),
        period=_period(export, measure),
        amount=f"cast(sum({measure.sum}) as decimal(18, 4))" if measure.sum else "cast(count(*) as decimal(18, 4))",
        records=_cte(export),
        condition=_condition(measure, f"{measure.when} is not null"),
    )


def _person(export: Export, measure: Measure) -> str:
    return _PERSON.substitute(
        indicator=literal(measure.indicator),
        period=_period(export, measure),
        person=measure.distinct,
        records=_cte(export),
        condition=_condition(measure, f"{measure.when} is not null and {measure.distinct} is not null"),
    )


def _period(export: Export, measure: Measure) -> str:
    """Return the label of the period by which a record counts: a year where the system knows no more, else a month."""
    by_year = measure.when and export.column(measure.when).type == "year"
    return f"cast({measure.when} as varchar)" if by_year else f"strftime(cast({measure.when} as date), '%Y-%m')"


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


def township_of(export: Export) -> Column | None:
    """Return the column that holds a record's township, None where the export has none."""
    return next((column for column in export.columns if column.type == "township"), None)


def _cte(export: Export) -> str:
    return f"{export.export}_record"
