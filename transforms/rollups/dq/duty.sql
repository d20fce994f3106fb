-- dq.duty
-- grain: duty (报送任务), unit that owes it, period from the duty's first to its last one or the end of the calendar
-- additivity: none; mart.reporting_rate counts what was due
-- hazards: knows no today: overdue is `missing` with due_date before the reader's day; an exception holds for what came
--   by its last day, and for what has not come while mart.known_day is not past that day, else the ordinary day counts;
--   what is waived and came by then is on time; dq.duty_period says what counts as a report, and when it came
with
granted as (select * from ref.duty_exception),
known_day as (select * from mart.known_day),

owed as (
    select
        owed.*,
        granted.exception_id,
        granted.reason as exception_reason,
        coalesce(granted.is_waived, false) as is_waived,
        coalesce(granted.due_date, owed.due_date) as last_day
    from dq.duty_period as owed
    cross join known_day -- one row
    left join granted -- n:1
        on
            owed.duty = granted.duty and owed.org_code = granted.org_code and owed.period = granted.period
            and coalesce(owed.reported_on, known_day.known_on, granted.expires_on) <= granted.expires_on
),

final as (
    select
        duty,
        form,
        org_code,
        org_name,
        prefecture_code,
        period,
        grain,
        period_end,
        last_day as due_date,
        cast(last_day - remind_days as date) as remind_on,
        case
            when reported_on <= last_day or (is_waived and reported_on is not null) then 'on_time'
            when reported_on is not null then 'late'
            else if(is_waived, 'waived', 'missing')
        end as state,
        reported_on,
        is_nil,
        exception_reason,
        is_resubmitted,
        exception_id
    from owed
)

select * from final
