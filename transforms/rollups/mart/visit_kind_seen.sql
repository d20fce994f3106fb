-- mart.visit_kind_seen
-- grain: township, county, prefecture or province, month, level of the deputy, kind of visit (进站方式)
-- additivity: none; deputies and stations are counted anew for every row
-- hazards: made of one row a deputy and one row a station, because counting rows is much quicker than counting
--   different values where there are many groups
with
visit_place as (select * from mart.visit_place),
org_unit as (select * from mart.org_unit),

climbed as ( -- one row a unit, month, level, kind, deputy; and one with station in place of deputy
    select distinct
        org_unit.unit_code,
        visit_place.period,
        visit_place.deputy_level,
        visit_place.visit_kind,
        visit_place.deputy_key,
        null as station_code
    from visit_place
    inner join org_unit on visit_place.place_code = org_unit.org_code -- n:m
    union all
    select distinct
        org_unit.unit_code,
        visit_place.period,
        visit_place.deputy_level,
        visit_place.visit_kind,
        null as deputy_key,
        visit_place.station_code
    from visit_place
    inner join org_unit on visit_place.place_code = org_unit.org_code -- n:m
),

final as (
    select
        unit_code as org_code,
        period,
        deputy_level,
        visit_kind,
        count(deputy_key) as deputies_present,
        count(station_code) as stations_visited
    from climbed
    group by unit_code, period, deputy_level, visit_kind
)

select * from final
