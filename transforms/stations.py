"""Turn the catalog's exports into the SELECTs that say how many stations report at all (联络站报送面).

Two tables: `mart.station_share` has a row a unit and period, `mart.station_kept` names the indicators whose records are
kept at stations. Refuses to know any export by name: one counts when its `station` column names a registry's key.
"""

from __future__ import annotations

from string import Template

from catalog import Catalog, Export, Measure
from transforms.measures import literal, stacked, township_of

SHARE = "mart.station_share"
KEPT = "mart.station_kept"

_SHARE = Template("""\
-- mart.station_share
-- grain: township, county, prefecture or province in force, month, quarter or year that any record speaks of
-- additivity: n_stations and n_recording add over the units of one level; over time nothing does; share never adds
-- hazards: made from the catalog's exports; a station counts in every period on some day of which it is in force, and
--   as recording with any record of its own county in it, of whatever kind; share is empty where none is registered
with
calendar as (select * from ref.period),
org_unit as (select * from mart.org_unit),

reach as ( -- one row: the first and the last day that records speak of
    select
        min(calendar.start_date) as first_day,
        max(calendar.end_date) as last_day
    from mart.recorded_figure as figure
    inner join calendar on figure.period = calendar.period and calendar.grain = 'month' -- n:1
),

span as ( -- one row a month, quarter or year that touches it
    select
        calendar.period,
        calendar.grain,
        calendar.start_date,
        calendar.end_date
    from calendar
    inner join reach on calendar.start_date <= reach.last_day and calendar.end_date >= reach.first_day -- n:1
),

station as ( -- one row a station, with the township or county it counts for
$stations
),

seen as ( -- one row a station and month that it has a record of
$seen
),

lit as ( -- one row a station and month, quarter or year that it has a record of
    select distinct
        seen.register,
        seen.station_code,
        seen.county_code,
        span.period
    from seen
    inner join calendar on seen.month = calendar.period -- n:1
    inner join span on calendar.start_date >= span.start_date and calendar.end_date <= span.end_date -- n:3
),

placed as ( -- one row a place and period
    select
        station.place_code,
        span.period,
        count(*) as n_stations,
        count(lit.station_code) as n_recording
    from station
    inner join span -- n:m, the periods on some day of which it is in force
        on
            station.first_day <= span.end_date
            and (station.closed_day is null or station.closed_day > span.start_date)
    left join lit -- 1:1
        on
            station.register = lit.register
            and station.station_code = lit.station_code
            and station.county_code = lit.county_code
            and span.period = lit.period
    group by station.place_code, span.period
),

climbed as ( -- one row a unit and period with stations
    select
        org_unit.unit_code,
        placed.period,
        sum(placed.n_stations) as n_stations,
        sum(placed.n_recording) as n_recording
    from placed
    inner join org_unit on placed.place_code = org_unit.org_code -- n:m
    group by org_unit.unit_code, placed.period
),

final as (
    select
        unit.unit_code as org_code,
        unit.unit_level as level,
        span.period,
        span.grain,
        cast(coalesce(climbed.n_stations, 0) as bigint) as n_stations,
        cast(coalesce(climbed.n_recording, 0) as bigint) as n_recording,
        cast(1.0 * climbed.n_recording / nullif(climbed.n_stations, 0) as decimal(9, 4)) as share
    from org_unit as unit
    inner join span on unit.org_code = unit.unit_code and unit.is_in_force -- n:m
    left join climbed on unit.unit_code = climbed.unit_code and span.period = climbed.period -- 1:1
)

select * from final
""")

_STATION = Template("""\
    select
        $register as register,
        $key as station_code,
        $county as county_code,
        $place as place_code,
        $opened as first_day,
        $closed as closed_day
    from core."$table"
    where $opened is not null""")

_SEEN = Template("""\
    select distinct
        $register as register,
        $station as station_code,
        $county as county_code,
        strftime(cast($when as date), '%Y-%m') as month
    from core."$export"
    where $station is not null and $when is not null""")

_NO_STATION = """\
    select cast(null as varchar) as register, cast(null as varchar) as station_code,
        cast(null as varchar) as county_code, cast(null as varchar) as place_code,
        cast(null as date) as first_day, cast(null as date) as closed_day
    where false"""
_NO_RECORD = """\
    select cast(null as varchar) as register, cast(null as varchar) as station_code,
        cast(null as varchar) as county_code, cast(null as varchar) as month
    where false"""

_KEPT = Template("""\
-- mart.station_kept
-- grain: indicator that is counted from records kept at stations, rates among them
-- additivity: none
-- hazards: made from the catalog's exports; of these the records are a floor where some stations report nothing, while
--   registers of counties (代表建议, 专项资金 …) are taken to be whole
with
kept as (
$kept
),

final as (select distinct indicator_code from kept)

select * from final
""")
_NONE_KEPT = "    select cast(null as varchar) as indicator_code where false"


def station_share(catalog: Catalog) -> str:
    """Return the SELECT of `mart.station_share`: stations in force and those with any record, by unit and period.

    Columns: org_code, level, period, grain, n_stations, n_recording, share (0 to 1). It reads the registries and the
    exports whose `station` column refers to one, `mart.recorded_figure`, `mart.org_unit` and `ref.period`. A registry
    counts when a measure of it says from when to when a station is in force; with none the table has no stations.
    """
    kept = _kept(catalog)
    registers = {name: life for name in dict.fromkeys(map(_register, kept)) if (life := _life(catalog.exports[name]))}
    stations = [_station(catalog.exports[name], life) for name, life in registers.items()]
    seen = [_seen(export, when) for export in kept if _register(export) in registers for when in _dates(export)]
    return _SHARE.substitute(
        stations=stacked(stations, _NO_STATION),
        seen="\n    union\n".join(seen or [_NO_RECORD]),
    )


def station_kept(catalog: Catalog) -> str:
    """Return the SELECT of `mart.station_kept`: indicator_code of all that is counted from records of stations."""
    codes: set[str] = set()
    for export in _kept(catalog):
        own = {measure.indicator for measure in export.measures}
        codes |= own | {code for code, indicator in catalog.indicators.items() if indicator.denominator in own}
    rows = [f"    select {literal(code)} as indicator_code" for code in sorted(codes)]
    return _KEPT.substitute(kept=stacked(rows, _NONE_KEPT))


def _kept(catalog: Catalog) -> list[Export]:
    """List the exports whose records name the station that they were made at, in a registry of the catalog."""
    return [
        export for export in catalog.exports.values() if export.station and export.column(export.station).references
    ]


def _register(export: Export) -> str:
    return export.column(export.station or "").references or ""


def _life(register: Export) -> Measure | None:
    """Return the measure that says from when to when a station of the registry is in force."""
    return next((measure for measure in register.measures if measure.opened), None)


def _dates(export: Export) -> list[str]:
    """List the columns that hold a day by which a record counts."""
    named = dict.fromkeys(measure.when for measure in export.measures if measure.when)
    return [name for name in named if export.column(name).type in ("date", "datetime")]


def _station(register: Export, life: Measure) -> str:
    township = township_of(register)
    return _STATION.substitute(
        register=literal(register.export),
        table=register.export,
        key=register.key,
        county=register.place,
        place=f"coalesce({township.name}, {register.place})" if township else register.place,
        opened=f"cast({life.opened} as date)",
        closed=f"cast({life.closed} as date)" if life.closed else "cast(null as date)",
    )


def _seen(export: Export, when: str) -> str:
    return _SEEN.substitute(
        register=literal(_register(export)),
        station=export.station,
        county=export.place,
        when=when,
        export=export.export,
    )
