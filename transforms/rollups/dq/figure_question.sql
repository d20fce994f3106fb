-- dq.figure_question
-- grain: question that arithmetic raises about a figure (请核实事项)
-- additivity: none; no finding and no accusation: the unit may be right, and nothing is held back for it
-- hazards: it goes away by itself when the figures do; files are those of the figures that stand
with
asked as (select * from dq.asked_figure),
standing as ( -- one row a figure that a form tells
    select
        observation.org_code,
        observation.indicator_code,
        observation.period,
        observation.basis,
        max(delivery.file) as file
    from core.observation as observation
    inner join ops.delivery as delivery on observation.delivery_id = delivery.delivery_id -- n:1
    where observation.is_current and observation.source = 'form'
    group by observation.org_code, observation.indicator_code, observation.period, observation.basis
),
told as (
    select
        observation.row_ref,
        delivery.file
    from core.observation as observation
    inner join ops.delivery as delivery on observation.delivery_id = delivery.delivery_id -- n:1
    where observation.source = 'prose'
),
worded as (
    select
        asked.*,
        concat(org.name, ' ', asked.period, ' ', indicator.name_zh) as named,
        coalesce(told.file, standing.file) as file
    from asked
    inner join ref.org as org on asked.org_code = org.code -- n:1
    inner join ref.indicator as indicator on asked.indicator_code = indicator.code -- n:1
    left join told on asked.row_ref = told.row_ref -- n:1
    left join standing -- n:1
        on
            asked.org_code = standing.org_code
            and asked.indicator_code = standing.indicator_code
            and asked.period = standing.period
            and standing.basis = if(asked.rule = 'cumulative_decrease', 'year_to_date', 'period')
),
final as (
    select
        concat_ws('-', rule, org_code, indicator_code, period, first_text, second_text, row_ref) as question_id,
        rule,
        org_code,
        indicator_code,
        period,
        file,
        named || case rule
            when 'cumulative_decrease' then '：累计数由 ' || first_text || ' 降为 ' || second_text || '，请核实是更正还是差错。'
            when 'cumulative_gap' then '：报表填 ' || first_text || '，按累计数之差应为 ' || second_text || '，请核实。'
            else '：下级合计 ' || first_text || ' 与含下级数 ' || second_text || ' 不能同时成立，请核实。'
        end as message
    from worded
)
select * from final
