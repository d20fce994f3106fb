-- mart.training_month
-- grain: county, prefecture or province, month in which the courses (学习培训) began
-- additivity: all columns add over units of one level and over months
-- hazards: sessions (期数) are those that records state; attendances are no distinct deputies
with
record as (select * from core.training),
calendar as (select * from ref.period where grain = 'month'),
org_unit as (select * from mart.org_unit),

held as ( -- summed up before the climb
    select
        county_code,
        strftime(held_on, '%Y-%m') as period,
        count(*) as courses,
        coalesce(sum(sessions), 0) as sessions,
        sum(attendees) as attendees
    from record
    group by county_code, strftime(held_on, '%Y-%m')
),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        held.period,
        cast(sum(held.courses) as bigint) as courses,
        cast(sum(held.sessions) as bigint) as sessions,
        cast(sum(held.attendees) as bigint) as attendees
    from held
    inner join calendar on held.period = calendar.period -- n:1
    inner join org_unit on held.county_code = org_unit.org_code -- n:m, the county and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, held.period
)

select * from final
