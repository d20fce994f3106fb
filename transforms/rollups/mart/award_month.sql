-- mart.award_month
-- grain: county, prefecture or province, month in which awards were given and cases published (表彰与典型案例)
-- additivity: all columns add over units of one level and over months
-- hazards: a blank number of people counts nobody; the columns by level count awards (表彰), not model cases, and leave
--   out those without a level
with
record as (select * from core.award),
calendar as (select * from ref.period where grain = 'month'),
org_unit as (select * from mart.org_unit),

given as ( -- summed up before the climb
    select
        county_code,
        strftime(awarded_on, '%Y-%m') as period,
        count(*) filter (where award_kind = '表彰') as awards,
        coalesce(sum(people) filter (where award_kind = '表彰'), 0) as people_awarded,
        count(*) filter (where award_kind = '典型案例') as model_cases,
        count(*) filter (where award_kind = '表彰' and award_level = '全国') as awards_national,
        count(*) filter (where award_kind = '表彰' and award_level = '省') as awards_province,
        count(*) filter (where award_kind = '表彰' and award_level = '市') as awards_prefecture,
        count(*) filter (where award_kind = '表彰' and award_level = '县') as awards_county,
        count(*) filter (where award_kind = '表彰' and award_level = '乡') as awards_township
    from record
    group by county_code, strftime(awarded_on, '%Y-%m')
),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        given.period,
        cast(sum(given.awards) as bigint) as awards,
        cast(sum(given.people_awarded) as bigint) as people_awarded,
        cast(sum(given.model_cases) as bigint) as model_cases,
        cast(sum(given.awards_national) as bigint) as awards_national,
        cast(sum(given.awards_province) as bigint) as awards_province,
        cast(sum(given.awards_prefecture) as bigint) as awards_prefecture,
        cast(sum(given.awards_county) as bigint) as awards_county,
        cast(sum(given.awards_township) as bigint) as awards_township
    from given
    inner join calendar on given.period = calendar.period -- n:1
    inner join org_unit on given.county_code = org_unit.org_code -- n:m, the county and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, given.period
)

select * from final
