-- mart.compared_period
-- grain: township or county (any unit, for distinct counts by records), indicator, month, quarter or year, source
-- additivity: values and parts add over units of one level and source; rates and distinct counts never add
-- hazards: no source is chosen; a quarter or year is the source's own figure or all its months (quarters) put together,
--   never some of them; an own form that is incomplete yields to those
with
candidate as ( -- one row a unit, indicator, period, source, preference
    select * from mart.compared_own
    where value is not null
    union all
    select * from mart.compared_sum
    where value is not null
),

ranked as ( -- a month comes about in one way only
    select
        *,
        row_number() over (partition by org_code, indicator_code, period, source order by preference) as place
    from candidate
    where grain <> 'month'
    union all
    select
        *,
        1 as place
    from candidate
    where grain = 'month'
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
        numerator,
        denominator,
        n_reported,
        n_expected
    from ranked
    where place = 1
)

select * from final
