-- mart.own_period
-- grain: township or county, indicator, period (month, quarter or year): one figure, by forms and records
-- additivity: values and parts add over the tree within one level and grain; rates and distinct counts never add
-- hazards: a year's own form stands over its quarters unless it is incomplete and they are whole; 本年累计 stands over
--   parts that know less; a bare percent stands only where no rate can be rebuilt; records that know no more than the
--   year stand before parts that do not make it whole; distinct counts are of mart.distinct_unit, maybe as bounds only
with
candidate as ( -- one row a unit, indicator, period, preference; months and quarters are chosen already
    select * from mart.unit_month
    union all
    select * from mart.unit_quarter
    union all
    select * from mart.year_so_far
    union all
    select * from mart.year_of_quarters
    union all
    select * from mart.unit_figure
    where grain = 'year' and kind <> 'distinct'
    union all
    select * from mart.distinct_unit
),

ranked as (
    select
        *,
        row_number() over (partition by org_code, indicator_code, period order by preference) as place,
        max(records_value) over (partition by org_code, indicator_code, period) as value_of_records
    from candidate
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        period,
        grain,
        source,
        value,
        value_low,
        value_high,
        value_rounded,
        value_of_records as records_value,
        numerator,
        denominator,
        n_reported,
        n_expected,
        is_whole,
        is_final
    from ranked
    where place = 1
)

select * from final
