-- mart.year_reach
-- grain: township or county, flow or rate, year: its latest figure of 本年累计
-- additivity: values and parts add over the tree within one period; rates never add
-- hazards: period is the last month that it holds, n_months how many it holds; stocks and bare percents are left out
with
calendar as (select * from ref.period),

to_date as (
    select
        figure.*,
        calendar.year,
        calendar.quarter,
        extract(month from calendar.end_date) as n_months,
        max(figure.period) over (partition by figure.org_code, figure.indicator_code, calendar.year) as latest
    from mart.unit_figure as figure
    inner join calendar on figure.period = calendar.period -- n:1
    where figure.grain = 'year_to_date' and (figure.kind = 'flow' or figure.denominator is not null)
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        year,
        quarter,
        period,
        n_months,
        source,
        value,
        value_low,
        value_high,
        value_rounded,
        numerator,
        denominator,
        n_reported,
        n_expected,
        is_whole,
        is_final
    from to_date
    where period = latest
)

select * from final
