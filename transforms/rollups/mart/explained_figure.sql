-- mart.explained_figure
-- grain: unit, indicator, month, quarter or year that at least two of form, prose and records speak of
-- additivity: none
-- hazards: as mart.judged_figure, whose columns these are; what is disputed and explained by the unit (核实说明 in force)
--   is explained, and the reason quotes it; records_state stays: words verify no figure
with
judged_figure as (select * from mart.judged_figure),
explanation as (select * from mart.standing_explanation),

final as (
    select
        judged.org_code,
        judged.indicator_code,
        judged.period,
        judged.form_prose_difference,
        judged.form_records_difference,
        judged.prose_records_difference,
        judged.tolerance,
        judged.n_compared,
        if(explanation.explanation is not null and judged.state = 'disputed', 'explained', judged.state) as state,
        judged.records_state,
        concat_ws('；单位说明：', judged.reason_zh, explanation.explanation) as reason_zh
    from judged_figure as judged
    left join explanation -- 1:1
        on
            judged.org_code = explanation.org_code and judged.indicator_code = explanation.indicator_code
            and judged.period = explanation.period
)

select * from final
