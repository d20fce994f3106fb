-- mart.suggestion_days_month
-- grain: county, prefecture or province, month in which the suggestions were filed
-- additivity: none; medians and percentiles come from the suggestions themselves at each level
-- hazards: a suggestion without the step is left out of it; a unit of whose suggestions no step is done has no row
with
step_days_month as (select * from mart.step_days_month where export = 'suggestion'),

final as (
    select
        org_code,
        period,
        max(median_days) filter (where step = 'review') as median_days_review,
        max(p90_days) filter (where step = 'review') as p90_days_review,
        max(median_days) filter (where step = 'assign') as median_days_assign,
        max(p90_days) filter (where step = 'assign') as p90_days_assign,
        max(median_days) filter (where step = 'answer') as median_days_answer,
        max(p90_days) filter (where step = 'answer') as p90_days_answer,
        max(median_days) filter (where step = 'supervise') as median_days_supervise,
        max(p90_days) filter (where step = 'supervise') as p90_days_supervise,
        max(median_days) filter (where step = 'apply') as median_days_apply,
        max(p90_days) filter (where step = 'apply') as p90_days_apply,
        max(median_days) filter (where step = 'total') as median_days_total,
        max(p90_days) filter (where step = 'total') as p90_days_total
    from step_days_month
    group by org_code, period
)

select * from final
