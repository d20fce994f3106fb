-- mart.claim_beside
-- grain: unit, indicator, month, quarter or year that at least one of form, prose and records speaks of
-- additivity: none
-- hazards: above counties form and records are sums over the counties that both speak of, where there are any, else
--   over those that each speaks of; low and high are what the wording admits, both included
with
best as ( -- one row a unit, indicator, period: in the order of the alphabet paired comes behind all
    select
        org_code,
        indicator_code,
        period,
        max(scope) as scope
    from mart.tree_claim
    group by org_code, indicator_code, period
),

claim as (
    select * from mart.source_claim
    union all
    select tree_claim.*
    from mart.tree_claim as tree_claim
    inner join best -- n:1
        on
            tree_claim.org_code = best.org_code
            and tree_claim.indicator_code = best.indicator_code
            and tree_claim.period = best.period
            and tree_claim.scope = best.scope
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        period,
        grain,
        max(case when source = 'form' then value end) as form_value,
        max(case when source = 'form' then admitted_low end) as form_low,
        max(case when source = 'form' then admitted_high end) as form_high,
        max(case when source = 'prose' then value end) as prose_value,
        max(case when source = 'prose' then admitted_low end) as prose_low,
        max(case when source = 'prose' then admitted_high end) as prose_high,
        max(case when source = 'records' then value end) as records_value,
        max(case when source = 'records' then n_known end) as n_recording,
        max(case when source = 'records' then n_all end) as n_stations,
        max(n_units_expected) as n_expected,
        case
            when count(*) > 1 then '两方所及的县不同，不相比'
            when max(source) = 'form' then '只有报表有数'
            when max(source) = 'prose' then '只有文字报告有数'
            else '只有系统记录有数'
        end as alone_zh
    from claim
    group by org_code, level, indicator_code, kind, period, grain
)

select * from final
