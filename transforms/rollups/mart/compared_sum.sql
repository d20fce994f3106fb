-- mart.compared_sum
-- grain: township or county, indicator, quarter or year, source, grain of its parts: all of them put together
-- additivity: values and parts add over units of one level and source; rates never add
-- hazards: only where the source has every month (or every quarter): no source helps out another, and a month without
--   records may not be there yet; a stock is that of the last day; n_reported is that of the thinnest part
with
own as (select * from mart.compared_own where kind <> 'distinct' and grain <> 'year'),
calendar as (select * from ref.period),

span as ( -- one row a month or quarter and longer period that it lies in
    select
        part.period as part,
        part.end_date = whole.end_date as is_last,
        whole.period,
        whole.grain,
        case when whole.grain = 'quarter' then 3 when part.grain = 'quarter' then 4 else 12 end as n_parts
    from calendar as part
    inner join calendar as whole -- n:2
        on (part.grain = 'month' and part.quarter = whole.period) or (part.grain <> 'year' and part.year = whole.period)
),

final as (
    select
        own.org_code,
        own.level,
        own.indicator_code,
        own.kind,
        span.period,
        span.grain,
        own.source,
        case own.kind
            when 'flow' then sum(own.value)
            when 'stock' then max(own.value) filter (where span.is_last)
            else cast(100.0 * sum(own.numerator) / nullif(sum(own.denominator), 0) as decimal(18, 4))
        end as value,
        case own.kind
            when 'flow' then sum(own.value_low) when 'stock' then max(own.value_low) filter (where span.is_last)
        end as value_low,
        case own.kind
            when 'flow' then sum(own.value_high) when 'stock' then max(own.value_high) filter (where span.is_last)
        end as value_high,
        sum(own.numerator) as numerator,
        sum(own.denominator) as denominator,
        coalesce(min(nullif(own.n_reported, 0)), 0) as n_reported,
        own.n_expected,
        if(own.grain = 'quarter', 2, 3) as preference
    from own
    inner join span on own.period = span.part -- n:2
    group by
        own.org_code, own.level, own.indicator_code, own.kind, span.period, span.grain, span.n_parts, own.grain,
        own.source, own.n_expected
    having own.kind = 'stock' or count(case own.kind when 'flow' then own.value else own.denominator end) = span.n_parts
)

select * from final
