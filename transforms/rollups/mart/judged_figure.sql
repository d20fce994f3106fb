-- mart.judged_figure
-- grain: unit, indicator, month, quarter or year that at least two of form, prose and records speak of
-- additivity: none
-- hazards: the worst pair decides; records_state is the worst of the pairs with records; differences are empty for
--   pairs that cannot be held against one another; n_compared is that of form and
--   records, if they meet, and empty below prefectures
with
judged_pair as (select * from mart.judged_pair),

final as (
    select
        org_code,
        indicator_code,
        period,
        max(difference) filter (where pair = 'form_prose') as form_prose_difference,
        max(difference) filter (where pair = 'form_records' and state <> 'one_side') as form_records_difference,
        max(difference) filter (where pair = 'prose_records' and state <> 'one_side') as prose_records_difference,
        arg_max(if(state = 'one_side', null, tolerance), weight) as tolerance,
        coalesce(max(n_units) filter (where pair = 'form_records'), max(n_units)) as n_compared,
        arg_max(state, weight) as state,
        arg_max(state, weight) filter (where pair <> 'form_prose') as records_state,
        arg_max(reason_zh, weight) as reason_zh
    from judged_pair
    group by org_code, indicator_code, period
)

select * from final
