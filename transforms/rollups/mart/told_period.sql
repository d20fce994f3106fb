-- mart.told_period
-- grain: township, county, prefecture or province, indicator (parts of rates apart), period: the figure that marts tell
-- additivity: flows and stocks add over units of one level, flows also over periods of a grain; rates never: add parts
-- hazards: levels and grains overlap: the marts by level and grain are cut from here; rounded_share is the share of the
--   value that rests on figures such as 1200余; missing names the units below that have no figure for the whole period;
--   publication withholds a province's figure of fewer counties than ref.parameter publishable_share asks for
with
known as (
    select * from mart.unit_period
    union all
    select * from mart.tree_period
),
parameter as (select value from ref.parameter where name = 'publishable_share'),

final as (
    select
        known.level,
        known.grain,
        known.org_code,
        org.name as org_name,
        known.indicator_code,
        indicator.name_zh as indicator_name,
        indicator.unit,
        known.period,
        known.value,
        known.value_low,
        known.value_high,
        known.source,
        known.records_value,
        known.numerator,
        known.denominator,
        known.n_reported,
        known.n_expected,
        known.is_final,
        missing_unit.missing,
        standing_explanation.explanation,
        cast(100.0 * known.value_rounded / nullif(known.value, 0) as decimal(18, 4)) as rounded_share,
        case
            when known.level = 'province' and 100 * known.n_reported < parameter.value * known.n_expected then '不足以发布'
            else if(known.is_final, '终值', '暂定')
        end as publication
    from known
    inner join ref.indicator as indicator on known.indicator_code = indicator.code and not indicator.is_part -- n:1
    inner join ref.org as org on known.org_code = org.code -- n:1
    cross join parameter -- one row
    left join mart.missing_unit as missing_unit -- 1:1
        on
            known.org_code = missing_unit.org_code and known.indicator_code = missing_unit.indicator_code
            and known.period = missing_unit.period
    left join mart.standing_explanation as standing_explanation -- 1:1
        on
            known.org_code = standing_explanation.org_code
            and known.indicator_code = standing_explanation.indicator_code
            and known.period = standing_explanation.period
)

select * from final
