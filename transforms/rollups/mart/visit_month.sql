-- mart.visit_month
-- grain: township, county, prefecture or province, month of the visits (进站履职)
-- additivity: visits, people and opinions add over units of one level, over months; deputies and stations never
-- hazards: deputies and stations are counted anew for every row, for somebody present in two counties is one deputy;
--   a deputy is known by the keyed hash of the name, so namesakes are one; dangling visits name a
--   station that nobody registered
with
visit_place as (select * from mart.visit_place),
org_unit as (select * from mart.org_unit),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        visit_place.period,
        cast(sum(visit_place.visits) as bigint) as visits,
        count(distinct visit_place.deputy_key) as deputies_present,
        cast(sum(visit_place.people_received) as bigint) as people_received,
        cast(sum(visit_place.opinions_taken) as bigint) as opinions_taken,
        count(distinct visit_place.station_code) as stations_visited,
        cast(sum(visit_place.dangling) as bigint) as dangling
    from visit_place
    inner join org_unit on visit_place.place_code = org_unit.org_code -- n:m, the unit and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, visit_place.period
)

select * from final
