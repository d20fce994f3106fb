-- dq.answer
-- grain: answer to a finding or question: an explanation (核实说明) of a rule, or of one message of an incident
-- additivity: none
-- hazards: what is empty answers all; an incident's explanation answers what it held when it was given, and nothing
--   that came later, until it expires by the newest day that the warehouse knows of, or is returned
with
explanation as (select * from mart.explanation where is_in_force and rule is not null),
event as (select * from dq.incident_event),
known_day as (select * from mart.known_day),

given as ( -- one row a thing that an explained incident held
    select
        event.period,
        unnest(from_json(
            event.members, '[{"unit": "VARCHAR", "org_code": "VARCHAR", "place": "VARCHAR", "message": "VARCHAR"}]'
        )) as held
    from event
    cross join known_day -- n:1
    where
        event.kind = 'explained'
        and coalesce(known_day.known_on <= event.expires_on, true)
        and not exists (
            select 1
            from event as later
            where
                later.incident_id = event.incident_id
                and later.sequence > event.sequence
                and later.kind = 'returned'
        )
),

final as (
    select
        org_code,
        period,
        rule,
        indicator_code,
        null as message
    from explanation
    union
    select
        held.org_code,
        period,
        null as rule,
        null as indicator_code,
        held.message
    from given
)

select * from final
