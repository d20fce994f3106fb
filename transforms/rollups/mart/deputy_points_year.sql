-- mart.deputy_points_year
-- grain: deputy (by code), level of the deputy, county, year
-- additivity: points, actions and accounts add over deputies, counties and years
-- hazards: a deputy active in two counties has two rows; the code stands for the deputy, no name is kept
with
deputy_month as (select * from mart.deputy_month),
org_unit as (select * from mart.org_unit where unit_level = 'county'),

final as (
    select
        deputy_month.deputy_code,
        deputy_month.deputy_level,
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        deputy_month.year as period,
        cast(sum(deputy_month.points) as decimal(18, 4)) as points,
        cast(sum(deputy_month.actions) as bigint) as actions,
        cast(sum(deputy_month.accounts) as bigint) as accounts
    from deputy_month
    inner join org_unit on deputy_month.county_code = org_unit.org_code -- n:1
    group by
        deputy_month.deputy_code, deputy_month.deputy_level, org_unit.unit_code, org_unit.unit_name, deputy_month.year
)

select * from final
