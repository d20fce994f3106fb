-- dq.placed_finding
-- grain: finding, critical or warning, with the unit, period and system it concerns
-- additivity: counts add
-- hazards: a file that could not be read at all is a finding of its own; of such a file, unit and period are
--   those that its name and folder claim; prose is of the period that it claims; findings of exports know no unit
with
finding as (select * from dq.finding where severity in ('critical', 'warning')),
delivery as (select * from ops.delivery),
export as (select * from ref.export),
report as (select * from core.report),
line_unit as (select * from dq.line_unit),

said as (
    select
        delivery_id,
        table_id,
        line,
        cell,
        severity,
        rule,
        column_name,
        message
    from finding
    union all
    select
        delivery_id,
        null as table_id,
        null as line,
        '整个文件' as cell,
        'critical' as severity,
        'unusable_file' as rule,
        null as column_name,
        reason as message
    from delivery
    where status = 'rejected' and delivery_id not in (select finding.delivery_id from finding)
),

final as (
    select
        said.*,
        delivery.file,
        delivery.dataset,
        delivery.status,
        export.system,
        coalesce(report.org_code, delivery.org_code, delivery.claimed_org_code) as org_code,
        coalesce(
            if(delivery.dataset = 'prose', delivery.claimed_period, null),
            report.period, delivery.period, delivery.claimed_period
        ) as period,
        report.is_current,
        coalesce(line_unit.org_code, report.org_code, delivery.org_code, delivery.claimed_org_code) as unit_code
    from said
    inner join delivery on said.delivery_id = delivery.delivery_id -- n:1
    left join export on delivery.dataset = export.export -- n:1
    left join report on said.table_id = report.report_id -- n:1
    left join line_unit on concat_ws(':', said.table_id, said.line) = line_unit.row_ref -- n:1
)

select * from final
