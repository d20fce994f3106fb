-- mart.prose_figure
-- grain: figure in force of a report in prose, of an indicator of the catalog, with the span it can be held against
-- additivity: none; spans overlap, are mostly cumulative and rounded, and a unit may hold those below it
-- hazards: span_end is the report's day where no end is stated; a flow without a known start has a span only where it
--   counts more than a year (活动开展以来, 五年来): then that of the year of its end, which is surely a part of it; a
--   figure in another unit than the indicator's (户, not 人) is not comparable; parts of a total (其中…) are left out,
--   and so is what is said of a unit that was merged into another since: it tells of a part only
with
observation as (select * from core.observation where source = 'prose' and is_current and not is_breakdown),
report as (select * from core.report),
indicator as (select * from ref.indicator where not is_part),
org_unit as (select * from mart.org_unit where org_level = unit_level),
org as (select * from ref.org),

placed as (
    select
        observation.row_ref,
        org_unit.unit_code as org_code,
        org_unit.unit_level as level,
        observation.indicator_code,
        indicator.kind,
        observation.basis,
        observation.period,
        observation.unit = indicator.unit as is_comparable,
        indicator.kind = 'flow' and observation.basis not in ('unstated', 'as_of') as has_span,
        observation.period_start,
        coalesce(
            observation.period_end, report.reported_on, cast(report.delivered_at + interval 8 hours as date)
        ) as span_end
    from observation
    inner join report on observation.report_id = report.report_id -- n:1
    inner join indicator on observation.indicator_code = indicator.code -- n:1
    inner join org_unit on observation.org_code = org_unit.org_code -- n:1
    inner join org as said on observation.org_code = said.code -- n:1
    inner join org as own on org_unit.unit_code = own.code and said.series_code = own.series_code -- n:1
),

final as (
    select
        row_ref,
        org_code,
        level,
        indicator_code,
        kind,
        basis,
        period,
        is_comparable,
        case
            when has_span and period_start is not null then period_start
            when has_span and basis in ('since_start', 'multi_year') then cast(date_trunc('year', span_end) as date)
        end as span_start,
        span_end,
        case
            when has_span then date_diff('month', date_trunc('month', period_start), date_trunc('month', span_end)) + 1
        end as n_months_expected
    from placed
)

select * from final
