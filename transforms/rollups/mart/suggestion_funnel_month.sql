-- mart.suggestion_funnel_month
-- grain: county, prefecture or province, month in which the suggestions were filed
-- additivity: counts add over units of one level and over months, but for matters; shares never
-- hazards: matters (件事) are bundles and suggestions alone, counted anew for every unit and month, for one bundle may
--   hold suggestions of two counties; later steps count in the month of filing, so recent months still move
with
placed as (select * from mart.suggestion_place),
org_unit as (select * from mart.org_unit),

final as (
    select
        org_unit.unit_code as org_code,
        org_unit.unit_name as org_name,
        org_unit.unit_level as level,
        placed.period,
        cast(sum(placed.filed) as bigint) as filed,
        cast(sum(placed.reviewed) as bigint) as reviewed,
        cast(sum(placed.assigned) as bigint) as assigned,
        cast(sum(placed.answered) as bigint) as answered,
        cast(sum(placed.supervised) as bigint) as supervised,
        cast(sum(placed.applied) as bigint) as applied,
        cast(100.0 * sum(placed.answered) / sum(placed.filed) as decimal(18, 4)) as share_answered,
        cast(sum(placed.class_a) as bigint) as class_a,
        cast(sum(placed.class_b) as bigint) as class_b,
        cast(sum(placed.class_c) as bigint) as class_c,
        cast(sum(placed.class_d) as bigint) as class_d,
        cast(sum(placed.graded) as bigint) as graded,
        cast(sum(placed.satisfied) as bigint) as satisfied,
        cast(100.0 * sum(placed.satisfied) / nullif(sum(placed.graded), 0) as decimal(18, 4)) as share_satisfied,
        cast(sum(placed.key_supervised) as bigint) as key_supervised,
        cast(
            count(distinct placed.bundle_code)
            + coalesce(sum(placed.filed) filter (where placed.bundle_code is null), 0)
            as bigint
        ) as matters,
        cast(coalesce(sum(placed.filed) filter (where placed.bundle_code is not null), 0) as bigint) as bundled,
        cast(sum(placed.overdue) as bigint) as overdue,
        cast(100.0 * sum(placed.overdue) / nullif(sum(placed.assigned), 0) as decimal(18, 4)) as share_overdue
    from placed
    inner join org_unit on placed.place_code = org_unit.org_code -- n:m, the county and all above it
    group by org_unit.unit_code, org_unit.unit_name, org_unit.unit_level, placed.period
)

select * from final
