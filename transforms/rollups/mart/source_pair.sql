-- mart.source_pair
-- grain: unit, indicator, period, pair of sources that both speak (form_prose, form_records, prose_records)
-- additivity: none
-- hazards: above counties form and records are sums over the n_units counties that both speak of, and prose is held
--   against sums of all counties only; difference is the first less the second, tolerance what the wordings leave open;
--   one_side is a pair that cannot be held against one another
with
claim as (
    select * from mart.source_claim
    union all
    select * from mart.tree_claim
    where scope = 'paired' or n_units = n_units_expected
),

met as (
    select
        one.org_code,
        one.indicator_code,
        one.kind,
        one.period,
        concat(one.source, '_', other.source) as pair,
        one.value - other.value as difference,
        one.admitted_high - one.admitted_low + other.admitted_high - other.admitted_low as tolerance,
        one.value = other.value and one.is_exact = other.is_exact and (
            one.is_exact or (one.admitted_low = other.admitted_low and one.admitted_high = other.admitted_high)
        ) as is_equal,
        one.admitted_low <= other.admitted_high and other.admitted_low <= one.admitted_high as is_admitted,
        one.possible_low <= other.possible_high and other.possible_low <= one.possible_high as is_possible,
        one.is_weighable and other.is_weighable as is_weighable,
        one.n_all - one.n_known as n_townships_missing,
        other.n_known as n_recording,
        other.n_all as n_stations,
        greatest(one.n_units, other.n_units) as n_units
    from claim as one
    inner join claim as other -- n:m
        on
            one.org_code = other.org_code
            and one.indicator_code = other.indicator_code
            and one.period = other.period
            and one.source < other.source
            and concat(one.scope, '-', other.scope) in ('own-own', 'paired-paired', 'all-own', 'own-all')
),

final as (
    select
        *,
        case
            when is_equal then 'agrees'
            when not is_weighable then 'one_side'
            when is_admitted then 'within_precision'
            when is_possible then 'explained'
            else 'disputed'
        end as state
    from met
)

select * from final
