-- mart.admitted_word
-- grain: unit, indicator, month, quarter or year, source (form, prose, records): its figure and what the wording admits
-- additivity: values and their ends add over units of one level and source, but for rates and distinct counts
-- hazards: admitted_low to admitted_high, both included: 1200余 admits 1200 to 1299, an exact count itself, a percent
--   that is only told what rounds to it (95.3%: 95.25 to 95.35; 95%: 94.5 to 95.5), a rate made of its parts itself
with
source_word as (select * from mart.source_word),
indicator as (select * from ref.indicator where not is_part),

shaped as ( -- left open at its upper end (余, 多, 以上) is what begins at the figure itself
    select
        source_word.*,
        coalesce(source_word.value_low = source_word.value_high, true) as is_exact,
        source_word.value_low < source_word.value_high and source_word.value = source_word.value_low as is_open,
        if(indicator.unit in ('万元', '%', '分'), 0.0001, 1) as step,
        case
            when source_word.kind <> 'ratio' or source_word.denominator is not null then 0
            when source_word.value_low < source_word.value_high then 0
            when source_word.value = round(source_word.value, 0) then 0.5
            when source_word.value = round(source_word.value, 1) then 0.05
            else 0.005
        end as rounding
    from source_word
    inner join indicator on source_word.indicator_code = indicator.code -- n:1
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
        cast(coalesce(value_low, value) - rounding as decimal(18, 4)) as admitted_low,
        cast(coalesce(value_high, value) + rounding - if(is_open, step, 0) as decimal(18, 4)) as admitted_high,
        is_exact,
        numerator,
        denominator,
        n_known,
        n_all
    from shaped
)

select * from final
