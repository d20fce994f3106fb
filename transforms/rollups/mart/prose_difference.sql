-- mart.prose_difference
-- grain: unit, flow, month, quarter or year at both ends of which reports in prose tell how much there was (累计数之差)
-- additivity: none; figures are rounded, and a unit's may hold the units below it (全市各级)
-- hazards: the difference of two rounded figures is wide: look at value_low and value_high, which may lie below zero;
--   the place and the day are those of the later figure; columns are mart.prose_said's
with
cumulative_period as (select * from mart.cumulative_period where source = 'prose'),
prose_figure as (select * from mart.prose_figure),
observation as (select * from core.observation where source = 'prose'),
report as (select * from core.report),

final as (
    select
        cumulative_period.org_code,
        prose_figure.level,
        cumulative_period.indicator_code,
        prose_figure.kind,
        cumulative_period.period,
        cumulative_period.grain,
        cumulative_period.basis,
        cumulative_period.value,
        cumulative_period.value_low,
        cumulative_period.value_high,
        cast(null as varchar) as qualifier,
        observation.is_inclusive,
        cumulative_period.row_ref,
        coalesce(report.reported_on, cast(report.delivered_at + interval 8 hours as date)) as reported_on
    from cumulative_period
    inner join prose_figure on cumulative_period.row_ref = prose_figure.row_ref -- n:1
    inner join observation on cumulative_period.row_ref = observation.row_ref -- n:1
    inner join report on observation.report_id = report.report_id -- n:1
)

select * from final
