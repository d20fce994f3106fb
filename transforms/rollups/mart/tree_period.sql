-- mart.tree_period
-- grain: prefecture or province, indicator, period (month, quarter or year)
-- additivity: values and parts add over units of one level and grain; rates and distinct counts never add
-- hazards: n_reported counts the counties whose figure covers the whole period; a distinct count has no value, only
--   bounds, where the form of a county tells of more people than its records
with
candidate as (
    select * from mart.prefecture_period
    union all
    select * from mart.province_period
    union all
    select * from mart.distinct_tree
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        period,
        grain,
        source,
        value,
        value_low,
        value_high,
        value_rounded,
        records_value,
        numerator,
        denominator,
        n_reported,
        n_expected,
        is_whole,
        is_final
    from candidate
)

select * from final
