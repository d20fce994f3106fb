-- mart.org_unit
-- grain: code ever in force (old ones too), the one unit of the tree it counts for as a whole, and every unit above
-- additivity: none; the ladder by which all other roll-ups climb the tree
-- hazards: an ended unit (遵义县) counts for its successor (播州区), and is not expected to report; one that was split counts
--   for itself (mart.org_place apportions its figures); a unit as it reported (~520304) climbs to its county only
with
org as (select * from ref.org),
reported as (select * from ref.org_reported),

ladder as (
    select
        known.code as org_code,
        known.is_on_tree as is_in_force,
        known.is_on_tree as is_expected,
        own.level as org_level,
        unit.code as unit_code,
        unit.name as unit_name,
        unit.level as unit_level
    from org as known
    inner join org as own on known.unit_code = own.code -- n:1
    inner join org as unit -- 1:n, the unit itself and those above it
        on
            unit.code in (own.code, own.county_code, own.prefecture_code)
            or unit.level = 'province'
    union
    select
        known.unit_code as org_code,
        false as is_in_force,
        known.is_in_force as is_expected,
        known.unit_level as org_level,
        unit.unit_code,
        unit.unit_name,
        unit.unit_level
    from reported as known
    inner join reported as unit on unit.unit_code in (known.unit_code, known.county_code) -- 1:n
),

counted as ( -- a township expects itself, a county its townships, a unit above its counties
    select
        *,
        case when unit_level in ('township', 'county') then 'township' else 'county' end as expected_level
    from ladder
),

final as (
    select
        org_code,
        org_level,
        is_in_force,
        unit_code,
        unit_name,
        unit_level,
        sum(case when is_expected and org_level = expected_level then 1 else 0 end)
            over (partition by unit_code) as n_expected
    from counted
)

select * from final
