-- mart.explanation
-- grain: explanation (核实说明) of a unit: declared in the catalog, given in a returned workbook, or noted on an incident
-- additivity: none; a figure may have several
-- hazards: is_in_force is false once the newest day that the warehouse knows of is past expires_on; it speaks of the
--   unit it names, not of those above it; an old code is its successor's; one without an indicator is about no one
--   figure: it answers its rule, of the unit and period, or what was asked (asked: its hash) where that is told;
--   county_code is empty above the counties
with
declared as (select * from ref.explanation),
given as (select * from mart.given_explanation),
indicator as (select * from ref.indicator),
org_unit as (select * from mart.org_unit),
county as (select * from mart.org_unit where unit_level = 'county'),
known_day as (select * from mart.known_day),

explanation as (
    select
        *,
        'catalog' as origin
    from declared
    union all by name
    select * from given
),

final as (
    select
        explanation.explanation_id,
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        county.unit_code as county_code,
        explanation.indicator_code,
        indicator.name_zh as indicator_name,
        explanation.period,
        explanation.rule,
        explanation.asked,
        explanation.text,
        explanation.who,
        explanation.said_on,
        explanation.expires_on,
        coalesce(known_day.known_on <= explanation.expires_on, true) as is_in_force,
        explanation.origin
    from explanation
    inner join org_unit on explanation.org_code = org_unit.org_code and org_unit.org_level = org_unit.unit_level -- n:1
    left join indicator on explanation.indicator_code = indicator.code -- n:1
    left join county on explanation.org_code = county.org_code -- n:1
    cross join known_day -- n:1
)

select * from final
