-- mart.case_funnel_month
-- grain: township, county, prefecture or province, month in which the cases were opened
-- additivity: counts add over the units of one level and over months; shares, rates, medians and percentiles never
-- hazards: later steps count in the month of opening, so recent months still move; medians and percentiles come from
--   the cases themselves at each level; overdue counts cases not closed within ref.parameter case_due_days
with
placed as (select * from mart.case_place),
case_days as (select * from mart.case_days_month),
org_unit as (select * from mart.org_unit),

funnel as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        placed.period,
        cast(sum(placed.opened) as bigint) as opened,
        cast(sum(placed.accepted) as bigint) as accepted,
        cast(sum(placed.assigned) as bigint) as assigned,
        cast(sum(placed.closed) as bigint) as closed,
        cast(sum(placed.graded) as bigint) as graded,
        cast(sum(placed.satisfied) as bigint) as satisfied,
        cast(sum(placed.dissatisfied) as bigint) as dissatisfied,
        cast(100.0 * sum(placed.closed) / sum(placed.opened) as decimal(18, 4)) as share_closed,
        cast(sum(placed.overdue) as bigint) as overdue,
        cast(100.0 * sum(placed.overdue) / sum(placed.opened) as decimal(18, 4)) as share_overdue,
        cast(sum(placed.disputes) as bigint) as disputes,
        cast(sum(placed.disputes_settled) as bigint) as disputes_settled,
        cast(100.0 * sum(placed.disputes_settled) / nullif(sum(placed.disputes), 0) as decimal(18, 4))
            as disputes_resolution_rate
    from placed
    inner join org_unit on placed.place_code = org_unit.org_code -- n:m, the unit and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, placed.period
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
    left join case_days -- 1:1
        on funnel.org_code = case_days.org_code and funnel.period = case_days.period
)

select * from final
