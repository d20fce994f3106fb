-- mart.step_days
-- grain: case (群众工单) or suggestion (代表建议), step of it that is done: its days
-- additivity: none; days serve medians and percentiles
-- hazards: a step that is not done has no row
with
case_step as (
    select
        'case' as export,
        record.place_code,
        record.period,
        taken.step,
        case taken.step
            when 'accept' then record.days_accept
            when 'assign' then record.days_assign
            when 'handle' then record.days_handle
            when 'total' then record.days_total
        end as days
    from mart.case_clock as record
    cross join (values ('accept'), ('assign'), ('handle'), ('total')) as taken (step) -- four rows
),

suggestion_step as (
    select
        'suggestion' as export,
        record.place_code,
        record.period,
        taken.step,
        case taken.step
            when 'review' then record.days_review
            when 'assign' then record.days_assign
            when 'answer' then record.days_answer
            when 'supervise' then record.days_supervise
            when 'apply' then record.days_apply
            when 'total' then record.days_total
        end as days
    from mart.suggestion_clock as record
    cross join ( -- 1:6
        values ('review'), ('assign'), ('answer'), ('supervise'), ('apply'), ('total')
    ) as taken (step)
),

stacked as (
    select * from case_step
    union all
    select * from suggestion_step
),

final as (
    select
        export,
        place_code,
        period,
        step,
        cast(days as decimal(18, 6)) as days
    from stacked
    where days is not null
)

select * from final
