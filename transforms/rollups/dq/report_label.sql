-- dq.report_label
-- grain: standing report, form or prose: how a question calls it
-- additivity: none; a step of dq.repeated_report and dq.repeated_paragraph
-- hazards: the unit is that of today (播州区, not 遵义县); a report in prose may name none, and no period
with
report as (select * from core.report where is_current),
delivery as (select * from ops.delivery),
org as (select * from ref.org),

said as (
    select
        report.*,
        delivery.file,
        org.unit_code
    from report
    inner join delivery on report.delivery_id = delivery.delivery_id -- n:1
    left join org on report.org_code = org.code -- n:1
),

final as (
    select
        said.report_id,
        said.unit_code as org_code,
        org.name as org_name,
        org.level,
        org.county_code,
        org.prefecture_code,
        -- of two reports of one unit the later has the greater order_key
        concat(cast(coalesce(said.period_end, said.reported_on) as varchar), '_', said.report_id) as order_key,
        said.period,
        concat(
            case said.grain
                when 'month' then concat(replace(said.period, '-', '年'), '月')
                when 'quarter' then concat(replace(said.period, '-Q', '年第'), '季度')
                when 'year' then concat(said.period, '年')
                else coalesce(said.period, '未写明时期')
            end,
            case when said.basis = 'year_to_date' then '（本年累计）' else '' end
        ) as period_name,
        said.file
    from said
    left join org on said.unit_code = org.code -- n:1
)

select * from final
