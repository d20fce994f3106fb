-- mart.told_to_date
-- grain: unit as its source names it, flow, source (form, prose), basis, scope, start of counting, day counted up to
-- additivity: none: each figure holds the ones before it (累计数)
-- hazards: 今年以来 counts from 1 January, and so do forms of January, of the first quarter and of the year (turn 2);
--   several rows may speak of one day: mart.cumulative_point has one
with
calendar as (select * from ref.period),
observation as (select * from core.observation where source = 'prose'),
flow as (select * from ref.indicator where kind = 'flow'),

final as (
    select
        figure.org_code,
        figure.county_code,
        figure.indicator_code,
        'form' as source,
        'year_to_date' as basis,
        if(figure.is_lone, 'lone', 'part') as scope,
        cast(date_trunc('year', calendar.start_date) as date) as start_date,
        calendar.end_date,
        figure.value,
        figure.value_low,
        figure.value_high,
        figure.is_complete,
        if(figure.basis = 'period', 2, 1) as turn,
        cast(null as varchar) as row_ref
    from mart.reported_figure as figure
    inner join flow on figure.indicator_code = flow.code -- n:1
    inner join calendar on figure.period = calendar.period -- n:1
    where figure.basis <> 'period' or calendar.start_date = cast(date_trunc('year', calendar.start_date) as date)
    union all
    select
        figure.org_code,
        null as county_code,
        figure.indicator_code,
        'prose' as source,
        if(observation.basis = 'period', 'year_to_date', observation.basis) as basis,
        if(observation.is_inclusive, 'inclusive', 'own') as scope,
        observation.period_start as start_date,
        figure.span_end as end_date,
        observation.value,
        observation.value_low,
        observation.value_high,
        false as is_complete,
        if(observation.basis = 'period', 2, 1) as turn,
        figure.row_ref
    from mart.prose_figure as figure
    inner join observation on figure.row_ref = observation.row_ref -- 1:1
    inner join flow on figure.indicator_code = flow.code -- n:1
    where
        figure.is_comparable
        and (observation.basis <> 'period' or extract(doy from observation.period_start) = 1)
        and observation.basis in ('year_to_date', 'since_start', 'multi_year', 'period')
)

select * from final
