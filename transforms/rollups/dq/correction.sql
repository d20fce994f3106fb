-- dq.correction
-- grain: declared correction (更正)
-- additivity: none
-- hazards: every state but applied asks somebody to delete or change the entry; message says who and what
with
correction as (select * from ref.correction),
correction_match as (select * from mart.correction_match),
org as (select * from mart.org_unit where org_level = unit_level),
indicator as (select * from ref.indicator),
delivery as (select * from ops.delivery),

worded as ( -- 4100.0000 is written 4100
    select
        correction.*,
        correction_match.state,
        correction_match.n_below,
        correction_match.value_now,
        delivery.file,
        correction_match.source_ref,
        concat_ws(' ', '更正', correction.correction_id || '：' || org.unit_name, indicator.name_zh, correction.period, '')
            as named,
        cast(correction.expires_on as varchar) as last_day,
        regexp_replace(cast(correction.value_from as varchar), '[.]?0+$', '') as wrong,
        coalesce(regexp_replace(cast(correction_match.value_now as varchar), '[.]?0+$', ''), '空白') as found,
        coalesce('（' || delivery.file || ' ' || correction_match.source_ref || '）', '（报表没有这个数）') as place,
        '请从 catalog/corrections.yml 删除此条' as delete_it
    from correction
    inner join correction_match on correction.correction_id = correction_match.correction_id -- 1:1
    inner join org on correction.org_code = org.org_code -- n:1
    inner join indicator on correction.indicator_code = indicator.code -- n:1
    left join delivery on correction_match.delivery_id = delivery.delivery_id -- n:1
),

final as (
    select
        correction_id,
        org_code,
        indicator_code,
        period,
        basis,
        value_from,
        value_to,
        value_now,
        state,
        file,
        source_ref,
        named || case
            when state = 'applied' then '已按此条计，' || last_day || ' 到期。'
            when state = 'expired' then '已于 ' || last_day || ' 到期，不再更正' || place || '：' || delete_it || '，仍有误请重报。'
            when state = 'stale' then '的来源已改，现为 ' || found || place || '，不是 ' || wrong || '，未更正：' || delete_it || '。'
            when state = 'ambiguous' then '有几处都填 ' || wrong || '，不知改哪一处，未作更正：' || delete_it || '，请该单位重报。'
            when n_below > 0 then '没有县级的数，该县按乡镇填报，未作更正：请把 unit 改为出错的乡镇代码。'
            else '没有单位报过，未作更正：请核对单位、指标、统计期和口径；不需要的，' || delete_it || '。'
        end as message
    from worded
)

select * from final
