-- mart.prefecture_sum
-- grain: province, indicator (but for distinct counts), period: its prefectures put together
-- additivity: flows add over time; stocks and rates do not
-- hazards: n_reported and n_expected count counties; a prefecture taken by its inclusive figure (source prose) has all
--   of them; a prefecture that is not there is missing with all its counties, not zero
with
prefecture as (select * from mart.prefecture_period),
province as (
    select distinct
        unit_code,
        n_expected
    from mart.org_unit
    where unit_level = 'province'
),

final as (
    select
        province.unit_code as org_code,
        'province' as level,
        prefecture.indicator_code,
        prefecture.kind,
        prefecture.period,
        prefecture.grain,
        if(min(prefecture.source) = max(prefecture.source), min(prefecture.source), 'mixed') as source,
        if(
            prefecture.kind = 'ratio',
            cast(100.0 * sum(prefecture.numerator) / nullif(sum(prefecture.denominator), 0) as decimal(18, 4)),
            sum(prefecture.value)
        ) as value,
        sum(prefecture.value_low) as value_low,
        sum(prefecture.value_high) as value_high,
        sum(prefecture.value_rounded) as value_rounded,
        sum(prefecture.records_value) as records_value,
        sum(prefecture.numerator) as numerator,
        sum(prefecture.denominator) as denominator,
        sum(prefecture.n_reported) as n_reported,
        province.n_expected,
        bool_and(prefecture.is_whole) as is_whole,
        sum(prefecture.n_reported) = province.n_expected and bool_and(prefecture.is_final) as is_final
    from prefecture
    cross join province -- one row
    group by
        province.unit_code, prefecture.indicator_code, prefecture.kind, prefecture.period, prefecture.grain,
        province.n_expected
)

select * from final
