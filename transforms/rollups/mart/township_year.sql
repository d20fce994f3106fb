-- mart.township_year
-- grain: township, indicator, year
-- additivity: flows and stocks add over townships, flows also over years; rates never: add their parts
-- hazards: a township without a row is missing, not zero; n_reported says whether every month is there
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
        unit_period.level = 'township'
        and unit_period.grain = 'year'
        and not indicator.is_part
)

select * from final
