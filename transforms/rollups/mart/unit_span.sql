-- mart.unit_span
-- grain: township or county, indicator, quarter or year: its months put together
-- additivity: flows added, stocks of the last month there is, rates rebuilt from added parts; adds over the tree
-- hazards: a month that is not there is missing, not zero: the sum stands but is neither whole nor final; a month
--   with a bare percent leaves the rate of the span without parts and value; rates keep no interval, no records_value
with
unit_month as (select * from mart.unit_month),
month_span as (select * from mart.month_span),
whole_township as (select * from mart.whole_township),

placed as ( -- one row a month and span that holds it
    select
        unit_month.*,
        month_span.span,
        month_span.span_grain,
        month_span.n_months,
        coalesce(whole_township.n_townships, 0) as n_townships
    from unit_month
    inner join month_span on unit_month.period = month_span.month -- n:2
    left join whole_township -- n:1
        on
            unit_month.org_code = whole_township.org_code
            and unit_month.indicator_code = whole_township.indicator_code
            and month_span.span = whole_township.span
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        span as period,
        span_grain as grain,
        case when kind = 'stock' or min(source) = max(source) then arg_max(source, period) else 'mixed' end as source,
        2 as preference,
        case
            when kind = 'flow' then sum(value)
            when kind = 'stock' then arg_max(value, period)
            when count(denominator) = count(*)
                then cast(100.0 * sum(numerator) / nullif(sum(denominator), 0) as decimal(18, 4))
        end as value,
        case kind when 'flow' then sum(value_low) when 'stock' then arg_max(value_low, period) end as value_low,
        case kind when 'flow' then sum(value_high) when 'stock' then arg_max(value_high, period) end as value_high,
        case kind
            when 'flow' then sum(records_value)
            when 'stock' then arg_max(records_value, period) filter (where records_value is not null)
        end as records_value,
        case when count(denominator) = count(*) then sum(numerator) end as numerator,
        case when count(denominator) = count(*) then sum(denominator) end as denominator,
        max(n_townships) as n_reported,
        n_expected,
        count(*) = max(n_months) as is_whole,
        count(*) = max(n_months) and bool_and(is_final) as is_final
    from placed
    group by org_code, level, indicator_code, kind, span, span_grain, n_expected
)

select * from final
