-- mart.noted_explanation
-- grain: unit, rule and indicator that the explanation of an incident (问题单) answered
-- additivity: none
-- hazards: an explanation that was returned later is gone; said_on is the day in Guizhou
with
answer as (select * from dq.incident_answer where period is not null),
explained as (select * from dq.incident_event where kind = 'explained' and note is not null),
returned as (select * from dq.incident_event where kind = 'returned'),

final as (
    select distinct
        concat_ws('-', 'incident', answer.incident_id, answer.sequence) as explanation_id,
        answer.org_code,
        answer.indicator_code,
        answer.period,
        answer.rule,
        explained.note as text,
        explained.actor as who,
        cast(explained.happened_at + interval 8 hours as date) as said_on,
        answer.expires_on,
        'incident' as origin
    from answer
    inner join explained on answer.incident_id = explained.incident_id and answer.sequence = explained.sequence -- n:1
    left join returned on answer.incident_id = returned.incident_id and answer.sequence < returned.sequence -- n:m
    where returned.incident_id is null
)

select * from final
