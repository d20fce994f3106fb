-- mart.cumulative_period
-- grain: series of cumulative figures, period (month, quarter or year) whose first and last day it knows
-- additivity: flows of one series add over periods of one grain; grains overlap
-- hazards: the difference of two cumulative figures, from the start of counting that of one and 0; a period with no
--   figure at its end, or at the end of the one before, has no row; a falling figure gives a value below zero, and
--   that is not complete
with
cumulative_point as (select * from mart.cumulative_point),
calendar as (select * from ref.period),

closing as ( -- one row a point and period that ends with it
    select
        cumulative_point.*,
        calendar.period,
        calendar.grain,
        cast(calendar.start_date - interval 1 day as date) as day_before,
        coalesce(calendar.start_date = cumulative_point.start_date, false) as is_from_start
    from cumulative_point
    inner join calendar -- n:m
        on
            cumulative_point.end_date = calendar.end_date
            and coalesce(cumulative_point.start_date <= calendar.start_date, true)
),

final as (
    select
        closing.series,
        closing.org_code,
        closing.county_code,
        closing.indicator_code,
        closing.source,
        closing.basis,
        closing.scope,
        closing.period,
        closing.grain,
        closing.value - coalesce(opening.value, 0) as value,
        closing.value_low - coalesce(opening.value_high, 0) as value_low,
        closing.value_high - coalesce(opening.value_low, 0) as value_high,
        closing.is_complete
        and coalesce(opening.is_complete, true)
        and closing.value >= coalesce(opening.value, 0) as is_complete,
        closing.row_ref
    from closing
    left join cumulative_point as opening -- 1:1
        on closing.series = opening.series and closing.day_before = opening.end_date
    where closing.is_from_start or opening.series is not null
)

select * from final
