-- mart.county_claim
-- grain: county, indicator, month, quarter or year, source (form, records), scope (all, paired)
-- additivity: scopes overlap, so filter on scope; values add over counties, but for rates, whose parts do
-- hazards: paired are the figures of counties that form and records both speak of; bare percents and people stay below
with
claim as (
    select
        *,
        sum(cast(is_weighable as int)) over (partition by org_code, indicator_code, period) = 2 as is_paired
    from mart.source_claim
    where level = 'county' and source <> 'prose' and (kind in ('flow', 'stock') or denominator is not null)
),

spread as (
    select
        *,
        'all' as counties
    from claim
    union all
    select
        *,
        'paired' as counties
    from claim
    where is_paired
),

final as (
    select
        org_code,
        indicator_code,
        kind,
        period,
        grain,
        source,
        counties as scope,
        value,
        admitted_low,
        admitted_high,
        possible_low,
        possible_high,
        is_exact,
        is_weighable,
        numerator,
        denominator,
        possible_denominator,
        n_known,
        n_all
    from spread
)

select * from final
