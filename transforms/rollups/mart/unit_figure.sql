-- mart.unit_figure
-- grain: township or county, indicator, period, source, preference
-- additivity: values and parts add over the tree within one source and level; rates and distinct counts never add
-- hazards: both sources stand side by side, choose one by preference (n of 0 by records is no rate, it comes last);
--   n_reported is 0 where a county gave its 合计 only; of distinct counts only forms' are here, a county's lines added
with
source_figure as (
    select * from mart.source_figure
    union all
    select * from mart.rate_part
),
org_unit as (select * from mart.org_unit where unit_level in ('township', 'county')),

climbed as ( -- one row a figure and unit it counts for: the township and its county
    select
        source_figure.*,
        indicator.kind,
        org_unit.org_level,
        org_unit.unit_code,
        org_unit.unit_level,
        org_unit.n_expected,
        indicator.kind = 'ratio' and source_figure.denominator is null as is_bare
    from source_figure
    inner join ref.indicator as indicator on source_figure.indicator_code = indicator.code -- n:1
    inner join org_unit on source_figure.org_code = org_unit.org_code -- 1:n
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
        case
            when is_bare then 7
            when source = 'records' and bool_and(denominator = 0) and bool_or(numerator > 0) then 8
            when source = 'records' then if(grain = 'month', 2, 4)
            else if(grain = 'month' or bool_and(is_final), 1, 3)
        end as preference,
        coalesce(sum(value), cast(100.0 * sum(numerator) / nullif(sum(denominator), 0) as decimal(18, 4))) as value,
        sum(value_low) as value_low,
        sum(value_high) as value_high,
        case when kind <> 'ratio' then sum(if(value_low < value_high, value, 0)) end as value_rounded,
        case when source = 'records' then sum(value) end as records_value,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(case when org_level = 'township' then 1 else 0 end) as n_reported,
        n_expected,
        grain = 'month' or source = 'records' or bool_and(is_final) as is_whole,
        bool_and(is_final) as is_final
    from climbed
    where unit_level = org_level or not is_bare -- percents do not climb
    group by unit_code, unit_level, indicator_code, kind, period, grain, source, is_bare, n_expected
)

select * from final
