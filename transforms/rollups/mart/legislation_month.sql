-- mart.legislation_month
-- grain: township, county, prefecture or province, month in which opinions on drafts (立法意见) were given
-- additivity: opinions add over units of one level and over months; contact points, drafts and the share never
-- hazards: the share is of the opinions of records that state how many were adopted; contact points and drafts are
--   counted anew for every row; dangling records name a contact point that nobody registered
with
record as (select * from core.legislative_opinion),
station as (select * from core.station),
calendar as (select * from ref.period where grain = 'month'),
org_unit as (select * from mart.org_unit),

given as (
    select
        coalesce(own.township_code, record.county_code) as place_code,
        calendar.period,
        record.contact_point_code,
        record.draft_name,
        record.opinions,
        if(record.adopted is not null, record.opinions, null) as opinions_decided,
        record.adopted,
        record.contact_point_code is not null and named.station_code is null as is_dangling
    from record
    inner join calendar on strftime(record.given_on, '%Y-%m') = calendar.period -- n:1
    left join station as own -- n:1
        on record.contact_point_code = own.station_code and record.county_code = own.county_code
    left join station as named on record.contact_point_code = named.station_code -- n:1
),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        given.period,
        cast(sum(given.opinions) as bigint) as opinions,
        cast(coalesce(sum(given.opinions_decided), 0) as bigint) as opinions_decided,
        cast(coalesce(sum(given.adopted), 0) as bigint) as adopted,
        cast(100.0 * sum(given.adopted) / nullif(sum(given.opinions_decided), 0) as decimal(18, 4)) as share_adopted,
        count(distinct given.contact_point_code) as contact_points,
        count(distinct given.draft_name) as drafts,
        count(*) filter (where given.is_dangling) as dangling
    from given
    inner join org_unit on given.place_code = org_unit.org_code -- n:m, the unit and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, given.period
)

select * from final
