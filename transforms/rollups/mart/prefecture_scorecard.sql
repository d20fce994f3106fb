-- mart.prefecture_scorecard
-- grain: prefecture, indicator, period (month, quarter or year) that any unit has a figure for
-- additivity: none; filter on grain, and add up figures from mart.prefecture_month and its like
-- hazards: a row without a value is a prefecture that is missing, not zero; changes of percentages are in points; ranks
--   go from the highest value and say nothing of good or bad; robust_z needs four earlier periods; a quarter or year
--   that is still running has neither changes nor robust_z
with
scored as (select * from mart.scored_period where level = 'prefecture'),
change as (select * from mart.scored_change),
indicator as (select * from ref.indicator),

final as (
    select
        scored.org_code,
        scored.org_name,
        scored.indicator_code,
        indicator.name_zh as indicator_name,
        indicator.unit,
        scored.period,
        scored.grain,
        scored.value,
        scored.value_low,
        scored.value_high,
        scored.source,
        scored.n_reported,
        scored.n_expected,
        change.completeness,
        scored.is_final,
        change.previous_value,
        change.previous_change,
        change.last_year_value,
        change.last_year_change,
        change.rank_in_province,
        change.robust_z
    from scored
    inner join change -- 1:1
        on
            scored.org_code = change.org_code
            and scored.indicator_code = change.indicator_code
            and scored.period = change.period
    inner join indicator on scored.indicator_code = indicator.code -- n:1
)

select * from final
