-- mart.figure_history
-- grain: figure that a form or a report in prose ever told, the standing one and those it replaced
-- additivity: none; versions of one figure replace one another, year-to-date and prose overlap the months
-- hazards: period, reported_on and known_at are three times: of what, said when, known when; a report is outranked as a
--   whole, so of a form that is patched (only cells said anew fall) known_until may be too early; a figure replaced and
--   said again by another file of the same content has one row, with one gap that is not told
with
observation as (select * from core.observation),
report as (select * from core.report),
delivery as (select * from ops.delivery),
report_history as (select * from mart.report_history),

final as (
    select
        observation.org_code,
        observation.indicator_code,
        observation.period,
        observation.basis,
        observation.source,
        observation.value,
        observation.value_low,
        observation.value_high,
        observation.state,
        report.reported_on,
        report_history.known_at,
        case
            when not observation.is_current then coalesce(report_history.known_until, report_history.known_at)
        end as known_until,
        observation.delivery_id,
        delivery.file,
        observation.source_ref,
        observation.is_current,
        case when not observation.is_current then report_history.superseded_by_file end as superseded_by_file,
        case
            when observation.is_current then null
            when report_history.known_until is null then '空白或无法识别，不替代已有的数'
            when report_history.known_until > report_history.known_at then '被更新的报送取代'
            else '到达时已有更新的报送'
        end as reason
    from observation
    inner join report on observation.report_id = report.report_id -- n:1
    inner join delivery on observation.delivery_id = delivery.delivery_id -- n:1
    inner join report_history on observation.report_id = report_history.report_id -- n:1
)

select * from final
