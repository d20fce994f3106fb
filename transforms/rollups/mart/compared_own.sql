-- mart.compared_own
-- grain: township or county (any unit, for distinct counts by records), indicator, period, source (form, records)
-- additivity: values and parts add over units of one level and source; rates and distinct counts never add
-- hazards: no source is chosen; a rate is made of its parts where a source has them, else it is the bare percent
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
        numerator,
        denominator,
        n_reported,
        n_expected
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
        null as numerator,
        null as denominator,
        n_reported,
        n_expected
    from mart.recorded_people
)

select * from final
