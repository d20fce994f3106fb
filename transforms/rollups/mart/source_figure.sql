-- mart.source_figure
-- grain: township or county as the source names it, indicator, period, grain, source (form, records)
-- additivity: adds over the tree within one source, but for percents; flows add over time
-- hazards: a county's row is its whole 合计 (form, then without townships), its own line 县本级 (form) or what no
--   township is known for (records): it always adds to the townships' rows; records state no interval, are never
--   final; grain year_to_date (forms only) is what counts since 1 January
with
stated_figure as (select * from mart.stated_figure),
recorded_figure as (select * from mart.recorded_figure),

final as (
    select
        org_code,
        indicator_code,
        period,
        grain,
        'form' as source,
        value,
        value_low,
        value_high,
        cast(null as decimal(18, 4)) as numerator,
        cast(null as decimal(18, 4)) as denominator,
        is_complete as is_final
    from stated_figure
    union all
    select
        org_code,
        indicator_code,
        period,
        grain,
        'records' as source,
        value,
        value as value_low,
        value as value_high,
        cast(null as decimal(18, 4)) as numerator,
        cast(null as decimal(18, 4)) as denominator,
        false as is_final
    from recorded_figure
)

select * from final
