-- mart.year_township
-- grain: township or county, indicator, year, township with a figure in every quarter of it
-- additivity: none; n_townships counts the rows of one unit, indicator and period, and stands on each of them
-- hazards: a township counts by what its unit's quarter rests on: by the quarter's own form if that stands, else by all
--   three months; bare percents hold no township
with
unit_quarter as (select * from mart.unit_quarter),
direct as (select * from mart.unit_figure where grain = 'quarter' and level = 'township' and preference in (1, 3)),
org_unit as (select * from mart.org_unit where unit_level in ('township', 'county')),
calendar as (select * from ref.period where grain = 'quarter'),

held as ( -- one row a unit, indicator, quarter, way, township
    select
        org_code,
        indicator_code,
        period,
        township_code,
        false as is_direct
    from mart.quarter_township
    union all
    select
        org_unit.unit_code as org_code,
        direct.indicator_code,
        direct.period,
        direct.org_code as township_code,
        true as is_direct
    from direct
    inner join org_unit on direct.org_code = org_unit.org_code -- 1:2, itself and its county
),

whole as (
    select
        unit_quarter.org_code,
        unit_quarter.indicator_code,
        calendar.year as period,
        held.township_code
    from unit_quarter
    inner join held -- 1:n
        on
            unit_quarter.org_code = held.org_code
            and unit_quarter.indicator_code = held.indicator_code
            and unit_quarter.period = held.period
            and unit_quarter.preference in (1, 3, 7) = held.is_direct
    inner join calendar on unit_quarter.period = calendar.period -- n:1
    group by unit_quarter.org_code, unit_quarter.indicator_code, calendar.year, held.township_code
    having count(*) = 4
),

final as (
    select
        *,
        count(*) over (partition by org_code, indicator_code, period) as n_townships,
        row_number() over (partition by org_code, indicator_code, period order by township_code) = 1 as is_first
    from whole
)

select * from final
