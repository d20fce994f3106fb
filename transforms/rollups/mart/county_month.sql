-- mart.county_month
-- grain: county, indicator, month
-- additivity: flows and stocks add over counties, flows also over months; rates never: add their parts
-- hazards: n_reported of n_expected counts townships; a county that gave its 合计 only has 0 of them
with
told as (select * from mart.told_period where level = 'county' and grain = 'month'),

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
