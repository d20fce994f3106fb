-- mart.county_month
-- grain: county, indicator, month
-- additivity: flows and stocks add over counties, flows also over months; rates never: add their parts
-- hazards: n_reported of n_expected counts townships; a county that gave its 合计 only has 0 of them
with
unit_period as (select * from mart.unit_period),
indicator as (select * from ref.indicator),
org as (select * from ref.org),

final as (
    select
        unit_period.org_code,
        org.name as org_name,
        unit_period.indicator_code,
        indicator.name_zh as indicator_name,
        indicator.unit,
        unit_period.period,
        unit_period.value,
        unit_period.value_low,
        unit_period.value_high,
        unit_period.source,
        unit_period.records_value,
        unit_period.numerator,
        unit_period.denominator,
        unit_period.n_reported,
        unit_period.n_expected,
        unit_period.is_final
    from unit_period
    inner join indicator on unit_period.indicator_code = indicator.code -- n:1
    inner join org on unit_period.org_code = org.code -- n:1
    where
        unit_period.level = 'county'
        and unit_period.grain = 'month'
        and not indicator.is_part
)

select * from final
