-- dq.asked_fault
-- grain: thing that asks somebody for something: a finding, a question, a month sent back
-- additivity: counts add
-- hazards: a form or prose goes by its unit and period where both are told, so that the corrected one is the same root
--   cause; a span of time is none; exports go by their file
with
finding as (select * from dq.standing_finding),
question as (select * from dq.standing_question),
decision as (select * from ops.month_decision),

final as (
    select
        'bad_file' as cause,
        coalesce(
            if(dataset = 'prose', 'prose|', 'form|') || org_code || '|'
            || if(system is null and not contains(period, '/'), period, null),
            file
        ) as subject,
        org_code,
        unit_code,
        period,
        system,
        rule,
        column_name as indicator_code,
        file,
        is_must_fix,
        cell as place,
        message
    from finding
    union all by name
    select
        'question' as cause,
        concat_ws('|', rule, county_code, period) as subject,
        county_code as org_code,
        org_code as unit_code,
        period,
        rule,
        indicator_code,
        file,
        false as is_must_fix,
        message
    from question
    union all by name
    select
        'rejected_month' as cause,
        period as subject,
        '520000' as org_code,
        '520000' as unit_code,
        period,
        'month_rejected' as rule,
        true as is_must_fix,
        arg_max(coalesce(note, ''), sequence) as message
    from decision
    group by period
    having arg_max(decision, sequence) = 'rejected'
)

select * from final
