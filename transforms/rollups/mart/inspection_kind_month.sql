-- mart.inspection_kind_month
-- grain: county, prefecture or province, month, kind of supervision (监督活动)
-- additivity: counts add over units of one level, months and kinds; the share never
-- hazards: court hearings (庭审旁听) and budget warnings (预算预警) are kinds too, which the indicator inspections leaves out;
--   the share is of the findings of records that state both found and settled
with
record as (select * from core.inspection),
calendar as (select * from ref.period where grain = 'month'),
org_unit as (select * from mart.org_unit),

held as ( -- summed up before the climb
    select
        county_code,
        strftime(held_on, '%Y-%m') as period,
        inspection_kind,
        count(*) as activities,
        sum(participants) as participants,
        coalesce(sum(problems_found), 0) as problems_found,
        coalesce(sum(problems_settled), 0) as problems_settled,
        coalesce(sum(problems_found) filter (where problems_settled is not null), 0) as problems_followed,
        coalesce(sum(problems_settled) filter (where problems_found is not null), 0) as followed_settled
    from record
    group by county_code, strftime(held_on, '%Y-%m'), inspection_kind
),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        held.period,
        held.inspection_kind,
        cast(sum(held.activities) as bigint) as activities,
        cast(sum(held.participants) as bigint) as participants,
        cast(sum(held.problems_found) as bigint) as problems_found,
        cast(sum(held.problems_settled) as bigint) as problems_settled,
        cast(100.0 * sum(held.followed_settled) / nullif(sum(held.problems_followed), 0) as decimal(18, 4))
            as share_settled
    from held
    inner join calendar on held.period = calendar.period -- n:1
    inner join org_unit on held.county_code = org_unit.org_code -- n:m, the county and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, held.period, held.inspection_kind
)

select * from final
