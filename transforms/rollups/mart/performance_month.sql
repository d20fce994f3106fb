-- mart.performance_month
-- grain: county, prefecture or province, month
-- additivity: points, actions and accounts add over units of one level and over months; deputies and shares never
-- hazards: deputies are counted anew for every row; deputies in office are those that forms report for the month
--   (indicator deputies), empty where none does; above counties the share and the inactive ones are empty unless every
--   county has reported its deputies; inactive ones are empty where more deputies act than are told of
with
deputy_month as (select * from mart.deputy_month),
org_unit as (select * from mart.org_unit),
unit as (select * from mart.org_unit where org_code = unit_code),
office as (select * from mart.scored_period where indicator_code = 'deputies' and grain = 'month'),

present as ( -- one row a unit and deputy active in it: counting these is quicker than counting different ones
    select
        org_unit.unit_code,
        deputy_month.period,
        deputy_month.deputy_code,
        sum(deputy_month.points) as points,
        sum(deputy_month.actions) as actions,
        sum(deputy_month.accounts) as accounts
    from deputy_month
    inner join org_unit on deputy_month.county_code = org_unit.org_code -- n:m, the county and all above it
    group by org_unit.unit_code, deputy_month.period, deputy_month.deputy_code
),

active as (
    select
        unit.unit_code as org_code,
        unit.unit_name as org_name,
        unit.unit_level as level,
        present.period,
        cast(sum(present.points) as decimal(18, 4)) as points,
        cast(sum(present.actions) as bigint) as actions,
        cast(sum(present.accounts) as bigint) as accounts,
        count(present.deputy_code) as active_deputies,
        count(*) filter (where present.accounts > 0) as deputies_reporting
    from present
    inner join unit on present.unit_code = unit.unit_code -- n:1
    group by unit.unit_code, unit.unit_name, unit.unit_level, present.period
),

final as (
    select
        active.*,
        office.value as deputies,
        cast(100.0 * active.active_deputies / nullif(told.value, 0) as decimal(18, 4)) as share_active,
        case when told.value >= active.active_deputies then told.value - active.active_deputies end as deputies_inactive
    from active
    left join office on active.org_code = office.org_code and active.period = office.period -- 1:1
    left join office as told -- 1:1, those that all counties of the unit have told
        on
            active.org_code = told.org_code and active.period = told.period
            and (told.level = 'county' or told.n_reported = told.n_expected)
)

select * from final
