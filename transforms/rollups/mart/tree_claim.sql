-- mart.tree_claim
-- grain: prefecture or province, indicator, month, quarter or year, source (form, records), scope (all, paired)
-- additivity: scopes overlap, so filter on scope; values add over units of one level and source, rates do not
-- hazards: sums over different counties must not be held against one another: paired are those that form and records
--   both speak of; n_units says how many counties are in it; columns are mart.source_claim's
with
climbed as (
    select
        claim.*,
        org_unit.unit_code,
        org_unit.unit_level,
        org_unit.n_expected,
        claim.possible_denominator as most
    from mart.county_claim as claim
    inner join mart.org_unit as org_unit -- n:2
        on claim.org_code = org_unit.org_code and org_unit.unit_level in ('prefecture', 'province')
),

final as (
    select
        unit_code as org_code,
        unit_level as level,
        indicator_code,
        kind,
        period,
        grain,
        source,
        scope,
        if(kind = 'ratio', cast(100 * sum(numerator) / sum(denominator) as decimal(18, 4)), sum(value)) as value,
        if(
            kind = 'ratio', cast(100 * sum(numerator) / sum(denominator) as decimal(18, 4)), sum(admitted_low)
        ) as admitted_low,
        if(
            kind = 'ratio', cast(100 * sum(numerator) / sum(denominator) as decimal(18, 4)), sum(admitted_high)
        ) as admitted_high,
        if(kind = 'ratio', cast(100 * sum(numerator) / sum(most) as decimal(18, 4)), sum(possible_low)) as possible_low,
        if(
            kind = 'ratio',
            cast(100 * (sum(numerator) + sum(most) - sum(denominator)) / sum(most) as decimal(18, 4)),
            sum(possible_high)
        ) as possible_high,
        bool_and(is_exact) as is_exact,
        bool_and(is_weighable) as is_weighable,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(most) as possible_denominator,
        sum(n_known) as n_known,
        sum(n_all) as n_all,
        count(*) as n_units,
        n_expected as n_units_expected
    from climbed
    group by unit_code, unit_level, indicator_code, kind, period, grain, source, scope, n_expected
)

select * from final
