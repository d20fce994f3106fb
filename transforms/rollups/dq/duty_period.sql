-- dq.duty_period
-- grain: duty (报送任务), unit that owes it, period from the duty's first to its last one or the end of the calendar
-- additivity: none
-- hazards: knows of no exceptions (dq.duty does); the first report has the day (a correction makes nobody late): its
--   填报时间, or that of arrival in Guizhou where it is before the period or after the arrival; a form of 本年累计 that ends
--   with the period counts as its report, prose and rejected files do not; of merged units one report is enough
with
duty as (select * from ref.duty),
period as (select * from ref.period),
org as (select * from ref.org),
org_unit as (select * from mart.org_unit where unit_level = 'county'),
report as (select * from core.report where form <> 'prose'),

sent as ( -- one row a duty, unit, last day of a period with a report
    select
        duty.duty,
        duty.org_code,
        report.period_end,
        min(least(
            if(report.reported_on < report.period_start, null, report.reported_on),
            cast(report.delivered_at + interval 8 hours as date)
        )) as reported_on,
        bool_and(report.is_nil) filter (where report.is_current) as is_nil,
        bool_or(report.superseded_by is not null) as is_resubmitted
    from duty
    inner join org_unit on duty.org_code = org_unit.unit_code -- 1:n
    inner join report -- n:m
        on
            org_unit.org_code = report.county_code and duty.form = report.form
            and (duty.grain = report.grain or report.basis = 'year_to_date')
    group by duty.duty, duty.org_code, report.period_end
),

final as (
    select
        duty.duty,
        duty.form,
        duty.org_code,
        org.name as org_name,
        org.prefecture_code,
        period.period,
        duty.grain,
        period.end_date as period_end,
        cast(period.end_date + duty.due_days as date) as due_date,
        duty.remind_days,
        sent.reported_on,
        coalesce(sent.is_nil, false) as is_nil,
        coalesce(sent.is_resubmitted, false) as is_resubmitted
    from duty
    inner join org on duty.org_code = org.code -- n:1
    inner join period -- n:m
        on
            duty.grain = period.grain
            and period.period between duty.first_period and coalesce(duty.last_period, period.period)
    left join sent -- n:1
        on duty.duty = sent.duty and duty.org_code = sent.org_code and period.end_date = sent.period_end
)

select * from final
