-- dq.incident
-- grain: incident (问题单)
-- additivity: incidents count; hours never add
-- hazards: what it holds is as of its last event; resolved_at and hours_to_fix (from its last opening, reopening or
--   return) are empty while it is not resolved; times are UTC
with
event as (select * from dq.incident_event),
org as (select * from ref.org),

told as ( -- one row an incident
    select
        event.incident_id,
        max(event.sequence) as last,
        max(event.sequence) filter (where event.note is not null) as noted,
        min(event.happened_at) as opened_at,
        max(event.happened_at) filter (where event.kind in ('opened', 'reopened', 'returned')) as since,
        max(event.happened_at) filter (where event.kind = 'acknowledged') as acknowledged_at,
        count(*) filter (where event.kind = 'reopened') as n_reopened
    from event
    group by event.incident_id
),

final as (
    select
        told.incident_id,
        newest.org_code,
        org.name as org_name,
        org.level,
        newest.cause,
        newest.root_cause,
        newest.state,
        newest.title,
        newest.period,
        newest.system,
        newest.rule,
        newest.indicator_code,
        newest.file,
        newest.is_must_fix,
        newest.n_findings,
        newest.members,
        newest.owner,
        told.opened_at,
        told.acknowledged_at,
        case when newest.state = 'resolved' then newest.happened_at end as resolved_at,
        case
            when newest.state = 'resolved'
                then cast(date_diff('second', told.since, newest.happened_at) / 3600.0 as decimal(18, 4))
        end as hours_to_fix,
        told.n_reopened,
        newest.due_on,
        spoken.note
    from told
    inner join event as newest on told.incident_id = newest.incident_id and told.last = newest.sequence -- 1:1
    inner join org on newest.org_code = org.code -- n:1
    left join event as spoken on told.incident_id = spoken.incident_id and told.noted = spoken.sequence -- 1:1
)

select * from final
