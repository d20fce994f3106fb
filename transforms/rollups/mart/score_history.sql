-- mart.score_history
-- grain: county, prefecture or province, indicator, period with a figure and at least four earlier ones of its grain
-- additivity: none
-- hazards: earlier is every period before, however many are missing between; running quarters and years stay out;
--   robust_z sets the figure's distance from the median of the earlier ones against their own usual distance (MAD),
--   0.6745 making that a standard deviation where figures scatter evenly; it is empty where they do not differ (MAD 0)
with
figure as (select * from mart.scored_period where value is not null and not is_running),

pair as ( -- one row a figure and earlier figure of the same unit, indicator and grain
    select
        figure.org_code,
        figure.indicator_code,
        figure.period,
        figure.value,
        earlier.value as earlier_value
    from figure
    inner join figure as earlier -- n:m
        on
            figure.org_code = earlier.org_code
            and figure.indicator_code = earlier.indicator_code
            and figure.grain = earlier.grain
            and figure.period_number > earlier.period_number
),

middle as (
    select
        org_code,
        indicator_code,
        period,
        median(earlier_value) as middle_value
    from pair
    group by org_code, indicator_code, period
    having count(*) >= 4
),

final as (
    select
        pair.org_code,
        pair.indicator_code,
        pair.period,
        count(*) as n_earlier,
        cast(middle.middle_value as decimal(18, 4)) as earlier_median,
        cast(median(abs(pair.earlier_value - middle.middle_value)) as decimal(18, 4)) as earlier_mad,
        cast(
            0.6745 * (pair.value - middle.middle_value)
            / nullif(median(abs(pair.earlier_value - middle.middle_value)), 0)
            as decimal(18, 4)
        ) as robust_z
    from pair
    inner join middle -- n:1
        on
            pair.org_code = middle.org_code
            and pair.indicator_code = middle.indicator_code
            and pair.period = middle.period
    group by pair.org_code, pair.indicator_code, pair.period, pair.value, middle.middle_value
)

select * from final
