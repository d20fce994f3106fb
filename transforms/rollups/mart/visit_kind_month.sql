-- mart.visit_kind_month
-- grain: township, county, prefecture or province, month, level of the deputy, kind of visit (进站方式)
-- additivity: visits, people and opinions add over units of one level, months and kinds; deputies and stations never
-- hazards: deputies and stations are counted anew for every row, for somebody present in two counties is one deputy;
--   a deputy is known by the keyed hash of the name, so namesakes are one
with
seen as (select * from mart.visit_kind_seen),
org_unit as (select * from mart.org_unit),

placed as ( -- summed up before the climb
    select
        place_code,
        period,
        deputy_level,
        visit_kind,
        sum(visits) as visits,
        sum(people_received) as people_received,
        sum(opinions_taken) as opinions_taken
    from mart.visit_place
    group by place_code, period, deputy_level, visit_kind
),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        placed.period,
        placed.deputy_level,
        placed.visit_kind,
        cast(sum(placed.visits) as bigint) as visits,
        min(seen.deputies_present) as deputies_present,
        cast(sum(placed.people_received) as bigint) as people_received,
        cast(sum(placed.opinions_taken) as bigint) as opinions_taken,
        min(seen.stations_visited) as stations_visited
    from placed
    inner join org_unit on placed.place_code = org_unit.org_code -- n:m, the unit and all above it
    inner join seen -- n:1
        on
            org_unit.unit_code = seen.org_code
            and placed.period = seen.period
            and placed.deputy_level = seen.deputy_level
            and placed.visit_kind = seen.visit_kind
    group by
        org_unit.unit_code,
        org_unit.unit_name,
        org_unit.unit_level,
        placed.period,
        placed.deputy_level,
        placed.visit_kind
)

select * from final
