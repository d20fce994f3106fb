-- mart.year_reach
-- grain: township or county, flow or rate, year: its latest figure of 本年累计
-- additivity: values and parts add over the tree within one period; rates never add
-- hazards: period is the last month that it holds, n_months how many; a complete one goes before a later incomplete
--   one; none where forms make every quarter whole up to its own; stocks and bare percents are left out
with
calendar as (select * from ref.period),

to_date as (
    select
        figure.*,
        calendar.year,
        calendar.quarter,
        extract(month from calendar.end_date) as n_months,
        coalesce(whole.n_quarters, 0) as n_quarters,
        coalesce(
            max(if(figure.is_whole, figure.period, null))
                over (partition by figure.org_code, figure.indicator_code, calendar.year),
            max(figure.period) over (partition by figure.org_code, figure.indicator_code, calendar.year)
        ) as latest
    from mart.unit_figure as figure
    inner join calendar on figure.period = calendar.period -- n:1
    left join mart.whole_quarter as whole -- n:1
        on
            figure.org_code = whole.org_code and figure.indicator_code = whole.indicator_code
            and calendar.quarter = whole.period
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
    where period = latest and n_quarters < cast(right(quarter, 1) as int)
)

select * from final
