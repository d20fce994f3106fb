-- mart.judged_pair
-- grain: unit, indicator, period, pair of sources that both speak (form_prose, form_records, prose_records)
-- additivity: none
-- hazards: the pair of the highest weight decides a row of mart.reconciliation: disputed, explained, within_precision,
--   agrees, one_side; of equal states form and records come first; reason_zh is for people
with
source_pair as (select * from mart.source_pair),

worded as ( -- silent are those on the lower side, who would add to it; with a rate either side
    select
        *,
        if(pair = 'prose_records', '文字报告', '报表') as one_zh,
        if(pair = 'form_prose', '文字报告', '系统记录') as other_zh,
        if(kind = 'ratio' or difference < 0, nullif(n_townships_missing, 0), null) as n_silent,
        (kind = 'ratio' or difference > 0) and n_recording < n_stations as is_floor
    from source_pair
),

reasoned as (
    select
        *,
        concat_ws(
            '，',
            if(n_silent is null, null, concat('报表缺', n_silent, '个乡镇')),
            if(is_floor, concat('只有', n_recording, '/', n_stations, '个站点有记录'), null)
        ) as silence,
        if(n_silent > 0 or is_floor, '，不足以解释', '') as verdict
    from worded
),

final as (
    select
        org_code,
        indicator_code,
        period,
        pair,
        state,
        difference,
        tolerance,
        n_units,
        case state
            when 'disputed' then 40 when 'explained' then 30 when 'within_precision' then 20 when 'agrees' then 10
            else 0
        end + case pair when 'form_records' then 2 when 'form_prose' then 1 else 0 end as weight,
        case state
            when 'agrees' then concat(one_zh, '与', other_zh, '相等')
            when 'within_precision' then concat(one_zh, '与', other_zh, '在表述精度内相符')
            when 'explained' then concat(one_zh, '与', other_zh, '不等，但', silence, '，可以解释')
            when 'one_side' then '没有站点有记录，系统记录无从核对'
            else concat(one_zh, if(difference > 0, '高于', '低于'), other_zh, if(silence = '', '', '，'), silence, verdict)
        end as reason_zh
    from reasoned
)

select * from final
