-- dq.standing_finding
-- grain: finding that still asks somebody for something, of what stands
-- additivity: counts add
-- hazards: gone are findings of reports that were replaced, of files held back wholly that came again, of records by
--   dq.settled_record alone; what need not be fixed is gone while an explanation is in force; warnings of exports ask
--   nobody; prose is never a must: what it says of other provinces is held back and right
with
placed as (
    select
        *,
        severity = 'critical' and coalesce(dataset, '') <> 'prose' as is_must_fix,
        if(system is null, is_current, line is not null) as is_by_itself
    from dq.placed_finding
    where status not in ('superseded', 'duplicate', 'set_aside') and (severity = 'critical' or system is null)
),

answer as (select * from dq.answer),

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
        placed.period,
        placed.unit_code
    from placed
    left join dq.replaced_delivery as replaced on placed.delivery_id = replaced.delivery_id -- n:1
    left join dq.settled_record as settled -- n:1
        on
            placed.delivery_id = settled.delivery_id
            and placed.table_id = settled.table_id
            and placed.line = settled.line
    where
        coalesce(placed.is_current, true)
        and (replaced.delivery_id is null or placed.is_by_itself)
        and settled.delivery_id is null
        and (placed.is_must_fix or not exists (
            select 1
            from answer
            where
                answer.org_code in (coalesce(placed.org_code, '520000'), placed.unit_code)
                and placed.period is not distinct from answer.period
                and coalesce(placed.rule = answer.rule, true)
                and coalesce(placed.column_name = answer.indicator_code, true)
                and coalesce(placed.message = answer.message, left(sha256(placed.message), 16) = answer.asked, true)
        ))
)

select * from final
