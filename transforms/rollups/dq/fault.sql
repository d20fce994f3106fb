-- dq.fault
-- grain: root cause and rule: what asks somebody for something now, without any clock
-- additivity: n_findings adds
-- hazards: members are the first 20 as JSON; a unit that nobody knows is the province; an indicator is told
--   where there is one; that a report is late takes a day to say, and is not here: see dq.duty
with
asked as (select * from dq.asked_fault),
org_unit as (select * from mart.org_unit where org_level = unit_level),

final as (
    select
        asked.cause,
        asked.cause || '|' || asked.subject as root_cause,
        coalesce(org_unit.unit_code, asked.org_code, '520000') as org_code,
        asked.period,
        asked.system,
        asked.rule,
        case when count(distinct asked.indicator_code) = 1 then min(asked.indicator_code) end as indicator_code,
        max(asked.file) as file,
        asked.is_must_fix,
        count(*) as n_findings,
        cast(to_json(list(
            { 'unit': org_unit.unit_name, 'place': asked.place, 'message': asked.message }
            order by asked.place, asked.message
        )[1:20]) as varchar) as members
    from asked
    left join org_unit on asked.org_code = org_unit.org_code -- n:1
    group by
        asked.cause,
        asked.subject,
        coalesce(org_unit.unit_code, asked.org_code, '520000'),
        asked.period,
        asked.system,
        asked.rule,
        asked.is_must_fix
)

select * from final
