-- mart.reported_figure
-- grain: township or county (its lone 合计, or its own line 县本级), indicator, period, basis (本期 or 本年累计), by form
-- additivity: adds over the tree as it stands, within one basis; flows of 本期 add over time, stocks and percents do not
-- hazards: 无 is 0 and a blank is nothing; 本年累计 (year_to_date) is labelled by the month it ends in; a lone 合计 (is_lone)
--   is left out where townships speak in another table; beside townships of its own table a county's line is a part of
--   the sum, and its percent nobody's but its own; two percents that fall to one unit (a merger) cannot be added
with
observation as (select * from mart.standing_figure),
report as (select * from core.report),
indicator as (select * from ref.indicator),
org_unit as (select * from mart.org_unit),

spoken as ( -- one row a cell, with the unit in force and whether its table speaks of townships at all
    select
        observation.*,
        own.unit_code,
        own.unit_level,
        county.unit_code as unit_county,
        indicator.kind,
        report.is_complete,
        bool_or(own.unit_level = 'township')
            over (partition by observation.report_id, regexp_replace(observation.row_ref, ':[0-9]+$', '')) as is_split
    from observation
    inner join report on observation.report_id = report.report_id -- n:1
    inner join indicator on observation.indicator_code = indicator.code -- n:1
    inner join org_unit as own on observation.org_code = own.org_code and own.org_level = own.unit_level -- n:1
    inner join org_unit as county on observation.org_code = county.org_code and county.unit_level = 'county' -- n:1
),

standing as (
    select
        *,
        bool_or(unit_level = 'township')
            over (partition by unit_county, indicator_code, period, basis) as has_townships
    from spoken
    where is_current and value is not null
),

final as ( -- a merged unit adds up its old ones
    select
        unit_code as org_code,
        unit_level as level,
        unit_county as county_code,
        indicator_code,
        period,
        grain,
        basis,
        not is_split as is_lone,
        sum(value) as value,
        sum(value_low) as value_low,
        sum(value_high) as value_high,
        bool_and(is_complete) as is_complete
    from standing
    where unit_level = 'township' or (is_split and kind <> 'ratio') or not (is_split or has_townships)
    group by unit_code, unit_level, unit_county, indicator_code, period, grain, basis, is_split
    having count(*) = 1 or max(kind) <> 'ratio'
)

select * from final
