-- dq.level_gap
-- grain: county, prefecture or province, flow or stock, period that both its parts and a figure with all below speak of
-- additivity: none
-- hazards: parts_value rests on n_reported of n_expected; difference is inclusive_value - parts_value; is_contradiction
--   only where no reading of both wordings agrees: the parts are complete and the intervals do not touch, or the parts
--   that are there are already more than the whole; chosen says which of them stands in the marts
with
parts as (
    select * from mart.own_period
    where level = 'county'
    union all
    select * from mart.county_sum
    union all
    select * from mart.prefecture_sum
),
chosen as (
    select * from mart.unit_period
    union all
    select * from mart.tree_period
),

final as (
    select
        parts.org_code,
        parts.level,
        parts.indicator_code,
        parts.period,
        parts.grain,
        indicator.level_rule,
        parts.source as parts_source,
        parts.value as parts_value,
        parts.value_low as parts_low,
        parts.value_high as parts_high,
        parts.n_reported,
        parts.n_expected,
        whole.value as inclusive_value,
        whole.value_low as inclusive_low,
        whole.value_high as inclusive_high,
        whole.value - parts.value as difference,
        if(chosen.source = 'prose' and chosen.value = whole.value, 'inclusive', 'parts') as chosen,
        whole.value_high < parts.value_low
        or (
            whole.value_low > parts.value_high
            and parts.is_whole and parts.n_reported in (parts.n_expected, if(parts.source = 'form', 0, -1))
        ) as is_contradiction,
        whole.row_ref
    from parts
    inner join mart.inclusive_figure as whole -- 1:1
        on
            parts.org_code = whole.org_code and parts.indicator_code = whole.indicator_code
            and parts.period = whole.period
    inner join chosen -- 1:1
        on
            parts.org_code = chosen.org_code and parts.indicator_code = chosen.indicator_code
            and parts.period = chosen.period
    inner join ref.indicator as indicator on parts.indicator_code = indicator.code -- n:1
)

select * from final
