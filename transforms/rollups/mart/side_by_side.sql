-- mart.side_by_side
-- grain: figure in force of a report in prose: what it says, and what form and records say of the nearest period
-- additivity: none; figures in prose are mostly cumulative, rounded, and hold those of units below
-- hazards: look at form_nearness and records_nearness (same, part, nearest, none) before comparing, at the n_..._months
--   of n_months_expected and the n_..._reported of n_expected units; a county's n_form_reported is 0 where it gave its
--   合计 only; several figures of one unit and indicator stand in several rows
with
observation as (select * from core.observation where source = 'prose'),
prose_figure as (select * from mart.prose_figure),
form as (select * from mart.prose_beside where source = 'form'),
records as (select * from mart.prose_beside where source = 'records'),
indicator as (select * from ref.indicator),
org as (select * from ref.org),

final as (
    select
        prose_figure.org_code,
        org.name as org_name,
        prose_figure.level,
        prose_figure.indicator_code,
        indicator.name_zh as indicator_name,
        observation.unit,
        observation.period,
        observation.period_start,
        observation.period_end,
        observation.basis,
        observation.period_phrase,
        observation.is_inclusive,
        observation.value,
        observation.value_low,
        observation.value_high,
        observation.qualifier,
        observation.phrase,
        observation.row_ref,
        form.value as form_value,
        form.period as form_period,
        coalesce(form.nearness, 'none') as form_nearness,
        form.n_months as n_form_months,
        form.n_reported as n_form_reported,
        records.value as records_value,
        records.period as records_period,
        coalesce(records.nearness, 'none') as records_nearness,
        records.n_months as n_records_months,
        records.n_reported as n_records_reported,
        prose_figure.n_months_expected,
        coalesce(form.n_expected, records.n_expected) as n_expected
    from prose_figure
    inner join observation on prose_figure.row_ref = observation.row_ref -- 1:1
    inner join indicator on prose_figure.indicator_code = indicator.code -- n:1
    inner join org on prose_figure.org_code = org.code -- n:1
    left join form on prose_figure.row_ref = form.row_ref -- 1:1
    left join records on prose_figure.row_ref = records.row_ref -- 1:1
)

select * from final
