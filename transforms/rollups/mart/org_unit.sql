-- mart.org_unit
-- grain: code ever in force (old ones too), unit it counts for: itself or its successor, and every unit above that
-- additivity: none; the ladder by which all other roll-ups climb the tree
-- hazards: an ended unit (遵义县) counts for its successor (播州区), and is not expected to report
with
org as (select * from ref.org),

known as ( -- one row a code, old or new
    select
        code as org_code,
        coalesce(successor_code, code) as current_code,
        successor_code is null and valid_to is null as is_in_force
    from org
),

ladder as (
    select
        known.org_code,
        known.is_in_force,
        own.level as org_level,
        unit.code as unit_code,
        unit.name as unit_name,
        unit.level as unit_level
    from known
    inner join org as own on known.current_code = own.code -- n:1
    inner join org as unit -- 1:n, the unit itself and those above it
        on
            unit.code in (own.code, own.county_code, own.prefecture_code)
            or unit.level = 'province'
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
        sum(case when is_in_force and org_level = expected_level then 1 else 0 end)
            over (partition by unit_code) as n_expected
    from counted
)

select * from final
