-- mart.unit_period
-- grain: township or county, indicator, period (month, quarter or year): one figure
-- additivity: values and parts add over the tree within one level and grain; rates and distinct counts never add
-- hazards: grains overlap, so filter on grain; a county's figure is the sum of its townships or its 合计, or what a
--   report says of the county with all below it (source prose): by the indicator's level_rule one of them, by default
--   the sum where it is complete; they are never added
with
candidate as (
    select
        parts.*,
        case
            when indicator.level_rule = 'parts' then 1
            when not parts.is_whole then 3
            else if(parts.n_reported = parts.n_expected or (parts.n_reported = 0 and parts.source = 'form'), 1, 3)
        end as turn,
        cast(null as varchar) as row_ref
    from mart.own_period as parts
    inner join ref.indicator as indicator on parts.indicator_code = indicator.code -- n:1
    union all
    select *
    from mart.inclusive_figure
    where level = 'county'
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
