-- dq.answer
-- grain: answer in force to a finding or question: an explanation (核实说明) of a rule, or of one message of an incident
-- additivity: none
-- hazards: an empty indicator, message and asked (hash of a message) answer all; an incident's explanation
--   answers what it held when it was given, and nothing that came later, until it expires by the
--   newest day that the warehouse knows of, or is returned
with
explanation as (select * from mart.explanation where is_in_force and rule is not null and origin <> 'incident'),
answer as (select * from dq.incident_answer),
returned as (select * from dq.incident_event where kind = 'returned'),
known_day as (select * from mart.known_day),

given as (
    select answer.*
    from answer
    cross join known_day -- n:1
    where
        coalesce(known_day.known_on <= answer.expires_on, true)
        and not exists (
            select 1
            from returned
            where returned.incident_id = answer.incident_id and returned.sequence > answer.sequence
        )
),

final as (
    select
        org_code,
        period,
        rule,
        indicator_code,
        null as message,
        asked
    from explanation
    union
    select
        org_code,
        period,
        rule,
        indicator_code,
        message,
        null as asked
    from given
)

select * from final
