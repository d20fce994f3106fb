-- mart.prose_beside
-- grain: figure in prose, source (form, records): the one figure of that source that it is best held against
-- additivity: none
-- hazards: nearness says of what period: `same`; `part`, those n_months of a longer span that are there, added;
--   `nearest`, one month, by preference one that ends no later; a stock (存量) is `same` at the end of its month
with
prose_pair as (select * from mart.prose_pair),

candidate as (
    select
        row_ref,
        source,
        period,
        value,
        case grain when 'month' then 1 when 'quarter' then 3 else 12 end as n_months,
        n_reported,
        n_expected,
        case when is_same or (kind = 'stock' and days_off = 0) then 'same' else 'nearest' end as nearness,
        case when is_same then 1000 when end_date <= span_end then 3000 else 4000 end + days_off as far
    from prose_pair
    where is_same or days_off <= 366
    union all
    select -- the months of a flow that lie in its span
        row_ref,
        source,
        case when min(period) = max(period) then min(period) else concat(min(period), '/', max(period)) end as period,
        sum(value) as value,
        count(*) as n_months,
        min(n_reported) as n_reported,
        n_expected,
        case
            when min(start_date) = span_start and max(end_date) = span_end and count(*) = n_months_expected then 'same'
            else 'part'
        end as nearness,
        2000 as far
    from prose_pair
    where is_inside and grain = 'month'
    group by row_ref, source, span_start, span_end, n_months_expected, n_expected
),

final as (
    select
        row_ref,
        source,
        arg_min(period, far) as period,
        arg_min(value, far) as value,
        arg_min(n_months, far) as n_months,
        arg_min(n_reported, far) as n_reported,
        arg_min(n_expected, far) as n_expected,
        arg_min(nearness, far) as nearness
    from candidate
    group by row_ref, source
)

select * from final
