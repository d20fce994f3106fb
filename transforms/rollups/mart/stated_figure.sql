-- mart.stated_figure
-- grain: township or county as the form names it, indicator, period, grain (also year_to_date, by its last month)
-- additivity: adds over the tree within one grain, but for percents; flows add over time
-- hazards: where no form of a county speaks of the very period, cumulative ones do: last day (stocks), steps (flows)
with
candidate as (
    select
        if(figure.basis = 'period', 1, 2) as turn,
        figure.org_code,
        figure.county_code,
        figure.indicator_code,
        figure.period,
        if(figure.basis = 'period' or indicator.kind = 'stock', figure.grain, 'year_to_date') as grain,
        figure.value,
        figure.value_low,
        figure.value_high,
        figure.is_complete
    from mart.reported_figure as figure
    inner join ref.indicator as indicator on figure.indicator_code = indicator.code -- n:1
    where figure.basis = 'period' or indicator.kind in ('flow', 'stock')
    union all
    select
        3 as turn,
        org_code,
        county_code,
        indicator_code,
        period,
        grain,
        value,
        value_low,
        value_high,
        is_complete
    from mart.cumulative_period
    where source = 'form'
),

ranked as (
    select
        *,
        min(turn) over (partition by county_code, indicator_code, period, grain) as best
    from candidate
),

final as (
    select
        org_code,
        county_code,
        indicator_code,
        period,
        grain,
        value,
        value_low,
        value_high,
        is_complete
    from ranked
    where turn = best
)

select * from final
