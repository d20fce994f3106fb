-- mart.quarter_township
-- grain: township or county, indicator, quarter, township with a figure in every month of it
-- additivity: none; n_townships counts the rows of one unit, indicator and period, and stands on each of them
-- hazards: for a county only those townships count whose figure its own figure holds (both of one source)
with
unit_month as (select * from mart.unit_month),
org_unit as (select * from mart.org_unit where unit_level in ('township', 'county')),
calendar as (select * from ref.period where grain = 'month'),

whole as (
    select
        unit.org_code,
        unit.indicator_code,
        calendar.quarter as period,
        township.org_code as township_code
    from unit_month as township
    inner join org_unit on township.org_code = org_unit.org_code -- 1:2, itself and its county
    inner join unit_month as unit -- 1:1
        on
            org_unit.unit_code = unit.org_code
            and township.indicator_code = unit.indicator_code
            and township.period = unit.period
            and township.source = unit.source
    inner join calendar on township.period = calendar.period -- n:1
    where township.level = 'township'
    group by unit.org_code, unit.indicator_code, calendar.quarter, township.org_code
    having count(*) = 3
),

final as (
    select
        *,
        count(*) over (partition by org_code, indicator_code, period) as n_townships,
        row_number() over (partition by org_code, indicator_code, period order by township_code) = 1 as is_first
    from whole
)

select * from final
