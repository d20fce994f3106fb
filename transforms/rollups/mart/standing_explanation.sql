-- mart.standing_explanation
-- grain: unit, indicator, period with an explanation (核实说明) in force
-- additivity: none
-- hazards: several explanations of one figure are put together, in the order of their ids; those of no figure are not
with
explanation as (select * from mart.explanation where is_in_force and indicator_code is not null),

final as (
    select
        org_code,
        indicator_code,
        period,
        string_agg(text, '；' order by explanation_id) as explanation
    from explanation
    group by org_code, indicator_code, period
)

select * from final
