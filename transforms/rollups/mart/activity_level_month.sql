-- mart.activity_level_month
-- grain: county, prefecture or province, month, level that held the activities (省, 市, 县, 乡)
-- additivity: all columns add over units of one level, months and levels of activities
-- hazards: a blank number of suggestions or matters counts nothing; level is the unit's, activity_level the activity's
with
record as (select * from core.activity),
calendar as (select * from ref.period where grain = 'month'),
org_unit as (select * from mart.org_unit),

held as ( -- summed up before the climb
    select
        county_code,
        strftime(held_on, '%Y-%m') as period,
        activity_level,
        count(*) as activities,
        sum(participants) as participants,
        coalesce(sum(suggestions_made), 0) as suggestions_made,
        coalesce(sum(matters_settled), 0) as matters_settled
    from record
    group by county_code, strftime(held_on, '%Y-%m'), activity_level
),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        held.period,
        held.activity_level,
        cast(sum(held.activities) as bigint) as activities,
        cast(sum(held.participants) as bigint) as participants,
        cast(sum(held.suggestions_made) as bigint) as suggestions_made,
        cast(sum(held.matters_settled) as bigint) as matters_settled
    from held
    inner join calendar on held.period = calendar.period -- n:1
    inner join org_unit on held.county_code = org_unit.org_code -- n:m, the county and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, held.period, held.activity_level
)

select * from final
