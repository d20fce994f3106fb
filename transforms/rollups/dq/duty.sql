-- dq.duty
-- grain: duty, unit, period
-- additivity: none
-- hazards: stub
with
final as (
    select 'county_month' as duty, 'county_table' as form, org.code as org_code, org.name as org_name, p.period, p.due_date,
    p.due_date - 3 as remind_on, case when r.first is null then 'missing' else 'on_time' end as state
    from ref.org as org cross join ref.period as p
    left join (select county_code, period, min(reported_on) as first from core.report where form<>'prose' group by all) as r on r.county_code=org.code and r.period=p.period
    where org.level='county' and org.is_on_tree and p.grain='month' and p.period in ('2026-05','2026-06')
)
select * from final
