-- mart.case_funnel_month
-- grain: township, county, prefecture or province, month in which the cases were opened
-- additivity: counts add over the units of one level and over months; shares, medians and percentiles never
-- hazards: later steps count in the month of opening, so recent months still move; medians and percentiles come from
--   the cases themselves at each level; overdue counts cases not closed within ref.parameter case_due_days
with
case_clock as (select * from mart.case_clock),
case_days as (select * from mart.case_days_month),
org_unit as (select * from mart.org_unit),

funnel as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        case_clock.period,
        count(*) as opened,
        count(case_clock.accepted_at) as accepted,
        count(case_clock.assigned_at) as assigned,
        count(case_clock.closed_at) as closed,
        count(case_clock.grade) as graded,
        count(*) filter (where case_clock.grade in ('满意', '基本满意')) as satisfied,
        count(*) filter (where case_clock.grade = '不满意') as dissatisfied,
        cast(100.0 * count(case_clock.closed_at) / count(*) as decimal(18, 4)) as share_closed,
        count(*) filter (where case_clock.is_overdue) as overdue,
        cast(100.0 * count(*) filter (where case_clock.is_overdue) / count(*) as decimal(18, 4)) as share_overdue
    from case_clock
    inner join org_unit on case_clock.place_code = org_unit.org_code -- n:m, the unit and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, case_clock.period
),

final as (
    select
        funnel.*,
        case_days.median_days_accept,
        case_days.p90_days_accept,
        case_days.median_days_assign,
        case_days.p90_days_assign,
        case_days.median_days_handle,
        case_days.p90_days_handle,
        case_days.median_days_total,
        case_days.p90_days_total
    from funnel
    inner join case_days -- 1:1
        on funnel.org_code = case_days.org_code and funnel.period = case_days.period
)

select * from final
