-- mart.org_place
-- grain: code of a township or county ever in force, unit that its figures count for
-- additivity: the weights of a code are together 1 for what adds (scope all, adds) and for what does not (all, stays),
--   not counting units as they reported
-- hazards: a unit that was split by shares has rows of scope `adds` for flows and stocks, and one of scope `stays` for
--   percents and people; `~` marks a unit as it reported: beside the tree, never to be added to it
with
org as (select * from ref.org where level in ('township', 'county')),
org_unit as (select * from mart.org_unit),
share as (select * from ref.org_share),
reported as (select * from ref.org_reported),

home as ( -- one row a code, with the county that it belonged to in its own time
    select
        org.code as org_code,
        case org.level when 'county' then org.series_code else above.series_code end as home_code
    from org
    inner join ref.org as above on org.parent_code = above.code -- n:1
),

placed as (
    select
        org.code as org_code,
        org.unit_code,
        cast(1 as decimal(9, 4)) as weight,
        case when org.code in (select share.org_code from share) then 'stays' else 'all' end as scope
    from org
    union all
    select
        org_code,
        unit_code,
        weight,
        'adds' as scope
    from share
    union all
    select
        org_code,
        unit_code,
        cast(1 as decimal(9, 4)) as weight,
        'all' as scope
    from reported
),

final as (
    select
        placed.org_code,
        placed.unit_code,
        county.org_level as unit_level,
        county.unit_code as county_code,
        home.home_code,
        placed.weight,
        placed.scope
    from placed
    inner join home on placed.org_code = home.org_code -- n:1
    inner join org_unit as county on placed.unit_code = county.org_code and county.unit_level = 'county' -- n:1
)

select * from final
