-- mart.inclusive_figure
-- grain: county, prefecture or province, flow or stock, period: what a report says of the unit with all below it (全市各级)
-- additivity: none: it already holds the units below
-- hazards: from prose in force; of several the one reported last; never final; columns are mart.own_period's, then its
--   turn against the sum of its parts (complete parts have 1, others 3) and where it stands
with
prose_said as (select * from mart.prose_said where is_inclusive and kind in ('flow', 'stock')),
indicator as (select * from ref.indicator),
org_unit as (select * from mart.org_unit where org_code = unit_code and unit_level <> 'township'),

ranked as (
    select
        *,
        row_number() over (
            partition by org_code, indicator_code, period order by reported_on desc, row_ref asc
        ) as place
    from prose_said
),

final as (
    select
        ranked.org_code,
        ranked.level,
        ranked.indicator_code,
        ranked.kind,
        ranked.period,
        ranked.grain,
        'prose' as source,
        ranked.value,
        ranked.value_low,
        ranked.value_high,
        if(ranked.value_low < ranked.value_high, ranked.value, 0) as value_rounded,
        cast(null as decimal(18, 4)) as records_value,
        cast(null as decimal(18, 4)) as numerator,
        cast(null as decimal(18, 4)) as denominator,
        org_unit.n_expected as n_reported,
        org_unit.n_expected,
        true as is_whole,
        false as is_final,
        if(indicator.level_rule = 'inclusive', 0, 2) as turn,
        ranked.row_ref
    from ranked
    inner join indicator on ranked.indicator_code = indicator.code -- n:1
    inner join org_unit on ranked.org_code = org_unit.org_code -- n:1
    where ranked.place = 1
)

select * from final
