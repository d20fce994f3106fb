-- mart.explanation
-- grain: declared explanation (核实说明) of a unit's figure
-- additivity: none; a figure may have several
-- hazards: is_in_force is false once the newest day that the warehouse knows of is past expires_on; it speaks of the
--   unit it names, not of those above it; an old code is its successor's
with
explanation as (select * from ref.explanation),
indicator as (select * from ref.indicator),
org_unit as (select * from mart.org_unit),
known_day as (select * from mart.known_day),

final as (
    select
        explanation.explanation_id,
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        explanation.indicator_code,
        indicator.name_zh as indicator_name,
        explanation.period,
        explanation.rule,
        explanation.text,
        explanation.who,
        explanation.said_on,
        explanation.expires_on,
        coalesce(known_day.known_on <= explanation.expires_on, true) as is_in_force
    from explanation
    inner join indicator on explanation.indicator_code = indicator.code -- n:1
    inner join org_unit on explanation.org_code = org_unit.org_code and org_unit.org_level = org_unit.unit_level -- n:1
    cross join known_day -- n:1
)

select * from final
