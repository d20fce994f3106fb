-- mart.case_days_month
-- grain: township, county, prefecture or province, month in which the cases were opened
-- additivity: none; medians and percentiles come from the cases themselves at each level
-- hazards: a case without the step is left out of it; a unit of whose cases no step is done has no row
with
step_days_month as (select * from mart.step_days_month where export = 'case'),

final as (
    select
        org_code,
        period,
        max(median_days) filter (where step = 'accept') as median_days_accept,
        max(p90_days) filter (where step = 'accept') as p90_days_accept,
        max(median_days) filter (where step = 'assign') as median_days_assign,
        max(p90_days) filter (where step = 'assign') as p90_days_assign,
        max(median_days) filter (where step = 'handle') as median_days_handle,
        max(p90_days) filter (where step = 'handle') as p90_days_handle,
        max(median_days) filter (where step = 'total') as median_days_total,
        max(p90_days) filter (where step = 'total') as p90_days_total
    from step_days_month
    group by org_code, period
)

select * from final
