-- mart.report_figure
-- grain: report by form, township or county, flow or stock: what that one report says, whether it stands or not
-- additivity: adds over units of one level and report; versions of one report replace one another
-- hazards: a county's is the sum of the report's lines (its lone 合计, or townships and 县本级); a blank is nothing; a
--   declared correction counts while its cell is in force, a replaced cell is as it was reported
with
observation as (select * from mart.standing_figure where value is not null),
indicator as (select * from ref.indicator where kind in ('flow', 'stock')),
org_unit as (select * from mart.org_unit where unit_level in ('township', 'county')),
org_place as (select * from mart.org_place where scope in ('all', 'adds')),

final as (
    select
        observation.report_id,
        org_unit.unit_code as org_code,
        org_unit.unit_level as level,
        observation.indicator_code,
        indicator.kind,
        cast(sum(observation.value * org_place.weight) as decimal(18, 4)) as value
    from observation
    inner join indicator on observation.indicator_code = indicator.code -- n:1
    inner join org_place on observation.org_code = org_place.org_code -- n:m
    inner join org_unit on org_place.unit_code = org_unit.org_code -- n:2
    group by
        observation.report_id, org_unit.unit_code, org_unit.unit_level, observation.indicator_code, indicator.kind
)

select * from final
