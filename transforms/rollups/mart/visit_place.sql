-- mart.visit_place
-- grain: township (or county), month, station, deputy, level and kind of visit
-- additivity: visits, people and opinions add in every direction; stations and deputies must be counted anew
-- hazards: a deputy is known by the keyed hash of the name alone; a station of another county than the visit's gives no
--   township; a visit dated outside the calendar (0001, 1899) is left out
with
visit as (select * from core.station_visit),
station as (select * from core.station),
calendar as (select * from ref.period where grain = 'month'),

summed as (
    select
        station_code,
        county_code,
        strftime(visited_on, '%Y-%m') as period,
        deputy_key,
        deputy_level,
        coalesce(visit_kind, '未注明') as visit_kind,
        count(*) as visits,
        sum(people_received) as people_received,
        sum(opinions_taken) as opinions_taken
    from visit
    group by station_code, county_code, strftime(visited_on, '%Y-%m'), deputy_key, deputy_level, visit_kind
),

final as (
    select
        coalesce(own.township_code, summed.county_code) as place_code,
        summed.period,
        summed.station_code,
        summed.deputy_key,
        summed.deputy_level,
        summed.visit_kind,
        summed.visits,
        summed.people_received,
        summed.opinions_taken,
        if(named.station_code is null, summed.visits, 0) as dangling
    from summed
    inner join calendar on summed.period = calendar.period -- n:1
    left join station as own -- n:1
        on summed.station_code = own.station_code and summed.county_code = own.county_code
    left join station as named on summed.station_code = named.station_code -- n:1
)

select * from final
