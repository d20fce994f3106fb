-- mart.suggestion_clock
-- grain: suggestion (代表建议), with its county and the days of each step (提、审、交、办、督、用)
-- additivity: suggestions add over places and months; days do not
-- hazards: follow-up (督) runs beside the answer, so its days count from assignment; a suggestion is overdue when it was
--   not answered within suggestion_due_days of assignment, an open one by the latest day that any suggestion speaks of;
--   one that nobody was assigned is not; one filed outside the calendar (0001, 1899) is left out; a step that ends
--   before it began has no days (below 0 all are -1, and that is empty)
with
record as (select * from core.suggestion),
calendar as (select * from ref.period where grain = 'month'),
due as (select cast(value as int) as due_days from ref.parameter where name = 'suggestion_due_days'),

clock as ( -- one row: the latest day that any suggestion speaks of
    select
        greatest(
            max(filed_on), max(reviewed_on), max(assigned_on), max(answered_on), max(supervised_on), max(applied_on)
        ) as spoken_on
    from record
),

final as (
    select
        record.suggestion_code,
        record.county_code as place_code,
        calendar.period,
        record.reviewed_on,
        record.assigned_on,
        record.answered_on,
        record.supervised_on,
        record.applied_on,
        record.result,
        record.deputy_grade,
        record.is_key,
        record.bundle_code,
        nullif(greatest(date_diff('day', record.filed_on, record.reviewed_on), -1), -1) as days_review,
        nullif(greatest(date_diff('day', record.reviewed_on, record.assigned_on), -1), -1) as days_assign,
        nullif(greatest(date_diff('day', record.assigned_on, record.answered_on), -1), -1) as days_answer,
        nullif(greatest(date_diff('day', record.assigned_on, record.supervised_on), -1), -1) as days_supervise,
        nullif(greatest(date_diff('day', record.answered_on, record.applied_on), -1), -1) as days_apply,
        nullif(greatest(date_diff('day', record.filed_on, record.answered_on), -1), -1) as days_total,
        coalesce(
            date_diff('day', record.assigned_on, coalesce(record.answered_on, clock.spoken_on)) > due.due_days, false
        ) as is_overdue
    from record
    inner join calendar on strftime(record.filed_on, '%Y-%m') = calendar.period -- n:1
    cross join due -- one row
    cross join clock -- one row
)

select * from final
