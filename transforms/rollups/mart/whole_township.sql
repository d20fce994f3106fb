-- mart.whole_township
-- grain: township or county, indicator, quarter or year: how many townships have a figure in every month of it
-- additivity: counts add over the units of one level, not over periods
-- hazards: for a county only those townships count whose figure its own figure holds (both of one source)
with
unit_month as (select * from mart.unit_month),
org_unit as (select * from mart.org_unit where unit_level in ('township', 'county')),
month_span as (select * from mart.month_span),

whole as ( -- one row a township that is there in every month of the span
    select
        unit.org_code,
        unit.indicator_code,
        month_span.span,
        township.org_code as township_code
    from unit_month as township
    inner join org_unit on township.org_code = org_unit.org_code -- 1:2, itself and its county
    inner join unit_month as unit -- 1:1
        on
            org_unit.unit_code = unit.org_code
            and township.indicator_code = unit.indicator_code
            and township.period = unit.period
            and township.source = unit.source
    inner join month_span on township.period = month_span.month -- n:2
    where township.level = 'township'
    group by
        unit.org_code,
        unit.indicator_code,
        month_span.span,
        township.org_code
    having count(*) = max(month_span.n_months)
),

final as (
    select
        org_code,
        indicator_code,
        span,
        count(*) as n_townships
    from whole
    group by
        org_code,
        indicator_code,
        span
)

select * from final
