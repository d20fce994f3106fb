-- mart.reporting_rate_month
-- grain: county, prefecture or province, month for which any county's form has come
-- additivity: counts add over counties; rates never: add n_on_time and n_expected, then divide
-- hazards: a report corrected later makes no county late; one of 本年累计 or in prose is no month's form; 填报时间 counts
--   unless it is before the month or after the arrival; several reports of a county and month, of any form, are one
--   county; days are those of Guizhou; what was granted (延期、免报) changes nothing here (mart.reporting_rate goes by it)
with
report as (select * from core.report where grain = 'month' and basis = 'period' and form <> 'prose'),
calendar as (select * from ref.period where grain = 'month'),
org_unit as (select * from mart.org_unit where unit_level <> 'township'),

sent as ( -- one row a county (by its code of today) and month
    select
        org_unit.unit_code as county_code,
        report.period,
        calendar.due_date,
        min(least(
            if(report.reported_on < calendar.start_date, null, report.reported_on),
            cast(report.delivered_at + interval 8 hours as date)
        )) as reported_on,
        bool_or(report.is_current and report.is_complete) as is_complete
    from report
    inner join org_unit on report.county_code = org_unit.org_code and org_unit.unit_level = 'county' -- n:1
    inner join calendar on report.period = calendar.period -- n:1
    group by org_unit.unit_code, report.period, calendar.due_date
),

asked as ( -- one row a unit, county in force below it, month asked of all
    select distinct
        org_unit.*,
        sent.period,
        sent.due_date
    from org_unit
    cross join sent -- n:m
    where org_unit.org_level = 'county' and org_unit.is_in_force
),

final as (
    select
        asked.unit_code as org_code,
        asked.unit_name as org_name,
        asked.unit_level as level,
        asked.period,
        count(*) as n_expected,
        count(sent.county_code) as n_reported,
        count(*) filter (where sent.reported_on <= asked.due_date) as n_on_time,
        count(*) filter (where sent.is_complete) as n_complete,
        cast(100.0 * count(sent.county_code) / count(*) as decimal(18, 4)) as reporting_rate,
        cast(100.0 * count(*) filter (where sent.reported_on <= asked.due_date) / count(*) as decimal(18, 4))
            as on_time_rate,
        cast(100.0 * count(*) filter (where sent.is_complete) / count(*) as decimal(18, 4)) as complete_rate,
        case when asked.unit_level = 'county' then min(sent.reported_on) end as reported_on,
        asked.due_date
    from asked
    left join sent on asked.org_code = sent.county_code and asked.period = sent.period -- n:1
    group by asked.unit_code, asked.unit_name, asked.unit_level, asked.period, asked.due_date
)

select * from final
