-- mart.reported_figure
-- grain: township (or county, where only its 合计 came), indicator, period (a month, quarter or year), by the forms
-- additivity: adds over the tree as it stands; flows add over time, stocks and percents do not
-- hazards: 无 is 0 and a blank is nothing; 本年累计 (year_to_date) stays in core.observation; a county's own figure is
--   left out where any of its townships speaks; two percents that fall to one unit (a merger) cannot be added
with
observation as (select * from core.observation),
report as (select * from core.report),
indicator as (select * from ref.indicator),
org_unit as (select * from mart.org_unit),

spoken as ( -- one row a unit in force, indicator, period: a merged unit adds up its old ones
    select
        own.unit_code as org_code,
        own.unit_level as level,
        county.unit_code as county_code,
        observation.indicator_code,
        observation.period,
        observation.grain,
        sum(observation.value) as value,
        sum(observation.value_low) as value_low,
        sum(observation.value_high) as value_high,
        bool_and(report.is_complete) as is_complete
    from observation
    inner join report on observation.report_id = report.report_id -- n:1
    inner join indicator on observation.indicator_code = indicator.code -- n:1
    inner join org_unit as own -- n:1
        on observation.org_code = own.org_code and own.org_level = own.unit_level
    inner join org_unit as county -- n:1
        on observation.org_code = county.org_code and county.unit_level = 'county'
    where
        observation.is_current
        and observation.source = 'form'
        and observation.basis = 'period'
        and observation.value is not null
    group by
        own.unit_code,
        own.unit_level,
        county.unit_code,
        observation.indicator_code,
        observation.period,
        observation.grain
    having count(*) = 1 or max(indicator.kind) <> 'ratio'
),

final as (
    select
        *,
        bool_or(level = 'township') over (partition by county_code, indicator_code, period) as has_townships
    from spoken
)

select * from final
where level = 'township' or not has_townships
