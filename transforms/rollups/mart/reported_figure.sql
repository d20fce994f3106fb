-- mart.reported_figure
-- grain: township or county (its lone 合计, or its own line 县本级), indicator, period, basis (本期 or 本年累计), by form
-- additivity: adds over the tree as it stands, within one basis; flows of 本期 add over time, stocks and percents do not
-- hazards: 无 is 0 and a blank is nothing; 本年累计 (year_to_date) is labelled by the month it ends in; a lone 合计 (is_lone)
--   is left out where townships speak in another table; beside townships of its own table a county's line is a part of
--   the sum, and its percent nobody's but its own; two percents that fall to one unit (a merger) cannot be added; what
--   was split by shares may have decimals; units as they reported (~520304) have rows beside those of the tree
with
observation as (select * from mart.standing_figure),
org_place as (select * from mart.org_place),

spoken as ( -- one row a cell and unit that it counts for, with whether its table speaks of townships at all
    select
        observation.*,
        own.unit_code,
        own.unit_level,
        own.county_code as unit_county,
        own.home_code,
        own.weight,
        indicator.kind,
        report.is_complete,
        bool_or(own.unit_level = 'township')
            over (partition by observation.report_id, regexp_replace(observation.row_ref, ':[0-9]+$', '')) as is_split
    from observation
    inner join core.report as report on observation.report_id = report.report_id -- n:1
    inner join ref.indicator as indicator on observation.indicator_code = indicator.code -- n:1
    inner join org_place as own on observation.org_code = own.org_code -- n:m
    where own.scope in ('all', if(indicator.kind in ('flow', 'stock'), 'adds', 'stays'))
),

standing as (
    select
        *,
        bool_or(unit_level = 'township') over (partition by home_code, indicator_code, period, basis) as has_townships
    from spoken
    where is_current and value is not null
),

final as ( -- a merged unit adds up its old ones, a split one is apportioned
    select
        unit_code as org_code,
        unit_level as level,
        unit_county as county_code,
        indicator_code,
        period,
        grain,
        basis,
        not is_split as is_lone,
        cast(sum(value * weight) as decimal(18, 4)) as value,
        cast(sum(value_low * weight) as decimal(18, 4)) as value_low,
        cast(sum(value_high * weight) as decimal(18, 4)) as value_high,
        bool_and(is_complete) as is_complete
    from standing
    where unit_level = 'township' or (is_split and kind <> 'ratio') or not (is_split or has_townships)
    group by unit_code, unit_level, unit_county, indicator_code, period, grain, basis, is_split
    having count(*) = 1 or max(kind) <> 'ratio'
)

select * from final
