-- mart.distinct_tree
-- grain: prefecture or province, distinct count (of people), period: the records' count, or the bounds of one
-- additivity: none, neither over the tree nor over time: one person may stand in many of the figures
-- hazards: counties are never added: the records' count stands unless a county's form is alone or may know of more
--   people than its records do; else value is empty, value_low is the fullest county, or the records' count if that is
--   more, and value_high all of them together; n_reported counts the counties whose figure covers the whole period
with
county as (select * from mart.distinct_unit where level = 'county'),
org_unit as (select * from mart.org_unit where unit_level in ('prefecture', 'province')),
figure as (select * from mart.distinct_figure where level in ('prefecture', 'province')),

bound as (
    select
        org_unit.unit_code,
        org_unit.unit_level,
        county.indicator_code,
        county.period,
        county.grain,
        case when min(county.source) = max(county.source) then min(county.source) else 'mixed' end as source,
        max(county.value_low) as bound_low,
        sum(greatest(county.value_high, coalesce(county.records_value, 0))) as bound_high,
        bool_or(county.value_high > if(county.value is null, 0, coalesce(county.records_value, 0))) as is_beyond,
        sum(cast(county.is_whole as int)) as n_reported,
        org_unit.n_expected
    from county
    inner join org_unit on county.org_code = org_unit.org_code -- n:2
    group by
        org_unit.unit_code, org_unit.unit_level, county.indicator_code, county.period, county.grain, org_unit.n_expected
),

final as (
    select
        bound.unit_code as org_code,
        bound.unit_level as level,
        bound.indicator_code,
        'distinct' as kind,
        bound.period,
        bound.grain,
        if(bound.is_beyond, bound.source, 'records') as source,
        if(bound.is_beyond, null, figure.records_value) as value,
        if(bound.is_beyond, greatest(bound.bound_low, figure.records_value), figure.records_value) as value_low,
        if(bound.is_beyond, bound.bound_high, figure.records_value) as value_high,
        cast(null as decimal(18, 4)) as value_rounded,
        figure.records_value,
        cast(null as decimal(18, 4)) as numerator,
        cast(null as decimal(18, 4)) as denominator,
        bound.n_reported,
        bound.n_expected,
        true as is_whole,
        false as is_final
    from bound
    left join figure -- 1:1
        on
            bound.unit_code = figure.org_code
            and bound.indicator_code = figure.indicator_code
            and bound.period = figure.period
)

select * from final
