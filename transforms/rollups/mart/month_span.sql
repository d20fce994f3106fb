-- mart.month_span
-- grain: month, quarter or year that holds it
-- additivity: none; n_months says how many months a whole span has
with
period as (select * from ref.period),

final as (
    select
        month.period as month, -- noqa: RF04
        span.period as span,
        span.grain as span_grain,
        case when span.grain = 'quarter' then 3 else 12 end as n_months
    from period as month
    inner join period as span -- 1:2
        on span.period in (month.quarter, month.year)
    where month.grain = 'month' and span.grain <> 'month'
)

select * from final
