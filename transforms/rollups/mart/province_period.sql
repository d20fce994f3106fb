-- mart.province_period
-- grain: province, indicator (but for distinct counts), period: one figure
-- additivity: flows add over time; stocks and rates do not
-- hazards: the sum of its prefectures, or what a report says of the province with all below it (source prose): by the
--   indicator's level_rule one of them, by default the sum where every county is whole; they are never added
with
candidate as (
    select
        parts.*,
        if(indicator.level_rule = 'parts' or (parts.is_whole and parts.n_reported = parts.n_expected), 1, 3) as turn,
        cast(null as varchar) as row_ref
    from mart.prefecture_sum as parts
    inner join ref.indicator as indicator on parts.indicator_code = indicator.code -- n:1
    union all
    select *
    from mart.inclusive_figure
    where level = 'province'
),

ranked as (
    select
        *,
        row_number() over (partition by org_code, indicator_code, period order by turn) as place,
        max(records_value) over (partition by org_code, indicator_code, period) as value_of_records
    from candidate
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
        value_of_records as records_value,
        numerator,
        denominator,
        n_reported,
        n_expected,
        is_whole,
        is_final
    from ranked
    where place = 1
)

select * from final
