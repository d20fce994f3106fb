-- mart.scored_period
-- grain: county, prefecture or province, indicator, period that any unit has a figure for, with its place in time
-- additivity: as mart.unit_period and mart.tree_period
-- hazards: a unit without a figure has a row too, without a value and with 0 reported; period_number counts the periods
--   of one grain without a gap, so that the one before is one less, and the same one last year n_per_year less; a
--   quarter or year is running that ends after the last month that any unit has a figure for
with
known as (
    select * from mart.unit_period
    where level = 'county'
    union all
    select * from mart.tree_period
),
indicator as (select * from ref.indicator where not is_part),
unit as (select * from mart.org_unit where org_code = unit_code and unit_level <> 'township' and is_in_force),
org as (select * from ref.org),

calendar as (
    select
        *,
        case grain when 'month' then 12 when 'quarter' then 4 else 1 end as n_per_year,
        row_number() over (partition by grain order by start_date) as period_number
    from ref.period
),

spoken as (select * from calendar where period in (select known.period from known)),
reach as (select max(end_date) as last_date from spoken where grain = 'month'),

final as (
    select
        unit.unit_code as org_code,
        unit.unit_name as org_name,
        unit.unit_level as level,
        org.prefecture_code,
        indicator.code as indicator_code,
        spoken.period,
        spoken.grain,
        spoken.period_number,
        spoken.n_per_year,
        coalesce(spoken.end_date > reach.last_date, false) as is_running,
        known.value,
        known.value_low,
        known.value_high,
        known.source,
        coalesce(known.n_reported, 0) as n_reported,
        unit.n_expected,
        coalesce(known.is_final, false) as is_final
    from unit
    inner join org on unit.unit_code = org.code -- 1:1
    cross join indicator -- n:m
    cross join spoken -- n:m
    cross join reach -- one row
    left join known -- 1:1
        on unit.unit_code = known.org_code and indicator.code = known.indicator_code and spoken.period = known.period
)

select * from final
