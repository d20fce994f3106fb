-- mart.report_change
-- grain: report by form that took the place of another, township or county, flow or stock that it says differently
-- additivity: changes of one figure add up from its first version to the one that stands
-- hazards: a report replaced and later said again has one version here; one that never stood changes nothing;
--   value_before is empty for a figure that is new in the report, value_after for one that it no longer has
with
report as (select * from core.report where form <> 'prose'),
history as (select * from mart.report_history where known_until is null or known_until > known_at),
report_figure as (select * from mart.report_figure),

version as (
    select
        report.*,
        history.known_at,
        lag(report.report_id) over (partition by report.series order by history.known_at) as previous_id
    from report
    inner join history on report.report_id = history.report_id -- 1:1
),

told as (
    select
        version.report_id,
        report_figure.org_code,
        report_figure.level,
        report_figure.indicator_code,
        report_figure.kind,
        if(report_figure.report_id = version.report_id, null, report_figure.value) as value_before,
        if(report_figure.report_id = version.report_id, report_figure.value, null) as value_after
    from version
    inner join report_figure -- 1:n
        on report_figure.report_id in (version.report_id, version.previous_id) and version.previous_id is not null
),

final as (
    select
        report_id,
        org_code,
        level,
        indicator_code,
        kind,
        max(value_before) as value_before,
        max(value_after) as value_after,
        coalesce(max(value_after), 0) - coalesce(max(value_before), 0) as change
    from told
    group by report_id, org_code, level, indicator_code, kind
    having max(value_after) is distinct from max(value_before)
)

select * from final
