-- dq.said_still
-- grain: unit, period, rule and hash of what a finding in force or a question says of them
-- additivity: none
-- hazards: explained or not; findings of reports that were replaced are not told; the hash is what explanations of
--   workbooks carry (asked)
with
placed as (
    select * from dq.placed_finding where coalesce(is_current, true) and status not in ('superseded', 'duplicate')
),

question as (select * from dq.question),
org_unit as (select * from mart.org_unit where org_level = unit_level),

said as (
    select
        unit_code as org_code,
        period,
        rule,
        message
    from placed
    union
    select
        org_code,
        period,
        rule,
        message
    from question
),

final as (
    select distinct
        coalesce(org_unit.unit_code, said.org_code) as org_code,
        said.period,
        said.rule,
        left(sha256(said.message), 16) as asked
    from said
    left join org_unit on said.org_code = org_unit.org_code -- n:1
)

select * from final
