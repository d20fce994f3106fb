-- dq.unusual_question
-- grain: question that a county's figure raises by lying far outside its own history (请核实事项)
-- additivity: none; no finding and no accusation: the unit may be right, and nothing is held back for it
-- hazards: it goes away by itself when the figure does; cell is that of the largest of the figures added up, and not
--   surely the one to blame
with
unusual as (select * from dq.unusual_figure),
standing as ( -- one row a county's figure and where its forms tell it
    select
        observation.county_code,
        observation.indicator_code,
        observation.period,
        max(delivery.file) as file,
        arg_max(observation.source_ref, observation.value) as cell
    from core.observation as observation
    inner join ops.delivery as delivery on observation.delivery_id = delivery.delivery_id -- n:1
    where observation.is_current and observation.source = 'form'
    group by observation.county_code, observation.indicator_code, observation.period
),

written as (
    select
        *,
        regexp_replace(cast(value as varchar), '[.]?0+$', '') as value_text,
        regexp_replace(cast(earlier_least as varchar), '[.]?0+$', '') as least_text,
        regexp_replace(cast(earlier_largest as varchar), '[.]?0+$', '') as largest_text
    from unusual
),

final as (
    select
        concat_ws(
            '-', 'unusual_figure', written.org_code, written.indicator_code, written.period, written.value_text
        ) as question_id,
        written.org_code,
        written.indicator_code,
        written.period,
        standing.file,
        concat(
            org.name, ' ', written.period, ' ', indicator.name_zh, '：报 ', written.value_text,
            coalesce('（最大一格 ' || standing.cell || '）', ''), '，以往 ', cast(written.n_earlier as varchar), ' 个月在 ',
            written.least_text, ' 至 ', written.largest_text, ' 之间，请核实（',
            if(written.is_high, '多写一位？', '少写一位？'), '确实如此请说明）。'
        ) as message
    from written
    inner join ref.org as org on written.org_code = org.code -- n:1
    inner join ref.indicator as indicator on written.indicator_code = indicator.code -- n:1
    left join standing -- 1:1
        on
            written.org_code = standing.county_code and written.indicator_code = standing.indicator_code
            and written.period = standing.period
)

select * from final
