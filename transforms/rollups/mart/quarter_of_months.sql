-- mart.quarter_of_months
-- grain: township or county, indicator, quarter: its months put together
-- additivity: flows added, stocks of the last month there is, rates rebuilt from added parts; adds over the tree
-- hazards: a month that is not there is missing, not zero: the sum stands but is neither whole nor final; a month with
--   a bare percent leaves the rate of the quarter without parts and value; rates keep no interval, no records_value
with
unit_month as (select * from mart.unit_month),
calendar as (select * from ref.period where grain = 'month'),

placed as ( -- one row a month and the quarter that holds it
    select
        part.*,
        calendar.quarter as span,
        case when part.kind = 'stock' and part.records_value is not null then part.period end as known_in,
        coalesce(township.n_townships, 0) as n_townships
    from unit_month as part
    inner join calendar on part.period = calendar.period -- n:1
    left join mart.quarter_township as township -- n:1
        on
            part.org_code = township.org_code and township.is_first and part.indicator_code = township.indicator_code
            and calendar.quarter = township.period
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        span as period,
        'quarter' as grain,
        case when kind = 'stock' or min(source) = max(source) then arg_max(source, period) else 'mixed' end as source,
        case
            when kind = 'ratio' and count(denominator) < count(*) then 8
            when bool_and(denominator = 0) and bool_or(numerator > 0) then 8
            when count(*) = 3 and min(source) = 'form' and max(source) = 'form' then 2
            else 6
        end as preference,
        case
            when kind = 'flow' then sum(value)
            when kind = 'stock' then arg_max(value, period)
            when count(denominator) = count(*)
                then cast(100.0 * sum(numerator) / nullif(sum(denominator), 0) as decimal(18, 4))
        end as value,
        case kind when 'flow' then sum(value_low) when 'stock' then arg_max(value_low, period) end as value_low,
        case kind when 'flow' then sum(value_high) when 'stock' then arg_max(value_high, period) end as value_high,
        if(kind = 'stock', arg_max(value_rounded, period), sum(value_rounded)) as value_rounded,
        case when kind = 'flow' then sum(records_value) else arg_max(records_value, known_in) end as records_value,
        case when count(denominator) = count(*) then sum(numerator) end as numerator,
        case when count(denominator) = count(*) then sum(denominator) end as denominator,
        max(n_townships) as n_reported,
        n_expected,
        count(*) = 3 as is_whole,
        count(*) = 3 and bool_and(is_final) as is_final
    from placed
    group by org_code, level, indicator_code, kind, span, n_expected
)

select * from final
