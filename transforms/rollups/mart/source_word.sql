-- mart.source_word
-- grain: unit, indicator, month, quarter or year, source (form, prose, records): its figure, and of how many it speaks
-- additivity: values add over units of one level and source, but for rates and distinct counts
-- hazards: n_known of n_all are stations with a record (of records that stations keep) or townships in a form that
--   leaves some out; both are empty where the source speaks of the whole; people are compared as they are
with
compared as (select * from mart.compared_period),
station_share as (select * from mart.station_share),

final as (
    select
        compared.org_code,
        compared.level,
        compared.indicator_code,
        compared.kind,
        compared.period,
        compared.grain,
        compared.source,
        compared.value,
        compared.value_low,
        compared.value_high,
        compared.numerator,
        compared.denominator,
        case
            when compared.kind = 'distinct' then null
            when compared.source = 'records'
                then if(station_kept.indicator_code is null, null, coalesce(station_share.n_recording, 0))
            when compared.n_reported between 1 and compared.n_expected - 1 then compared.n_reported
        end as n_known,
        case
            when compared.kind = 'distinct' then null
            when compared.source = 'records'
                then if(station_kept.indicator_code is null, null, coalesce(station_share.n_stations, 0))
            when compared.n_reported between 1 and compared.n_expected - 1 then compared.n_expected
        end as n_all
    from compared
    left join mart.station_kept as station_kept on compared.indicator_code = station_kept.indicator_code -- n:1
    left join station_share -- n:1
        on compared.org_code = station_share.org_code and compared.period = station_share.period
    union all
    select
        org_code,
        level,
        indicator_code,
        kind,
        period,
        grain,
        'prose' as source,
        value,
        value_low,
        value_high,
        null as numerator,
        null as denominator,
        null as n_known,
        null as n_all
    from mart.prose_period
)

select * from final
