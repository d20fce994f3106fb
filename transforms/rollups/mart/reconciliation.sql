-- mart.reconciliation
-- grain: unit, indicator, month, quarter or year that at least one of form, prose and records speaks of (三方核对)
-- additivity: none
-- hazards: nothing is chosen here, and the worst pair decides the state; above counties form and records are sums over
--   the n_compared counties that both speak of, while prose is held against those of all counties; station_share is
--   empty where stations do not keep the records
with
beside as (select * from mart.claim_beside),
org as (select * from ref.org),
indicator as (select * from ref.indicator),

final as (
    select
        beside.org_code,
        org.name as org_name,
        beside.level,
        beside.indicator_code,
        indicator.name_zh as indicator_name,
        indicator.unit,
        beside.kind,
        beside.period,
        beside.grain,
        beside.form_value,
        beside.form_low,
        beside.form_high,
        beside.prose_value,
        beside.prose_low,
        beside.prose_high,
        prose.qualifier as prose_qualifier,
        prose.row_ref as prose_ref,
        beside.records_value,
        cast(1.0 * beside.n_recording / nullif(beside.n_stations, 0) as decimal(9, 4)) as station_share,
        judged.form_prose_difference,
        judged.form_records_difference,
        judged.prose_records_difference,
        judged.tolerance,
        judged.n_compared,
        beside.n_expected,
        coalesce(judged.state, 'one_side') as state,
        case coalesce(judged.state, 'one_side')
            when 'agrees' then '一致' when 'within_precision' then '在表述精度内' when 'explained' then '可解释'
            when 'disputed' then '有分歧' else '单方'
        end as state_zh,
        coalesce(judged.records_state, 'one_side') as records_state,
        coalesce(judged.reason_zh, beside.alone_zh) as reason_zh
    from beside
    inner join org on beside.org_code = org.code -- n:1
    inner join indicator on beside.indicator_code = indicator.code -- n:1
    left join mart.explained_figure as judged -- 1:1
        on
            beside.org_code = judged.org_code and beside.indicator_code = judged.indicator_code
            and beside.period = judged.period
    left join mart.prose_period as prose -- 1:1
        on
            beside.org_code = prose.org_code and beside.indicator_code = prose.indicator_code
            and beside.period = prose.period
)

select * from final
