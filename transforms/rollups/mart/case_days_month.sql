-- mart.case_days_month
-- grain: township, county, prefecture or province, month in which the cases were opened
-- additivity: none; medians and percentiles come from the cases themselves at each level
-- hazards: a case without the step is left out of it; the 90th percentile lies between two cases by straight line:
--   at position 0.9 * (n - 1) counted from 0, each neighbour weighs by its nearness
with
case_clock as (select * from mart.case_clock),
org_unit as (select * from mart.org_unit),

step as ( -- one row a case, unit it counts for, step
    select
        org_unit.unit_code as org_code,
        case_clock.period,
        taken.step,
        case taken.step
            when 'accept' then case_clock.days_accept
            when 'assign' then case_clock.days_assign
            when 'handle' then case_clock.days_handle
            when 'total' then case_clock.days_total
        end as days
    from case_clock
    inner join org_unit on case_clock.place_code = org_unit.org_code -- n:m
    cross join (values ('accept'), ('assign'), ('handle'), ('total')) as taken (step) -- four rows
),

ranked as (
    select
        *,
        row_number() over (partition by org_code, period, step order by days nulls last) - 1 as place,
        count(days) over (partition by org_code, period, step) - 1 as last_place
    from step
),

weighed as (
    select
        *,
        days * greatest(0, 1 - abs(place - 0.5 * last_place)) as median_share,
        days * greatest(0, 1 - abs(place - 0.9 * last_place)) as p90_share
    from ranked
),

final as (
    select
        org_code,
        period,
        cast(sum(median_share) filter (where step = 'accept') as decimal(18, 4)) as median_days_accept,
        cast(sum(p90_share) filter (where step = 'accept') as decimal(18, 4)) as p90_days_accept,
        cast(sum(median_share) filter (where step = 'assign') as decimal(18, 4)) as median_days_assign,
        cast(sum(p90_share) filter (where step = 'assign') as decimal(18, 4)) as p90_days_assign,
        cast(sum(median_share) filter (where step = 'handle') as decimal(18, 4)) as median_days_handle,
        cast(sum(p90_share) filter (where step = 'handle') as decimal(18, 4)) as p90_days_handle,
        cast(sum(median_share) filter (where step = 'total') as decimal(18, 4)) as median_days_total,
        cast(sum(p90_share) filter (where step = 'total') as decimal(18, 4)) as p90_days_total
    from weighed
    group by org_code, period
)

select * from final
