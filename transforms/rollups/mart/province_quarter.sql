-- mart.province_quarter
-- grain: province, indicator, quarter
-- additivity: flows and stocks are sums over counties, flows also over quarters; rates never: add their parts
-- hazards: n_reported of n_expected counts counties; a county without a row is missing, not zero
with
tree_period as (select * from mart.tree_period),
indicator as (select * from ref.indicator),
org as (select * from ref.org),

final as (
    select
        tree_period.org_code,
        org.name as org_name,
        tree_period.indicator_code,
        indicator.name_zh as indicator_name,
        indicator.unit,
        tree_period.period,
        tree_period.value,
        tree_period.value_low,
        tree_period.value_high,
        tree_period.source,
        tree_period.records_value,
        tree_period.numerator,
        tree_period.denominator,
        tree_period.n_reported,
        tree_period.n_expected,
        tree_period.is_final
    from tree_period
    inner join indicator on tree_period.indicator_code = indicator.code -- n:1
    inner join org on tree_period.org_code = org.code -- n:1
    where
        tree_period.level = 'province'
        and tree_period.grain = 'quarter'
        and not indicator.is_part
)

select * from final
