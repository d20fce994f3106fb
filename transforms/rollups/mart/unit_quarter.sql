-- mart.unit_quarter
-- grain: township or county, indicator, quarter: one figure, by its own form or put together from its months
-- additivity: flows add over time; values and parts add over the tree within one level; the value of a rate never adds
-- hazards: a quarter's own form stands over its months unless it is incomplete and they are whole, all by forms; a bare
--   percent stands only where no rate can be rebuilt from months
with
candidate as ( -- one row a unit, indicator, quarter, preference
    select * from mart.quarter_of_months
    union all
    select * from mart.unit_figure
    where grain = 'quarter' and kind <> 'distinct'
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
        preference,
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
