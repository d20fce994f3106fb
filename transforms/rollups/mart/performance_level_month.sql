-- mart.performance_level_month
-- grain: county, prefecture or province, month, level of the deputies (全国, 省, 市, 县, 乡)
-- additivity: points, actions and accounts add over units of one level, months and levels of deputies; deputies never
-- hazards: deputies are counted anew for every row, for somebody active in two counties is one deputy
with
deputy_month as (select * from mart.deputy_month),
org_unit as (select * from mart.org_unit),
unit as (select * from mart.org_unit where org_code = unit_code),

present as ( -- one row a unit and deputy active in it: counting these is quicker than counting different ones
    select
        org_unit.unit_code,
        deputy_month.period,
        deputy_month.deputy_level,
        deputy_month.deputy_code,
        sum(deputy_month.points) as points,
        sum(deputy_month.actions) as actions,
        sum(deputy_month.accounts) as accounts
    from deputy_month
    inner join org_unit on deputy_month.county_code = org_unit.org_code -- n:m, the county and all above it
    group by org_unit.unit_code, deputy_month.period, deputy_month.deputy_level, deputy_month.deputy_code
),

final as (
    select
        unit.unit_code as org_code,
        unit.unit_name as org_name,
        unit.unit_level as level,
        present.period,
        present.deputy_level,
        cast(sum(present.points) as decimal(18, 4)) as points,
        cast(sum(present.actions) as bigint) as actions,
        cast(sum(present.accounts) as bigint) as accounts,
        count(present.deputy_code) as active_deputies,
        count(*) filter (where present.accounts > 0) as deputies_reporting
    from present
    inner join unit on present.unit_code = unit.unit_code -- n:1
    group by unit.unit_code, unit.unit_name, unit.unit_level, present.period, present.deputy_level
)

select * from final
