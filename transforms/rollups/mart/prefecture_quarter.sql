-- mart.prefecture_quarter
-- grain: prefecture, indicator, quarter
-- additivity: flows and stocks add over prefectures, flows also over quarters; rates never: add their parts
-- hazards: n_reported of n_expected counts counties; a county without a row is missing, not zero
with
told as (select * from mart.told_period where level = 'prefecture' and grain = 'quarter'),

final as (
    select
        org_code,
        org_name,
        indicator_code,
        indicator_name,
        unit,
        period,
        value,
        value_low,
        value_high,
        source,
        records_value,
        numerator,
        denominator,
        n_reported,
        n_expected,
        is_final,
        missing,
        explanation,
        rounded_share
    from told
)

select * from final
