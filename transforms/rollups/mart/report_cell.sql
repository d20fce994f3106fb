-- mart.report_cell
-- grain: cell of a standing form of 本期, with the county that reported and the township that it is for
-- additivity: none; mart.report_completeness counts the cells
-- hazards: township_code is empty for the county's own line or lone 合计, and for a township that is another county's
--   on the tree, or none; units are those of the tree; lines held back have no cells here
with
report as (select * from core.report),
observation as (select * from core.observation where is_current and basis = 'period' and source = 'form'),
org_unit as (select * from mart.org_unit),
township as (select * from ref.org where level = 'township' and is_on_tree),

final as (
    select
        county.unit_code as org_code,
        county.unit_name as org_name,
        county.n_expected,
        observation.period,
        observation.grain,
        regexp_replace(observation.row_ref, ':[0-9]+$', '') as table_id,
        township.code as township_code,
        observation.indicator_code,
        observation.state in ('figure', 'none') as is_filled,
        coalesce(report.is_nil, false) as is_nil
    from observation
    inner join report on observation.report_id = report.report_id -- n:1
    inner join org_unit as county on observation.county_code = county.org_code and county.unit_level = 'county' -- n:1
    left join org_unit as place on observation.org_code = place.org_code and place.unit_level = 'township' -- n:1
    left join township on place.unit_code = township.code and county.unit_code = township.county_code -- n:1
)

select * from final
