-- mart.station_month
-- grain: township, county, prefecture or province, month in use: stations at its end
-- additivity: counts add over units of one level; over months only opened and closed do; the share never
-- hazards: a unit whose last station has closed has a row of zeros and no share
with
station_stock as (select * from mart.station_stock),
org_unit as (select * from mart.org_unit),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        station_stock.period,
        cast(sum(station_stock.in_force) as bigint) as in_force,
        cast(sum(station_stock.stations) as bigint) as stations,
        cast(sum(station_stock.rooms) as bigint) as rooms,
        cast(sum(station_stock.points) as bigint) as points,
        cast(sum(station_stock.online_stations) as bigint) as online_stations,
        cast(sum(station_stock.legislative_points) as bigint) as legislative_points,
        cast(sum(station_stock.models) as bigint) as models,
        cast(sum(station_stock.starred) as bigint) as starred,
        cast(sum(station_stock.equipped) as bigint) as equipped,
        cast(100.0 * sum(station_stock.equipped) / nullif(sum(station_stock.in_force), 0) as decimal(18, 4))
            as share_equipped,
        cast(sum(station_stock.opened) as bigint) as opened,
        cast(sum(station_stock.closed) as bigint) as closed
    from station_stock
    inner join org_unit on station_stock.place_code = org_unit.org_code -- n:m, the unit and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, station_stock.period
)

select * from final
