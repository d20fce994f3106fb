-- mart.township_quarter
-- grain: township, indicator, quarter
-- additivity: flows and stocks add over townships, flows also over quarters; rates never: add their parts
-- hazards: a township without a row is missing, not zero; n_reported says whether every month is there
with
told as (select * from mart.told_period where level = 'township' and grain = 'quarter'),

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
