-- mart.station_stock
-- grain: township (or county, where no township is known), month in use: stations at its end
-- additivity: counts add over the tree as they stand; over months only opened and closed do
-- hazards: a station counts from the day it opened to the day before it closed; one without an opening date is left
--   out; a blank of the 八有 checklist is not met; months in use are those that any record or form speaks of
with
station as (select * from core.station),
calendar as (select * from ref.period where grain = 'month'),

reach as ( -- one row: the first and the last month in use
    select
        min(period) as first_month,
        max(period) as last_month
    from mart.recorded_figure
    where grain = 'month'
),

dated as ( -- one row a station and month since it opened; kind is empty once it has closed
    select
        coalesce(station.township_code, station.county_code) as place_code,
        calendar.period,
        if(coalesce(station.closed_on > calendar.end_date, true), station.station_kind, null) as kind,
        station.is_model,
        station.stars,
        station.has_premises and station.has_equipment and station.has_staff and station.has_rules and station.has_plan
        and station.has_activities and station.has_records and station.has_safeguards as is_equipped,
        station.opened_on >= calendar.start_date as is_opening,
        station.closed_on between calendar.start_date and calendar.end_date as is_closing
    from station
    inner join calendar on station.opened_on <= calendar.end_date -- 1:n
    inner join reach on calendar.period between reach.first_month and reach.last_month -- n:1
),

final as (
    select
        place_code,
        period,
        count(kind) as in_force,
        count(*) filter (where kind = '联络站') as stations,
        count(*) filter (where kind = '联络室') as rooms,
        count(*) filter (where kind = '联络点') as points,
        count(*) filter (where kind = '网上联络站') as online_stations,
        count(*) filter (where kind = '立法联系点') as legislative_points,
        count(kind) filter (where is_model) as models,
        count(kind) filter (where stars is not null) as starred,
        count(kind) filter (where is_equipped) as equipped,
        count(*) filter (where is_opening) as opened,
        count(*) filter (where is_closing) as closed
    from dated
    group by place_code, period
)

select * from final
