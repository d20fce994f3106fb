-- dq.asked_figure
-- grain: unit, indicator, period and rule of arithmetic by which its figure is odd
-- additivity: none; questions to the unit: the figures may be right
-- hazards: cumulative_decrease: a cumulative figure fell; cumulative_gap: a form of the period says otherwise than its
--   cumulative forms; level_contradiction: no reading lets the parts and the figure with all below both be true
with
step as (select * from mart.cumulative_step where is_decrease and left(org_code, 1) <> '~'),
gap as (select * from dq.cumulative_gap where left(org_code, 1) <> '~'),
level_gap as (select * from dq.level_gap where is_contradiction),

asked as (
    select
        'cumulative_decrease' as rule,
        org_code,
        indicator_code,
        strftime(to_date, '%Y-%m') as period,
        row_ref,
        previous_value as first_value,
        cumulative_value as second_value
    from step
    union all
    select
        'cumulative_gap' as rule,
        org_code,
        indicator_code,
        period,
        null as row_ref,
        told_value as first_value,
        difference_value as second_value
    from gap
    union all
    select
        'level_contradiction' as rule,
        org_code,
        indicator_code,
        period,
        row_ref,
        parts_value as first_value,
        inclusive_value as second_value
    from level_gap
),

final as (
    select
        rule,
        org_code,
        indicator_code,
        period,
        row_ref,
        regexp_replace(cast(first_value as varchar), '[.]?0+$', '') as first_text,
        regexp_replace(cast(second_value as varchar), '[.]?0+$', '') as second_text
    from asked
)

select * from final
