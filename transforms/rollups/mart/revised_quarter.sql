-- mart.revised_quarter
-- grain: report by form that took the place of another, township or county, indicator, period whose figure it changed
-- additivity: as mart.report_change, for each period; periods of different grains overlap
-- hazards: a flow's month changes its quarter where the quarter rests on its months; a form of a quarter changes
--   nothing there; years are not weighed yet
with
revised_period as (select * from mart.revised_period),
calendar as (select * from ref.period),
made_of_months as (select * from mart.unit_quarter where preference in (2, 6)),

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
    from revised_period as revised
    left join made_of_months -- n:1
        on
            revised.org_code = made_of_months.org_code and revised.indicator_code = made_of_months.indicator_code
            and revised.period = made_of_months.period
    where made_of_months.period is null
    union all
    select
        month.report_id,
        month.org_code,
        month.level,
        month.indicator_code,
        month.kind,
        quarter.period,
        'quarter' as grain,
        false as is_told,
        month.change
    from revised_period as month
    inner join calendar on month.period = calendar.period and month.kind = 'flow' and month.grain = 'month' -- n:1
    inner join made_of_months as quarter -- n:1
        on
            month.org_code = quarter.org_code and month.indicator_code = quarter.indicator_code
            and calendar.quarter = quarter.period
)

select * from final
