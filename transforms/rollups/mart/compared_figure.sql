-- mart.compared_figure
-- grain: township, county, prefecture or province, indicator, period, source (form, records)
-- additivity: adds over units of one level and source; flows add over time; stocks, rates and distinct counts do not
-- hazards: what prose is held against, nothing else: no source is chosen; above counties there are months only (years
--   by records that know no more), made of the counties that are there (n_reported of n_expected); rates are rebuilt, a
--   bare percent is its own unit's alone; distinct counts above counties are those of the records
with
own as (select * from mart.compared_own),
org_unit as (select * from mart.org_unit where unit_level in ('prefecture', 'province')),
calendar as (select * from ref.period),

figure as (
    select
        org_code,
        indicator_code,
        period,
        grain,
        source,
        value,
        n_reported,
        n_expected
    from own
    union all
    select
        org_unit.unit_code as org_code,
        own.indicator_code,
        own.period,
        own.grain,
        own.source,
        case own.kind
            when 'ratio' then cast(100.0 * sum(own.numerator) / nullif(sum(own.denominator), 0) as decimal(18, 4))
            else sum(own.value)
        end as value,
        count(*) as n_reported,
        org_unit.n_expected
    from own
    inner join org_unit on own.org_code = org_unit.org_code -- n:2
    where
        own.level = 'county'
        and (own.grain = 'month' or own.source = 'records')
        and (own.kind in ('flow', 'stock') or own.denominator is not null)
    group by org_unit.unit_code, own.indicator_code, own.period, own.grain, own.source, own.kind, org_unit.n_expected
),

final as (
    select
        figure.*,
        calendar.start_date,
        calendar.end_date
    from figure
    inner join calendar on figure.period = calendar.period -- n:1
    where figure.value is not null
)

select * from final
