-- mart.step_days_month
-- grain: township, county, prefecture or province, month in which it began, export (case, suggestion), step
-- additivity: none; medians and percentiles come from the records themselves at each level
-- hazards: a record without the step is left out of it; the 90th percentile lies between two records by straight line:
--   at position 0.9 * (n - 1) counted from 0, each neighbour weighs by its nearness
with
step_days as (select * from mart.step_days),
org_unit as (select * from mart.org_unit),

sorted as (
    select
        org_unit.unit_code as org_code,
        step_days.export,
        step_days.period,
        step_days.step,
        list_sort(list(step_days.days)) as days,
        0.5 * (count(*) - 1) as middle,
        0.9 * (count(*) - 1) as ninth
    from step_days
    inner join org_unit on step_days.place_code = org_unit.org_code -- n:m
    group by org_unit.unit_code, step_days.export, step_days.period, step_days.step
),

final as ( -- places count from 0, lists from 1; the cast tells engines whose lists count from 0 too
    select
        org_code,
        export,
        period,
        step,
        cast(
            days[cast(floor(middle) as int) + 1] * (1 - middle + floor(middle))
            + days[cast(ceil(middle) as int) + 1] * (middle - floor(middle))
            as decimal(18, 4)
        ) as median_days,
        cast(
            days[cast(floor(ninth) as int) + 1] * (1 - ninth + floor(ninth))
            + days[cast(ceil(ninth) as int) + 1] * (ninth - floor(ninth))
            as decimal(18, 4)
        ) as p90_days
    from sorted
)

select * from final
