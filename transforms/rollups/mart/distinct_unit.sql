-- mart.distinct_unit
-- grain: township or county, distinct count (of people), period: one figure, or the bounds of one
-- additivity: none, neither over the tree nor over time: one person may stand in many of the figures
-- hazards: the unit's own form of the very period stands; else the records' count, unless a form of part of the period
--   tells of more people; else value is empty, with the bounds of mart.distinct_part
with
figure as (select * from mart.distinct_figure where level in ('township', 'county')),
own_unit as (select * from mart.org_unit where org_code = unit_code),

held as ( -- one row a unit, indicator, period
    select
        coalesce(figure.org_code, part.org_code) as org_code,
        coalesce(figure.indicator_code, part.indicator_code) as indicator_code,
        coalesce(figure.period, part.period) as period,
        coalesce(figure.grain, part.grain) as grain,
        figure.value is not null as is_told,
        figure.records_value is not null and not coalesce(part.is_beyond, false) as is_counted,
        figure.value,
        figure.records_value,
        coalesce(figure.value_low, greatest(part.bound_low, figure.records_value)) as value_low,
        coalesce(figure.value_high, part.bound_high) as value_high,
        coalesce(figure.n_reported, 0) as n_reported,
        if(figure.value is null and part.is_beyond, part.is_whole, figure.is_whole) as is_whole,
        coalesce(figure.is_final, false) as is_final
    from figure
    full outer join mart.distinct_part as part -- 1:1
        on
            figure.org_code = part.org_code and figure.indicator_code = part.indicator_code
            and figure.period = part.period
),

final as (
    select
        held.org_code,
        org_unit.unit_level as level,
        held.indicator_code,
        'distinct' as kind,
        held.period,
        held.grain,
        case
            when held.is_told or held.records_value is null then 'form' when held.is_counted then 'records' else 'mixed'
        end as source,
        1 as preference,
        coalesce(held.value, if(held.is_counted, held.records_value, null)) as value,
        if(held.is_counted and not held.is_told, held.records_value, held.value_low) as value_low,
        if(held.is_counted and not held.is_told, held.records_value, held.value_high) as value_high,
        cast(null as decimal(18, 4)) as value_rounded,
        held.records_value,
        cast(null as decimal(18, 4)) as numerator,
        cast(null as decimal(18, 4)) as denominator,
        held.n_reported,
        org_unit.n_expected,
        held.is_whole,
        held.is_final
    from held
    inner join own_unit as org_unit on held.org_code = org_unit.unit_code -- n:1
)

select * from final
