-- mart.revision_unit
-- grain: report by form that took the place of another, unit, indicator, period whose figure it changed
-- additivity: changes of one figure add up; those of counties make those of prefectures and of the province
-- hazards: townships count for themselves, counties for all above them; a county taken by its inclusive figure (prose)
--   does not change, nor does a unit above it by it
with
change as (
    select
        report_id,
        org_code,
        indicator_code,
        period,
        sum(change) as change
    from mart.revised_span
    group by report_id, org_code, indicator_code, period
),

final as (
    select
        change.report_id,
        org_unit.unit_code as org_code,
        change.indicator_code,
        change.period,
        change.change,
        history.known_at
    from change
    inner join mart.unit_period as own -- n:1
        on
            change.org_code = own.org_code and change.indicator_code = own.indicator_code
            and change.period = own.period and own.source <> 'prose'
    inner join mart.org_unit as org_unit -- n:m
        on change.org_code = org_unit.org_code and (own.level = 'county' or org_unit.unit_level = 'township')
    inner join ref.org as org on change.org_code = org.code -- n:1
    left join mart.tree_period as above -- n:1
        on
            org.prefecture_code = above.org_code and change.indicator_code = above.indicator_code
            and change.period = above.period and above.source = 'prose'
    inner join mart.report_history as history on change.report_id = history.report_id -- n:1
    where above.org_code is null or org_unit.unit_level in ('township', 'county')
)

select * from final
