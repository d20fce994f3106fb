-- mart.reporting_rate
-- grain: duty (报送任务), county, prefecture or province, period that was due before mart.known_day
-- additivity: counts add over counties and periods; rates never: add their counts, then divide
-- hazards: asks for what was owed, whether anybody reported it or not (mart.reporting_rate_month asks for the months
--   that somebody reported, by whatever form); what is waived is not expected; what may still come in time is left
--   out, even where it has come; resubmitted (重报) is a county of whose reports another content took the place of one
with
duty as (select * from dq.duty),
known_day as (select * from mart.known_day),
org_unit as (select * from mart.org_unit where unit_level <> 'township'),

due as ( -- one row a duty, county, unit above it or itself, period
    select
        duty.*,
        org_unit.unit_code,
        org_unit.unit_name,
        org_unit.unit_level
    from duty
    inner join known_day on duty.due_date < known_day.known_on -- n:1
    inner join org_unit on duty.org_code = org_unit.org_code -- 1:n
),

counted as (
    select
        duty,
        unit_code as org_code,
        unit_name as org_name,
        unit_level as level,
        period,
        grain,
        count(*) filter (where state <> 'waived') as n_expected,
        count(*) filter (where state = 'waived') as n_waived,
        count(reported_on) as n_reported,
        count(*) filter (where state = 'on_time') as n_on_time,
        count(*) filter (where state = 'late') as n_late,
        count(*) filter (where state = 'missing') as n_missing,
        count(*) filter (where is_nil) as n_nil,
        count(*) filter (where is_resubmitted) as n_resubmitted
    from due
    group by duty, unit_code, unit_name, unit_level, period, grain
),

final as (
    select
        *,
        cast(100.0 * n_reported / nullif(n_expected, 0) as decimal(18, 4)) as reporting_rate,
        cast(100.0 * n_on_time / nullif(n_expected, 0) as decimal(18, 4)) as on_time_rate,
        cast(100.0 * n_late / nullif(n_expected, 0) as decimal(18, 4)) as late_rate,
        cast(100.0 * n_missing / nullif(n_expected, 0) as decimal(18, 4)) as missing_rate,
        cast(100.0 * n_resubmitted / nullif(n_reported, 0) as decimal(18, 4)) as resubmitted_rate
    from counted
)

select * from final
