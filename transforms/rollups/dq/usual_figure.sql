-- dq.usual_figure
-- grain: county, flow, month that its forms tell and as many earlier ones (unusual_least_months): beside what was usual
-- additivity: none; a step of dq.unusual_figure
-- hazards: earlier is every month before, however many are missing between; months by records or prose, and those with
--   half or double the townships behind them (合计: all), are no history of a figure; value_change is the figure in
--   parts of its own usual one (1 is as ever), and empty where that is 0
with
figure as (
    select
        scored.*,
        if(scored.n_reported = 0, scored.n_expected, scored.n_reported) as n_townships
    from mart.scored_period as scored
    inner join ref.indicator as indicator on scored.indicator_code = indicator.code -- n:1
    where
        scored.level = 'county' and scored.grain = 'month' and scored.source = 'form' and indicator.kind = 'flow'
        and scored.value is not null
),

pair as ( -- one row a figure and earlier figure of the same county and indicator
    select
        figure.org_code,
        figure.prefecture_code,
        figure.indicator_code,
        figure.period,
        figure.value,
        earlier.value as earlier_value,
        median(earlier.value) over (partition by figure.org_code, figure.indicator_code, figure.period) as middle_value
    from figure
    inner join figure as earlier -- n:m
        on
            figure.org_code = earlier.org_code and figure.indicator_code = earlier.indicator_code
            and figure.period_number > earlier.period_number
            and figure.n_townships < 2 * earlier.n_townships and earlier.n_townships < 2 * figure.n_townships
),

final as (
    select
        org_code,
        prefecture_code,
        indicator_code,
        period,
        value,
        count(*) as n_earlier,
        min(earlier_value) as earlier_least,
        max(earlier_value) as earlier_largest,
        cast(middle_value as decimal(18, 4)) as earlier_median,
        cast(median(abs(earlier_value - middle_value)) as decimal(18, 4)) as earlier_mad,
        cast(value / nullif(middle_value, 0) as decimal(18, 4)) as value_change
    from pair
    group by org_code, prefecture_code, indicator_code, period, value, middle_value
    having count(*) >= (select max(known.value) from ref.parameter as known where known.name = 'unusual_least_months')
)

select * from final
