-- dq.line_unit
-- grain: line of a form that was taken in, and the unit whose figures stand on it
-- additivity: none
-- hazards: a lone 合计 is a line of the county's own; lines held back have no unit here
with
observation as (select * from core.observation where source = 'form'),

final as (
    select
        row_ref,
        min(org_code) as org_code
    from observation
    group by row_ref
)

select * from final
