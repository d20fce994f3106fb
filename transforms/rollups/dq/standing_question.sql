-- dq.standing_question
-- grain: question (请核实事项) that no explanation in force answers
-- additivity: counts add
-- hazards: an explanation that names no indicator answers all questions of its rule, unit and period
with
question as (select * from dq.question),
explanation as (select * from mart.explanation where is_in_force),

final as (
    select
        question.question_id,
        question.rule,
        question.org_code,
        question.indicator_code,
        question.period,
        question.file,
        question.message
    from question
    where not exists (
            select 1
            from explanation
            where
                question.org_code = explanation.org_code
                and question.period = explanation.period
                and question.rule = explanation.rule
                and coalesce(question.indicator_code = explanation.indicator_code, true)
        )
)

select * from final
