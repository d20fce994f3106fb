-- mart.unit_period
-- grain: township or county, indicator, period (month, quarter or year): one figure
-- additivity: values and parts add over the tree within one level and grain; the value of a rate never adds
-- hazards: grains overlap, so filter on grain; a quarter's or year's own form stands over the sum of its months,
--   but a bare percent does not stand over a rate rebuilt from months
with
candidate as ( -- one row a unit, indicator, period, preference
    select * from mart.unit_month
    union all
    select * from mart.unit_span
    union all
    select * from mart.unit_figure
    where grain <> 'month'
),

ranked as (
    select
        *,
        row_number() over (
            partition by org_code, indicator_code, period
            order by case when value is null and denominator is null then 4 else preference end
        ) as place,
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
