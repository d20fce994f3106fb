-- mart.source_claim
-- grain: unit, indicator, month, quarter or year, source (form, prose, records): what it says and what that leaves open
-- additivity: values and their ends add over units of one level and source, but for rates and distinct counts
-- hazards: possible_low to possible_high is what is possible though only n_known of n_all stations or townships speak:
--   of a count at least what is told, at most that in proportion, rounded up; of a rate whatever the silent ones make
--   of it; where none of the stations speaks (is_weighable false), nothing can be held against the records
with
admitted_word as (select * from mart.admitted_word),

weighed as (
    select
        *,
        coalesce(n_known > 0, true) as is_weighable,
        if(n_known > 0, n_known, 1) as spoken,
        if(n_known > 0, n_all, 1) as whole,
        greatest(100, admitted_high) as most
    from admitted_word
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        period,
        grain,
        source,
        'own' as scope,
        value,
        admitted_low,
        admitted_high,
        case
            when kind = 'ratio' then cast(admitted_low * spoken / whole as decimal(18, 4))
            else admitted_low
        end as possible_low,
        case
            when spoken = whole then admitted_high
            when kind = 'ratio'
                then cast((admitted_high * spoken + most * (whole - spoken)) / whole as decimal(18, 4))
            else cast(ceil(admitted_high * whole / spoken) as decimal(18, 4))
        end as possible_high,
        is_exact,
        is_weighable,
        numerator,
        denominator,
        cast(denominator * whole / spoken as decimal(18, 4)) as possible_denominator,
        n_known,
        n_all,
        cast(null as bigint) as n_units,
        cast(null as bigint) as n_units_expected
    from weighed
)

select * from final
