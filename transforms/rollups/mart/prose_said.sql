-- mart.prose_said
-- grain: figure in prose, month, quarter or year that it tells of directly
-- additivity: none; figures are rounded, and a unit's may hold the units below it (全市各级)
-- hazards: figures of a period of their own (本期), and stocks at its last day (截至6月底 is June and the second quarter);
--   what counts from 1 January or from the programme's start (累计) tells of no period directly
with
prose_figure as (select * from mart.prose_figure where is_comparable),
observation as (select * from core.observation where source = 'prose'),
report as (select * from core.report),
calendar as (select * from ref.period),

placed as (
    select
        prose_figure.*,
        calendar.grain,
        calendar.period as told_period
    from prose_figure
    inner join calendar on prose_figure.period = calendar.period -- n:1
    where prose_figure.basis = 'period'
    union all
    select
        prose_figure.*,
        calendar.grain,
        calendar.period as told_period
    from prose_figure
    inner join calendar on prose_figure.span_end = calendar.end_date -- n:m
    where prose_figure.basis = 'as_of' and prose_figure.kind = 'stock' and prose_figure.period is not null
),

final as (
    select
        placed.org_code,
        placed.level,
        placed.indicator_code,
        placed.kind,
        placed.told_period as period,
        placed.grain,
        placed.basis,
        observation.value,
        observation.value_low,
        observation.value_high,
        observation.qualifier,
        observation.is_inclusive,
        placed.row_ref,
        coalesce(report.reported_on, cast(report.delivered_at + interval 8 hours as date)) as reported_on
    from placed
    inner join observation on placed.row_ref = observation.row_ref -- n:1
    inner join report on observation.report_id = report.report_id -- n:1
    where observation.value is not null
)

select * from final
