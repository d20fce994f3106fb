-- mart.case_channel_month
-- grain: township, county, prefecture or province, month in which the cases were opened, category, channel (渠道)
-- additivity: counts add over units of one level, months, categories and channels; the share never
-- hazards: later steps count in the month of opening, so recent months still move; a category is what the system wrote
with
case_place as (select * from mart.case_place),
org_unit as (select * from mart.org_unit),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        case_place.period,
        case_place.category,
        case_place.channel,
        cast(sum(case_place.opened) as bigint) as opened,
        cast(sum(case_place.closed) as bigint) as closed,
        cast(100.0 * sum(case_place.closed) / sum(case_place.opened) as decimal(18, 4)) as share_closed,
        cast(sum(case_place.overdue) as bigint) as overdue,
        cast(sum(case_place.dissatisfied) as bigint) as dissatisfied
    from case_place
    inner join org_unit on case_place.place_code = org_unit.org_code -- n:m, the unit and all above it
    group by
        org_unit.unit_code,
        org_unit.unit_name,
        org_unit.unit_level,
        case_place.period,
        case_place.category,
        case_place.channel
)

select * from final
