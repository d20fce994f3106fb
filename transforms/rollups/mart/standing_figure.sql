-- mart.standing_figure
-- grain: cell of a form, in force or not, as core.observation has it, with declared corrections (更正) applied
-- additivity: none before mart.reported_figure has chosen among units, townships and totals
-- hazards: a correction changes value, value_low and value_high of one cell in force and leaves it without a qualifier;
--   value_reported keeps what the form says; correction_id is empty where nothing was corrected
with
observation as (select * from core.observation where source = 'form'),
correction_match as (select * from mart.correction_match where state = 'applied'),
correction as (select * from ref.correction),

applied as (
    select
        correction.correction_id,
        correction.indicator_code,
        correction.value_to,
        correction_match.report_id,
        correction_match.source_ref
    from correction_match
    inner join correction on correction_match.correction_id = correction.correction_id -- 1:1
),

final as (
    select
        observation.report_id,
        observation.delivery_id,
        observation.org_code,
        observation.county_code,
        observation.indicator_code,
        observation.period,
        observation.grain,
        observation.period_start,
        observation.period_end,
        observation.basis,
        coalesce(applied.value_to, observation.value) as value,
        coalesce(applied.value_to, observation.value_low) as value_low,
        coalesce(applied.value_to, observation.value_high) as value_high,
        case when applied.correction_id is null then observation.qualifier end as qualifier,
        case when applied.correction_id is null then observation.state else 'figure' end as state,
        observation.unit,
        observation.source,
        observation.source_ref,
        observation.row_ref,
        observation.is_current,
        observation.value as value_reported,
        applied.correction_id
    from observation
    left join applied -- n:1, and no two cells share one
        on
            observation.report_id = applied.report_id and observation.source_ref = applied.source_ref
            and observation.indicator_code = applied.indicator_code and observation.is_current
)

select * from final
