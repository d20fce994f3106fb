-- mart.compared_own
-- grain: township or county (any unit, for distinct counts by records), indicator, period, source (form, records)
-- additivity: values and parts add over units of one level and source; rates and distinct counts never add
-- hazards: no source is chosen; a rate is made of its parts where a source has them, else it is the bare percent;
--   preference is 4 for a form of a quarter or year that is incomplete, else 1
with
ranked as (
    select
        *,
        row_number() over (partition by org_code, indicator_code, period, source order by preference) as place
    from mart.unit_figure
    where grain <> 'year_to_date'
),

final as (
    select
        org_code,
        level,
        indicator_code,
        kind,
        period,
        grain,
        source,
        value,
        value_low,
        value_high,
        numerator,
        denominator,
        n_reported,
        n_expected,
        if(is_whole, 1, 4) as preference
    from ranked
    where place = 1
    union all
    select
        org_code,
        level,
        indicator_code,
        'distinct' as kind,
        period,
        grain,
        'records' as source,
        value,
        value as value_low,
        value as value_high,
        null as numerator,
        null as denominator,
        n_reported,
        n_expected,
        1 as preference
    from mart.recorded_people
)

select * from final
