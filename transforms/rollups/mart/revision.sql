-- mart.revision
-- grain: report by form that took the place of another, unit, indicator, period whose figure it changed (数据修订)
-- additivity: changes of one figure add up; those of counties make those of prefectures and of the province
-- hazards: value_after is the figure as it stands less what later reports changed, value_before what it would be
--   without this report, all else as known today; flows and stocks only: a rate changes with its parts; where a figure
--   with all below (prose) stands for a unit, nothing changes there
with
figure as (
    select * from mart.unit_period
    union all
    select * from mart.tree_period
),

changed as (
    select
        change.*,
        figure.level,
        figure.grain,
        figure.value - coalesce(sum(change.change) over (
            partition by change.org_code, change.indicator_code, change.period
            order by change.known_at desc, change.report_id desc
            rows between unbounded preceding and 1 preceding
        ), 0) as value_after
    from mart.revision_unit as change
    inner join figure -- n:1
        on
            change.org_code = figure.org_code and change.indicator_code = figure.indicator_code
            and change.period = figure.period and figure.source <> 'prose'
    where change.change <> 0
),

final as (
    select
        changed.org_code,
        org.name as org_name,
        changed.level,
        changed.indicator_code,
        changed.period,
        changed.grain,
        changed.known_at,
        report.reported_on,
        changed.value_after - changed.change as value_before,
        changed.value_after,
        changed.change,
        report.delivery_id,
        delivery.file,
        changed.report_id
    from changed
    inner join core.report as report on changed.report_id = report.report_id -- n:1
    inner join ops.delivery as delivery on report.delivery_id = delivery.delivery_id -- n:1
    inner join ref.org as org on changed.org_code = org.code -- n:1
)

select * from final
