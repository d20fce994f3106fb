-- mart.workbook_explanation
-- grain: explanation (核实说明) that a unit gave in a workbook, and that no office has returned since
-- additivity: none
-- hazards: a return of an incident of several rules (it names none) takes back all that the workbook explained
with
said as (select * from core.explanation),
delivery as (select * from ops.delivery),
returned as (select * from dq.incident_event where kind = 'returned'),

final as (
    select
        said.delivery_id,
        said.org_code,
        said.county_code,
        said.indicator_code,
        said.period,
        said.rule,
        said.asked,
        said.text,
        said.source_ref,
        delivery.delivered_at,
        said.said_on,
        said.expires_on
    from said
    inner join delivery on said.delivery_id = delivery.delivery_id -- n:1
    left join returned -- n:m
        on
            said.period = returned.period
            and returned.org_code in (said.org_code, said.county_code)
            and coalesce(said.rule = returned.rule, true)
            and delivery.delivered_at <= returned.happened_at
    where returned.incident_id is null
)

select * from final
