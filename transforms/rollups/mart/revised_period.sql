-- mart.revised_period
-- grain: report by form that took the place of another, township or county, indicator, period that it speaks of anew
-- additivity: as mart.report_change, for each period; periods of different grains overlap
-- hazards: is_told: the report's own period; else of 本年累计 the periods by difference that end with it, and against it
--   those that begin behind it, where no form speaks of them
with
calendar as (select * from ref.period),
final as (
    select
        change.report_id,
        change.org_code,
        change.level,
        change.indicator_code,
        change.kind,
        report.period,
        report.grain,
        true as is_told,
        change.change
    from mart.report_change as change
    inner join core.report as report on change.report_id = report.report_id -- n:1
    where report.basis = 'period' or change.kind = 'stock'
    union all
    select
        change.report_id,
        change.org_code,
        change.level,
        change.indicator_code,
        change.kind,
        calendar.period,
        calendar.grain,
        false as is_told,
        if(calendar.end_date = report.period_end, change.change, -change.change) as change
    from mart.report_change as change
    inner join core.report as report on change.report_id = report.report_id -- n:1
    inner join calendar -- n:m
        on
            report.period_end in (calendar.end_date, cast(calendar.start_date - interval 1 day as date))
    inner join mart.unit_figure as figure -- n:1
        on
            figure.source = 'form'
            and change.org_code = figure.org_code
            and change.indicator_code = figure.indicator_code
            and calendar.period = figure.period
            and calendar.grain = figure.grain
    left join mart.reported_figure as direct -- n:m
        on
            report.county_code = direct.county_code and change.indicator_code = direct.indicator_code
            and calendar.period = direct.period and direct.basis = 'period'
    where report.basis = 'year_to_date' and change.kind = 'flow' and direct.period is null
)

select * from final
