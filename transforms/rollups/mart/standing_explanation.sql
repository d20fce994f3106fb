-- mart.standing_explanation
-- grain: unit, indicator, period with an explanation (核实说明) in force
-- additivity: none
-- hazards: several explanations of one figure are put together, in the order of their ids; those of no figure are not;
--   an answer to what is no longer said (the figure is another by then) is none of it
with
explanation as (select * from mart.explanation where is_in_force and indicator_code is not null),
said_still as (select * from dq.said_still),

final as (
    select
        explanation.org_code,
        explanation.indicator_code,
        explanation.period,
        string_agg(explanation.text, '；' order by explanation.explanation_id) as explanation
    from explanation
    left join said_still -- n:1
        on
            explanation.org_code = said_still.org_code
            and explanation.period = said_still.period
            and explanation.rule = said_still.rule
            and explanation.asked = said_still.asked
    where explanation.asked is null or said_still.asked is not null
    group by explanation.org_code, explanation.indicator_code, explanation.period
)

select * from final
