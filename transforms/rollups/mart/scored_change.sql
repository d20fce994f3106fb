-- mart.scored_change
-- grain: county, prefecture or province, indicator, period that any unit has a figure for: what scorecards add to it
-- additivity: none; ranks, changes and shares least of all
-- hazards: ranks count from the highest value among units of one level that have one, equal values sharing a rank; a
--   rank says nothing of good or bad; changes are empty unless both periods have a value, and for a quarter or year
--   that is still running; completeness counts the units below that the figure rests on, and is empty for a county's
--   records that know no township
with
scored as (select * from mart.scored_period),
history as (select * from mart.score_history),

ranked as ( -- one row a value
    select
        org_code,
        indicator_code,
        period,
        rank() over (partition by level, prefecture_code, indicator_code, period order by value desc) as in_prefecture,
        rank() over (partition by level, indicator_code, period order by value desc) as in_province
    from scored
    where value is not null
),

final as (
    select
        scored.org_code,
        scored.indicator_code,
        scored.period,
        if(
            scored.level = 'county' and scored.source = 'records' and scored.n_reported = 0,
            null, cast(100.0 * scored.n_reported / nullif(scored.n_expected, 0) as decimal(18, 4))
        ) as completeness,
        previous.value as previous_value,
        if(scored.is_running, null, scored.value - previous.value) as previous_change,
        last_year.value as last_year_value,
        if(scored.is_running, null, scored.value - last_year.value) as last_year_change,
        if(scored.level = 'county', ranked.in_prefecture, null) as rank_in_prefecture,
        if(scored.level <> 'province', ranked.in_province, null) as rank_in_province,
        history.robust_z
    from scored
    left join scored as previous -- 1:1
        on
            scored.org_code = previous.org_code and scored.indicator_code = previous.indicator_code
            and scored.grain = previous.grain and scored.period_number = previous.period_number + 1
    left join scored as last_year -- 1:1
        on
            scored.org_code = last_year.org_code and scored.indicator_code = last_year.indicator_code
            and scored.grain = last_year.grain
            and scored.period_number = last_year.period_number + scored.n_per_year
    left join ranked -- 1:1
        on
            scored.org_code = ranked.org_code and scored.indicator_code = ranked.indicator_code
            and scored.period = ranked.period
    left join history -- 1:1
        on
            scored.org_code = history.org_code and scored.indicator_code = history.indicator_code
            and scored.period = history.period
)

select * from final
