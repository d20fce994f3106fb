-- dq.question
-- grain: question that arithmetic raises about a figure or a report (请核实事项)
-- additivity: none; no finding and no accusation: the unit may be right, and nothing is held back for it
-- hazards: it goes away by itself when the figures do; a question about a whole report names no indicator
with
final as (
    select
        question_id,
        rule,
        org_code,
        indicator_code,
        period,
        file,
        message
    from dq.figure_question
    union all
    select
        question_id,
        'unusual_figure' as rule,
        org_code,
        indicator_code,
        period,
        file,
        message
    from dq.unusual_question
    union all
    select
        question_id,
        'repeated_report' as rule,
        org_code,
        null as indicator_code,
        period,
        file,
        message
    from dq.repeated_report
    union all
    select
        question_id,
        'repeated_paragraph' as rule,
        org_code,
        null as indicator_code,
        period,
        file,
        message
    from dq.repeated_paragraph
)

select * from final
