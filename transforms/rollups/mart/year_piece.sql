-- mart.year_piece
-- grain: township or county, indicator, year with a figure of 本年累计; piece of it: that figure, a month, a quarter
-- additivity: the reach (the latest cumulative figure) and the pieces after it add up; those before are a part of it
-- hazards: months are those of the quarter in which the reach ends, quarters are all the others; n_months is 0 for a
--   quarter that is not whole
with
chosen as (
    select * from mart.unit_month
    union all
    select * from mart.unit_quarter
),

final as (
    select
        'reach' as role,
        org_code,
        indicator_code,
        year,
        n_months,
        source,
        value,
        value_low,
        value_high,
        value_rounded,
        numerator,
        denominator,
        is_final
    from mart.year_reach
    union all
    select
        if(chosen.period > if(chosen.grain = 'month', reach.period, reach.quarter), 'after', 'before') as role,
        chosen.org_code,
        chosen.indicator_code,
        reach.year,
        if(chosen.is_whole, if(chosen.grain = 'month', 1, 3), 0) as n_months,
        chosen.source,
        chosen.value,
        chosen.value_low,
        chosen.value_high,
        chosen.value_rounded,
        chosen.numerator,
        chosen.denominator,
        chosen.is_final
    from chosen
    inner join ref.period as calendar on chosen.period = calendar.period -- n:1
    inner join mart.year_reach as reach -- n:1
        on
            chosen.org_code = reach.org_code
            and chosen.indicator_code = reach.indicator_code
            and calendar.year = reach.year
            and (calendar.quarter = reach.quarter) = (chosen.grain = 'month')
)

select * from final
