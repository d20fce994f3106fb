-- mart.deputy_month
-- grain: deputy (by code), level of the deputy, county as the record names it, month
-- additivity: points, actions and accounts add in every direction; deputies must be counted anew
-- hazards: a record dated outside the calendar (0001, 1899) is left out; accounts are 述职
with
record as (select * from core.performance),
calendar as (select * from ref.period where grain = 'month'),

summed as (
    select
        deputy_code,
        deputy_level,
        county_code,
        strftime(acted_on, '%Y-%m') as period,
        sum(points) as points,
        count(*) as actions,
        count(*) filter (where action_kind = '述职') as accounts
    from record
    group by deputy_code, deputy_level, county_code, strftime(acted_on, '%Y-%m')
),

final as (
    select
        summed.deputy_code,
        summed.deputy_level,
        summed.county_code,
        summed.period,
        calendar.year,
        summed.points,
        summed.actions,
        summed.accounts
    from summed
    inner join calendar on summed.period = calendar.period -- n:1
)

select * from final
