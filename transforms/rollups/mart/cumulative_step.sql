-- mart.cumulative_step
-- grain: series of cumulative figures, figure: what came between it and the one before
-- additivity: the steps of one series add up to its last cumulative figure; series never add to one another
-- hazards: a step may span several months (is_gap): it is one figure for all of them and is not split; from_date is
--   empty where nobody states since when a first figure counts; a figure that fell makes a step below zero, which is a
--   revision or an error and is never cut off (is_decrease: even its interval lies below); intervals widen by and by
with
cumulative_point as (select * from mart.cumulative_point),

followed as (
    select
        *,
        lag(end_date) over (partition by series order by end_date) as previous_date,
        lag(value) over (partition by series order by end_date) as previous_value,
        lag(value_low) over (partition by series order by end_date) as previous_low,
        lag(value_high) over (partition by series order by end_date) as previous_high
    from cumulative_point
),

spanned as (
    select
        *,
        coalesce(cast(previous_date + interval 1 day as date), start_date) as from_date,
        value - coalesce(previous_value, 0) as step_value,
        value_low - coalesce(previous_high, 0) as step_low,
        value_high - coalesce(previous_low, 0) as step_high
    from followed
),

final as (
    select
        series,
        org_code,
        indicator_code,
        source,
        basis,
        scope,
        from_date,
        end_date as to_date,
        date_diff('month', date_trunc('month', from_date), date_trunc('month', end_date)) + 1 as n_months,
        value as cumulative_value,
        previous_value,
        step_value as value,
        step_low as value_low,
        step_high as value_high,
        from_date is null or date_trunc('month', from_date) <> date_trunc('month', end_date) as is_gap,
        step_high < 0 as is_decrease,
        row_ref
    from spanned
)

select * from final
