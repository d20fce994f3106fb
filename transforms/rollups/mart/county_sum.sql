-- mart.county_sum
-- grain: prefecture, indicator (but for distinct counts), period: its counties put together
-- additivity: values and parts add over units of one level and grain; rates never add
-- hazards: made of counties only, never of a figure that already holds its counties (全市各级); a county that is not
--   there is missing, not zero; one with a bare percent is left out of the rate; n_reported counts the counties whose
--   figure covers the whole period, is_whole says whether each of them has all its townships or its 合计
with
county as (select * from mart.unit_period where level = 'county' and kind <> 'distinct'),
org_unit as (select * from mart.org_unit where unit_level = 'prefecture'),

climbed as ( -- one row a county's figure and unit above it
    select
        county.*,
        org_unit.unit_code,
        org_unit.unit_level,
        org_unit.n_expected as n_counties,
        county.source = 'prose'
        or county.n_reported = county.n_expected
        or (county.n_reported = 0 and county.source = 'form') as is_told_whole
    from county
    inner join org_unit on county.org_code = org_unit.org_code -- n:1
    where county.kind <> 'ratio' or county.denominator is not null
),

final as (
    select
        unit_code as org_code,
        unit_level as level,
        indicator_code,
        kind,
        period,
        grain,
        case when min(source) = max(source) then min(source) else 'mixed' end as source,
        case
            when kind = 'ratio' then cast(100.0 * sum(numerator) / nullif(sum(denominator), 0) as decimal(18, 4))
            else sum(value)
        end as value,
        case when kind <> 'ratio' then sum(value_low) end as value_low,
        case when kind <> 'ratio' then sum(value_high) end as value_high,
        case when kind <> 'ratio' then sum(value_rounded) end as value_rounded,
        case when kind <> 'ratio' then sum(records_value) end as records_value,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(cast(is_whole as int)) as n_reported,
        n_counties as n_expected,
        bool_and(is_told_whole) as is_whole,
        count(*) = n_counties and bool_and(is_final) as is_final
    from climbed
    group by unit_code, unit_level, indicator_code, kind, period, grain, n_counties
)

select * from final
