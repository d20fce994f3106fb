-- mart.distinct_figure
-- grain: township, county, prefecture or province, distinct count (of people), period: its own form beside the records
-- additivity: none; the records count anew for every unit and period, a form is its unit's own word for its own period
-- hazards: value is the form's and empty where none speaks, records_value is the records' and empty where there are
--   none; forms speak of townships and counties only
with
told as (
    select
        org_code,
        level,
        indicator_code,
        period,
        grain,
        value,
        value_low,
        value_high,
        cast(null as decimal(18, 4)) as records_value,
        n_reported,
        n_expected,
        is_final
    from mart.unit_figure
    where kind = 'distinct'
    union all
    select
        org_code,
        level,
        indicator_code,
        period,
        grain,
        null as value,
        null as value_low,
        null as value_high,
        value as records_value,
        n_reported,
        n_expected,
        false as is_final
    from mart.recorded_people
),

final as (
    select
        org_code,
        level,
        indicator_code,
        period,
        grain,
        max(value) as value,
        max(value_low) as value_low,
        max(value_high) as value_high,
        max(records_value) as records_value,
        coalesce(max(n_reported) filter (where value is not null), max(n_reported)) as n_reported,
        n_expected,
        count(value) = 0 or grain = 'month' or bool_or(is_final) as is_whole,
        bool_or(is_final) as is_final
    from told
    group by org_code, level, indicator_code, period, grain, n_expected
)

select * from final
