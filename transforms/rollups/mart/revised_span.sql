-- mart.revised_span
-- grain: report by form that took the place of another, township or county, indicator, period whose figure it changed
-- additivity: as mart.report_change, for each period; periods of different grains overlap
-- hazards: a flow's quarter changes its year where the year rests on its quarters; a form of a year changes nothing
--   there; a year of 本年累计 and what came after is not followed; of stocks only the report's own period is here
with
revised_quarter as (select * from mart.revised_quarter),
calendar as (select * from ref.period),
made_of_quarters as ( -- the year's figure is that of its quarters, and no other
    select year.*
    from mart.year_of_quarters as year
    inner join mart.own_period as own -- 1:1
        on
            year.org_code = own.org_code and year.indicator_code = own.indicator_code and year.period = own.period
            and year.source = own.source and year.value = own.value and year.n_reported = own.n_reported
    where year.kind = 'flow'
),

final as (
    select
        revised.report_id,
        revised.org_code,
        revised.level,
        revised.indicator_code,
        revised.kind,
        revised.period,
        revised.grain,
        revised.is_told,
        revised.change
    from revised_quarter as revised
    left join made_of_quarters -- n:1
        on
            revised.org_code = made_of_quarters.org_code and revised.indicator_code = made_of_quarters.indicator_code
            and revised.period = made_of_quarters.period
    where made_of_quarters.period is null
    union all
    select
        part.report_id,
        part.org_code,
        part.level,
        part.indicator_code,
        part.kind,
        year.period,
        'year' as grain,
        false as is_told,
        part.change
    from revised_quarter as part
    inner join calendar on part.period = calendar.period and part.kind = 'flow' and part.grain = 'quarter' -- n:1
    inner join made_of_quarters as year -- n:1
        on part.org_code = year.org_code and part.indicator_code = year.indicator_code and calendar.year = year.period
)

select * from final
