-- dq.standing_finding
-- grain: finding that still asks somebody for something, of what stands
-- additivity: counts add
-- hazards: gone are findings of reports that were replaced, of records that came again in order, and of what
--   could not be read and came again; what need not be fixed is gone while an explanation is in force; warnings
--   of exports ask nobody; prose is never a must: what it says of other provinces is held back and right
with
placed as (
    select
        *,
        severity = 'critical' and coalesce(dataset, '') <> 'prose' as is_must_fix
    from dq.placed_finding
    where status not in ('superseded', 'duplicate', 'set_aside') and (severity = 'critical' or system is null)
),

explanation as (select * from mart.explanation where is_in_force),
replaced as (select * from dq.replaced_delivery),
settled as (select * from dq.settled_record),

final as (
    select
        placed.delivery_id,
        placed.table_id,
        placed.line,
        placed.cell,
        placed.severity,
        placed.is_must_fix,
        placed.rule,
        placed.column_name,
        placed.message,
        placed.file,
        placed.dataset,
        placed.system,
        placed.org_code,
        placed.period
    from placed
    left join replaced on placed.delivery_id = replaced.delivery_id -- n:1
    left join settled -- n:1
        on
            placed.delivery_id = settled.delivery_id
            and placed.table_id = settled.table_id
            and placed.line = settled.line
    where
        coalesce(placed.is_current, replaced.delivery_id is null)
        and settled.delivery_id is null
        and (placed.is_must_fix or not exists (
            select 1
            from explanation
            where
                placed.org_code = explanation.org_code
                and placed.period = explanation.period
                and placed.rule = explanation.rule
                and coalesce(placed.column_name = explanation.indicator_code, true)
        ))
)

select * from final
