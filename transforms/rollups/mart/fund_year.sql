-- mart.fund_year
-- grain: county, prefecture or province, year of the fund for carrying out suggestions (专项资金)
-- additivity: projects, money and people add over units of one level and over years; suggestions never
-- hazards: suggestions are counted anew for every row; a project without a known suggestion names none, or one that is
--   not there (dangling); beneficiaries of two projects may be the same people; a year outside the calendar is left out
with
record as (select * from core.fund_project),
suggestion as (select * from core.suggestion),
calendar as (select * from ref.period where grain = 'year'),
org_unit as (select * from mart.org_unit),

paid as (
    select
        record.county_code,
        calendar.period,
        suggestion.suggestion_code,
        record.amount_wan,
        record.beneficiaries,
        record.suggestion_code is not null and suggestion.suggestion_code is null as is_dangling
    from record
    inner join calendar on cast(record.year as varchar) = calendar.period -- n:1
    left join suggestion on record.suggestion_code = suggestion.suggestion_code -- n:1
),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        paid.period,
        count(*) as projects,
        cast(sum(paid.amount_wan) as decimal(18, 4)) as amount_wan,
        cast(coalesce(sum(paid.beneficiaries), 0) as bigint) as beneficiaries,
        count(*) - count(paid.suggestion_code) as projects_unlinked,
        count(distinct paid.suggestion_code) as suggestions_funded,
        count(*) filter (where paid.is_dangling) as dangling
    from paid
    inner join org_unit on paid.county_code = org_unit.org_code -- n:m, the county and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, paid.period
)

select * from final
