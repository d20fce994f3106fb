-- dq.standing_question
-- grain: question (请核实事项) that no explanation in force answers
-- additivity: counts add
-- hazards: an explanation that names no indicator answers all questions of its rule, unit and period; county_code
--   is the unit itself above the counties
with
question as (select * from dq.question),
answer as (select * from dq.answer),
county as (select * from mart.org_unit where unit_level = 'county'),

final as (
    select
        question.question_id,
        question.rule,
        question.org_code,
        question.indicator_code,
        question.period,
        question.file,
        question.message,
        coalesce(county.unit_code, question.org_code) as county_code
    from question
    left join county on question.org_code = county.org_code -- n:1
    where not exists (
            select 1
            from answer
            where
                question.org_code = answer.org_code
                and question.period is not distinct from answer.period
                and coalesce(question.rule = answer.rule, true)
                and coalesce(question.indicator_code = answer.indicator_code, true)
                and coalesce(question.message = answer.message, left(sha256(question.message), 16) = answer.asked, true)
        )
)

select * from final
