-- mart.cumulative_point
-- grain: series (unit, flow, source, basis, scope, start of counting), day up to which it counts
-- additivity: none: each point holds the ones before it (累计数)
-- hazards: a county's lone 合计 and its own line 县本级 are two series, and so is a unit with and without those below it; a
--   start of counting that nobody states is one series of its own, but for 五年来, whose window moves: there each figure
--   is alone; of several figures of one day stands the one of 本年累计, then the one reported last
with
told_to_date as (select * from mart.told_to_date),
observation as (select * from core.observation where source = 'prose'),
report as (select * from core.report),

placed as (
    select
        told_to_date.*,
        concat_ws(
            '|', told_to_date.org_code, told_to_date.indicator_code, told_to_date.source, told_to_date.basis,
            told_to_date.scope, coalesce(cast(told_to_date.start_date as varchar), '?'),
            if(told_to_date.start_date is null and told_to_date.basis = 'multi_year', told_to_date.end_date, null)
        ) as series,
        row_number() over (
            partition by
                told_to_date.org_code, told_to_date.indicator_code, told_to_date.source, told_to_date.basis,
                told_to_date.scope, told_to_date.start_date, told_to_date.end_date
            order by told_to_date.turn asc, report.reported_on desc nulls last, told_to_date.row_ref desc
        ) as place
    from told_to_date
    left join observation on told_to_date.row_ref = observation.row_ref -- n:1
    left join report on observation.report_id = report.report_id -- n:1
),

final as (
    select
        series,
        org_code,
        county_code,
        indicator_code,
        source,
        basis,
        scope,
        start_date,
        end_date,
        value,
        value_low,
        value_high,
        is_complete,
        row_ref
    from placed
    where place = 1
)

select * from final
