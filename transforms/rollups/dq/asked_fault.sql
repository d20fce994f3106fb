-- dq.asked_fault
-- grain: thing that asks somebody for something now, and what it is one of: a file, a question, a month sent
--   back
-- additivity: counts add
-- hazards: one file is one root cause, known by unit and period where both are told, so that the corrected file
--   is the same
with
finding as (select * from dq.standing_finding),
question as (select * from dq.standing_question),
decision as (select * from ops.month_decision),

final as (
    select
        'bad_file' as cause,
        coalesce(if(dataset = 'prose', 'prose|', 'form|') || org_code || '|' || period, file) as subject,
        org_code,
        period,
        system,
        rule,
        column_name as indicator_code,
        file,
        is_must_fix,
        cell as place,
        message
    from finding
    union all
    select
        'question' as cause,
        concat_ws('|', rule, org_code, period) as subject,
        org_code,
        period,
        null as system,
        rule,
        indicator_code,
        file,
        false as is_must_fix,
        null as place,
        message
    from question
    union all
    select
        'rejected_month' as cause,
        period as subject,
        '520000' as org_code,
        period,
        null as system,
        'month_rejected' as rule,
        null as indicator_code,
        null as file,
        true as is_must_fix,
        null as place,
        coalesce(arg_max(note, decided_at), '') as message
    from decision
    group by period
    having arg_max(decision, decided_at) = 'rejected'
)

select * from final
