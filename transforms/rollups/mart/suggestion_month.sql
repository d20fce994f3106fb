-- mart.suggestion_month
-- grain: county, prefecture or province, month in which the suggestions (代表建议) were filed
-- additivity: counts add over units of one level and over months, but for matters; shares, medians, percentiles never
-- hazards: later steps count in the month of filing, so recent months still move; follow-up counts from assignment
with
funnel as (select * from mart.suggestion_funnel_month),
step_days as (select * from mart.suggestion_days_month),

final as (
    select
        funnel.org_code,
        funnel.org_name,
        funnel.level,
        funnel.period,
        funnel.filed,
        funnel.reviewed,
        funnel.assigned,
        funnel.answered,
        funnel.supervised,
        funnel.applied,
        funnel.share_answered,
        funnel.class_a,
        funnel.class_b,
        funnel.class_c,
        funnel.class_d,
        funnel.graded,
        funnel.satisfied,
        funnel.share_satisfied,
        funnel.key_supervised,
        funnel.matters,
        funnel.bundled,
        funnel.overdue,
        funnel.share_overdue,
        step_days.median_days_review,
        step_days.p90_days_review,
        step_days.median_days_assign,
        step_days.p90_days_assign,
        step_days.median_days_answer,
        step_days.p90_days_answer,
        step_days.median_days_supervise,
        step_days.p90_days_supervise,
        step_days.median_days_apply,
        step_days.p90_days_apply,
        step_days.median_days_total,
        step_days.p90_days_total
    from funnel
    left join step_days on funnel.org_code = step_days.org_code and funnel.period = step_days.period -- 1:1
)

select * from final
